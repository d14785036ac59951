/**
 * The command `npm run figures:viewer`: a table of how long the viewer takes and how large it is,
 * for volumes of several sizes, drawn in software. It asserts nothing. Words choose sizes: brats,
 * byte, float.
 */
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { inLog, openWorkbench } from './session.mjs';
import { drawn, viewerFrame } from './stage.mjs';
import { row, table } from './timing.mjs';
import { python } from './workspace.mjs';

const LIMIT_MS = 400_000;
const STEPS = 4;

const sizes = {
  brats: ['240×240×155 float32', [155, 240, 240], 'float32'],
  byte: ['512³ uint8', [512, 512, 512], 'uint8'],
  float: ['512³ float32', [512, 512, 512], 'float32'],
};

const writer = `
import sys
import numpy
import SimpleITK
shape = [int(word) for word in sys.argv[2].split(",")]
z, y, x = numpy.ogrid[tuple(slice(-1, 1, n * 1j) for n in shape)]
ball = (200 * numpy.exp(-3 * (x * x + y * y + z * z))).astype(sys.argv[3])
SimpleITK.WriteImage(SimpleITK.GetImageFromArray(ball), sys.argv[1])
`;

const text = `// imgql: dialect=imgql2
load head = "head.nii"
let bright = head > 90
print "bright" volume(bright)
`;

const bundle = await readFile(fileURLToPath(new URL('../../out/viewer.js', import.meta.url)));
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const rows = [];
note(['script of the page', megabytes(bundle.length)], ['the same, packed', megabytes(gzipSync(bundle).length)]);
const chosen = process.argv.slice(2);
for (const [key, size] of Object.entries(sizes)) {
  if (chosen.length === 0 || chosen.includes(key)) await measure(...size);
}
console.log(table(rows));

/** Keeps lines for the table, and prints them at once: the next may take minutes. */
function note(...lines) {
  rows.push(...lines);
  lines.forEach((line) => console.error(line.join('  ')));
}

async function measure(name, shape, dtype) {
  const prepare = async (folder) => {
    await promisify(execFile)(python, ['-c', writer, path.join(folder, 'head.nii'), shape.join(), dtype]);
    await writeFile(path.join(folder, 'sized.imgql'), text);
    await rm(path.join(folder, 'head.nii.gz'));
  };
  const settings = { 'voxlogica.trace.server': 'messages' };
  const session = await openWorkbench(python, 'sized.imgql', prepare, { settings });
  try {
    await first(name, session);
    await steps(name, session);
  } finally {
    await session.close();
  }
}

/** From the command to the first planes, cold: the runner starts, the file is read and written. */
async function first(name, session) {
  const { workbench } = session;
  await workbench.hover('bright', /mask/);
  await workbench.clickText('head');
  const [begun, answered] = [performance.now(), (await hoverAnswers(session)).length];
  await workbench.command('VoxLogicA: Show in Viewer');
  const hovers = manyHovers(workbench);
  const seen = await drawn(workbench, /head@/, LIMIT_MS).finally(hovers.end);
  const took = performance.now() - begun;
  if (!seen) throw new Error(`${name}: nothing was drawn`);
  const frame = await viewerFrame(workbench);
  const own = Number(await frame.evaluate(() => document.body.dataset.milliseconds));
  note(row(`${name}: Show → first pixels`, [took]), row(`${name}: of this reading and drawing in the page`, [own]));
  note(row(`${name}: hover answered in the extension host meanwhile`, (await hoverAnswers(session)).slice(answered)));
  note([`${name}: memory of scripts in the page`, megabytes(await frame.evaluate(() => performance.memory?.usedJSHeapSize ?? 0))]);
  for (const kind of ['renderer', 'gpu-process']) note([`${name}: process ${kind}`, megabytes(await processBytes(kind))]);
}

/** A mask over the image, its number stepped with warm kernels; then back, where nothing is computed. */
async function steps(name, { workbench }) {
  await workbench.clickText('bright');
  await workbench.command('VoxLogicA: Add as Layer');
  let shown = await drawn(workbench, /bright@/, LIMIT_MS);
  await workbench.clickText('90');
  const step = async (key) => {
    const begun = performance.now();
    await workbench.page.keyboard.press(key);
    shown = await drawn(workbench, (now) => /bright@/.test(now) && now !== shown, LIMIT_MS);
    return performance.now() - begun;
  };
  await step('Control+Alt+='); // the first one warms
  const [there, back] = [[], []];
  for (let count = 0; count < STEPS; count += 1) there.push(await step('Control+Alt+='));
  for (let count = 0; count < STEPS; count += 1) back.push(await step('Control+Alt+-'));
  note(row(`${name}: step of a number → picture`, there), row(`${name}: step back → picture`, back));
}

/** Milliseconds from each request for a hover to its answer, as the extension host has noted them. */
async function hoverAnswers(session) {
  const found = await inLog(session, /textDocument\/hover[^\n]*? in (\d+) ?ms/g);
  return found.map((line) => Number(line.match(/ in (\d+)/)[1]));
}

/** Hovers over names, several times a second, until `end`. */
function manyHovers(workbench) {
  let isOver = false;
  const going = (async () => {
    for (let count = 0; !isOver; count += 1) {
      const place = await workbench.placeOf(count % 2 === 0 ? 'bright' : 'head');
      await workbench.page.mouse.move(place.x, place.y);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await going;
    },
  };
}

/** Bytes of memory of the largest process of a kind among those that the browser has started. */
async function processBytes(kind) {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,args=']);
  const all = stdout.trim().split('\n').map((line) => line.trim().match(/^(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/)?.slice(1) ?? []);
  const ours = new Set([String(process.pid)]);
  for (let before = 0; before !== ours.size;) {
    before = ours.size;
    all.filter(([, parent]) => ours.has(parent)).forEach(([pid]) => ours.add(pid));
  }
  const found = all.filter(([pid, , , words]) => ours.has(pid) && words.includes(`--type=${kind}`));
  return Math.max(0, ...found.map(([, , kilobytes]) => Number(kilobytes) * 1024));
}
