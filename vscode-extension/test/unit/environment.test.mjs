/** How an environment for running is made: by which programs, and what is left after a failure. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { loadedWith } from './editor.mjs';

const { makeEnvironment } = await loadedWith('environment.ts');
let home;
let carried;
let said;
const searchPath = process.env.PATH;

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'voxlogica-environment-'));
  mkdirSync(path.join(home, 'bin'));
  mkdirSync(path.join(home, 'environments', 'older'), { recursive: true });
  carried = {
    wheel: '/carried/voxlogica.whl',
    environments: path.join(home, 'environments'),
    environment: path.join(home, 'environments', 'newer'),
  };
  said = [];
  process.env.PATH = `${path.join(home, 'bin')}:/usr/bin:/bin`;
});
afterEach(() => {
  process.env.PATH = searchPath;
  rmSync(home, { recursive: true, force: true });
});

/** A program that notes how it was called; `script` is what else it does. */
function program(name, script = '') {
  const place = path.join(home, 'bin', name);
  writeFileSync(place, `#!/bin/sh\necho "${name} $*" >> "${home}/calls"\n${script}\n`);
  chmodSync(place, 0o755);
  return place;
}

const calls = () => readFileSync(path.join(home, 'calls'), 'utf8').trim().split('\n');
const watcher = () => ({ tell: (line) => said.push(line), onCancel() {}, isCancelled: () => false });
const python = (script) => ({ source: '', program: program('python', script), words: [] });

/** What `python -m venv … FOLDER` leaves: a Python of its own. */
const making = `for last; do :; done
case "$*" in *venv*) mkdir -p "$last/bin"; cp "$0" "$last/bin/python";; esac`;

test('uv makes it where there is uv', async () => {
  program('uv', `case "$*" in venv*) mkdir -p "${home}/environments/newer";; esac`);
  const base = python();
  await makeEnvironment(base, carried, watcher());
  const { environment, wheel } = carried;
  assert.deepEqual(calls(), [
    'uv --version',
    `uv venv --python ${base.program} ${environment}`,
    `uv pip install --python ${environment}/bin/python ${wheel}`,
  ]);
});

test('venv and pip make it otherwise, and environments of earlier versions go', async () => {
  await makeEnvironment(python(making), carried, watcher());
  assert.match(calls().at(-1), /^python -m pip install .*\/carried\/voxlogica\.whl$/);
  assert.ok(existsSync(carried.environment));
  assert.ok(!existsSync(path.join(carried.environments, 'older')));
});

test('a Debian without ensurepip uses the pip that is there', async () => {
  const without = `case "$*" in *without-pip*) ;; *venv*) echo "No module named ensurepip"; exit 1;; esac\n${making}`;
  await makeEnvironment(python(without), carried, watcher());
  assert.match(calls().at(-1), /^python -m pip --python .*\/newer\/bin\/python install/);
});

test('a failure leaves nothing, gives the reason, and keeps what was there', async () => {
  const failing = `${making}\ncase "$*" in *install*) echo "no space left on device"; exit 1;; esac`;
  await assert.rejects(makeEnvironment(python(failing), carried, watcher()), /no space left on device/);
  assert.ok(!existsSync(carried.environment));
  assert.ok(existsSync(path.join(carried.environments, 'older')));
});

test('nothing begins after it was cancelled', async () => {
  const cancelled = { ...watcher(), isCancelled: () => true };
  await assert.rejects(makeEnvironment(python(making), carried, cancelled), /cancelled/);
  assert.ok(!existsSync(carried.environment));
});
