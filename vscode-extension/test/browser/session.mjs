/** One workbench on a fresh folder in a server of its own, and steps that build on one another. */
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startHost } from './host.mjs';
import { Workbench } from './page.mjs';
import { makeWorkspace } from './workspace.mjs';

const vsix = fileURLToPath(new URL('../../voxlogica.vsix', import.meta.url));

/** Opens a file of the folder; `close` ends and removes everything. `prepare` may change files. */
export async function openWorkbench(interpreter, file, prepare = async () => {}) {
  const { folder, store, remove } = await makeWorkspace();
  await prepare(folder);
  const host = await startHost({
    vsix,
    settings: { 'voxlogica.interpreter': interpreter },
    env: { VOXLOGICA_STORE: store },
  });
  const close = async () => {
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

/** Declares steps of which each needs those before: after a failure the rest says so at once. */
export function steps(workbench) {
  let failed;
  return (name, act) => it(name, async (test) => {
    if (failed) return test.skip(`after: ${failed}`);
    try {
      await act();
    } catch (error) {
      failed = name;
      await workbench().screenshot(`failed-${name.replace(/\W+/g, '-')}`);
      throw error;
    }
  });
}
