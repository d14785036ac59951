/** The column beside the pictures: layers, read-out, statistics. It decides nothing. */
import type { Layer, ShownImage, Statistics } from '../src/viewer/messages';
import { css, greyMaps } from './colours';
import { button, element, slider } from './dom';
import { histogramElement } from './histogram';
import { imageOf, type Look, lookOf, type Scene } from './scene';
import { valueElement } from './values';

export interface SideDeeds {
  readonly look: (layer: Layer, change: Partial<Look>) => void;
  readonly select: (layer: Layer) => void;
  readonly remove: (layer: Layer) => void;
  readonly compute: (layer: Layer) => void;
  readonly reveal: (layer: Layer) => void;
  readonly save: (layer: Layer) => void;
  readonly isCompared: boolean;
  readonly window: (layer: Layer) => readonly [number, number] | undefined;
}

export function sideElements(layers: readonly Layer[], selected: number, scene: Scene, deeds: SideDeeds): HTMLElement[] {
  return layers.map((layer, at) => layerElement(layer, at, layer.id === selected, scene, deeds));
}

function layerElement(layer: Layer, at: number, isSelected: boolean, scene: Scene, deeds: SideDeeds): HTMLElement {
  const look = lookOf(scene, layer);
  const image = imageOf(layer.shown, look.item);
  const isOver = image?.kind === 'mask';
  const swatch = element('span', { class: 'swatch', style: `background:${isOver ? css(at) : 'linear-gradient(90deg,#000,#fff)'}` });
  const name = element('span', { class: 'name', title: `${layer.title} : ${layer.type}\n${layer.node}` }, layer.title);
  name.addEventListener('dblclick', () => deeds.reveal(layer));
  const eye = button(look.isVisible ? '◉' : '○', 'Show or hide (Space)', () => deeds.look(layer, { isVisible: !look.isVisible }));
  const save = button('⇩', 'Save as NIfTI', () => deeds.save(layer));
  const remove = button('×', 'Remove layer', () => deeds.remove(layer));
  const isText = layer.shown?.form === 'value';
  const head = element('div', { class: 'head' }, ...(isText ? [name, remove] : [swatch, name, eye, save, remove]));
  const card = element('div', { class: isSelected ? 'layer selected' : 'layer', 'data-layer': layer.title, 'data-status': layer.isBusy ? 'running' : layer.isStale ? 'stale' : layer.status, 'data-computed': String(layer.computed) }, head);
  card.addEventListener('pointerdown', (event) => {
    if (!isSelected && !(event.target instanceof HTMLButtonElement) && !(event.target instanceof HTMLInputElement)) {
      deeds.select(layer);
    }
  });
  card.append(element('div', { class: 'readout' }));
  const state = stateElement(layer, deeds);
  if (state !== undefined) {
    card.append(state);
  }
  if (image !== undefined) {
    card.append(slider('Opacity', 100, Math.round(look.opacity * 100), (value) => deeds.look(layer, { opacity: value / 100 })));
  }
  if (layer.shown?.form === 'sequence') {
    card.append(itemElement(layer, look, layer.shown.items.length, layer.shown.count, deeds));
  }
  if (layer.shown?.form === 'value') {
    card.append(valueElement(layer.shown.value));
  }
  if (isSelected && image !== undefined) {
    card.append(detailElement(layer, image, look, deeds));
  }
  return card;
}

function stateElement(layer: Layer, deeds: SideDeeds): HTMLElement | undefined {
  if (layer.isBusy) {
    return element('div', { class: 'state running' }, 'computing …');
  }
  if (layer.message !== '') {
    return element('div', { class: 'state failed' }, `✗ ${layer.message}`);
  }
  if (layer.isStale || layer.shown === null) {
    const compute = button('Compute', 'Compute this value', () => deeds.compute(layer));
    return element('div', { class: 'state' }, layer.shown === null ? `${layer.status} ` : 'of before the edit ', compute);
  }
  return undefined;
}

