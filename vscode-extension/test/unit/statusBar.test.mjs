/** What the item in the status bar says in every state, and which context keys are set with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editor, loadedWith } from './editor.mjs';

const program = 'file:///data/first.imgql';
const cost = { compute: 4, reused: 57, total: 61, seconds: 12, exact: true, text: '4 of 61, about 12 s' };
const done = { version: 1, goals: [{ kind: 'print', label: 'a', value: 1, outcome: 'done' }], diagnostics: [], seconds: 1.24,
  nodes: { computed: 4, reused: 57, rematerialised: 0, failed: 0, blocked: 0 } };
const whole = { program: '/bin/python', source: 'search path', version: '3.12.1', canRun: true };

const { StatusBar } = await loadedWith('statusBar.ts');

/** The item as it is when this is so, and what changes it. */
function item({ interpreter = whole, standing = { cost }, document = program, languageId = 'imgql' } = {}) {
  editor.reset();
  editor.show(document, languageId);
  const [servers, runs, statuses] = [editor.event(), editor.event(), editor.event()];
  new StatusBar(
    { interpreter: interpreter ?? undefined, onDidChange: servers.listen },
    { onDidChange: runs.listen },
    { of: () => standing, onDidChange: statuses.listen },
  );
  const take = (state) => runs.fire({ document: program, state, isDetached: false });
  return { item: editor.items[0], context: editor.context, take };
}

test('it says what the next run computes', () => {
  const { item: shown, context } = item();
  assert.equal(shown.text, '$(circle-large-outline) VoxLogicA: 4 of 61 nodes to compute, about 12.0 s');
  assert.equal(shown.isShown, true);
  assert.deepEqual(context, { 'imgql.running': false, 'imgql.server': 'running' });
});

test('screen readers are told the same without signs', () => {
  const { accessibilityInformation } = item().item;
  assert.deepEqual(accessibilityInformation, { label: 'VoxLogicA: 4 of 61 nodes to compute, about 12.0 s', role: 'button' });
});

test('it says how far a run is, and that one goes on', () => {
  const { item: shown, context, take } = item();
  take({ kind: 'running', message: '12 of 61 nodes, 49 reused' });
  assert.equal(shown.text, '$(sync~spin) VoxLogicA: 12 of 61 nodes, 49 reused');
  assert.equal(context['imgql.running'], true);
});

test('it says what a run has done, until something is to be computed again', () => {
  const { item: shown, take } = item({ standing: { cost: { ...cost, compute: 0 } } });
  take({ kind: 'ended', result: done });
  assert.equal(shown.text, '$(check) VoxLogicA: 4 computed, 57 reused · 1.2 s');
  const later = item();
  later.take({ kind: 'ended', result: done });
  assert.match(later.item.text, /nodes to compute/);
});

test('what went wrong is told by words, a sign and a colour', () => {
  const failed = { ...done, goals: [{ ...done.goals[0], outcome: 'failed' }], nodes: { ...done.nodes, failed: 1 } };
  const { item: shown, context, take } = item();
  take({ kind: 'ended', result: failed });
  assert.match(shown.text, /^\$\(error\) .*1 failed/);
  assert.equal(shown.backgroundColor.id, 'statusBarItem.errorBackground');
  take({ kind: 'broken', message: 'the runner ended' });
  assert.match(shown.text, /the run broke off/);
  take({ kind: 'cancelled' });
  assert.match(shown.text, /run cancelled/);
  assert.equal(shown.backgroundColor, undefined);
  assert.equal(context['imgql.running'], false);
});

test('it says which Python serves, and whether that one can run', () => {
  const { item: shown, context } = item({ interpreter: { ...whole, canRun: false } });
  assert.match(shown.tooltip.value, /Language server: Python 3\.12\.1, search path[\s\S]*Runner: not set up[\s\S]*about 12 s/);
  assert.equal(context['imgql.server'], 'editing');
  const none = item({ interpreter: null });
  assert.equal(none.item.text, '$(warning) VoxLogicA: no Python');
  assert.equal(none.context['imgql.server'], 'none');
});

test('it is about programs on a disk and new ones, and hides for other files', () => {
  assert.equal(item({ document: 'untitled:Untitled-1' }).item.isShown, true);
  assert.equal(item({ document: 'file:///notes.md', languageId: 'markdown' }).item.isShown, false);
  assert.equal(item({ document: 'far:/away.imgql' }).item.isShown, false);
});
