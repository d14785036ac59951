/** Questions about what is shown. Pure. */
import type { Shown, ShownImage } from './messages';

/** The image that is shown, of a sequence its first; undefined where none is. */
function imageOf(shown: Shown | null | undefined): ShownImage | undefined {
  switch (shown?.form) {
    case 'image':
      return shown;
    case 'sequence':
      return imageOf(shown.items[0]);
    default:
      return undefined;
  }
}

/** Whether it is something to be laid over an image. */
export function liesOver(shown: Shown | null): boolean {
  const kind = imageOf(shown)?.kind;
  return kind === 'mask' || kind === 'labels';
}

/** Whether something fits over an image: as many voxels, as large. */
export function fits(over: Shown | null, under: Shown | null): boolean {
  const [one, other] = [imageOf(over), imageOf(under)].map((image) => image && [...image.size, ...image.spacing].join());
  return one !== undefined && one === other;
}

/** The files of what is shown, one an item. */
export function filesOf(shown: Shown | null): string[] {
  switch (shown?.form) {
    case 'image':
      return [shown.file];
    case 'sequence':
      return shown.items.flatMap(filesOf);
    default:
      return [];
  }
}
