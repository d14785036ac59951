/** Makes elements of a page. */

type Content = Node | string;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  facts: Partial<Record<string, string>> = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(facts)) {
    made.setAttribute(key, value ?? '');
  }
  made.append(...content);
  return made;
}

export function button(label: string, title: string, act: () => void): HTMLButtonElement {
  const made = element('button', { title, 'aria-label': title, type: 'button' }, label);
  made.addEventListener('click', act);
  return made;
}

export function slider(title: string, most: number, value: number, act: (value: number) => void): HTMLInputElement {
  const made = element('input', { type: 'range', min: '0', max: String(most), title, 'aria-label': title });
  made.value = String(value);
  made.addEventListener('input', () => act(Number(made.value)));
  return made;
}

/** Fills an element anew. */
export type Filler = (make: () => readonly Node[]) => void;

/**
 * A function that fills an element anew, but not under a pressed pointer, which may drag a slider;
 * the focus stays on the same control.
 */
export function steadily(parent: HTMLElement): Filler {
  let isPressed = false;
  let waiting: (() => readonly Node[]) | undefined;
  const fill: Filler = (make) => {
    const focus = parent.contains(document.activeElement) ? controlOf(document.activeElement!) : undefined;
    parent.replaceChildren(...make());
    if (focus !== undefined) {
      parent.querySelector<HTMLElement>(focus)?.focus();
    }
  };
  parent.addEventListener('pointerdown', () => {
    isPressed = true;
  });
  const released = (): void => {
    isPressed = false;
    const make = waiting;
    waiting = undefined;
    if (make !== undefined) {
      setTimeout(() => fill(make)); // after the click that this may be
    }
  };
  window.addEventListener('pointerup', released);
  window.addEventListener('pointercancel', released);
  return (make) => {
    if (isPressed) {
      waiting = make;
    } else {
      fill(make);
    }
  };
}

/** Finds a control again in an element that was filled anew. */
function controlOf(control: Element): string {
  const layer = control.closest('[data-layer]')?.getAttribute('data-layer');
  const within = layer == null ? '' : `[data-layer="${CSS.escape(layer)}"] `;
  return `${within}[title="${CSS.escape(control.getAttribute('title') ?? '')}"]`;
}
