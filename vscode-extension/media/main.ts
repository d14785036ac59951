/** The page of the viewer: puts stage, side and strips together, and speaks with the extension. */
import { SLICE_TYPE } from '@niivue/niivue';
import type { Comparison, FromViewer, Layer, NumberControl, Remembered, ToViewer } from '../src/viewer/messages';
import { Bytes } from './bytes';
import { element, type Filler, steadily } from './dom';
import { keyDeed } from './keys';
import { placeInWords, told, valueAt, voxelAt } from './readout';
import { imageOf, type Look, lookOf, nameOf, plainScene, type Scene, sheets } from './scene';
import { sideElements } from './side';
import { type Sight, Stage } from './stage';
import { numberElement, Strip } from './strips';
import { toolbarElements } from './toolbar';
import { Volumes } from './volumes';

interface Kept extends Remembered {
  readonly scene: Scene;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromViewer): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

const FLICKER_MS = 600;
const planes = [SLICE_TYPE.AXIAL, SLICE_TYPE.CORONAL, SLICE_TYPE.SAGITTAL, SLICE_TYPE.MULTIPLANAR, SLICE_TYPE.RENDER];

const host = acquireVsCodeApi();
const isRadiological = document.body.dataset['orientation'] !== 'neurological';
let scene: Scene = { ...plainScene, isRadiological, ...host.getState()?.scene };
let layers: readonly Layer[] = [];
let selected = 0;
let comparison: Comparison = 'off';
let isBefore = false;
let flicker: ReturnType<typeof setInterval> | undefined;

const toolbar = element('div', { class: 'toolbar', role: 'toolbar' });
const place = element('div', { class: 'place' });
const side = element('div', { class: 'side' });
const turning = element('div', { class: 'turning' });
const film = element('div', { class: 'film' });
const note = element('div', { class: 'note' });
const canvases = [element('canvas', { class: 'now' }), element('canvas', { class: 'before' })] as const;
const pictures = element('div', { class: 'pictures' }, ...canvases.map((canvas) => element('div', { class: 'picture' }, canvas)), note);
document.getElementById('viewer')!.append(toolbar, element('div', { class: 'main' }, pictures, element('div', { class: 'column' }, place, side)), turning, film);

const bytes = new Bytes(say, (share) => {
  document.body.style.setProperty('--read', share < 1 ? `${Math.round(share * 100)}%` : '0');
});
const volumes = new Volumes((file) => bytes.read(file));
const stages = canvases.map((canvas) => new Stage(canvas, volumes, moved, windowed)) as [Stage, Stage];
const [now, before] = stages;
const [fillToolbar, fillSide, fillTurning] = [toolbar, side, turning].map(steadily) as [Filler, Filler, Filler];
const strip = new Strip(film, (text) => say({ kind: 'choose', text }));
let isBesideReady = false;

function say(message: FromViewer): void {
  host.postMessage(message);
}

function moved(to: readonly number[], stage: Stage): void {
  if (comparison === 'beside') {
    stages.find((other) => other !== stage)?.lookAt(to);
  }
  showReadout();
}

function windowed(url: string, low: number, high: number): void {
  const layer = layers.find((each) => imageOf(each.shown, lookOf(scene, each).item)?.file === url);
  if (layer !== undefined) {
    look(layer, { window: [low, high] });
  }
}

function look(layer: Layer, change: Partial<Look>): void {
  scene = { ...scene, looks: { ...scene.looks, [nameOf(layer)]: { ...lookOf(scene, layer), ...change } } };
  void draw();
}

function change(what: Partial<Scene>): void {
  scene = { ...scene, ...what };
  void draw();
}

