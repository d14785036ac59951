/**
 * The command `npm run bench`: a table of what a user waits for, as measured in a real editor,
 * workbench and browser included. The load of the machine stands above it. It asserts nothing.
 */
import { appendFile, copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inLog, openWorkbench } from './session.mjs';
import { row, table, timed } from './timing.mjs';
import { python } from './workspace.mjs';

const vsix = fileURLToPath(new URL('../../voxlogica.vsix', import.meta.url));
const REPEATS = 10;
const RELOADS = 4;
const wrongOnes = Array.from({ length: REPEATS }, (_, number) => `wrong${number}.imgql`);

const { size } = await stat(vsix);
const rows = [['size of the .vsix', `${(size / 1e6).toFixed(1)} MB`]];
let session;
const opened = await timed(async () => {
  session = await openWorkbench(python, wrongOnes[0], makeWrongOnes);
  await session.workbench.waitForSquiggles('error', 1);
});
try {
  rows.push(row('editor installed, started and opened → first diagnostics', [opened]));
  await activation(session);
  await diagnostics(session);
  await keystrokes(session);
  await runs(session);
  await hovers(session);
} finally {
  await session.close();
}
console.log(table(rows));

/** Programs with one error each. */
async function makeWrongOnes(folder) {
  for (const name of wrongOnes) {
    await copyFile(path.join(folder, 'importing.imgql'), path.join(folder, name));
    await appendFile(path.join(folder, name), 'print "wrong" nobody\n');
  }
}

/** The extension notes by itself how long its server took; a reloaded window starts it anew. */
async function activation(session) {
  const { workbench } = session;
  const reloads = [];
  for (let time = 0; time < RELOADS; time += 1) {
    reloads.push(await timed(async () => {
      await workbench.reload();
      await workbench.waitForSquiggles('error', 1);
    }));
  }
  rows.push(row('window reloaded → first diagnostics', reloads));
  const noted = async (pattern) => (await inLog(session, pattern)).map(Number);
  rows.push(row('activation → Python found', await noted(/(?<=search for Python took )\d+/g)));
  rows.push(row('server started → its first answer', await noted(/(?<=answers after )\d+/g)));
}

async function diagnostics({ workbench }) {
  const times = [];
  for (const name of wrongOnes.slice(1)) {
    times.push(await timed(async () => {
      await workbench.openFile(name);
      await workbench.waitForSquiggles('error', 1);
    }));
  }
  rows.push(row('open (name typed into quick open) → diagnostics', times));
}

async function keystrokes({ workbench }) {
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
  rows.push(row('keystroke → squiggle', typed));
  rows.push(row('keystroke → squiggle gone', mended));
}

async function runs({ workbench }) {
  const run = async () => {
    // While a run ends, its button changes places with another: a click may meet neither.
    await workbench.waitForStatus(/to compute|computed|known/);
    return timed(() => workbench.outputOf(() => workbench.clickTitleButton('Run Program')));
  };
  rows.push(row('Run → result, runner started, nothing known', [await run()]));
  const again = [];
  for (let time = 0; time < REPEATS; time += 1) again.push(await run());
  rows.push(row('Run → result, all known', again));
}

async function hovers({ workbench }) {
  const times = [];
  for (let time = 0; time < REPEATS; time += 1) {
    await workbench.closeHover();
    const place = await workbench.placeOf('bright');
    await workbench.page.mouse.move(place.x, place.y + 200);
    times.push(await timed(async () => {
      await workbench.page.mouse.move(place.x, place.y);
      await workbench.hoverPicture();
    }));
  }
  rows.push(row('hover → painted picture (100 ms of it set to wait)', times));
}
