/** The lists in the side bar: what stands in a row, and what a screen reader says of it. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { editor, loadedWith } from './editor.mjs';

const { NodesView } = await loadedWith('views/nodes.ts');
const { RunsView } = await loadedWith('views/runs.ts');
const { StoreView } = await loadedWith('views/store.ts');
const document = 'file:///data/first.imgql';
const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 9 } };
const bright = { name: 'bright', range, node: 'b1', status: 'kept', type: 'mask', seconds: 0.8, bytes: 12e6 };

beforeEach(() => editor.reset());

function nodes(rows) {
  const changes = editor.event();
  const view = new NodesView({ onDidChange: changes.listen, of: () => ({ document, rows }) });
  return { view, items: view.getChildren().map((row) => view.getTreeItem(row)) };
}

test('declarations are told with status, time and size', () => {
  editor.show(document);
  const [known, failed] = nodes([bright, { ...bright, name: 'rim', status: 'failed', message: 'no voxels' }]).items;
  assert.deepEqual([known.label, known.description, known.iconPath.id], ['bright', 'mask · 800 ms · 12 MB', 'check']);
  assert.deepEqual([failed.description, failed.iconPath.id], ['mask · 800 ms · 12 MB · failed', 'error']);
  assert.match(failed.tooltip.value, /no voxels/);
});

test('a screen reader says the status of a declaration, of which others see a sign', () => {
  editor.show(document);
  const [{ accessibilityInformation }] = nodes([bright]).items;
  assert.equal(accessibilityInformation.label, 'bright, mask · 800 ms · 12 MB, kept');
});

test('a row leads to its declaration by the keyboard too', () => {
  editor.show(document);
  const [{ command }] = nodes([bright]).items;
  assert.equal(command.command, 'vscode.open');
  assert.deepEqual(command.arguments[1].preserveFocus, true);
});

test('an empty list says why it is empty', () => {
  nodes([]);
  assert.equal(editor.context['imgql.hasProgram'], false);
  editor.show(document);
  nodes([]);
  assert.equal(editor.context['imgql.hasProgram'], true);
});

test('runs that go on stand before detached ones, and these before the past', async () => {
  const changes = editor.event();
  const list = {
    history: [{ number: 7, program: '/data/old.imgql', begun: '2026-03-02T10:00:00Z', ended: '2026-03-02T10:00:12Z', outcome: 'ended', failures: 2 }],
    detached: [{ id: 'd1', state: 'running', program: '/data/long.imgql', begun: '2026-03-02T10:00:00Z', ended: null, result: null }],
  };
  const view = new RunsView({ onDidChange: changes.listen }, async () => list);
  changes.fire({ document, state: { kind: 'running', message: '3 of 9 nodes' }, isDetached: false });
  const items = (await view.getChildren()).map((row) => view.getTreeItem(row));
  const labels = items.map(({ accessibilityInformation }) => accessibilityInformation.label);
  assert.equal(labels[0], 'first.imgql is running: 3 of 9 nodes');
  assert.match(labels[1], /^long\.imgql, detached, since /);
  assert.match(labels[2], /^old\.imgql, 2 failed, 12 s/);
  assert.deepEqual(items.map(({ contextValue }) => contextValue), ['run.here', 'run.detached', 'run.past']);
});

test('a detached run is told as it ended', async () => {
  const result = { version: 1, goals: [], diagnostics: [], seconds: 7.1, outcome: 'cancelled',
    nodes: { computed: 3850, reused: 0, rematerialised: 0, failed: 0, blocked: 0 } };
  const goal = { kind: 'print', label: 'a', value: 1, outcome: 'done' };
  const run = { state: 'ended', program: '/data/long.imgql', begun: '2026-03-02T10:00:00Z', ended: null };
  const detached = [
    { ...run, id: 'd1', result },
    { ...run, id: 'd2', result: { ...result, outcome: 'ended', goals: [goal] } },
    { ...run, id: 'd3', result: { ...result, outcome: 'ended', goals: [{ ...goal, outcome: 'failed' }] } },
    { ...run, id: 'd4', state: 'lost', result: null },
  ];
  const view = new RunsView({ onDidChange: editor.event().listen }, async () => ({ history: [], detached }));
  const items = (await view.getChildren()).map((row) => view.getTreeItem(row));
  assert.deepEqual(items.map(({ iconPath }) => iconPath.id), ['circle-slash', 'check', 'error', 'circle-slash']);
  assert.match(items[0].description, /^detached, cancelled, 3850 computed · 7\.1 s/);
  assert.match(items[3].description, /^detached, was killed; what was done is kept/);
});

test('a run that has ended leaves its row', async () => {
  const changes = editor.event();
  const view = new RunsView({ onDidChange: changes.listen }, async () => undefined);
  changes.fire({ document, state: { kind: 'running', message: 'starting' }, isDetached: false });
  assert.equal((await view.getChildren()).length, 1);
  changes.fire({ document, state: { kind: 'cancelled' }, isDetached: false });
  assert.equal((await view.getChildren()).length, 0);
});

test('the store is told first, then what is in it', async () => {
  const result = { node: 'b1', kind: 'mask', primitive: 'vox1.greater', names: ['bright'], kept: true, isImage: true, fileBytes: 9, text: '97 kB, made in 7 ms', used: '2026-03-02T10:00:00Z' };
  const store = { folder: '/store', problem: null, bytes: 381e3, limit: 21e9, known: 11, kept: 8, entries: [result, { ...result, node: 'b2', names: [], kept: false }] };
  const view = new StoreView({ onDidChange: editor.event().listen }, async () => store);
  const items = (await view.getChildren()).map((row) => view.getTreeItem(row));
  assert.equal(items[0].accessibilityInformation.label, 'The store: 381 kB of 21 GB, 11 results known, 8 kept');
  assert.equal(items[1].accessibilityInformation.label, 'bright, mask · 97 kB, made in 7 ms');
  assert.match(items[2].accessibilityInformation.label, /^vox1\.greater, .*not kept$/);
  assert.equal(items[1].command.command, 'imgql.openStored');
});

test('a store that cannot be read says so', async () => {
  const store = { folder: '/store', problem: 'it is of a later version', bytes: 0, limit: 1e9, known: 0, kept: 0, entries: [] };
  const view = new StoreView({ onDidChange: editor.event().listen }, async () => store);
  const [whole] = (await view.getChildren()).map((row) => view.getTreeItem(row));
  assert.deepEqual([whole.iconPath.id, whole.description], ['warning', 'it is of a later version']);
});
