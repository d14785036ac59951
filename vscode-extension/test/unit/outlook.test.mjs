/** What is said of costs, declarations and sizes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded } from './loaded.mjs';

const { details, moment, outlook, shapeOf, size } = await loaded('outlook.ts');

const cost = { compute: 4, reused: 3, total: 61, seconds: 12, exact: true, text: '' };

test('the next run is told by nodes and time', () => {
  assert.equal(outlook(cost), '4 of 61 nodes to compute, about 12.0 s');
  assert.equal(outlook({ ...cost, seconds: 0.02 }), '4 of 61 nodes to compute, less than 0.1 s');
  assert.equal(outlook({ ...cost, total: 1, compute: 1 }), '1 of 1 node to compute, about 12.0 s');
});

test('items of loops are nodes of their own, so more may be computed than the program has', () => {
  assert.equal(outlook({ ...cost, compute: 4000 }), '4000 nodes to compute, about 12.0 s');
});

test('what is not known exactly is told as the least', () => {
  assert.equal(outlook({ ...cost, exact: false }), 'at least 4 of 61 nodes to compute, about 12.0 s');
  assert.match(outlook({ ...cost, compute: 0, exact: false }), /^at least 0 of 61/);
});

test('nothing to do is told as such', () => {
  assert.equal(outlook({ ...cost, compute: 0 }), 'all 61 nodes known');
  assert.equal(outlook({ ...cost, compute: 0, total: 0 }), 'nothing to run');
});

test('a declaration shows type, time and size, and leaves out what is not known', () => {
  assert.equal(details({ type: 'mask', seconds: 0.8, bytes: 12e6 }), 'mask · 800 ms · 12 MB');
  assert.equal(details({ type: 'mask', seconds: null, bytes: null }), 'mask');
  assert.equal(details({ type: 'number', seconds: 0.0001, bytes: 8 }), 'number');
  assert.equal(details({ type: null }), '');
});

test('sizes are told in the unit that suits them', () => {
  assert.deepEqual([0, 999, 1500, 20e9].map(size), ['0 B', '999 B', '1.5 kB', '20 GB']);
});

test('every status has a shape, and the shapes differ where the meaning does', () => {
  const words = ['kept', 'to do', 'queued', 'running', 'failed', 'blocked', 'not needed'];
  assert.equal(new Set(words.map(shapeOf)).size, words.length);
  assert.equal(shapeOf('known'), shapeOf('kept'));
  assert.equal(shapeOf('unknown'), undefined);
});

test('a moment of another day has its day', () => {
  const now = new Date('2026-03-02T12:00:00Z');
  assert.doesNotMatch(moment('2026-03-02T11:59:00Z', now), /2026/);
  assert.match(moment('2025-03-02T11:59:00Z', now), /2025/);
});
