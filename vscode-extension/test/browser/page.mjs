/**
 * Drives one Visual Studio Code workbench in a browser. It knows no language and asserts nothing:
 * it acts, waits and reads. Selectors are internals of the workbench, hence its pinned version.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { browserExecutable } from './executables.mjs';
import { centreOfText, colourOfText, pictureFacts, visibleText } from './dom.mjs';

/** Where pictures of every step are kept. */
export const screenshots = fileURLToPath(new URL('../../../output/screenshots/', import.meta.url));
const SLOW_MS = 60_000;
const MOST_SAID = 500;

const browserArguments = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
];

const hoverBox = '.monaco-hover:not(.hidden) .hover-contents';
const notification = '.notifications-toasts .notification-list-item-message';
const outputLine = '.output-view .view-line, .panel .output-view-container .view-line';
const quickInput = '.quick-input-widget:not([style*="display: none"])';

/** A browser with one workbench, open on a folder. */
export class Workbench {
  #browser;
  /** The last lines of the console. */
  said = [];

  constructor(browser, page) {
    this.#browser = browser;
    this.page = page;
    page.on('console', (message) => this.#note(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.#note(`error: ${error}`));
    page.on('crash', () => this.#note('error: the page crashed'));
  }

  #note(line) {
    this.said.push(line.slice(0, 400));
    if (this.said.length > MOST_SAID) this.said.shift();
  }

  /** Opens `file` (relative to `folder`) at a line and a column, both counted from 1. */
  static async open(host, folder, file, { line = 1, column = 1 } = {}) {
    const place = `${remote(host, path.join(folder, file))}:${line}:${column}`;
    const workbench = await Workbench.#on(host, folder, [['openFile', place], ['gotoLineMode', 'true']]);
    await workbench.page.locator('.editor-instance .view-line').first().waitFor({ timeout: SLOW_MS });
    return workbench;
  }

  /** Opens a folder and runs what is in the folder `tests` inside the extension host. */
  static openTests(host, folder, tests, { log, exit }) {
    const payload = [
      ['extensionDevelopmentPath', remote(host, tests)],
      ['extensionTestsPath', remote(host, path.join(tests, 'index.js'))],
    ];
    return Workbench.#on(host, folder, payload, async (page) => {
      // What the extension host prints comes with its name before it, and formatting.
      page.on('console', (message) => log(message.text()));
      await page.exposeFunction('codeAutomationLog', () => undefined);
      await page.exposeFunction('codeAutomationExit', exit);
    });
  }

  static async #on(host, folder, payload, prepare = async () => {}) {
    const browser = await chromium.launch({
      executablePath: await browserExecutable(),
      args: browserArguments,
      ignoreDefaultArgs: ['--headless'],
      timeout: 2 * SLOW_MS,
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
    page.setDefaultTimeout(SLOW_MS);
    page.setDefaultNavigationTimeout(2 * SLOW_MS);
    await prepare(page);
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
    const workbench = new Workbench(browser, page);
    await page.goto(`${host.origin}/?${query}`, { waitUntil: 'domcontentloaded' });
    return workbench;
  }

  async close() {
    await this.#browser.close();
  }

  /** Opens another file of the folder by its name. */
  async openFile(name) {
    await this.page.keyboard.press('Control+P');
    await this.#choose(name, new RegExp(`^${escaped(name)}`));
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  async waitForTab(name) {
    await this.page.locator('.tab.active', { hasText: name }).waitFor({ timeout: SLOW_MS });
  }

  async closeEditor() {
    await this.command('View: Close Editor');
  }

  /** Reloads the window, as `Developer: Reload Window` does. */
  async reload() {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await this.page.locator('.editor-instance .view-line').first().waitFor({ timeout: SLOW_MS });
  }

  /** Where a text stands on the screen. */
  placeOf(text, options = {}) {
    return this.#waitForText(text, options);
  }

  /** Runs a command by the title the palette shows. */
  async command(title) {
    const input = this.page.locator(`${quickInput} input`);
    // A key that is pressed while a page takes or gives back the focus is lost.
    for (let tries = 0; tries < 10 && !(await input.isVisible()); tries += 1) {
      await this.page.keyboard.press('F1');
      await input.waitFor({ timeout: 5000 }).catch(() => undefined);
    }
    await this.#choose(`>${title}`, new RegExp(`^${escaped(title)}`));
  }

  async #choose(text, label) {
    const input = this.page.locator(`${quickInput} input`);
    await input.waitFor();
    await input.fill(text);
    const row = this.page.locator(`${quickInput} .monaco-list-row`, { hasText: label }).first();
    await row.waitFor();
    await row.click();
    await input.waitFor({ state: 'hidden' });
  }

  /** Clicks the button with this name above the editor. */
  async clickTitleButton(name) {
    const buttons = this.page.locator('.editor-group-container.active .editor-actions .action-label');
    await this.page.mouse.move(0, 0);
    await buttons.and(this.page.locator(`[aria-label^="${name}"]`)).first().click();
  }

  /** Puts the cursor before a text on the screen. */
  async clickText(text, options = {}) {
    const place = await this.#waitForText(text, options);
    await this.page.mouse.click(place.left + 1, place.y);
  }

  /** Replaces a text on the screen by typing, as a user does. */
  async replaceText(text, replacement, options = {}) {
    await this.clickText(text, options);
    for (let step = 0; step < text.length; step += 1) {
      await this.page.keyboard.press('Shift+ArrowRight');
    }
    await this.page.keyboard.insertText(replacement);
    await this.#waitForText(replacement);
    await this.page.keyboard.press('Escape'); // suggestions
  }

  /** The colour of a text in the editor, such as `rgb(86, 156, 214)`. */
  async colourOf(text, options = {}) {
    await this.#waitForText(text, options);
    return this.page.evaluate(colourOfText, { text, ...options });
  }

  /** A document is coloured in steps; waits until a text has this colour. */
  async waitForColour(text, colour) {
    const limit = Date.now() + SLOW_MS;
    let seen = await this.colourOf(text);
    while (seen !== colour) {
      if (Date.now() > limit) throw new Error(`${text}: wanted ${colour}, it is ${seen}`);
      await this.page.waitForTimeout(100);
      seen = await this.colourOf(text);
    }
  }

  /** Waits until so many squiggles of a severity stand in the editor; 0 waits for none. */
  async waitForSquiggles(severity, count, timeout = SLOW_MS) {
    await this.page.waitForFunction(
      ([selector, wanted]) => document.querySelectorAll(selector).length === wanted,
      [`.editor-instance .squiggly-${severity}`, count],
      { timeout, polling: 50 },
    );
  }

  /** The texts of the Problems view. */
  async problems() {
    await this.command('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row .marker-message-details-container, .markers-panel .monaco-list-row .message-box-container');
    await rows.first().waitFor();
    return (await rows.allTextContents()).map(normalised);
  }

  /**
   * Hovers over a text, waits until the hover says `expected`, and reads it. A hover shows what
   * was true when it opened, so it is opened again until the expected text is there.
   */
  async hover(text, expected = /./, options = {}) {
    const limit = Date.now() + SLOW_MS;
    let said = '';
    while (Date.now() < limit) {
      await this.closeHover();
      const place = await this.#waitForText(text, options);
      await this.page.mouse.move(place.x, place.y, { steps: 3 });
      said = await this.#hoverText(expected, 3000);
      if (expected.test(said)) return said;
    }
    throw new Error(`hovering over ${text}: wanted ${expected}, the hover said: ${said}`);
  }

  async #hoverText(expected, patience) {
    const limit = Date.now() + patience;
    let said = '';
    while (Date.now() < limit) {
      said = normalised(await this.page.evaluate(visibleText, hoverBox));
      if (expected.test(said)) break;
      await this.page.waitForTimeout(50);
    }
    return said;
  }

  /** Facts about the pixels of the first picture in the hover that is open. */
  async hoverPicture() {
    await this.page.locator(`${hoverBox} img`).first().waitFor();
    return this.page.evaluate(pictureFacts, `${hoverBox} img`);
  }

  hoverPictureCount() {
    return this.page.locator(`${hoverBox} img`).count();
  }

  async closeHover() {
    await this.page.mouse.move(2, 2);
    await this.page.locator(hoverBox).first().waitFor({ state: 'hidden' }).catch(() => undefined);
  }

  /** Waits for a status bar item whose text matches, and gives the text. */
  async waitForStatus(pattern, timeout = SLOW_MS) {
    const item = this.page.locator('.statusbar-item', { hasText: pattern }).first();
    await item.waitFor({ timeout });
    return normalised(await item.innerText());
  }

  async waitForCursor({ line, column }) {
    await this.page
      .locator('[id="status.editor.selection"]', { hasText: `Ln ${line}, Col ${column}` })
      .waitFor();
  }

  async waitForNotification(pattern, timeout = SLOW_MS) {
    await this.page.locator(notification, { hasText: pattern }).first().waitFor({ timeout });
  }

  /** The texts of the notifications on the screen. */
  async notifications() {
    return (await this.page.locator(notification).allInnerTexts()).map(normalised);
  }

  /** The text the output view shows, once it matches. */
  async outputText(expected = /./, timeout = SLOW_MS) {
    const limit = Date.now() + timeout;
    let text = '';
    while (Date.now() < limit) {
      text = (await this.page.locator(outputLine).allInnerTexts()).map(normalised).join('\n');
      if (expected.test(text)) return text;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`wanted ${expected} in the output, it says: ${text}`);
  }

  /** What a run adds to the output view: it is emptied first. */
  async outputOf(startRun, timeout = 2 * SLOW_MS) {
    const clear = this.page.locator('.panel .action-label[aria-label="Clear Output"]');
    if (await clear.first().isVisible()) await clear.first().click();
    await startRun();
    return this.outputText(/\d computed|cancelled|nothing to run|not run|✗/, timeout);
  }

  async screenshot(name) {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`), animations: 'disabled' });
  }

  async #waitForText(text, { nth = 0, timeout = SLOW_MS } = {}) {
    const found = await this.page.waitForFunction(centreOfText, { text, nth }, { timeout, polling: 50 });
    return found.jsonValue();
  }
}

/** Text as a reader sees it: the workbench uses other spaces than we type. */
export function normalised(text) {
  return text
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
}

function remote(host, place) {
  return `vscode-remote://${new URL(host.origin).host}${place}`;
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
