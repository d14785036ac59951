/** What is said of the result of a run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded } from './loaded.mjs';

const { isComplete, report, summary } = await loaded('results.ts');


const nodes = { computed: 4, reused: 57, rematerialised: 0, failed: 0, blocked: 0 };
const voxels = { kind: 'print', label: 'voxels', value: 12, outcome: 'done' };

function result(changes = {}) {
  return { version: 1, goals: [voxels], nodes, diagnostics: [], seconds: 1.23, ...changes };
}

test('a run is summed up by what was computed, what was reused, and its time', () => {
  assert.equal(summary(result()), '4 computed, 57 reused · 1.2 s');
  assert.equal(summary(result({ seconds: 119.9 })), '4 computed, 57 reused · 2 min 0 s');
});

test('counts that are not zero are told', () => {
  const counted = { ...nodes, rematerialised: 1, failed: 2, blocked: 3 };
  assert.equal(
    summary(result({ nodes: counted })),
    '4 computed, 57 reused, 1 made again, 2 failed, 3 blocked · 1.2 s',
  );
});

test('values stand behind their labels and files behind an arrow', () => {
  const saved = { kind: 'save', label: 'region', value: '/data/region.nii.gz', outcome: 'done' };
  const list = { kind: 'print', label: 'list', value: [1, 'a', true], outcome: 'done' };
  assert.deepEqual(report(result({ goals: [voxels, list, saved] })).slice(0, 3), [
    'voxels = 12',
    'list = [1,"a",true]',
    'region → /data/region.nii.gz',
  ]);
});

test('a goal that failed is marked with its reason', () => {
  const failed = { kind: 'print', label: 'dice', outcome: 'failed', message: 'no such file' };
  const run = result({ goals: [voxels, failed] });
  assert.equal(report(run)[1], '✗ dice: failed: no such file');
  assert.equal(isComplete(run), false);
  assert.equal(isComplete(result()), true);
});

test('a program with errors says so with their lines', () => {
  const error = { severity: 'error', message: 'unknown name', start: { line: 3, column: 1 } };
  const run = result({ goals: [], diagnostics: [error] });
  assert.deepEqual(report(run), ['✗ line 3: unknown name', 'not run, 1 error']);
});

test('a program without goals has nothing to run', () => {
  assert.equal(summary(result({ goals: [] })), 'nothing to run');
});

test('a huge value is cut', () => {
  const huge = { ...voxels, value: Array.from({ length: 5000 }, (_, index) => index) };
  const [line] = report(result({ goals: [huge] }));
  assert.ok(line.length < 2100, `${line.length} characters`);
  assert.match(line, /… \(\d+ characters\)$/);
});
