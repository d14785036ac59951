/**
 * Reads and uses what stands around the text: signs in the margin, lenses, views, pages. It asserts
 * nothing. Selectors are internals of the workbench.
 */
import { frameText, marginSigns } from './dom.mjs';
import { normalised } from './page.mjs';

const SLOW_MS = 60_000;
/** Longer than the workbench waits before it draws lenses anew. */
const STILL_MS = 400;

/** The signs in the margin by line number, once they are as wanted. */
export async function signs({ page }, wanted = () => true, timeout = SLOW_MS) {
  return until(() => page.evaluate(marginSigns), wanted, timeout, 'signs in the margin');
}

/**
 * Clicks the n-th lens with this title until it has had its effect, which `effect` waits for and
 * gives. Lenses are drawn anew when something is known; a click on an old one is lost.
 */
export async function clickLens(workbench, title, nth, effect) {
  for (let time = 0; time < 4; time += 1) {
    await clickOnce(workbench, title, nth);
    const found = await effect(20_000).catch(() => undefined);
    if (found !== undefined) return found;
    console.log(`the lens ${title} was clicked, and nothing came of it`);
  }
  return effect(SLOW_MS);
}

/** Clicks the n-th lens with this title, once the lenses stand still. */
export async function clickOnce(workbench, title, nth) {
  await putAwaySuggestions(workbench);
  await untilStill(lens(workbench, title, nth));
  await lens(workbench, title, nth).click({ timeout: 10_000 });
}

/** Lenses that are drawn anew are other elements, with other names. */
async function untilStill(element) {
  const read = () => element.evaluate((link) => [link.id, ...Object.values(link.getBoundingClientRect().toJSON())].join());
  let before;
  await until(async () => {
    const [earlier, now] = [before, await read()];
    before = now;
    if (earlier !== now) await new Promise((resolve) => setTimeout(resolve, STILL_MS));
    return earlier === now;
  }, Boolean, SLOW_MS, 'a lens that stands still');
}

/** While suggestions are open, which may come after whatever would have closed them, no lens is clicked. */
async function putAwaySuggestions({ page }) {
  const list = page.locator('.suggest-widget.visible');
  if (await list.isVisible()) {
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
  }
}

/** The n-th lens with this title. */
export function lens({ page }, title, nth) {
  return page.locator('.codelens-decoration a', { hasText: new RegExp(`^${title}$`) }).nth(nth);
}

/** Runs by a lens. */
export function runByLens(workbench, title, nth) {
  return clickLens(workbench, title, nth, (patience) => workbench.outputText(/./, patience));
}

/** The rows of one of our views, once they are as wanted. */
export async function rows(workbench, view, wanted = (found) => found.length > 0, timeout = SLOW_MS) {
  const { page } = workbench;
  const list = page.locator('.pane', { has: page.locator(`.pane-header[aria-label^="${view} Section"]`) });
  const read = async () => (await list.locator('.monaco-list-row').evaluateAll((found) => found.map(
    (row) => ['.label-name', '.label-description'].map((part) => row.querySelector(part)?.textContent ?? '').join(' '),
  ))).map(normalised);
  return until(read, wanted, timeout, `rows of ${view}`);
}

/** Clicks an action of the row that holds a text. */
export async function clickRowAction({ page }, text, action) {
  const row = page.locator('.pane .monaco-list-row', { hasText: text }).first();
  await row.hover();
  await row.locator(`.action-label[aria-label^="${action}"]`).first().click();
}

export async function clickRow({ page }, view, text) {
  const list = page.locator('.pane', { has: page.locator(`.pane-header[aria-label^="${view} Section"]`) });
  await list.locator('.monaco-list-row', { hasText: text }).first().click();
}

/** Shows the side bar with our views. */
export async function openViews({ page }) {
  const header = page.locator('.pane-header[aria-label^="Nodes Section"]');
  const tab = page.locator('.activitybar .action-item', { has: page.locator('[aria-label^="VoxLogicA"]') });
  await tab.waitFor();
  // A click closes the side bar if a reloaded window has just shown it by itself: then once more.
  for (let time = 0; time < 4; time += 1) {
    const isOpen = await tab.evaluate((item) => item.classList.contains('checked'));
    if (!isOpen) await tab.locator('.action-label').click();
    if (await header.waitFor({ timeout: 8000 }).then(() => true, () => false)) return;
  }
  await header.waitFor();
}

/**
 * Opens a page and gives its text, once that is as wanted. The workbench now and then draws nothing
 * in a page, and goes on drawing nothing until it is closed and opened again.
 */
export async function openedPage(workbench, open, wanted) {
  for (const patience of [15_000, 20_000, 30_000]) {
    // A page that comes late covers what would open it once more.
    const refusal = await open().then(() => undefined, (error) => error);
    const text = await pageText(workbench, wanted, patience).catch(() => undefined);
    if (text !== undefined) return text;
    const why = refusal?.message.split('\n')[0] ?? 'nothing came of it';
    console.log(`a page with ${wanted} was asked for: ${why}; once more`);
    await closePage(workbench);
  }
  await open();
  return pageText(workbench, wanted);
}

/** Closes the page that is in front, a preview or a text. */
async function closePage(workbench) {
  const tab = workbench.page.locator('.tab.active', { hasText: /\.md\b/ });
  if (await tab.isVisible()) await workbench.closeEditor();
}

/** The text of the page that is shown as a preview, once it is as wanted. */
export async function pageText({ page }, wanted = /./, timeout = SLOW_MS) {
  const read = async () => {
    const frames = page.frames().filter((frame) => frame !== page.mainFrame());
    const texts = await Promise.all(frames.map((frame) => frame.evaluate(frameText).catch(() => '')));
    return normalised(texts.join('\n'));
  };
  return until(read, (text) => wanted.test(text), timeout, `a page with ${wanted}`);
}

/** How many pictures with pixels the page that is shown has. */
export async function pagePictures({ page }) {
  const counts = await Promise.all(page.frames().map((frame) => frame.evaluate(
    () => [...document.querySelectorAll('.markdown-body img')].filter((img) => img.naturalWidth > 1).length,
  ).catch(() => 0)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function until(read, wanted, timeout, what) {
  const limit = Date.now() + timeout;
  let found;
  for (;;) {
    found = await read();
    if (wanted(found)) return found;
    if (Date.now() > limit) throw new Error(`${what}: last seen: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
