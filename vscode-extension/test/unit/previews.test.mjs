/** How pages are shown where the workbench previews Markdown, where it cannot, and where it never answers. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { editor, loadedWith } from './editor.mjs';

const { openPreview } = await loadedWith('previews.ts');
const page = { toString: () => 'imgql-why:/why-b1.md' };

beforeEach(() => editor.reset());

test('a page is previewed, and nothing is said', async () => {
  editor.answers['markdown.showPreview'] = async () => undefined;
  assert.deepEqual(await openPreview(page), { success: true });
  assert.deepEqual([editor.texts, editor.messages], [[], []]);
});

test('where there is no preview of Markdown, a page is shown as text, with the reason', async () => {
  editor.answers['markdown.showPreview'] = async () => {
    throw new Error("command 'markdown.showPreview' not found");
  };
  await openPreview(page);
  assert.deepEqual(editor.texts, [page]);
  assert.deepEqual(editor.messages, ["The page is shown as text: command 'markdown.showPreview' not found"]);
});

test('a preview that never answers leaves nobody without the page', async () => {
  editor.answers['markdown.showPreview'] = () => new Promise(() => {});
  await openPreview(page, 1);
  assert.deepEqual(editor.texts, [page]);
  assert.match(editor.messages[0], /the preview of Markdown does not answer/);
});
