/** Writes the folder the browser tests work in: a small program and an image. */
import { execFile } from 'node:child_process';
import { access, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const exampleVolume = path.join(repository, 'examples', 'data', 'mni152_t1_1mm.nii.gz');

/** The Python that has VoxLogicA. */
export const python = process.env.VOXLOGICA_PYTHON || path.join(repository, '.venv', 'bin', 'python');

/** The threshold stands in one place, so that an edit there leaves `dark` as it was. */
export const program = `// imgql: dialect=imgql2
load head = "head.nii.gz"

let level = 0.5
/// Voxels above the level.
let bright = head > level * max(head)
let region = maxvol(bright)
let rim = near(region) & !region
let dark = head < 0.1 * max(head)

print "voxels" volume(region)
print "rim" volume(rim)
print "dark" volume(dark)
save "region.nii.gz" region
`;

/** Hundreds of distance maps: nobody waits for the end of this one. */
export const slowProgram = `// imgql: dialect=imgql2
load head = "head.nii.gz"

let bright = head > 0.5 * max(head)
print "slow" sum(for k in range(1, 9000) do volume(distleq(k * 0.01, bright)))
`;

/** A name from another file, one of the standard library, a primitive. */
const importing = `// imgql: dialect=imgql2
import "levels.imgql"
load head = "head.nii.gz"
let bright = head > middle * max(head)
let reached = touch(bright, head > 2 * middle)
print "twice" volume(distleq(2, bright | reached))
`;

const imported = 'let middle = 0.5\n';

/** Its kernel brings down the process it runs in, as a fault in native code does. */
const crashing = `// imgql: dialect=imgql2
import "perilous"
load head = "head.nii.gz"
let fine = head > 0.4 * max(head)
print "fine" volume(fine)
print "lost" crash(volume(fine))
`;

const perilous = `"""A namespace with one primitive that crashes."""

import ctypes

from voxlogica_core.primitives.declare import Number, primitive

NAMESPACE = "perilous"


@primitive("crash", version=1, cost=5)
def crash(x: Number) -> Number:
    """Read memory that is nobody's, as faulty native code does: \`\`crash(1)\`\`."""
    return x + len(ctypes.string_at(0))
`;

const notes = `# Notes

\`\`\`imgql
let fenced = 0.5
\`\`\`
`;

// A bright ball in a dim one, in noise, with unequal spacing.
const phantom = `
import sys
import numpy
import SimpleITK

z, y, x = numpy.mgrid[-1:1:60j, -1:1:72j, -1:1:64j]
distance = numpy.sqrt(x * x + y * y + z * z)
noise = numpy.random.default_rng(1).normal(0, 3, distance.shape)
image = SimpleITK.GetImageFromArray(
    (60.0 * (distance < 0.8) + 100.0 * (distance < 0.4) + noise).clip(0).astype("float32")
)
image.SetSpacing((1.0, 1.0, 1.5))
SimpleITK.WriteImage(image, sys.argv[1])
`;

/** A fresh folder with the programs above and `head.nii.gz`; an empty store. */
export async function makeWorkspace() {
  const home = await mkdtemp(path.join(tmpdir(), 'voxlogica-program-'));
  const folder = path.join(home, 'brain');
  await mkdir(folder);
  await writeFile(path.join(folder, 'first.imgql'), program);
  await writeFile(path.join(folder, 'slow.imgql'), slowProgram);
  await writeFile(path.join(folder, 'notes.md'), notes);
  await writeFile(path.join(folder, 'importing.imgql'), importing);
  await writeFile(path.join(folder, 'levels.imgql'), imported);
  await writeFile(path.join(folder, 'crashing.imgql'), crashing);
  await writeFile(path.join(folder, 'perilous.py'), perilous);
  await writeFile(path.join(folder, 'voxlogica.toml'), 'primitives = ["perilous.py"]\n');
  await provideVolume(path.join(folder, 'head.nii.gz'));
  const remove = () => rm(home, { recursive: true, force: true, maxRetries: 5 });
  return { folder, store: path.join(home, 'store'), remove };
}

async function provideVolume(target) {
  const isShipped = await access(exampleVolume).then(() => true, () => false);
  if (isShipped) {
    await copyFile(exampleVolume, target);
  } else {
    await promisify(execFile)(python, ['-c', phantom, target]);
  }
}
