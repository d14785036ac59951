/** One canvas of NiiVue and the volumes on it. It knows no layers, only what is to be drawn. */
import { DRAG_MODE, NVImage, Niivue, SHOW_RENDER, SLICE_TYPE } from '@niivue/niivue';
import { addMaskColours, labelColours, maskMap } from './colours';
import type { Voxels } from './readout';

/** A volume to be drawn. */
export interface Sheet {
  readonly url: string;
  readonly kind: 'image' | 'mask' | 'labels' | 'colour';
  readonly colour: number;
  readonly map: string;
  readonly opacity: number;
  readonly window: readonly [number, number] | undefined;
}

/** Volumes that are kept though nothing shows them: going back and forth loads nothing. */
const KEPT = 6;

const rgb24 = 128;

export class Stage {
  readonly niivue: Niivue;
  readonly #loaded = new Map<string, Promise<NVImage>>();
  #last: Promise<void> = Promise.resolve();

  constructor(readonly canvas: HTMLCanvasElement, moved: (mm: readonly number[]) => void, windowed: (url: string, low: number, high: number) => void) {
    this.niivue = new Niivue({
      backColor: [0, 0, 0, 1], crosshairColor: [0.2, 0.75, 1, 0.8], crosshairWidth: 1, show3Dcrosshair: true,
      isRadiologicalConvention: true, isOrientationTextVisible: true, isCornerOrientationText: false,
      multiplanarShowRender: SHOW_RENDER.NEVER, multiplanarPadPixels: 4, isResizeCanvas: true,
      dragMode: DRAG_MODE.windowing, dragAndDropEnabled: false, isNearestInterpolation: true, logLevel: 'error',
      loadingText: '', fontSizeScaling: 0.5, isColorbar: false, sliceType: SLICE_TYPE.MULTIPLANAR,
      viewModeHotKey: '', clipPlaneHotKey: '',
    });
    addMaskColours(this.niivue);
    this.niivue.onLocationChange = (place) => moved([...(place as { mm: ArrayLike<number> & Iterable<number> }).mm].slice(0, 3));
    this.niivue.onIntensityChange = (volume) => windowed(volume.url ?? '', volume.cal_min ?? 0, volume.cal_max ?? 1);
  }

  async attach(): Promise<void> {
    await this.niivue.attachToCanvas(this.canvas, false);
    if (!drawsInSoftware(this.niivue.gl)) {
      this.niivue.opts.multiplanarShowRender = SHOW_RENDER.AUTO;
    }
  }

  /** Draws these volumes, the first at the bottom; what is wanted last counts. */
  show(sheets: readonly Sheet[]): Promise<void> {
    const next = this.#last.catch(() => undefined).then(() => this.#show(sheets));
    this.#last = next;
    return next;
  }

  volume(url: string): NVImage | undefined {
    return this.niivue.volumes.find((volume) => volume.url === url);
  }

  /** The voxels of a volume as the file has them. */
  voxels(url: string): Voxels | undefined {
    const volume = this.volume(url);
    const { hdr, img } = volume ?? {};
    if (hdr === undefined || hdr === null || img === undefined || img === null) {
      return undefined;
    }
    const isColour = hdr.datatypeCode === rgb24;
    return {
      affine: hdr.affine, size: hdr.dims.slice(1, 4), data: img as unknown as ArrayLike<number>,
      slope: isColour || !hdr.scl_slope ? 1 : hdr.scl_slope, intercept: isColour ? 0 : hdr.scl_inter || 0,
      components: isColour ? 3 : 1,
    };
  }

  async #show(sheets: readonly Sheet[]): Promise<void> {
    const images = await Promise.all(sheets.map((sheet) => this.#image(sheet)));
    images.forEach((image, index) => dress(image, sheets[index]!));
    const { niivue } = this;
    const isSame = niivue.volumes.length === images.length && images.every((image, at) => image === niivue.volumes[at]);
    if (!isSame) {
      niivue.volumes = images;
      if (images[0] !== undefined) {
        niivue.setVolume(images[0], 0);
      }
    }
    niivue.updateGLVolume();
    this.#forget(sheets);
  }

  #image(sheet: Sheet): Promise<NVImage> {
    const known = this.#loaded.get(sheet.url);
    if (known !== undefined) {
      this.#loaded.delete(sheet.url); // put at the end: used last
      this.#loaded.set(sheet.url, known);
      return known;
    }
    const loading = load(sheet.url);
    loading.catch(() => this.#loaded.delete(sheet.url));
    this.#loaded.set(sheet.url, loading);
    return loading;
  }

  #forget(sheets: readonly Sheet[]): void {
    const shown = new Set(sheets.map(({ url }) => url));
    const idle = [...this.#loaded.keys()].filter((url) => !shown.has(url));
    idle.slice(0, Math.max(0, idle.length - KEPT)).forEach((url) => this.#loaded.delete(url));
  }
}

/** Without a graphics card a picture in 3-D takes a second; it is drawn when it is asked for. */
function drawsInSoftware(gl: WebGL2RenderingContext): boolean {
  const facts = gl.getExtension('WEBGL_debug_renderer_info');
  const name = facts === null ? '' : String(gl.getParameter(facts.UNMASKED_RENDERER_WEBGL));
  return /swiftshader|llvmpipe|software/i.test(name);
}

async function load(url: string): Promise<NVImage> {
  const image = await NVImage.loadFromUrl({ url });
  image.url = url;
  return image;
}

function dress(image: NVImage, { kind, colour, map, opacity, window }: Sheet): void {
  image.opacity = opacity;
  if (kind === 'mask') {
    image.cal_min = 0;
    image.cal_max = 1;
    image.colormap = maskMap(colour);
  } else if (kind === 'labels') {
    if (image.colormapLabel === null) {
      image.setColormapLabel(labelColours(image.global_max ?? 255) as never);
    }
  } else if (kind === 'image') {
    image.colormap = map;
    [image.cal_min, image.cal_max] = window ?? [image.robust_min ?? 0, image.robust_max ?? 1];
  }
}
