/** Images that the viewer is tested with, and what SimpleITK says of them. It knows no editor. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { python } from './workspace.mjs';

const voxelOf = `
import sys
import SimpleITK
image = SimpleITK.Cast(SimpleITK.ReadImage(sys.argv[1]), SimpleITK.sitkFloat32)
print(image.GetPixel([int(word) for word in sys.argv[2:5]]), SimpleITK.GetArrayViewFromImage(image).max())
`;

const isMaskOf = `
import sys
import SimpleITK
head, mask = (SimpleITK.ReadImage(path) for path in sys.argv[1:3])
voxels = SimpleITK.GetArrayFromImage(head)
assert (SimpleITK.GetArrayFromImage(mask) == (voxels > float(sys.argv[3]) * voxels.max())).all()
for grid in ("GetSize", "GetSpacing", "GetOrigin", "GetDirection"):
    one, other = (getattr(image, grid)() for image in (head, mask))
    assert max(abs(a - b) for a, b in zip(one, other)) < 1e-5, (grid, one, other)
`;

const thinned = `
import sys
import SimpleITK
SimpleITK.WriteImage(SimpleITK.ReadImage(sys.argv[1])[::2, ::2, ::2], sys.argv[1])
`;

const shapes = `// imgql: dialect=imgql2
import "arrays"
load head = "head.nii.gz"
load flat = "flat.png"
load photo = "photo.png"
let levels = for t in [0.2, 0.4, 0.6] do head > t * max(head)
let sizes = for t in [0.2, 0.4] do volume(head > t * max(head))
let note = "seen by hand"
let rows = for t in [1, 2] do array_stats(t * head)
`;

const pictures = `
import sys
import numpy
import SimpleITK
grey = numpy.zeros((40, 60), "uint8")
grey[10:30, 20:50] = 150
colour = numpy.zeros((40, 60, 3), "uint8")
colour[10:30, 20:50] = 255, 120, 0
SimpleITK.WriteImage(SimpleITK.GetImageFromArray(grey), sys.argv[1])
SimpleITK.WriteImage(SimpleITK.GetImageFromArray(colour, isVector=True), sys.argv[2])
`;

/** Writes a program with values of every shape, and the pictures that it loads. */
export async function writeShapes(folder) {
  await writeFile(path.join(folder, 'shapes.imgql'), shapes);
  const files = ['flat.png', 'photo.png'].map((name) => path.join(folder, name));
  await said(pictures, ...files);
}

/** The value of a voxel of a file, and the largest of all. */
export async function voxelAt(file, indices) {
  const [value, most] = (await said(voxelOf, file, ...indices)).trim().split(' ').map(Number);
  return { value, most };
}

/** Throws unless a file is the mask of what is brighter than a share of the maximum, on its grid. */
export function mustBeMask(mask, image, share) {
  return said(isMaskOf, image, mask, share);
}

/** Keeps every other voxel: drawn in software, an eighth of them is eight times quicker. */
export function thin(file) {
  return said(thinned, file);
}

async function said(script, ...words) {
  return (await promisify(execFile)(python, ['-c', script, ...words])).stdout;
}
