/**
 * What a user sees in the viewer of volumes: layers, voxels, comparison, numbers by hand, saved
 * files, a reload. Pixels are checked, and values against those that SimpleITK reads from the file.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { openWorkbench, steps } from './session.mjs';
import {
  answered, countPixelsOf, drawn, editorSays, layerText, pictureCounts, press, readouts, reopened, saveAs, say, thumbPlaces, viewerFrame,
} from './stage.mjs';
import { mustBeMask, thin, voxelAt } from './voxels.mjs';
import { python } from './workspace.mjs';

describe('the viewer', { concurrency: false }, () => {
  let session;
  let workbench;
  let first;
  const step = steps(() => session);
  const file = (name) => path.join(session.folder, name);
  const orange = async (selector) => (await pictureCounts(workbench, selector)).orange;

  before(async () => {
    session = await openWorkbench(python, 'first.imgql', (folder) => thin(path.join(folder, 'head.nii.gz')));
    workbench = session.workbench;
  });
  after(() => session?.close());

  step('shows a mask in colour over the image that it is about', async () => {
    await workbench.hover('bright', /mask/);
    await workbench.clickText('bright');
    await workbench.command('VoxLogicA: Show in Viewer');
    first = await drawn(workbench, /head@\w+ bright@\w+/);
    const found = await pictureCounts(workbench);
    await workbench.screenshot('viewer/two-layers');
    assert.ok(found.orange > 1000, `a mask in orange: ${found.orange} pixels`);
    assert.ok(found.grey > 300, `a brain in grey: ${found.grey} pixels`);
  });

  step('hides the mask, and shows it again', async () => {
    const frame = await viewerFrame(workbench);
    const eye = frame.locator('[data-layer="bright"] button', { hasText: /[◉○]/ });
    await eye.click();
    await say(async () => (await orange()) < 50, 'no orange');
    await eye.click();
    await say(async () => (await orange()) > 1000, 'orange again');
  });

  step('adds a layer in a colour of its own, and takes it away', async () => {
    await workbench.page.locator('.tab[data-resource-name="first.imgql"]').click();
    await workbench.clickText('dark');
    await workbench.command('VoxLogicA: Add as Layer');
    await drawn(workbench, /head@\w+ bright@\w+ dark@\w+/);
    const frame = await viewerFrame(workbench);
    const colours = await frame.locator('.swatch').evaluateAll((found) => found.map((swatch) => swatch.style.background));
    assert.equal(new Set(colours).size, 3, colours.join('; '));
    await frame.locator('[data-layer="dark"] button[title="Remove layer"]').click();
    await drawn(workbench, (text) => text === first);
  });

  step('tells the values of the voxels under the cross-hair', async () => {
    assert.deepEqual((await readouts(workbench)).voxel, ['49', '58', '47'], 'at first in the middle of 99 × 117 × 95');
    for (const key of ['ArrowRight', 'PageUp', 'ArrowUp']) {
      for (let count = 0; count < 5; count += 1) await press(workbench, key);
      const { head, bright, voxel } = await readouts(workbench);
      const { value, most } = await voxelAt(file('head.nii.gz'), voxel);
      assert.equal(Number(head), Number(value.toPrecision(7)), `voxel ${voxel}`);
      assert.equal(bright, String(value > 0.5 * most), `voxel ${voxel}`);
    }
  });

  step('turns left and right round when asked to', async () => {
    const frame = await viewerFrame(workbench);
    await press(workbench, 'r');
    await frame.locator('.toolbar').getByText('Neurological').waitFor();
    await press(workbench, 'r');
    await frame.locator('.toolbar').getByText('Radiological').waitFor();
  });

  step('shows histogram, statistics, window and level of the chosen layer', async () => {
    const frame = await viewerFrame(workbench);
    await press(workbench, 'n');
    await layerText(workbench, 'head', /min … max[\s\S]*mean ± sd/);
    await frame.locator('canvas.histogram').waitFor();
    const { grey } = await pictureCounts(workbench);
    await frame.locator('input[title="Black"]').fill('250');
    await frame.locator('input[title="Black"]').press('Enter');
    await say(async () => (await pictureCounts(workbench)).grey < grey / 2, 'less grey above a high black');
    await frame.locator('[data-layer="head"] button', { hasText: 'auto' }).click();
    await say(async () => (await pictureCounts(workbench)).grey > 0.9 * grey, 'as much grey as before');
    await press(workbench, 'n');
  });

  step('follows a number that is stepped, and computes nothing on the way back', async () => {
    await workbench.page.locator('.tab[data-resource-name="first.imgql"]').click();
    await workbench.clickText('0.5');
    await workbench.page.keyboard.press('Control+Alt+=');
    const second = await drawn(workbench, (text) => /bright@/.test(text) && text !== first);
    await editorSays(workbench, 'level = 0.6');
    const frame = await viewerFrame(workbench);
    const layer = frame.locator('[data-layer="bright"]');
    await say(async () => Number(await layer.getAttribute('data-computed')) > 0, 'computed nodes');
    await frame.locator('.number button', { hasText: '−' }).click();
    await drawn(workbench, (text) => text === first);
    await editorSays(workbench, 'level = 0.5');
    assert.equal(await layer.getAttribute('data-computed'), '0');
    await frame.locator('.number input').press('ArrowRight');
    await drawn(workbench, (text) => text === second);
    assert.equal(await layer.getAttribute('data-computed'), '0');
  });

  step('follows a number while it is dragged', async () => {
    const frame = await viewerFrame(workbench);
    const slider = frame.locator('.number input');
    const { mouse } = workbench.page;
    const [here, further] = await thumbPlaces(slider, 2);
    const shown = await drawn(workbench, /bright@/);
    await mouse.move(...here);
    await mouse.down();
    await mouse.move(...further);
    await drawn(workbench, (text) => /bright@/.test(text) && text !== shown);
    await editorSays(workbench, 'level = 0.8');
    await mouse.move(...here); // still held: the slider was not drawn anew meanwhile
    await editorSays(workbench, 'level = 0.6');
    await mouse.up();
    await drawn(workbench, (text) => text === shown);
    assert.equal(await frame.locator('[data-layer="bright"]').getAttribute('data-computed'), '0');
  });

  step('compares with before the edit, side by side and in turn', async () => {
    await workbench.command('VoxLogicA: Compare with Before the Edit');
    const frame = await viewerFrame(workbench);
    await frame.locator('.pictures.beside').waitFor();
    await say(async () => (await orange('canvas.before')) > 200, 'the mask of before');
    await say(async () => (await orange('canvas.now')) > (await orange('canvas.before')), 'a lower level than 0.8 leaves more');
    await layerText(workbench, 'bright', /now\s+before[\s\S]*voxels\s+[\d,]+\s+[\d,]+/);
    await workbench.screenshot('viewer/compare');
    await frame.locator('.toolbar').getByText('Flicker').click();
    for (const turn of ['before', 'after']) await frame.locator('.note', { hasText: turn }).waitFor();
    await frame.locator('.toolbar').getByText('Flicker').click();
    await frame.locator('.pictures:not(.beside)').waitFor();
  });

  step('sweeps a number, and writes the chosen one into the text', async () => {
    await workbench.page.locator('.tab[data-resource-name="first.imgql"]').click();
    await workbench.clickText('0.6');
    await answered(workbench, 'VoxLogicA: Sweep Number', 'Sweep', '0.4, 0.6, 0.7');
    const frame = await viewerFrame(workbench);
    await say(async () => (await frame.locator('.frame img').count()) === 3, 'three pictures');
    await workbench.screenshot('viewer/sweep');
    await editorSays(workbench, 'level = 0.6');
    const sizes = await frame.locator('.frame .value').allInnerTexts();
    const volumes = sizes.map((text) => Number(text.replace(/[^\d]/g, '')));
    assert.ok(volumes[0] > volumes[1] && volumes[1] > volumes[2], sizes.join(', '));
    const before = await drawn(workbench, /bright@/);
    await frame.locator('.frame[data-text="0.7"] .caption button').click();
    await editorSays(workbench, 'level = 0.7');
    await drawn(workbench, (text) => /bright@/.test(text) && text !== before);
    await workbench.screenshot('viewer/chosen');
    await frame.locator('.strip button[title^="Close"]').click();
  });

  step('says that a value is of before an edit, computes nothing by itself, and follows a run', async () => {
    await workbench.page.locator('.tab[data-resource-name="first.imgql"]').click();
    const before = await drawn(workbench, /bright@/);
    await workbench.replaceText('0.7', '0.65');
    await layerText(workbench, 'bright', /of before the edit Compute/);
    assert.equal(await drawn(workbench, /bright@/), before);
    await workbench.outputOf(() => workbench.command('VoxLogicA: Run Program'));
    await drawn(workbench, (text) => /bright@/.test(text) && text !== before);
    await workbench.replaceText('0.65', '0.7');
    await drawn(workbench, (text) => text === before);
    await workbench.command('View: Toggle Panel Visibility');
  });

  step('shows three dimensions', async () => {
    const frame = await viewerFrame(workbench);
    const planes = await pictureCounts(workbench);
    await press(workbench, '5');
    const whole = await say(async () => {
      const found = await pictureCounts(workbench);
      return found.digest !== planes.digest && found.orange + found.grey > 1000 ? found : undefined;
    }, 'a picture in 3-D');
    await workbench.screenshot('viewer/three-dimensions');
    await press(workbench, '4');
    await frame.locator('.toolbar button[aria-pressed="true"]', { hasText: 'Three planes' }).waitFor();
    await say(async () => (await pictureCounts(workbench)).digest !== whole.digest, 'three planes again');
  });

  step('saves the picture, and the volume with its voxels and its grid', async () => {
    const frame = await viewerFrame(workbench);
    await frame.locator('.toolbar').getByText('Picture').click();
    await saveAs(workbench, file('seen.png'));
    const seen = await countPixelsOf(workbench, await readFile(file('seen.png')));
    assert.ok(seen.orange > 1000, JSON.stringify(seen));
    await frame.locator('[data-layer="bright"] button[title="Save as NIfTI"]').click();
    await saveAs(workbench, file('bright.nii.gz'));
    await mustBeMask(file('bright.nii.gz'), file('head.nii.gz'), '0.7');
  });

  step('shows the same after the window was reloaded', async () => {
    const shown = await drawn(workbench, /head@\w+ bright@/);
    await reopened(workbench);
    await drawn(workbench, (text) => text === shown);
    await workbench.screenshot('viewer/reloaded');
    assert.ok((await pictureCounts(workbench)).grey > 300);
  });

  step('compares with what was computed before the reload', async () => {
    const frame = await viewerFrame(workbench);
    await press(workbench, 'b');
    await frame.locator('.pictures.beside').waitFor();
    await say(async () => (await orange('canvas.now')) < (await orange('canvas.before')), 'a higher level leaves less');
    await press(workbench, 'b');
    await frame.locator('.pictures:not(.beside)').waitFor();
  });
});
