/**
 * Tells how things stood when a step failed: what is needed to know why, where nobody was looking.
 * It asserts nothing, and fails at nothing: what cannot be told is left out.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { normalised } from './page.mjs';

const PATIENCE_MS = 5000;
/** Which logs of a server are told of, and how many of their last lines. */
const logs = [['VoxLogicA Log.log', 30], ['remoteexthost.log', 15], ['server.log', 5]];
/** Files that this workbench lacks wherever it runs. */
const usual = /status of 404|vsda|serviceWorker\.js|gallery|ERR_/;

/** Everything that there is to tell, in lines. */
export async function situation({ workbench, host }) {
  const { page, said } = workbench;
  const told = [
    ['editors', () => texts(page, '.tab')],
    ['in front', () => texts(page, '.tab.active')],
    ['lenses', () => texts(page, '.codelens-decoration')],
    ['lenses that can be clicked', () => texts(page, '.codelens-decoration a')],
    ['focus', () => page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.className}`)],
    ['suggestions', () => texts(page, '.suggest-widget.visible')],
    ['hover', () => texts(page, '.monaco-hover:not(.hidden)')],
    ['status bar', () => texts(page, '.statusbar-item')],
    ['frames', () => frames(page)],
    ['notifications', () => notifications(workbench)],
    ['console', () => said.filter((line) => !usual.test(line)).slice(-15).join('\n')],
    ...logs.map(([name, count]) => [name, () => lastLines(host.home, name, count)]),
  ];
  const lines = [];
  for (const [title, tell] of told) {
    const text = await within(PATIENCE_MS, tell).catch((error) => `cannot be told: ${error.message}`);
    if (text !== '') lines.push(`${title}:`, ...text.split('\n').map((line) => `    ${line}`));
  }
  return lines.join('\n');
}

/** What a question answers, or a failure if that takes too long. */
export function within(patience, ask) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patience / 1000} s`)), patience);
  });
  return Promise.race([ask(), late]).finally(() => clearTimeout(timer));
}

/** In one line, since there may be many. */
async function texts(page, selector) {
  const found = await page.locator(selector).allInnerTexts();
  return found.map((text) => normalised(text).replace(/\s+/g, ' ')).filter((text) => text !== '').join(' ¦ ');
}

async function frames(page) {
  const tell = async (frame) => {
    const text = await within(1000, () => frame.evaluate(() => document.body?.innerText ?? '')).catch((error) => error.message);
    return `${frame.url().slice(0, 160)}: ${JSON.stringify(normalised(text).slice(0, 120))}`;
  };
  const others = page.frames().filter((frame) => frame !== page.mainFrame());
  return (await Promise.all(others.map(tell))).join('\n');
}

/** Those too that went away by themselves. */
async function notifications(workbench) {
  await workbench.command('Notifications: Show Notifications');
  return texts(workbench.page, '.notification-list-item-message');
}

async function lastLines(home, wanted, count) {
  const names = await readdir(home, { recursive: true });
  const found = names.filter((name) => path.basename(name) === wanted).sort().at(-1);
  if (found === undefined) return '';
  return (await readFile(path.join(home, found), 'utf8')).trimEnd().split('\n').slice(-count).join('\n');
}
