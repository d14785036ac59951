import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { loaded } from './loaded.mjs';

const { moved } = await loaded('viewer/anchors.ts');
const { copyVolume, externalCommand, trim } = await loaded('viewer/files.ts');
const { placeInWords, told, valueAt, voxelAt } = await loaded('../media/readout.ts');

const at = (line, character) => ({ line, character });

test('a place moves with what is typed before it and stays for what comes after', () => {
  assert.deepEqual(moved(at(3, 4), { start: at(1, 0), end: at(1, 0), text: 'a\nb\n' }), at(5, 4));
  assert.deepEqual(moved(at(3, 4), { start: at(3, 0), end: at(3, 2), text: 'xyz' }), at(3, 5));
  assert.deepEqual(moved(at(3, 4), { start: at(3, 8), end: at(3, 9), text: '\n' }), at(3, 4));
  assert.deepEqual(moved(at(3, 4), { start: at(2, 1), end: at(3, 1), text: '' }), at(2, 4));
  assert.deepEqual(moved(at(3, 4), { start: at(3, 2), end: at(3, 9), text: 'ab' }), at(3, 2));
});

test('the voxel under a point is found on turned grids with unequal spacing', () => {
  const voxels = {
    affine: [[0, -2, 0, 10], [1, 0, 0, -5], [0, 0, 3, 7], [0, 0, 0, 1]],
    size: [4, 3, 2], data: Float32Array.from({ length: 24 }, (_, n) => n), slope: 1, intercept: 0, components: 1,
  };
  assert.deepEqual(voxelAt(voxels, [10 - 2 * 2, -5 + 3, 7 + 3]), [3, 2, 1]);
  assert.deepEqual(valueAt(voxels, [10 - 2 * 2, -5 + 3, 7 + 3]), [23]);
  assert.equal(voxelAt(voxels, [100, 0, 0]), undefined);
  assert.deepEqual(valueAt({ ...voxels, components: 3, size: [2, 2, 2] }, [10, -5, 7]), [0, 1, 2]);
});

test('values are told as they are', () => {
  assert.equal(told([1], 'mask'), 'true');
  assert.equal(told([0], 'mask'), 'false');
  assert.equal(told([Math.fround(0.1)], 'image'), '0.1');
  assert.equal(told([255, 0, 3], 'colour'), '255, 0, 3');
  assert.equal(told(undefined, 'image'), 'outside');
  assert.equal(placeInWords([1, -2.25, 0]), 'R 1.0  P 2.3  S 0.0 mm'.replace('2.3', (2.25).toFixed(1)));
});

test('a command gets the files of the layers in their places', () => {
  const words = ['itksnap', '-g', '${file}', '-o', '${layers}'];
  assert.deepEqual(externalCommand(words, ['a', 'b', 'c']), ['itksnap', '-g', 'a', '-o', 'b', 'c']);
  assert.deepEqual(externalCommand(['s', '${files}'], ['a b', 'c']), ['s', 'a b', 'c']);
});

test('a volume is packed as its name says, and the oldest files go first', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxlogica-views-'));
  try {
    const file = (name) => path.join(folder, name);
    await writeFile(file('a.nii'), 'x'.repeat(1000));
    await copyVolume(file('a.nii'), file('b.nii.gz'));
    assert.equal(gunzipSync(await readFile(file('b.nii.gz'))).length, 1000);
    await copyVolume(file('b.nii.gz'), file('c.nii'));
    assert.equal(await readFile(file('c.nii'), 'utf8'), 'x'.repeat(1000));
    await utimes(file('a.nii'), 1, 1);
    await trim(folder, 1500);
    assert.deepEqual((await readdir(folder)).sort(), ['b.nii.gz', 'c.nii']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
