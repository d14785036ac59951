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
