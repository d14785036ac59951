/**
 * Functions that run inside the page. Each is sent there as text, so it must not use anything
 * outside itself.
 */

/** Where the n-th occurrence of a text stands in the editor in front, or null. */
export function centreOfText({ text, nth = 0 }) {
  const plain = (string) => string.replace(/[\u00a0\u200b-\u200d]/g, (c) => (c === '\u00a0' ? ' ' : ''));
  const editor = document.querySelector('.editor-group-container.active .editor-instance')
    ?? document.querySelector('.editor-instance');
  const lines = [...(editor?.querySelectorAll('.view-lines .view-line') ?? [])]
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
  let left = nth;
  for (const line of lines) {
    const pieces = [];
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (let index = 0; index < node.data.length; index += 1) {
        if (plain(node.data[index]) !== '') pieces.push([node, index]);
      }
    }
    const whole = plain(line.textContent);
    for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) {
      if (left > 0) {
        left -= 1;
        continue;
      }
      const range = document.createRange();
      range.setStart(...pieces[at]);
      const [node, index] = pieces[at + text.length - 1];
      range.setEnd(node, index + 1);
      const box = range.getBoundingClientRect();
      return { left: box.left, x: box.left + box.width / 2, y: box.top + box.height / 2 };
    }
  }
  return null;
}

/** The colour of the piece of an editor line that is exactly, or else begins with, a text. */
export function colourOfText({ text, nth = 0 }) {
  const spans = [...document.querySelectorAll('.editor-instance .view-line span span')];
  const plain = (span) => span.textContent.replace(/\u00a0/g, ' ').trim();
  const exact = spans.filter((span) => plain(span) === text);
  const span = exact[nth] ?? spans.filter((candidate) => plain(candidate).includes(text))[nth];
  return span ? getComputedStyle(span).color : null;
}

/** The text of the first element, or nothing. */
export function visibleText(selector) {
  return [...document.querySelectorAll(selector)].map((element) => element.innerText).join('\n');
}

/** Draws a picture on a canvas and says what its pixels are like. */
export async function pictureFacts(selector) {
  const picture = document.querySelector(selector);
  await picture.decode();
  const { naturalWidth: width, naturalHeight: height } = picture;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const colours = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  const box = picture.getBoundingClientRect();
  return {
    width,
    height,
    shownWidth: box.width,
    shownHeight: box.height,
    colours: colours.size,
    shareOfCommonest: Math.max(...colours.values()) / (width * height),
    digest: [...colours].reduce((sum, [colour, count]) => (sum * 31 + colour * count) % 4294967291, 7),
  };
}

/** The names of the signs in the margin of the editor in front, by line number. */
export function marginSigns() {
  const editor = document.querySelector('.editor-group-container.active .editor-instance')
    ?? document.querySelector('.editor-instance');
  const lines = [...(editor?.querySelectorAll('.margin .line-numbers') ?? [])]
    .map((number) => [Math.round(number.getBoundingClientRect().top), number.textContent.trim()]);
  const found = {};
  for (const sign of editor?.querySelectorAll('.glyph-margin-widgets .cgmr') ?? []) {
    const top = Math.round(sign.getBoundingClientRect().top);
    const picture = getComputedStyle(sign).backgroundImage.match(/base64,([^"')]+)/)?.[1];
    const name = picture && atob(picture).match(/<title>(\w+)/)?.[1];
    const line = lines.find(([at]) => Math.abs(at - top) < 8)?.[1];
    if (name && line) found[line] = name;
  }
  return found;
}

/** The text of a preview, which is a frame of its own. */
export function frameText() {
  return document.querySelector('.markdown-body')?.innerText ?? '';
}
