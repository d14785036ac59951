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

/** The film strip: one picture for each number that was tried. */
export class Strip {
  readonly #parent: HTMLElement;
  readonly #choose: (text: string) => void;

  /** `choose` is told which number is to be written into the program. */
  constructor(parent: HTMLElement, choose: (text: string) => void) {
    this.#parent = parent;
    this.#choose = choose;
  }

  show(title: string, frames: readonly Frame[]): void {
    const done = frames.filter((frame) => frame.shown !== null).length;
    const head = element('div', { class: 'head' },
      element('span', { class: 'name' }, title),
      element('span', {}, done < frames.length ? `${done} of ${frames.length}` : ''),
      button('×', 'Close the film strip', () => this.#parent.replaceChildren()));
    const cards = frames.map((frame) => this.#card(frame));
    this.#parent.replaceChildren(element('div', { class: 'strip' }, head, element('div', { class: 'frames' }, ...cards)));
  }

  #card(frame: Frame): HTMLElement {
    const card = element('div', { class: frame.isChosen ? 'frame chosen' : 'frame', 'data-text': frame.text, title: 'Larger, or as it was' }, ...pictureOf(frame));
    const choose = button('✓', `Write ${frame.text} into the program`, () => {
      this.#choose(frame.text);
      this.#parent.querySelectorAll('.frame').forEach((each) => each.classList.toggle('chosen', each === card));
    });
    card.addEventListener('click', ({ target }) => {
      if (target !== choose) {
        card.classList.toggle('large');
      }
    });
    card.append(element('div', { class: 'caption' }, frame.text, choose));
    return card;
  }
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
