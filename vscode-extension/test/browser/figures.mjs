/**
 * The command `npm run bench`: prints what a user waits for, as measured in a real editor, workbench
 * and browser included. `--first-run` measures instead how long it takes from a Python with nothing
 * in it to the first result; that installs packages, from the cache of pip or uv or from the network.
 */
import { execFile, execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openWorkbench } from './session.mjs';
import { python } from './workspace.mjs';

const vsix = fileURLToPath(new URL('../../voxlogica.vsix', import.meta.url));
const REPEATS = 10;

async function timed(act) {
  const begun = performance.now();
  await act();
  return Math.round(performance.now() - begun);
}

function told(name, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const many = sorted.length > 1 ? `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (${sorted.length} times)` : `${sorted[0]} ms`;
  console.log(`${name}: ${many}`);
}

async function everyday() {
  const { size } = await stat(vsix);
  console.log(`size of the .vsix: ${(size / 1e6).toFixed(1)} MB`);
  let session;
  const opened = await timed(async () => {
    session = await openWorkbench(python, 'crashing.imgql', wrong);
  });
  const { workbench, host } = session;
  try {
    const more = await timed(() => workbench.waitForSquiggles('error', 1));
    console.log(`server of the editor, browser and workbench up: ${opened} ms; then first diagnostics: ${more} ms`);
    const log = execFileSync('find', [host.home, '-name', '*VoxLogicA Log*.log'], { encoding: 'utf8' }).trim();
    const answered = (await readFile(log.split('\n')[0], 'utf8')).match(/answers after (\d+) ms/);
    console.log(`activation to the first answer of the language server: ${answered?.[1]} ms`);
    await workbench.openFile('first.imgql');
    await workbench.waitForStatus(/nodes to compute/);

    const [typed, mended] = [[], []];
    for (let time = 0; time < REPEATS; time += 1) {
      await workbench.clickText('maxvol(');
      typed.push(await timed(async () => {
        await workbench.page.keyboard.insertText('q');
        await workbench.waitForSquiggles('error', 1);
      }));
      mended.push(await timed(async () => {
        await workbench.page.keyboard.press('Backspace');
        await workbench.waitForSquiggles('error', 0);
      }));
      await workbench.page.keyboard.press('Escape');
    }
    told('keystroke to squiggle', typed);
    told('keystroke to no squiggle', mended);

    const run = (button) => timed(() => workbench.outputOf(() => workbench.clickTitleButton(button)));
    told('Run to first result (cold: runner started, 13 nodes of a whole brain)', [await run('Run Program')]);
    told('Run to result (all known)', [await run('Run Program'), await run('Run Program'), await run('Run Program')]);

    const hovers = [];
    for (let time = 0; time < REPEATS; time += 1) {
      await workbench.closeHover();
      const place = await workbench.placeOf('bright');
      await workbench.page.mouse.move(place.x, place.y + 200);
      hovers.push(await timed(async () => {
        await workbench.page.mouse.move(place.x, place.y);
        await workbench.hoverPicture();
      }));
    }
    told('hover to painted picture (100 ms of it the delay of the setting)', hovers);
  } finally {
    await session.close();
  }
}

async function wrong(folder) {
  await appendFile(path.join(folder, 'crashing.imgql'), 'print "wrong" nobody\n');
}

async function firstRun() {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxlogica-bare-'));
  await promisify(execFile)(python, ['-m', 'venv', folder]);
  const session = await openWorkbench(path.join(folder, 'bin', 'python'), 'first.imgql');
  const { workbench } = session;
  try {
    await workbench.waitForStatus(/nodes to compute/);
    // First action: the program is opened. Second: Run. Third: Set Up.
    const whole = await timed(() => workbench.outputOf(async () => {
      await workbench.clickTitleButton('Run Program');
      await workbench.page.getByRole('button', { name: 'Set Up' }).click();
      await workbench.page.waitForTimeout(3000);
      await workbench.screenshot('setting-up');
    }, 900_000));
    await workbench.screenshot('first-run');
    told('from Run to the first result, environment made, in 3 actions', [whole]);
  } finally {
    await session.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await (process.argv.includes('--first-run') ? firstRun() : everyday());
