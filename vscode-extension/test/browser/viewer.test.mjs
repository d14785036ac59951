/**
 * What a user sees in the viewer of volumes: layers, voxels, comparison, numbers by hand, a reload.
 * Pixels are checked, and values against those that SimpleITK reads from the file.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { promisify } from 'node:util';
import { openWorkbench, steps } from './session.mjs';
import { drawn, pictureCounts, readouts, say, viewerFrame } from './stage.mjs';
import { python } from './workspace.mjs';

const voxelOf = `
import sys
import SimpleITK
image = SimpleITK.Cast(SimpleITK.ReadImage(sys.argv[1]), SimpleITK.sitkFloat32)
print(image.GetPixel([int(word) for word in sys.argv[2:5]]), SimpleITK.GetArrayViewFromImage(image).max())
`;

/** Every other voxel: drawn in software, an eighth of them is eight times quicker. */
const thinned = `
import sys
import SimpleITK
SimpleITK.WriteImage(SimpleITK.ReadImage(sys.argv[1])[::2, ::2, ::2], sys.argv[1])
`;

describe('the viewer', { concurrency: false }, () => {
  let session;
  let workbench;
  const step = steps(() => workbench);

  before(async () => {
    session = await openWorkbench(python, 'first.imgql', (folder) =>
      promisify(execFile)(python, ['-c', thinned, path.join(folder, 'head.nii.gz')]));
    workbench = session.workbench;
  });
  after(() => session?.close());

  step('shows a mask in colour over the image that it is about', async () => {
    await workbench.hover('bright', /mask/);
    await workbench.clickText('bright');
    const began = performance.now();
    await workbench.command('VoxLogicA: Show in Viewer');
    await drawn(workbench, /head@\w+ bright@\w+/);
    console.log(`show to both layers drawn: ${Math.round(performance.now() - began)} ms`);
    const frame = await viewerFrame(workbench);
    console.log(`of this in the page: ${await frame.evaluate(() => document.body.dataset.milliseconds)} ms`);
    const { orange, grey } = await pictureCounts(workbench);
    await workbench.screenshot('viewer/two-layers');
    assert.ok(orange > 1000, `a mask in orange: ${orange} pixels`);
    assert.ok(grey > 300, `a brain in grey: ${grey} pixels`);
  });

  step('hides the mask, and shows it again', async () => {
    const frame = await viewerFrame(workbench);
    const eye = frame.locator('[data-layer="bright"] button', { hasText: /[◉○]/ });
    await eye.click();
    await say(async () => (await pictureCounts(workbench)).orange < 50, 'no orange');
    await eye.click();
    await say(async () => (await pictureCounts(workbench)).orange > 1000, 'orange again');
  });

  step('tells the values of the voxels under the cross-hair', async () => {
    const frame = await viewerFrame(workbench);
    for (const key of ['ArrowRight', 'PageUp', 'ArrowUp']) {
      for (let count = 0; count < 5; count += 1) await frame.locator('body').press(key);
      const { head, bright, voxel } = await readouts(workbench);
      const { stdout } = await promisify(execFile)(python, ['-c', voxelOf, path.join(session.folder, 'head.nii.gz'), ...voxel]);
      const [value, most] = stdout.trim().split(' ').map(Number);
      assert.equal(Number(head), Number(value.toPrecision(7)), `voxel ${voxel}`);
      assert.equal(bright, String(value > 0.5 * most), `voxel ${voxel}`);
    }
  });

  step('turns left and right round when asked to', async () => {
    const frame = await viewerFrame(workbench);
    await frame.locator('body').press('r');
    await frame.getByRole('button', { name: 'Neurological' }).or(frame.getByText('Neurological')).first().waitFor();
    await frame.locator('body').press('r');
    await frame.getByText('Radiological').waitFor();
  });

  step('follows a number that is stepped', async () => {
    const earlier = await drawn(workbench, /bright@/);
    await workbench.page.locator('.tab[data-resource-name="first.imgql"]').click();
    await workbench.clickText('0.5');
    const began = performance.now();
    await workbench.page.keyboard.press('Control+Alt+=');
    await drawn(workbench, (text) => /bright@/.test(text) && text !== earlier);
    console.log(`step to picture: ${Math.round(performance.now() - began)} ms`);
    assert.ok(await workbench.colourOf('0.6'));
  });

  step('compares with before the edit, side by side', async () => {
    await workbench.command('VoxLogicA: Compare with Before the Edit');
    const frame = await viewerFrame(workbench);
    await frame.locator('.pictures.beside').waitFor();
    const counts = async (name) => (await pictureCounts(workbench, name)).orange;
    await say(async () => (await counts('canvas.before')) > 200, 'the mask of before');
    await say(async () => (await counts('canvas.now')) < (await counts('canvas.before')), 'a higher level leaves less');
    await workbench.screenshot('viewer/compare');
    await frame.locator('.toolbar').getByText('Beside').click();
  });

  step('sweeps a number, and writes the chosen one into the text', async () => {
    await workbench.page.locator('.tab[data-resource-name="first.imgql"]').click();
    await workbench.clickText('0.6');
    await workbench.command('VoxLogicA: Sweep Number');
    const input = workbench.page.locator('.quick-input-widget input');
    await input.fill('0.4, 0.5, 0.7');
    await input.press('Enter');
    const frame = await viewerFrame(workbench);
    await say(async () => (await frame.locator('.frame img').count()) === 3, 'three pictures');
    await workbench.screenshot('viewer/sweep');
    const sizes = await frame.locator('.frame .value').allInnerTexts();
    const volumes = sizes.map((text) => Number(text.replace(/[^\d]/g, '')));
    assert.ok(volumes[0] > volumes[1] && volumes[1] > volumes[2], sizes.join(', '));
    await frame.locator('.frame[data-text="0.7"] .caption button').click();
    assert.ok(await workbench.colourOf('0.7'));
  });

  step('shows the same after the window was reloaded', async () => {
    const shown = await drawn(workbench, /head@\w+ bright@/);
    await workbench.page.reload({ waitUntil: 'domcontentloaded' });
    await drawn(workbench, (text) => text === shown);
    await workbench.screenshot('viewer/reloaded');
    assert.ok((await pictureCounts(workbench)).grey > 300);
  });
});
