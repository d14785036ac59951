/**
 * The command `npm run screenshots:hover`: opens hovers over every kind of value in a real editor
 * and keeps a picture of each in output/screenshots/hovers, for people to look at. It asserts
 * nothing but that each hover opens and says what kind of value it is about, and that the pages it
 * links to open.
 */
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHost } from './host.mjs';
import { Workbench } from './page.mjs';
import { makeWorkspace, python } from './workspace.mjs';

const vsix = fileURLToPath(new URL('../../voxlogica.vsix', import.meta.url));
const examples = fileURLToPath(new URL('../../../examples/data/', import.meta.url));

const program = `// imgql: dialect=imgql2
import "arrays"
load head = "head.nii.gz"
load photo = "photo.png"

let level = 0.35 + 0.05
let title = "White matter of " + "case 7"
let radii = [1, 2.5, 4]
let volumes = for r in radii do volume(distleq(r, maxvol(head > 0.9 * max(head))))
/// Voxels above the level, without specks.
let bright = smoothen(head > level * max(head), 2)
let parts = lcc(head > 0.9 * max(head))
let smooth = gradient(head)
let tinted = rgb(red(photo), green(photo), 255 - blue(photo))
let facts = array_stats(head)
let never = interior(interior(bright))
let wrong = smoothen(bright, min(head) - 1)
let twice(m) = near(near(m))
let again = smoothen(head > level * max(head), 2)

print "title" title
print "volumes" volumes
print "facts" facts
print "bright" volume(bright)
save "parts.nii.gz" parts
save "smooth.nii.gz" smooth
save "tinted.png" tinted
print "twice" volume(twice(bright))
print "wrong" volume(wrong)
`;

/** What is hovered: the file's name, the text, what the hover must say, and which one of several. */
const places = [
  ['number', 'level', /level : number/],
  ['text', 'title', /title : string/],
  ['sequence', 'radii', /radii/],
  ['sequence-computed', 'volumes', /✓/],
  ['image-loaded', 'head', /✓/],
  ['image', 'smooth', /✓/, 1],
  ['mask', 'bright', /✓/],
  ['labels', 'parts', /✓/],
  ['colour', 'tinted', /✓/],
  ['photograph', 'photo', /✓/],
  ['record', 'facts', /facts/],
  ['to-do', 'never', /never : mask/],
  ['failed', 'wrong', /✗/],
  ['function', 'twice', /twice/],
  ['primitive', 'smoothen', /smoothen/],
  ['expression', '>', /mask/],
];

const pictured = new Set(['image-loaded', 'image', 'mask', 'labels', 'colour', 'photograph']);

const { folder, store, remove } = await makeWorkspace();
await writeFile(path.join(folder, 'kinds.imgql'), program);
await copyFile(path.join(examples, 'three_coloured_items.png'), path.join(folder, 'photo.png'));
const host = await startHost({
  vsix,
  settings: { 'voxlogica.interpreter': python },
  env: { VOXLOGICA_STORE: store },
});
try {
  const workbench = await Workbench.open(host, folder, 'kinds.imgql');
  await workbench.hover('bright', /mask/);
  console.log(await workbench.outputOf(() => workbench.command('VoxLogicA: Run Program')));
  await workbench.page.keyboard.press('Control+J');
  for (const [name, text, expected, nth = 0] of places) {
    try {
      const said = await workbench.hover(text, expected, { nth });
      if (pictured.has(name)) await workbench.hoverPicture();
      await workbench.screenshot(`hovers/${name}`);
      console.log(`${name}: ${said.split('\n')[0]}`);
    } catch (error) {
      console.log(`${name}: ${error.message}`);
      process.exitCode = 1;
    }
  }
  for (const topic of ['node', 'why', 'plan']) {
    await workbench.hover('facts', /✓/);
    await workbench.page.locator('.monaco-hover a', { hasText: new RegExp(`^${topic}$`) }).click();
    await workbench.page.locator('.tab.active', { hasText: 'Preview' }).waitFor();
    await workbench.page.waitForTimeout(2000); // the preview draws in a frame of its own
    await workbench.screenshot(`hovers/page-${topic}`);
    await workbench.page.locator('.tab[data-resource-name="kinds.imgql"]').click();
  }
  await workbench.close();
} finally {
  await host.stop();
  await remove();
}
