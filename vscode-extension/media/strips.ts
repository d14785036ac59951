/** What stands below the pictures: the number that is turned, and the film strip of a sweep. */
import type { Frame, NumberControl } from '../src/viewer/messages';
import { button, element, slider } from './dom';

export function numberElement(number: NumberControl, step: (steps: number) => void, set: (text: string) => void): HTMLElement {
  const at = number.near.indexOf(number.text);
  const shown = element('output', {}, number.text);
  const turn = slider('Turn the number', number.near.length - 1, at, (index) => {
    const text = number.near[index];
    if (text !== undefined) {
      shown.value = text;
      set(text);
    }
  });
  return element('div', { class: 'number' },
    element('span', {}, `line ${number.line + 1}`), button('−', 'Less (−)', () => step(-1)), turn, button('+', 'More (+)', () => step(1)), shown);
}

export function stripElement(title: string, frames: readonly Frame[], look: (at: number) => void, choose: (text: string) => void, close: () => void): HTMLElement {
  const cards = frames.map((frame, at) => {
    const card = element('div', { class: frame.isChosen ? 'frame chosen' : 'frame', 'data-text': frame.text, title: 'Look at this; double-click writes it into the program' }, ...pictureOf(frame));
    card.addEventListener('click', () => look(at));
    card.addEventListener('dblclick', () => choose(frame.text));
    card.append(element('div', { class: 'caption' }, frame.text, button('✓', `Write ${frame.text} into the program`, () => choose(frame.text))));
    return card;
  });
  const done = frames.filter((frame) => frame.shown !== null).length;
  return element('div', { class: 'strip' },
    element('div', { class: 'head' }, element('span', { class: 'name' }, title), element('span', {}, done < frames.length ? `${done} of ${frames.length}` : ''), button('×', 'Close the film strip', close)),
    element('div', { class: 'frames' }, ...cards));
}

function pictureOf({ shown, text }: Frame): (Node | string)[] {
  if (shown === null) {
    return [element('div', { class: 'waiting' }, '…')];
  }
  switch (shown.form) {
    case 'image': {
      const voxels = shown.kind === 'mask' && shown.statistics !== null ? `${Math.round(shown.statistics.volume).toLocaleString('en')} mm³` : '';
      const picture = element('img', { src: `data:image/png;base64,${shown.picture ?? ''}`, alt: `with ${text}` });
      return [picture, element('div', { class: 'value' }, voxels)];
    }
    case 'value':
      return [element('div', { class: 'value' }, JSON.stringify(shown.value).slice(0, 60))];
    case 'failed':
      return [element('div', { class: 'value failed', title: shown.message }, '✗')];
    default:
      return [element('div', { class: 'value' }, `${shown.count} items`)];
  }
}