async function draw(): Promise<void> {
  host.setState({ scene, layers: layers.map(({ document, place: at }) => ({ document, place: at })) });
  showToolbar();
  pictures.classList.toggle('beside', comparison === 'beside');
  const began = performance.now();
  const drawn = sheets(layers, scene, comparison === 'flicker' && isBefore);
  const isFlat = drawn[0]?.image.size.length === 2; // has one plane, however many are asked for
  const { isRadiological, hasCross } = scene;
  const sight = { planes: (isFlat ? SLICE_TYPE.AXIAL : planes[scene.planes]) ?? SLICE_TYPE.MULTIPLANAR, isRadiological, hasCross };
  pictures.classList.toggle('empty', drawn.length === 0);
  pictures.classList.toggle('told', layers.length > 0 && layers.every(({ shown }) => shown?.form === 'value'));
  showSide();
  try {
    await now.show(drawn.map(({ sheet }) => sheet), sight);
    if (comparison === 'beside') {
      await showBeside(sight);
    }
    volumes.forget(new Set([now, before].flatMap(({ niivue }) => niivue.volumes.map(({ url }) => url ?? ''))));
    if (drawn.length > 0) {
      // For whoever measures: what is drawn now, and how long that took.
      document.body.dataset['drawn'] = drawn.map(({ layer }) => `${layer.title}@${layer.node.slice(0, 12)}`).join(' ');
      document.body.dataset['milliseconds'] = String(Math.round(performance.now() - began));
    }
  } catch (error) {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
  showSide();
}

async function showBeside(sight: Sight): Promise<void> {
  if (!isBesideReady) {
    isBesideReady = true;
    await before.attach();
    now.niivue.broadcastTo([before.niivue], { '2d': true, '3d': true });
    before.niivue.broadcastTo([now.niivue], { '2d': true, '3d': true });
  }
  await before.show(sheets(layers, scene, true).map(({ sheet }) => sheet), sight);
  before.lookAt(now.place);
}

function showToolbar(): void {
  const isProgram = layers.some((layer) => layer.document !== '');
  fillToolbar(() => toolbarElements(scene, isProgram ? comparison : undefined, {
    change,
    compare: wishCompared,
    savePicture,
    openOutside: () => say({ kind: 'external' }),
  }));
  note.textContent = comparison === 'flicker' ? (isBefore ? 'before' : 'after') : '';
}

function showSide(): void {
  if (!layers.some((layer) => layer.id === selected)) {
    selected = layers[0]?.id ?? 0;
  }
  queueMicrotask(showReadout);
  fillSide(() => sideElements(layers, selected, scene, {
    look,
    select: (layer) => {
      selected = layer.id;
      showSide();
    },
    remove: (layer) => say({ kind: 'remove', layer: layer.id }),
    compute: (layer) => say({ kind: 'compute', layer: layer.id }),
    reveal: (layer) => say({ kind: 'reveal', layer: layer.id }),
    save: (layer) => say({ kind: 'export', layer: layer.id, item: lookOf(scene, layer).item }),
    isCompared: comparison !== 'off',
    window: (layer) => {
      const volume = now.volume(imageOf(layer.shown, lookOf(scene, layer).item)?.file ?? '');
      return volume && [volume.cal_min ?? 0, volume.cal_max ?? 1];
    },
  }));
}

/** `name = value` for every layer, from the voxels themselves. */
function showReadout(): void {
  const drawn = sheets(layers, scene, comparison === 'flicker' && isBefore);
  const base = drawn[0] && now.voxels(drawn[0].sheet.url);
  const mm = now.place;
  const index = base && voxelAt(base, mm);
  place.textContent = base === undefined ? '' : `${placeInWords(mm)}${index === undefined ? '' : `   voxel ${index.join(', ')}`}`;
  for (const { layer, sheet } of drawn) {
    const voxels = now.voxels(sheet.url);
    const line = side.querySelector(`[data-layer="${CSS.escape(layer.title)}"] .readout`);
    if (voxels !== undefined && line !== null) {
      line.textContent = `${layer.title} = ${told(valueAt(voxels, mm), sheet.kind)}`;
    }
  }
}

/** The extension knows, or finds out, what stood there before; it answers with `compare`. */
function wishCompared(how: Comparison): void {
  say({ kind: 'compare', how: comparison === how ? 'off' : how });
}

function compare(how: Comparison): void {
  comparison = how;
  isBefore = false;
  clearInterval(flicker);
  if (comparison === 'flicker') {
    flicker = setInterval(() => {
      isBefore = !isBefore;
      void draw();
    }, FLICKER_MS);
  }
  void draw();
}

function savePicture(): void {
  now.niivue.drawScene();
  const address = now.canvas.toDataURL('image/png');
  say({ kind: 'picture', png: address.slice(address.indexOf(',') + 1) });
}

function showNumber(number: NumberControl | null): void {
  fillTurning(() => (number === null ? [] : [numberElement(number, (steps) => say({ kind: 'step', steps }), (text) => say({ kind: 'number', text }))]));
}

function press(event: KeyboardEvent): void {
  const deed = keyDeed(event);
  const layer = layers.find((each) => each.id === selected);
  if (deed === undefined || event.target instanceof HTMLInputElement) {
    return;
  }
  event.preventDefault();
  switch (deed.kind) {
    case 'planes':
      return change({ planes: deed.index });
    case 'radiological':
      return change({ isRadiological: !scene.isRadiological });
    case 'cross':
      return change({ hasCross: !scene.hasCross });
    case 'compare':
      return wishCompared(deed.how);
    case 'step':
      return say({ kind: 'step', steps: deed.steps });
    case 'move':
      return now.niivue.moveCrosshairInVox(...deed.by);
    case 'layer':
      selected = layers[(layers.findIndex((each) => each.id === selected) + 1) % Math.max(1, layers.length)]?.id ?? 0;
      return showSide();
    case 'look':
      return layer && look(layer, deed.change(lookOf(scene, layer)));
  }
}

window.addEventListener('keydown', press);
window.addEventListener('message', ({ data }: MessageEvent<ToViewer>) => {
  switch (data.kind) {
    case 'layers':
      layers = data.layers;
      return void draw();
    case 'number':
      return showNumber(data.number);
    case 'sweep':
      return strip.show(data.title, data.frames);
    case 'compare':
      return compare(data.how);
    case 'slice':
      return bytes.take(data);
  }
});

await now.attach().catch((error: unknown) => say({ kind: 'failed', message: `WebGL 2 is needed: ${String(error)}` }));
showToolbar();
say({ kind: 'ready' });
