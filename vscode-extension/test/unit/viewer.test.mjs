import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { loaded } from './loaded.mjs';

const { moved } = await loaded('viewer/anchors.ts');
const { copyVolume, externalCommand, startProgram, trim } = await loaded('viewer/files.ts');
const { takenBack } = await loaded('viewer/edits.ts');
const { filesOf, fits, liesOver } = await loaded('viewer/shown.ts');
const { sheets, plainScene } = await loaded('../media/scene.ts');
const { slice, SLICE_BYTES } = await loaded('viewer/slices.ts');
const { Bytes } = await loaded('../media/bytes.ts');
const { keyDeed } = await loaded('../media/keys.ts');
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

test('every key that the manual names does something, and none of the editor is taken', async () => {
  const page = await readFile(new URL('../../../docs/viewer.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| key |'), page.indexOf('## Following'));
  const names = { Space: ' ', PgUp: 'PageUp', PgDn: 'PageDown' };
  const keys = [...table.matchAll(/`([^`]+)`/g)].map(([, name]) => names[name] ?? (/^[A-Z]$/.test(name) ? name.toLowerCase() : name));
  assert.ok(keys.length >= 18, keys.join());
  for (const key of [...keys, 'ArrowUp', 'ArrowLeft']) {
    assert.ok(keyDeed({ key, ctrlKey: false, metaKey: false, altKey: false }), key);
    assert.equal(keyDeed({ key, ctrlKey: true, metaKey: false, altKey: false }), undefined, key);
  }
});

test('masks, and sequences of them, lie over images whatever was shown first', () => {
  const image = (kind, file, size = [2, 3, 4]) => ({ form: 'image', kind, file, size, spacing: size.map(() => 1) });
  const masks = { form: 'sequence', items: [image('mask', 'm1'), image('mask', 'm2')], count: 2 };
  assert.ok(liesOver(masks) && liesOver(image('labels', 'l')) && !liesOver(image('colour', 'c')) && !liesOver(null));
  assert.deepEqual(filesOf(masks), ['m1', 'm2']);
  assert.ok(fits(masks, image('image', 'h')) && !fits(masks, image('image', 'h', [2, 3])) && !fits(masks, null) && !fits(null, null));
  const layers = [['levels', masks], ['head', image('image', 'h')]].map(([title, shown], id) => ({ id, title, shown, document: 'd', earlier: null }));
  const looks = { 'd#levels': { isVisible: true, opacity: 0.5, map: 'gray', item: 1 } };
  const drawn = (isBefore) => sheets(layers, { ...plainScene, looks }, isBefore).map(({ sheet }) => [sheet.url, sheet.opacity]);
  assert.deepEqual(drawn(false), [['h', 1], ['m2', 0.5]]);
  layers[0].earlier = image('mask', 'earlier');
  assert.deepEqual(drawn(true), [['h', 1], ['earlier', 0.5]]);
});

test('a command gets the files of the layers in their places', () => {
  const words = ['itksnap', '-g', '${file}', '-o', '${layers}'];
  assert.deepEqual(externalCommand(words, ['a', 'b', 'c']), ['itksnap', '-g', 'a', '-o', 'b', 'c']);
  assert.deepEqual(externalCommand(['s', '${files}'], ['a b', 'c']), ['s', 'a b', 'c']);
});

test('another program is started with the files of the layers', async () => {
  await inFolder(async (folder) => {
    const [program, noted] = [path.join(folder, 'viewer'), path.join(folder, 'noted')];
    await writeFile(program, `#!/bin/sh\nfor word in "$@"; do echo "$word"; done > ${noted}.part\nmv ${noted}.part ${noted}\n`);
    await chmod(program, 0o755);
    startProgram(externalCommand([program, '-g', '${file}', '-o', '${layers}'], ['a b.nii', 'c']), assert.fail);
    for (const patience = AbortSignal.timeout(60_000); !existsSync(noted); await setTimeout(10)) {
      patience.throwIfAborted();
    }
    assert.equal(await readFile(noted, 'utf8'), '-g\na b.nii\n-o\nc\n');
  });
});

