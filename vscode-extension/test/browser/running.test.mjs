/** What a user sees of runs: status before, during and after, lists, crashes, detached runs. */
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import {
  clickOnce, clickRow, clickRowAction, openedPage, openViews, pagePictures, rows, runByLens, signs,
} from './panels.mjs';
import { openWorkbench, steps } from './session.mjs';
import { program, python } from './workspace.mjs';

/** What the system may ask of a theme, and the kind of theme that the workbench then has. */
const themes = [
  ['light', { colorScheme: 'light', forcedColors: 'none' }, 'vs'],
  ['high-contrast', { colorScheme: 'dark', forcedColors: 'active' }, 'hc-black'],
  ['high-contrast-light', { colorScheme: 'light', forcedColors: 'active' }, 'hc-light'],
  ['dark', { colorScheme: 'dark', forcedColors: 'none' }, 'vs-dark'],
];
const lineOf = (text) => String(program.split('\n').findIndex((line) => line.startsWith(text)) + 1);
const [bright, rim, dark] = ['let bright', 'let rim', 'let dark'].map(lineOf);

describe('runs and what is seen of them', { concurrency: false }, () => {
  let session;
  let workbench;
  const step = steps(() => session);

  before(async () => {
    const settings = { 'window.autoDetectColorScheme': true };
    session = await openWorkbench(python, 'first.imgql', undefined, { settings });
    workbench = session.workbench;
  });
  after(() => session?.close());

  step('shows rings in the margin, and the cost of a run, before anything was computed', async () => {
    await signs(workbench, (found) => found[bright] === 'todo' && found[dark] === 'todo');
    assert.match(await workbench.waitForStatus(/nodes to compute/), /\d+ of \d+ nodes to compute, (about|less)/);
    // The workbench asks for no lenses if the focus leaves the editor before it has done so.
    await workbench.page.locator('.codelens-decoration a').first().waitFor();
    await openViews(workbench);
    const nodes = await rows(workbench, 'Nodes');
    await workbench.screenshot('status-before');
    assert.ok(nodes.some((row) => /^bright mask · to do$/.test(row)), nodes.join('; '));
  });

  step('runs one goal by its lens', async () => {
    const output = await workbench.outputOf(() => runByLens(workbench, 'Run', 2));
    assert.match(output, /dark = \d+/);
    assert.doesNotMatch(output, /rim = /);
    const found = await signs(workbench, (seen) => seen[dark] === 'known');
    await workbench.screenshot('status-between');
    assert.equal(found[rim], 'todo');
  });

  step('runs up to a goal by its lens; the margin never moves the text', async () => {
    const place = await workbench.placeOf('let rim');
    await workbench.outputOf(() => runByLens(workbench, 'Run to here', 3));
    await signs(workbench, (found) => [bright, rim, dark].every((line) => found[line] === 'known'));
    assert.deepEqual(await workbench.placeOf('let rim'), place);
    const nodes = await rows(workbench, 'Nodes', (seen) => seen.every((row) => !row.includes('to do')));
    await workbench.screenshot('status-after');
    assert.match(nodes.find((row) => row.startsWith('rim')), /mask · .* MB/);
    await rows(workbench, 'Runs', ([first]) => /first\.imgql .*ended/.test(first ?? ''));
    await rows(workbench, 'Store', ([first]) => /of 21 GB \d+ results known/.test(first ?? ''));
  });

  step('shows by the margin what an edit changes', async () => {
    await workbench.replaceText('0.5', '0.55');
    const found = await signs(workbench, (seen) => seen[bright] === 'todo');
    assert.equal(found[dark], 'known');
    assert.match(await workbench.waitForStatus(/nodes to compute/), /\d+ of \d+ nodes/);
    await workbench.screenshot('status-edited');
  });

  step('keeps every line in its place while an error is made and mended', async () => {
    const place = await workbench.placeOf('save');
    await workbench.replaceText('maxvol', 'maxvoll');
    await workbench.waitForSquiggles('error', 1);
    assert.deepEqual(await workbench.placeOf('save'), place);
    await workbench.replaceText('maxvoll', 'maxvol');
    await workbench.waitForSquiggles('error', 0);
    await signs(workbench, (found) => found[rim] === 'todo' && found[dark] === 'known');
    assert.deepEqual(await workbench.placeOf('save'), place);
  });

  step('shows the same signs in every kind of theme', async () => {
    const here = await signs(workbench);
    for (const [name, asked, kind] of themes) {
      await workbench.page.emulateMedia(asked);
      await workbench.page.locator(`.monaco-workbench.${kind}`).waitFor();
      assert.deepEqual(await signs(workbench, (found) => Object.keys(found).length > 0), here, name);
      await workbench.screenshot(`theme-${name}`);
    }
  });

  step('says why on a page, and undoes', async () => {
    const why = await openedPage(workbench, () => clickOnce(workbench, 'Why\\?', 0), /Why/);
    assert.match(why, /0\.5\b[\s\S]*0\.55/);
    await workbench.screenshot('why');
    await workbench.closeEditor();
    await workbench.replaceText('0.55', '0.5');
    await signs(workbench, (found) => found[bright] === 'known');
  });

  step('opens a stored result with its picture', async () => {
    await openedPage(workbench, () => clickRow(workbench, 'Store', 'region'), /region[\s\S]*Met in first\.imgql/);
    assert.equal(await pagePictures(workbench), 1);
    await workbench.screenshot('stored');
    await workbench.closeEditor();
  });

  step('shows what is running, and cancels from the list', async () => {
    await workbench.openFile('slow.imgql');
    const output = await workbench.outputOf(async () => {
      await workbench.clickTitleButton('Run Program');
      await rows(workbench, 'Runs', ([first]) => /slow\.imgql [1-9]\d* of \d{4,} nodes/.test(first ?? ''));
      await workbench.screenshot('status-running');
      await clickRowAction(workbench, 'slow.imgql', 'Cancel This Run');
    });
    assert.match(output, /cancelled/);
  });

  step('survives a kernel that crashes', async () => {
    await workbench.openFile('crashing.imgql');
    await workbench.waitForColour('let', 'rgb(86, 156, 214)');
    const output = await workbench.outputOf(() => workbench.command('VoxLogicA: Run Program'));
    await workbench.waitForSquiggles('error', 1);
    await workbench.screenshot('crashed');
    assert.match(output, /fine = \d+/);
    assert.match(output, /lost: failed: .*crashed/);
    assert.match(await workbench.hover('fine', /✓/), /mask/);
  });

  step('finds a detached run again after the window was reloaded', async () => {
    await workbench.openFile('slow.imgql');
    await workbench.command('VoxLogicA: Run Detached');
    await rows(workbench, 'Runs', (seen) => seen.some((row) => /detached, since/.test(row)));
    await workbench.reload();
    await openViews(workbench);
    const list = await rows(workbench, 'Runs', (seen) => seen.some((row) => /detached, since/.test(row)));
    assert.match(list[0], /slow\.imgql/);
    await clickRowAction(workbench, 'detached, since', 'Follow Run');
    await workbench.waitForTab('slow.imgql');
    await workbench.waitForStatus(/Running detached/);
    await workbench.screenshot('reloaded');
    await clickRowAction(workbench, 'detached, since', 'Cancel This Run');
    await rows(workbench, 'Runs', (seen) => !seen.some((row) => /detached, since/.test(row)));
  });

  step('goes to names of other files and to primitives', async () => {
    await workbench.openFile('importing.imgql');
    await workbench.hover('bright', /mask/);
    await workbench.clickText('middle');
    await workbench.page.keyboard.press('F12');
    await workbench.waitForTab('levels.imgql');
    await workbench.openFile('importing.imgql');
    await workbench.clickText('distleq');
    await workbench.page.keyboard.press('F12');
    await workbench.waitForTab(/distleq|vox1/);
    await workbench.screenshot('definition');
  });

  step('goes into the standard library, which is a program like others', async () => {
    await workbench.openFile('importing.imgql');
    await workbench.clickText('touch');
    await workbench.page.keyboard.press('F12');
    await workbench.waitForTab('vox1.imgql');
    await workbench.waitForColour('let', 'rgb(86, 156, 214)');
    await workbench.screenshot('library');
  });
});
