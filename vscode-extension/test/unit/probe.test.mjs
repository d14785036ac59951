/** What the answers of Pythons mean, and what a real one answers. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loaded } from './loaded.mjs';

const { ability, probe, readFound } = await loaded('probe.ts');
const python = process.env.VOXLOGICA_PYTHON || 'python3';

const whole = { version: '3.12.1', isNew: true, implementation: 'cpython', missing: [] };

test('a Python with everything can run', () => {
  const { canEdit, canRun, hasServer, text } = ability(whole);
  assert.deepEqual([canEdit, canRun, hasServer, text], [true, true, true, 'yes (Python 3.12.1)']);
});

test('a Python without the package edits with the libraries of the extension', () => {
  const { canEdit, canRun, hasServer, text } = ability({ ...whole, missing: ['voxlogica_server', 'numpy'] });
  assert.deepEqual([canEdit, canRun, hasServer], [true, false, false]);
  assert.match(text, /without voxlogica/);
});

test('a Python that lacks a kernel library edits with its own server', () => {
  const { canEdit, canRun, hasServer, text } = ability({ ...whole, missing: ['SimpleITK'] });
  assert.deepEqual([canEdit, canRun, hasServer], [true, false, true]);
  assert.match(text, /without SimpleITK/);
});

test('what is too old, of another make, or silent cannot serve, and says why', () => {
  const old = readFound('{"version": [3, 9, 2], "implementation": "cpython", "missing": []}');
  for (const [found, why] of [
    [old, /Python 3\.9\.2, 3\.11 or later is wanted/],
    [{ ...whole, implementation: 'pypy' }, /CPython is wanted/],
    [{ problem: 'spawn ENOENT' }, /ENOENT/],
    [readFound('Segmentation fault'), /it printed "Segmentation fault"/],
  ]) {
    const { canEdit, text } = ability(found);
    assert.equal(canEdit, false);
    assert.match(text, why);
  }
});

test('a real Python answers, whatever lies in the folder it is asked in', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxlogica-probe-'));
  try {
    writeFileSync(path.join(folder, 'json.py'), 'raise SystemExit("the wrong json")\n');
    const found = readFound(execFileSync(python, ['-c', probe], { cwd: folder, encoding: 'utf8' }));
    assert.equal(found.implementation, 'cpython');
    assert.match(found.version, /^3\.\d+\.\d+$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