function itemElement(layer: Layer, look: Look, most: number, count: number, deeds: SideDeeds): HTMLElement {
  const label = element('span', { class: 'item' }, `${Math.min(look.item, most - 1) + 1} of ${count}`);
  return element('div', { class: 'items' }, slider('Item of the sequence', most - 1, look.item, (item) => deeds.look(layer, { item })), label);
}

function detailElement(layer: Layer, image: ShownImage, look: Look, deeds: SideDeeds): HTMLElement {
  const detail = element('div', { class: 'detail' });
  const window = deeds.window(layer) ?? [0, 1];
  const choose = (low: number, high: number): void => deeds.look(layer, { window: [low, high] });
  if (image.kind === 'image') {
    if (image.statistics?.histogram) {
      detail.append(histogramElement(image.statistics, window, choose));
    }
    const low = numberInput('Black', window[0], (value) => choose(value, window[1]));
    const high = numberInput('White', window[1], (value) => choose(window[0], value));
    const maps = element('select', { title: 'Colours' }, ...greyMaps.map((map) => element('option', {}, map)));
    maps.value = look.map;
    maps.addEventListener('change', () => deeds.look(layer, { map: maps.value }));
    detail.append(element('div', { class: 'row' }, low, '–', high, button('auto', 'Window of itself (0)', () => deeds.look(layer, { window: undefined })), maps));
  }
  if (image.statistics !== null) {
    detail.append(statisticsElement(image, image.statistics, deeds.isCompared ? earlierOf(layer, look) : undefined));
  }
  return detail;
}

function earlierOf(layer: Layer, look: Look): Statistics | undefined {
  return imageOf(layer.earlier, look.item)?.statistics ?? undefined;
}

function numberInput(title: string, value: number, act: (value: number) => void): HTMLInputElement {
  const made = element('input', { type: 'number', step: 'any', title, 'aria-label': title });
  made.value = String(Number(value.toPrecision(5)));
  made.addEventListener('change', () => Number.isFinite(made.valueAsNumber) && act(made.valueAsNumber));
  return made;
}

/** The numbers of an image, and those of before the edit beside them. */
function statisticsElement(image: ShownImage, found: Statistics, earlier: Statistics | undefined): HTMLElement {
  const columns = earlier === undefined ? [found] : [found, earlier];
  const rows: readonly (readonly [string, ...string[]])[] = [
    ...(earlier === undefined ? [] : [['', 'now', 'before'] as const]),
    ['size', `${image.size.join(' × ')} voxels`],
    ['spacing', `${image.spacing.map((length) => Number(length.toPrecision(4))).join(' × ')} mm`],
    ...(image.kind === 'mask' ? extent(image, columns) : values(columns)),
    ...(columns.some(({ not_finite }) => not_finite > 0)
      ? [['not finite', ...columns.map(({ not_finite }) => not_finite.toLocaleString('en'))] as const] : []),
  ];
  return element('table', { class: 'statistics' }, ...rows.map(([name, ...told]) =>
    element('tr', {}, element('th', {}, name), ...told.map((value) => element('td', told.length < columns.length ? { colspan: '2' } : {}, value)))));
}

function extent({ size }: ShownImage, columns: readonly Statistics[]): (readonly [string, ...string[]])[] {
  const [what, unit] = size.length === 2 ? ['area', 'mm²'] : ['volume', 'mm³'];
  return [
    ['voxels', ...columns.map(({ voxels }) => voxels.toLocaleString('en'))],
    [what!, ...columns.map(({ volume }) => `${volume.toLocaleString('en', { maximumFractionDigits: 3 })} ${unit}`)],
  ];
}

function values(columns: readonly Statistics[]): (readonly [string, ...string[]])[] {
  const number = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(6))));
  return [
    ['min … max', ...columns.map(({ minimum, maximum }) => `${number(minimum)} … ${number(maximum)}`)],
    ['mean ± sd', ...columns.map(({ mean, deviation }) => `${number(mean)} ± ${number(deviation)}`)],
    ['not 0', ...columns.map(({ voxels }) => `${voxels.toLocaleString('en')} voxels`)],
  ];
}
