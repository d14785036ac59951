/**
 * The command `npm run figures:viewer`: prints how long the viewer takes and how large it is, for
 * volumes of several sizes, drawn in software. It asserts nothing. Words choose sizes: brats, byte, float.
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { openWorkbench } from './session.mjs';
import { drawn, viewerFrame } from './stage.mjs';
import { python } from './workspace.mjs';

const LIMIT_MS = 300_000;

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
console.log(`bundle: ${bundle.length} bytes, ${gzipSync(bundle).length} packed`);
const chosen = process.argv.slice(2);
for (const [key, size] of Object.entries(sizes)) {
  if (chosen.length === 0 || chosen.includes(key)) await measure(...size);
}

async function measure(name, shape, dtype) {
  const prepare = async (folder) => {
    await promisify(execFile)(python, ['-c', writer, path.join(folder, 'head.nii'), shape.join(), dtype]);
    await writeFile(path.join(folder, 'sized.imgql'), text);
  };
  const session = await openWorkbench(python, 'sized.imgql', prepare);
  const { workbench } = session;
  try {
    await workbench.hover('bright', /mask/);
    await workbench.clickText('head');
    const began = performance.now();
    await workbench.command('VoxLogicA: Show in Viewer');
    const hovers = hoverTimes(workbench);
    await drawn(workbench, /head@/, LIMIT_MS);
    const first = performance.now() - began;
    const times = await hovers.end();
    const frame = await viewerFrame(workbench);
    const own = await frame.evaluate(() => document.body.dataset.milliseconds);
    console.log(`${name}: show to first pixels ${seconds(first)} (in the page ${seconds(own)}); hovers meanwhile p50 ${times[0]} p95 ${times[1]} ms of ${times[2]}`);
    await workbench.clickText('bright');
    await workbench.command('VoxLogicA: Add as Layer');
    let before = await drawn(workbench, /bright@/, LIMIT_MS);
    const steps = [];
    for (let count = 0; count < 3; count += 1) {
      await workbench.clickText(String(90 + count));
      const start = performance.now();
      await workbench.page.keyboard.press('Control+Alt+=');
      before = await drawn(workbench, (now) => /bright@/.test(now) && now !== before, LIMIT_MS);
      steps.push(Math.round(performance.now() - start));
    }
    const memory = await frame.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
    console.log(`${name}: step to picture ${steps.join(', ')} ms; page holds ${Math.round(memory / 1e6)} MB`);
  } finally {
    await session.close();
  }
}

/** Hovers over a name again and again until `end`: milliseconds until a hover was painted. */
function hoverTimes(workbench) {
  let isOver = false;
  const times = [];
  const going = (async () => {
    while (!isOver) {
      await workbench.closeHover();
      const start = performance.now();
      await workbench.hover('bright', /mask/);
      times.push(performance.now() - start);
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await going;
      times.sort((one, other) => one - other);
      const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0);
      return [at(0.5), at(0.95), times.length];
    },
  };
}

function seconds(milliseconds) {
  return `${(Number(milliseconds) / 1000).toFixed(1)} s`;
}
