/** Reads the page of the viewer: what is drawn, which pixels, which values. It asserts nothing. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { normalised } from './page.mjs';

/** Software draws, on a machine that may be busy. */
const SLOW_MS = 120_000;

/** The frame of a viewer, once it is there; of the one with a layer of this title, if one is named. */
export async function viewerFrame({ page }, layer = '') {
  const selector = layer === '' ? '#viewer .toolbar' : `#viewer [data-layer="${layer}"]`;
  return say(async () => {
    for (const frame of page.frames()) {
      const isOurs = await frame.evaluate((wanted) => document.querySelector(wanted) !== null, selector).catch(() => false);
      if (isOurs && !frame.isDetached()) return frame;
    }
    return undefined;
  }, `the viewer ${layer}`);
}

/** What is told of a layer, once it matches. */
export async function layerText(workbench, layer, wanted) {
  let seen = '';
  return say(async () => {
    const frame = await viewerFrame(workbench, layer);
    seen = normalised(await frame.locator(`[data-layer="${layer}"]`).innerText().catch(() => ''));
    return wanted.test(seen) ? seen : undefined;
  }, () => `${wanted} of ${layer}, it says: ${seen}`);
}

/** Waits until the program in some editor holds a text. */
export async function editorSays({ page }, text) {
  await say(async () => (await page.locator('.view-lines').allInnerTexts()).some((lines) => normalised(lines).includes(text)), text);
}

/** Runs a command that asks for a text in the place where it was chosen, and answers. */
export async function answered({ page }, command, question, text) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${command}`);
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: command }).first().click();
  const input = page.locator(`.quick-input-widget input[aria-label^="${question}"]`);
  await input.fill(text);
  await input.press('Enter');
}

/** Reloads the window as it was left; an address that names a file would open that alone. */
export async function reopened({ page }) {
  const address = new URL(page.url());
  address.searchParams.delete('payload');
  await page.goto(address.href, { waitUntil: 'domcontentloaded' });
}

/** Where the thumb of a slider is, and where it would be so many steps further. */
export async function thumbPlaces(slider, steps) {
  const { x, y, width, height } = await slider.boundingBox();
  const [value, most] = await slider.evaluate((input) => [Number(input.value), Number(input.max)]);
  const thumb = 16;
  const at = (step) => [x + thumb / 2 + ((width - thumb) * step) / most, y + height / 2];
  return [at(value), at(value + steps)];
}

/** Presses a key in the viewer, which gets the focus first. */
export async function press(workbench, key) {
  const frame = await viewerFrame(workbench);
  if (!(await frame.evaluate(() => document.hasFocus()))) await frame.locator('.place').click();
  await workbench.page.keyboard.press(key);
}

/** Answers the question where something is to be saved, and waits until it is there. */
export async function saveAs({ page }, target) {
  const input = page.locator('.quick-input-widget input[type="text"]');
  // The question proposes a name, and only then takes another.
  await say(async () => (await input.inputValue().catch(() => '')).endsWith(path.extname(target)), 'a proposed name');
  await input.fill(target);
  await say(async () => (await input.inputValue()) === target, target);
  await input.press('Enter');
  await say(() => access(target).then(() => true, () => false), target);
}

/** Opens a file from the explorer in another editor than its own. */
export async function openWith({ page }, name, editor) {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().click({ button: 'right' });
  const item = page.locator('.monaco-menu .action-label', { hasText: 'Open With...' });
  const choice = page.locator('.quick-input-widget .monaco-list-row', { hasText: editor }).first();
  await item.waitFor();
  // A menu that has just opened takes a click for the end of the one that opened it.
  await say(async () => {
    if (await choice.isVisible()) return true;
    await item.click({ timeout: 1000 }).catch(() => undefined);
    return false;
  }, editor);
  await choice.click();
}

/** What the console says, from now on, of things that the policy of a viewer's page refused. */
export function complaints({ page }) {
  const found = [];
  page.on('console', (message) => {
    const text = message.text();
    if (/Content Security Policy/.test(text) && /default-src 'none'|script-src 'nonce-|img-src data: blob:|unsafe-inline/.test(text)) {
      found.push(text);
    }
  });
  return found;
}

/** The layers that are drawn, as `name@node name@node`, once they are as wanted. */
export async function drawn(workbench, wanted, timeout = SLOW_MS) {
  const isWanted = typeof wanted === 'function' ? wanted : (text) => wanted.test(text);
  return say(async () => {
    const frame = await viewerFrame(workbench);
    const text = await frame.evaluate(() => document.body.dataset.drawn ?? '').catch(() => '');
    return isWanted(text) ? text : undefined;
  }, `layers ${wanted}`, timeout);
}

/** How many pixels of a canvas are orange, how many grey but not black, and a digest of all. */
export async function pictureCounts(workbench, selector = 'canvas.now', layer = '') {
  const frame = await viewerFrame(workbench, layer);
  return countPixelsOf(workbench, await frame.locator(selector).screenshot({ animations: 'disabled' }));
}

/** The same of a PNG. */
export async function countPixelsOf(workbench, png) {
  const other = await workbench.page.context().browser().newPage();
  try {
    return await other.evaluate(countPixels, png.toString('base64'));
  } finally {
    await other.close();
  }
}

/** The values under the cross-hair by layer, and the indices of the voxel. */
export async function readouts(workbench, layer = '') {
  const frame = await viewerFrame(workbench, layer);
  const { place, lines } = await frame.evaluate(() => ({
    place: document.querySelector('.place').innerText,
    lines: [...document.querySelectorAll('.readout')].map((line) => line.innerText),
  }));
  const values = Object.fromEntries(lines.map((line) => line.split(' = ')));
  return { ...values, voxel: place.match(/voxel (\d+), (\d+), (\d+)/).slice(1) };
}

/** What a question answers, once that is something. */
export async function say(question, what, timeout = SLOW_MS) {
  const limit = Date.now() + timeout;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > limit) throw new Error(`wanted: ${typeof what === 'function' ? what() : what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Runs in a page: counts the pixels of a PNG. */
async function countPixels(png) {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext('2d');
  pen.drawImage(picture, 0, 0);
  const { data } = pen.getImageData(0, 0, picture.width, picture.height);
  let [orange, grey, digest] = [0, 0, 7];
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = data.subarray(at, at + 3);
    digest = (digest * 31 + red * 65536 + green * 256 + blue) % 4294967291;
    if (red > 90 && red - blue > 60 && green > blue && red > green) orange += 1;
    else if (red > 30 && Math.abs(red - green) < 8 && Math.abs(green - blue) < 8) grey += 1;
  }
  return { orange, grey, digest };
}
