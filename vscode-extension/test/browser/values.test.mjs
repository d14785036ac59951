/**
 * What a user sees in the viewer of values of every shape and of image files, and what its page may
 * load. Pixels are checked, and values against those that SimpleITK reads from the file.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { openWorkbench, steps } from './session.mjs';
import { complaints, drawn, layerText, openWith, pictureCounts, readouts, say, viewerFrame } from './stage.mjs';
import { thin, voxelAt, writeShapes } from './voxels.mjs';
import { python } from './workspace.mjs';

describe('values of every shape in the viewer', { concurrency: false }, () => {
  let session;
  let workbench;
  let refusals;
  const step = steps(() => session);
  const orange = async () => (await pictureCounts(workbench)).orange;

  before(async () => {
    session = await openWorkbench(python, 'shapes.imgql', async (folder) => {
      await thin(path.join(folder, 'head.nii.gz'));
      await writeShapes(folder);
    });
    workbench = session.workbench;
    refusals = complaints(workbench);
  });
  after(() => session?.close());

  step('shows pictures in colour, sequences, numbers and records', async () => {
    await workbench.hover('levels', /mask/);
    await show('photo');
    await drawn(workbench, /^photo@/);
    await workbench.screenshot('viewer/colour');
    await say(async () => (await orange()) > 1000, 'a photograph in orange');
    await show('flat');
    await drawn(workbench, /^flat@/);
    await say(async () => (await pictureCounts(workbench)).grey > 1000, 'a flat picture in grey');
    await show('levels');
    await drawn(workbench, /head@\w+ levels@/);
    const frame = await viewerFrame(workbench);
    const least = await orange();
    await frame.locator('.items input').press('ArrowRight');
    await layerText(workbench, 'levels', /2 of 3/);
    await say(async () => (await orange()) < least, 'less above a higher level');
    await workbench.screenshot('viewer/sequence');
    await show('sizes');
    await layerText(workbench, 'sizes', /0\s+\d+[\s\S]*1\s+\d+/);
    await show('rows');
    await layerText(workbench, 'rows', /max[\s\S]*0[\s\S]*1/);
    await workbench.screenshot('viewer/records');
    await show('note');
    await layerText(workbench, 'note', /seen by hand/);
  });

  step('gives texts the room of pictures, and pictures theirs again', async () => {
    const side = (await viewerFrame(workbench)).locator('.column');
    const alone = await side.boundingBox();
    await show('photo');
    await say(async () => (await orange()) > 1000, 'a photograph in orange again');
    const beside = await side.boundingBox();
    assert.ok(alone.width * alone.height > 1.5 * beside.width * beside.height, JSON.stringify({ alone, beside }));
    await show('note');
    await layerText(workbench, 'note', /seen by hand/);
  });

  step('opens an image file from the explorer', async () => {
    await openWith(workbench, 'head.nii.gz', 'VoxLogicA Viewer');
    await layerText(workbench, 'head.nii.gz', /size\s+99 × 117 × 95 voxels[\s\S]*mean ± sd/);
    const frame = await viewerFrame(workbench, 'head.nii.gz');
    await frame.locator('canvas.histogram').waitFor();
    await say(async () => (await pictureCounts(workbench, 'canvas.now', 'head.nii.gz')).grey > 1000, 'a brain in grey');
    await workbench.screenshot('viewer/file');
    const { [`head.nii.gz`]: value, voxel } = await readouts(workbench, 'head.nii.gz');
    assert.equal(Number(value), (await voxelAt(path.join(session.folder, 'head.nii.gz'), voxel)).value);
  });

  step('may load nothing but its own script', async () => {
    const frames = [await viewerFrame(workbench, 'note'), await viewerFrame(workbench, 'head.nii.gz')];
    const policies = await Promise.all(frames.map((frame) => frame.evaluate(
      () => document.querySelector('meta[http-equiv="Content-Security-Policy"]').content)));
    const nonces = policies.map((policy) => policy.match(/script-src 'nonce-([\w+/=]{32})'(;|$)/)[1]);
    assert.notEqual(...nonces);
    for (const policy of policies) {
      assert.match(policy, /^default-src 'none';/);
      assert.doesNotMatch(policy, /unsafe-eval|connect-src|http:|\*;/);
    }
    assert.deepEqual(refusals, [], 'nothing was refused so far');
    const refused = await frames[0].evaluate(() => Promise.all([
      fetch('https://example.com').then(() => 'fetched', () => 'refused'),
      new Promise((resolve) => {
        const script = document.createElement('script');
        script.textContent = 'document.body.dataset.foreign = "ran"';
        document.body.append(script);
        resolve(document.body.dataset.foreign ?? 'refused');
      }),
    ]));
    assert.deepEqual(refused, ['refused', 'refused']);
    await say(() => refusals.length >= 2, 'what is refused is seen here');
  });

  async function show(name) {
    await workbench.page.locator('.tab[data-resource-name="shapes.imgql"]').click();
    await workbench.clickText(name);
    await workbench.command('VoxLogicA: Show in Viewer');
  }
});
