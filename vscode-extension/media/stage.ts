/** One canvas of NiiVue and the volumes on it. It knows no layers, only what is to be drawn. */
import { DRAG_MODE, type NVImage, Niivue, SHOW_RENDER, SLICE_TYPE } from '@niivue/niivue';
import { addMaskColours, labelColours, maskMap } from './colours';
import type { Voxels } from './readout';
import type { Volumes } from './volumes';

/** A volume to be drawn. */
export interface Sheet {
  readonly url: string;
  readonly kind: 'image' | 'mask' | 'labels' | 'colour';
  readonly colour: number;
  readonly map: string;
  readonly opacity: number;
  readonly window: readonly [number, number] | undefined;
}

/** How the whole picture is seen. */
export interface Sight {
  readonly planes: SLICE_TYPE;
  readonly isRadiological: boolean;
  readonly hasCross: boolean;
}

const rgb24 = 128;

/** Thickness of the cross-hair in percent of what is seen: a voxel may be thick, and hide the letters. */
const CROSS = 0.6;

export class Stage {
  readonly niivue: Niivue;
  readonly #volumes: Volumes;
  #wanted: { readonly sheets: readonly Sheet[]; readonly sight: Sight } | undefined;
  #going: Promise<void> | undefined;
  /** What each volume on the canvas is drawn like, in words. */
  #drawn: readonly string[] = [];

  constructor(
    readonly canvas: HTMLCanvasElement,
    volumes: Volumes,
    moved: (mm: readonly number[], stage: Stage) => void,
    windowed: (url: string, low: number, high: number) => void,
  ) {
    this.#volumes = volumes;
    this.niivue = new Niivue({
      backColor: [0, 0, 0, 1], crosshairColor: [0.2, 0.75, 1, 0.8], crosshairWidth: CROSS, crosshairWidthUnit: 'percent', show3Dcrosshair: true,
      isRadiologicalConvention: true, sagittalNoseLeft: true, isOrientationTextVisible: true, isCornerOrientationText: false,
      showAllOrientationMarkers: true, multiplanarShowRender: SHOW_RENDER.NEVER, multiplanarPadPixels: 4,
      isResizeCanvas: true, dragMode: DRAG_MODE.windowing, dragAndDropEnabled: false, isNearestInterpolation: true,
      logLevel: 'error', loadingText: '', fontSizeScaling: 0.5, isColorbar: false,
      sliceType: SLICE_TYPE.MULTIPLANAR, viewModeHotKey: '', clipPlaneHotKey: '',
    });
    addMaskColours(this.niivue);
    keepNoGradients(this.niivue);
    this.niivue.onLocationChange = (place) => moved([...(place as { mm: ArrayLike<number> & Iterable<number> }).mm].slice(0, 3), this);
    this.niivue.onIntensityChange = (volume) => windowed(volume.url ?? '', volume.cal_min ?? 0, volume.cal_max ?? 1);
  }

  async attach(): Promise<void> {
    await this.niivue.attachToCanvas(this.canvas, false);
    if (!drawsInSoftware(this.niivue.gl)) {
      this.niivue.opts.multiplanarShowRender = SHOW_RENDER.AUTO;
    }
  }

  /** Draws these volumes, the first at the bottom; of several wishes the last counts. */
  show(sheets: readonly Sheet[], sight: Sight): Promise<void> {
    this.#wanted = { sheets, sight };
    this.#going ??= this.#draw().finally(() => {
      this.#going = undefined;
    });
    return this.#going;
  }

  /** Where the cross-hair is, in mm: another place after a volume of another size was put there. */
  get place(): readonly number[] {
    return [...this.niivue.frac2mm(this.niivue.scene.crosshairPos)].slice(0, 3);
  }

  /** Puts the cross-hair on a point, and tells nobody. */
  lookAt(mm: readonly number[]): void {
    if (this.niivue.volumes.length > 0) {
      this.niivue.scene.crosshairPos = this.niivue.mm2frac(mm as never);
      this.niivue.drawScene();
    }
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

  async #draw(): Promise<void> {
    while (this.#wanted !== undefined) {
      const { sheets, sight } = this.#wanted;
      this.#wanted = undefined;
      const reading = Promise.all(sheets.map(({ url }) => this.#volumes.of(url)));
      const images = await reading.catch((error: unknown) => {
        if (this.#wanted === undefined) {
          throw error;
        }
        return undefined; // of a wish that is none any more
      });
      if (images !== undefined && this.#wanted === undefined) {
        this.#put(images, sheets);
        this.#turn(sight);
        this.niivue.drawScene();
      }
    }
  }

  /** Puts volumes on the canvas. The lowest takes longest, so it is left when only others changed. */
  #put(images: readonly NVImage[], sheets: readonly Sheet[]): void {
    images.forEach((image, index) => dress(image, sheets[index]!));
    const looks = sheets.map((sheet) => JSON.stringify(sheet));
    const before = this.#drawn;
    this.#drawn = looks;
    if (looks.length === before.length && looks.every((look, at) => look === before[at])) {
      return;
    }
    const { niivue } = this;
    niivue.volumes = [...images];
    niivue.back = images[0] ?? null;
    niivue.overlays = images.slice(1);
    if (looks[0] === before[0] && images.length > 1) {
      niivue.overlays.forEach((image, at) => niivue.refreshLayers(image, at + 1));
    } else {
      niivue.updateGLVolume();
    }
  }

  #turn({ planes, isRadiological, hasCross }: Sight): void {
    const { opts } = this.niivue;
    if (opts.sliceType !== planes) {
      this.niivue.setSliceType(planes);
    }
    if (opts.isRadiologicalConvention !== isRadiological) {
      this.niivue.setRadiologicalConvention(isRadiological);
    }
    const width = hasCross ? CROSS : 0;
    if (opts.crosshairWidth !== width) {
      this.niivue.setCrosshairWidth(width);
    }
  }
}

/** Textures that NiiVue draws gradients into, for lighting that is not asked for. */
const GRADIENT = 0x84c6;
const BLURRED = 0x84c8;

/**
 * NiiVue computes the gradient of every lowest volume, two textures as large as the volume: more
 * than half of the time and memory that a volume takes. Nothing reads them; one pixel a plane does.
 */
function keepNoGradients(niivue: Niivue): void {
  const whole = niivue.rgbaTex.bind(niivue);
  niivue.rgbaTex = (texture, unit, dims, isInit) => {
    const isUnused = unit === GRADIENT || (unit === BLURRED && isInit === true);
    return whole(texture, unit, isUnused ? [dims[0]!, 1, 1, dims[3]!] : dims, isInit);
  };
}

/** Without a graphics card a picture in 3-D takes a second; it is drawn when it is asked for. */
function drawsInSoftware(gl: WebGL2RenderingContext): boolean {
  const facts = gl.getExtension('WEBGL_debug_renderer_info');
  const name = facts === null ? '' : String(gl.getParameter(facts.UNMASKED_RENDERER_WEBGL));
  return /swiftshader|llvmpipe|software/i.test(name);
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
