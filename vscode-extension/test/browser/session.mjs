/** One workbench on a fresh folder in a server of its own, and steps that build on one another. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startHost } from './host.mjs';
import { Workbench } from './page.mjs';
import { situation, within } from './situation.mjs';
import { makeWorkspace, python } from './workspace.mjs';

/** The package that the tests install. */
export const vsix = fileURLToPath(new URL('../../voxlogica.vsix', import.meta.url));

/**
 * Opens a file of the folder; `close` ends and removes everything. `prepare` may change files;
 * `more` holds further settings and environment, and `isTrusted: false` for restricted mode.
 */
export async function openWorkbench(interpreter, file, prepare = async () => {}, more = {}) {
  const { settings = {}, env = {}, isTrusted = true } = more;
  const { folder, store, remove } = await makeWorkspace();
  await prepare(folder);
  const host = await startHost({
    vsix,
    settings: { 'voxlogica.interpreter': interpreter, ...settings },
    env: { VOXLOGICA_STORE: store, ...env },
    isTrusted,
  });
  const close = async () => {
    await endDetached(store);
    await host.stop();
    await remove();
  };
  try {
    const workbench = await Workbench.open(host, folder, file);
    return { folder, host, workbench, close: () => workbench.close().then(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What in the extension's log matches. */
export async function inLog({ host }, pattern) {
  const names = await readdir(host.home, { recursive: true });
  const logs = names.filter((name) => name.endsWith('VoxLogicA Log.log'));
  const texts = await Promise.all(logs.map((name) => readFile(path.join(host.home, name), 'utf8')));
  return texts.flatMap((text) => text.match(pattern) ?? []);
}

/** Detached runs are made to outlive everything: those of a test that failed end here. */
async function endDetached(store) {
  const runs = (...words) => promisify(execFile)(python, ['-m', 'voxlogica_core', 'runs', ...words]);
  const { stdout } = await runs('--json', '--store', store);
  const going = JSON.parse(stdout).runs.filter(({ state }) => state === 'running');
  await Promise.all(going.map(({ id }) => runs('--store', store, 'cancel', id).catch(() => undefined)));
}

/** Longer than any step waits for anything: one that hangs would never tell where. */
const STEP_LIMIT_MS = 300_000;

/**
 * Declares steps of which each needs those before: after a failure the rest says so at once. What
 * fails leaves a picture, and tells how things stood.
 */
export function steps(session) {
  let failed;
  return (name, act) => it(name, async (test) => {
    if (failed) return test.skip(`after: ${failed}`);
    try {
      await within(STEP_LIMIT_MS, act);
    } catch (error) {
      failed = name;
      if (session() !== undefined) await explain(session(), name, error);
      throw error;
    }
  });
}

async function explain(session, name, error) {
  const picture = `failed-${name.replace(/\W+/g, '-')}`;
  await session.workbench.screenshot(picture).catch(() => undefined);
  const told = `\nWhen "${name}" failed:\n${await situation(session)}`;
  error.message += told;
  error.stack += told;
}
