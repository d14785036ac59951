/** Finds the programs the browser test needs. It installs nothing. */
import { access, constants } from 'node:fs/promises';
import path from 'node:path';

/** The full path of a program on PATH, or undefined. */
export async function executable(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  for (const folder of folders) {
    const candidate = path.join(folder, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/** The browser: the one named by CHROMIUM, or chromium, or Chrome, or undefined. */
export async function browserExecutable() {
  if (process.env.CHROMIUM) {
    return (await isExecutable(process.env.CHROMIUM)) ? process.env.CHROMIUM : undefined;
  }
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const found = await executable(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How to start npm: the one that started us, which need not be on PATH, or else the one there. */
export function npmCommand(...words) {
  const script = process.env.npm_execpath;
  return script ? [process.execPath, [script, ...words]] : ['npm', words];
}

export function isExecutable(place) {
  return access(place, constants.X_OK).then(() => true, () => false);
}
