/**
 * The command `npm run bench:first-run`: how long it takes from a Python with nothing in it to the
 * first result, and how many actions, with the packages in the cache and without. It makes real
 * environments, by pip and, where there is one, by uv (a word chooses one of them): that downloads
 * packages. It asserts nothing.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { executable } from './executables.mjs';
import { inLog, openWorkbench } from './session.mjs';
import { row, table, timed } from './timing.mjs';
import { python } from './workspace.mjs';

const LIMIT_MS = 900_000;

const home = await mkdtemp(path.join(tmpdir(), 'voxlogica-first-run-'));
const rows = [];
try {
  await promisify(execFile)(python, ['-m', 'venv', path.join(home, 'bare')]);
  const uv = await executable('uv');
  if (isWanted('pip')) await measure('pip', { PIP_CACHE_DIR: path.join(home, 'pip'), PATH: pathWithout(uv) });
  if (uv !== undefined && isWanted('uv')) await measure('uv', { UV_CACHE_DIR: path.join(home, 'uv') });
} finally {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}
console.log(table(rows));

function isWanted(tool) {
  return process.argv.length < 3 || process.argv.includes(tool);
}

async function measure(tool, env) {
  rows.push(row(`3 actions, by ${tool}, empty cache`, [await firstRun(`${tool}-empty`, env)]));
  rows.push(row(`3 actions, by ${tool}, warm cache`, [await firstRun(`${tool}-warm`, env)]));
}

/** First action: the program is opened. Second: Run. Third: Set Up. The clock starts with Run. */
async function firstRun(name, env) {
  const session = await openWorkbench(path.join(home, 'bare', 'bin', 'python'), 'first.imgql', undefined, { env });
  const { workbench } = session;
  try {
    await workbench.waitForStatus(/nodes to compute/);
    return await timed(async () => {
      const output = await workbench.outputOf(async () => {
        await workbench.clickTitleButton('Run Program');
        await workbench.page.getByRole('button', { name: 'Set Up' }).click();
        await workbench.waitForNotification(/Setting up VoxLogicA/);
        // From a warm cache it may be over before a package is named.
        const going = workbench.waitForNotification(/Collecting|Downloading|Resolved|Installing/, LIMIT_MS);
        await Promise.race([going, workbench.outputText(/computed/, LIMIT_MS)]);
        await workbench.screenshot(`first-run/${name}-going`);
      }, LIMIT_MS);
      console.log(`${name}: ${output.trim().split('\n').at(-1)}; ${await inLog(session, /The environment was made in .* s\./)}`);
      await workbench.screenshot(`first-run/${name}-done`);
    });
  } catch (error) {
    await workbench.screenshot(`first-run/${name}-failed`);
    console.log((await workbench.notifications()).join('\n'));
    throw error;
  } finally {
    await session.close();
  }
}

/** The search path without the folder of a program. */
function pathWithout(program) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.filter((folder) => program === undefined || folder !== path.dirname(program)).join(path.delimiter);
}