test('a program that is not there is told', async () => {
  const said = await new Promise((resolve) => startProgram(['/nowhere/viewer', 'a'], resolve));
  assert.match(said, /\/nowhere\/viewer could not be started: .*ENOENT/);
});

test('an edit is taken back by whole lines', () => {
  const cases = [
    ['a\nb\nc', 'a\nx\nc'], ['a', 'a\nb'], ['a\nb', 'a'], ['', 'x\ny\n'], ['a\nb\n', '// note\na\nb\n'],
    ['a\r\nb\r\n', 'a\r\nc\r\nb\r\n'], ['same', 'same'], ['a\na\na', 'a\na'], ['a\na', 'a\na\na'],
  ];
  for (const [now, before] of cases) {
    assert.equal(edited(now, takenBack(now, before)), before, JSON.stringify([now, before]));
  }
  assert.deepEqual(takenBack('a\nb\nc', 'a\nx\nc'), { start: at(1, 0), end: at(1, 1), text: 'x' });
});

test('a volume arrives in slices as it is, and no slice is large', async () => {
  await inFolder(async (folder) => {
    const file = path.join(folder, 'a.nii');
    const whole = Buffer.alloc(2.5 * SLICE_BYTES, 'abcdefg');
    await writeFile(file, whole);
    const largest = [];
    const shares = [];
    const bytes = new Bytes(async ({ request, from, file: asked }) => {
      const found = await slice(asked, from);
      largest.push(found.bytes.byteLength);
      bytes.take({ kind: 'slice', request, from, problem: '', ...found });
    }, (share) => shares.push(share));
    const [read, again] = await Promise.all([bytes.read(file), bytes.read(file)]);
    assert.deepEqual(Buffer.from(read), whole);
    assert.deepEqual(Buffer.from(again), whole);
    assert.equal(largest.length, 6);
    assert.equal(Math.max(...largest), SLICE_BYTES);
    assert.equal(shares.at(-1), 1);
    await writeFile(file, '');
    assert.equal((await bytes.read(file)).byteLength, 0);
  });
});

test('a file that cannot be read, or that changes meanwhile, is told', async () => {
  const problems = ['it is gone', ''];
  const bytes = new Bytes(({ request, from }) => queueMicrotask(() => {
    const problem = problems[request - 1];
    bytes.take({ kind: 'slice', request, from, total: from === 0 ? 10 : 11, bytes: new ArrayBuffer(4), problem });
  }), () => undefined);
  await assert.rejects(bytes.read('a.nii'), /it is gone/);
  await assert.rejects(bytes.read('b.nii'), /b\.nii changed while it was read/);
  await assert.rejects(slice('/nowhere.nii', 0), /ENOENT/);
});

test('a volume is packed as its name says, and the oldest files go first', async () => {
  await inFolder(async (folder) => {
    const file = (name) => path.join(folder, name);
    await writeFile(file('a.nii'), 'x'.repeat(1000));
    await copyVolume(file('a.nii'), file('b.nii.gz'));
    assert.equal(gunzipSync(await readFile(file('b.nii.gz'))).length, 1000);
    await copyVolume(file('b.nii.gz'), file('c.nii'));
    assert.equal(await readFile(file('c.nii'), 'utf8'), 'x'.repeat(1000));
    await utimes(file('a.nii'), 1, 1);
    await trim(folder, 1500);
    assert.deepEqual((await readdir(folder)).sort(), ['b.nii.gz', 'c.nii']);
  });
});

async function inFolder(act) {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxlogica-views-'));
  try {
    await act(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A text after an edit. */
function edited(text, { start, end, text: there }) {
  const lines = text.split('\n');
  const offset = ({ line, character }) => lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return text.slice(0, offset(start)) + there + text.slice(offset(end));
}
