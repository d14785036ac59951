/** What the user has chosen about how things look; kept over a reload. Pure. */
import type { Layer, Shown, ShownImage } from '../src/viewer/messages';
import { liesOver } from '../src/viewer/shown';
import type { Sheet } from './stage';

/** How one layer looks. */
export interface Look {
  readonly isVisible: boolean;
  readonly opacity: number;
  readonly map: string;
  readonly window: readonly [number, number] | undefined;
  /** Which item of a sequence. */
  readonly item: number;
}

export const plainLook: Look = { isVisible: true, opacity: 1, map: 'gray', window: undefined, item: 0 };

/** How everything looks. */
export interface Scene {
  readonly planes: number;
  readonly isRadiological: boolean;
  readonly hasCross: boolean;
  readonly looks: Readonly<Record<string, Look>>;
}

export const plainScene: Scene = { planes: 3, isRadiological: true, hasCross: true, looks: {} };

/** The name under which the look of a layer is remembered: ids do not outlive a reload. */
export function nameOf(layer: Layer): string {
  return `${layer.document}#${layer.title}`;
}

export function lookOf(scene: Scene, layer: Layer): Look {
  return scene.looks[nameOf(layer)] ?? { ...plainLook, opacity: liesOver(layer.shown) ? 0.6 : 1 };
}

/** The image of a layer that is drawn, if it has one. */
export function imageOf(shown: Shown | null, item: number): ShownImage | undefined {
  if (shown?.form === 'sequence') {
    return imageOf(shown.items[Math.min(item, shown.items.length - 1)] ?? null, 0);
  }
  return shown?.form === 'image' ? shown : undefined;
}

/** The volumes to draw, the lowest first: images below masks, whatever came first. */
export function sheets(layers: readonly Layer[], scene: Scene, isBefore: boolean): { layer: Layer; sheet: Sheet; image: ShownImage }[] {
  const drawn = layers.flatMap((layer, colour) => {
    const look = lookOf(scene, layer);
    const image = imageOf((isBefore ? layer.earlier : null) ?? layer.shown, look.item);
    if (image === undefined) {
      return [];
    }
    const { kind, file: url } = image;
    const opacity = look.isVisible ? look.opacity : 0;
    return [{ layer, image, sheet: { url, kind, colour, map: look.map, opacity, window: look.window } }];
  });
  const rank = (kind: string): number => (kind === 'mask' || kind === 'labels' ? 1 : 0);
  const unique = drawn.filter(({ sheet }, at) => drawn.findIndex((other) => other.sheet.url === sheet.url) === at);
  return unique.sort((one, other) => rank(one.sheet.kind) - rank(other.sheet.kind));
}
