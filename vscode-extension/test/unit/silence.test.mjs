/** Where something was asked for and cannot be had, that is said. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { editor, loadedWith } from './editor.mjs';

const { Runs } = await loadedWith('run.ts');
const { programInSight } = await loadedWith('activeProgram.ts');
const program = 'file:///data/first.imgql';

beforeEach(() => editor.reset());

test('a run without a language server says that there is none', async () => {
  await new Runs(() => undefined).run('imgql.server.run', [program]);
  assert.deepEqual(editor.messages, ['The language server of VoxLogicA does not run.']);
});

test('a link in a hover is about the only program in sight, though the output has the focus', () => {
  editor.show(program);
  const [shown] = editor.visible();
  assert.equal(programInSight(), program);
  editor.show('output:run', 'Log');
  assert.equal(programInSight(), undefined);
  editor.alsoVisible(shown, shown);
  assert.equal(programInSight(), program);
});

test('of two programs in sight that have no focus, none is meant', () => {
  editor.show(program);
  const [one] = editor.visible();
  editor.show('file:///data/other.imgql');
  const [other] = editor.visible();
  editor.show('output:run', 'Log');
  editor.alsoVisible(one, other);
  assert.equal(programInSight(), undefined);
});
