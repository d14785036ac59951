/** What a second run of a file of browser tests may change, and what it may not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runTwice } from '../browser/twice.mjs';

/** Runs files that pass or fail as told; gives the verdict, what was run and what was said. */
function ran(outcomes) {
  const [runs, said] = [[], []];
  const passes = (file) => (runs.push(file), outcomes[file].shift());
  const verdict = runTwice(Object.keys(outcomes), passes, (line) => said.push(line));
  return { ...verdict, runs, said };
}

test('what passes is run once, and nothing is said', () => {
  const { again, failed, runs, said } = ran({ editing: [true], viewer: [true] });
  assert.deepEqual([again, failed, said], [[], [], []]);
  assert.deepEqual(runs, ['editing', 'viewer']);
});

test('what fails once is run again at once, loudly, and has passed', () => {
  const { again, failed, runs, said } = ran({ running: [false, true], viewer: [true] });
  assert.deepEqual([again, failed], [['running'], []]);
  assert.deepEqual(runs, ['running', 'running', 'viewer']);
  assert.deepEqual(said, ['!!! running failed, and is run once more', '!!! needed a second run: running']);
});

test('what fails twice has failed, whatever the others do', () => {
  const { again, failed, runs, said } = ran({ running: [false, false], setup: [false, true], viewer: [true] });
  assert.deepEqual([again, failed], [['running', 'setup'], ['running']]);
  assert.deepEqual(runs, ['running', 'running', 'setup', 'setup', 'viewer']);
  assert.equal(said.at(-1), '!!! failed twice: running');
});
