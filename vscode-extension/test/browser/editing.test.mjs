/**
 * What a user sees in Visual Studio Code, tested in a real one. The steps of a group build on one
 * another, as work in an editor does; screenshots of each are kept in output/screenshots.
 */
import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { openWorkbench, steps } from './session.mjs';
import { program, python } from './workspace.mjs';

const whenKnown = /✓/;
const whenToDo = /○ to do/;
const keywordBlue = 'rgb(86, 156, 214)';

/** The counts of a run's summary, such as `4 computed, 57 reused · 1.2 s`. */
function counts(summary) {
  const [, computed, reused] = summary.match(/(\d+) computed, (\d+) reused/);
  return { computed: Number(computed), reused: Number(reused) };
}

describe('an editor with VoxLogicA', { concurrency: false }, () => {
  let session;
  let workbench;
  let first;
  const step = steps(() => session);
  const openedAt = performance.now();

  before(async () => {
    session = await openWorkbench(python, 'first.imgql');
    workbench = session.workbench;
  });
  after(() => session?.close());

  step('colours keywords, names, numbers and strings apart', async () => {
    const words = ['let', 'region', '0.5', '"head.nii.gz"', '/// Voxels above the level.'];
    const colours = [];
    await workbench.waitForColour('let', keywordBlue);
    for (const word of words) colours.push(await workbench.colourOf(word));
    assert.equal(new Set(colours).size, words.length, `colours: ${colours.join('; ')}`);
  });

  step('marks an unknown name and forgets it when it is corrected', async () => {
    await workbench.replaceText('maxvol', 'maxvoll');
    await workbench.waitForSquiggles('error', 1);
    console.log(`opened to first diagnostics: ${Math.round(performance.now() - openedAt)} ms`);
    const problems = await workbench.problems();
    await workbench.screenshot('diagnostic');
    assert.match(problems.join('\n'), /maxvoll/);
    await workbench.replaceText('maxvoll', 'maxvol');
    await workbench.waitForSquiggles('error', 0);
  });

  step('says that nothing has been computed yet', async () => {
    const said = await workbench.hover('bright', /mask/);
    await workbench.screenshot('hover-before-run');
    assert.match(said, whenToDo);
    assert.equal(await workbench.hoverPictureCount(), 0);
  });

  step('runs the program from the command palette', async () => {
    const output = await workbench.outputOf(() => workbench.command('VoxLogicA: Run Program'));
    await workbench.screenshot('run');
    assert.match(output, /voxels = \d+/);
    assert.match(output, /dark = \d+/);
    first = counts(await workbench.waitForStatus(/VoxLogicA: \d+ computed/));
    assert.ok(first.computed > 0, 'a first run computes something');
    await access(path.join(session.folder, 'region.nii.gz'));
  });

  step('shows the value of a mask in the hover', async () => {
    const said = await workbench.hover('bright', whenKnown);
    const picture = await workbench.hoverPicture();
    await workbench.screenshot('hover-after-run');
    assert.match(said, /mask/);
    assert.ok(picture.shownWidth >= 64 && picture.shownHeight >= 64, JSON.stringify(picture));
    assert.ok(picture.colours > 2, `a picture, not one flat colour: ${JSON.stringify(picture)}`);
    assert.ok(picture.shareOfCommonest < 0.98, JSON.stringify(picture));
  });

  step('knows sub-expressions that have no name', async () => {
    assert.match(await workbench.hover('near', whenKnown), /voxels of .* mm/);
  });

  step('computes nothing when the program is run again from the title button', async () => {
    const output = await workbench.outputOf(() => workbench.clickTitleButton('Run Program'));
    assert.equal(counts(output).computed, 0, output);
    assert.ok(counts(output).reused > 0, output);
  });

  step('computes only what an edit of the threshold changed', async () => {
    const [voxels, dark] = [/voxels = (\d+)/, /dark = (\d+)/];
    const earlier = await workbench.outputText();
    const before = await pictureOf('bright');
    await workbench.replaceText('0.5', '0.6');
    assert.match(await workbench.hover('bright', whenToDo), /mask/);
    const output = await workbench.outputOf(() => workbench.command('VoxLogicA: Run Program'));
    await workbench.screenshot('run-after-edit');
    const second = counts(output);
    assert.ok(second.computed > 0 && second.computed < first.computed, output);
    assert.ok(second.reused > 0, output);
    assert.notEqual(output.match(voxels)[1], earlier.match(voxels)[1]);
    assert.equal(output.match(dark)[1], earlier.match(dark)[1]);
    assert.notEqual((await pictureOf('bright')).digest, before.digest);
  });

  step('knows the old value again when the edit is taken back', async () => {
    await workbench.replaceText('0.6', '0.5');
    await workbench.hover('bright', whenKnown);
    const output = await workbench.outputOf(() => workbench.command('VoxLogicA: Run Program'));
    assert.equal(counts(output).computed, 0, output);
  });

  step('goes to a definition', async () => {
    await workbench.clickText('region)');
    await workbench.page.keyboard.press('F12');
    const line = program.split('\n').indexOf('let region = maxvol(bright)') + 1;
    await workbench.waitForCursor({ line, column: 5 });
  });

  step('cancels a long run and goes on', async () => {
    await workbench.openFile('slow.imgql');
    const output = await workbench.outputOf(async () => {
      await workbench.clickTitleButton('Run Program');
      await workbench.page.getByRole('button', { name: 'Cancel', exact: true }).waitFor();
      await workbench.page.waitForTimeout(1500);
      await workbench.screenshot('running');
      await workbench.page.getByRole('button', { name: 'Cancel', exact: true }).click();
    });
    assert.match(output, /cancelled/);
    await workbench.hover('bright', /mask/);
  });

  step('colours programs inside Markdown', async () => {
    await workbench.openFile('notes.md');
    await workbench.waitForColour('let', keywordBlue);
  });

  async function pictureOf(text) {
    await workbench.hover(text, whenKnown);
    return workbench.hoverPicture();
  }
});
