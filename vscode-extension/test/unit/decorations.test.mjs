/** The signs in the margin: one a declaration, shapes that differ, colours of the theme. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { editor, loadedWith } from './editor.mjs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const { Decorations } = await loadedWith('decorations.ts');
const shapes = ['known', 'todo', 'queued', 'running', 'failed', 'blocked', 'unneeded'];
const drawing = (uri) => Buffer.from(uri.toString().split('base64,')[1], 'base64').toString();
const document = 'file:///first.imgql';

function painted(rows) {
  editor.reset();
  const drawn = editor.show(document);
  const changes = editor.event();
  new Decorations({ onDidChange: changes.listen, of: () => undefined });
  changes.fire({ document, rows });
  const named = [...drawn].map(([type, options]) => [drawing(type.dark.gutterIconPath).match(/<title>(\w+)/)[1], options]);
  return Object.fromEntries(named);
}

const row = (status, line) => ({ name: 'x', status, range: { start: { line, character: 0 }, end: { line, character: 3 } } });

test('each declaration has the sign of its status, on its line', () => {
  const found = painted([row('kept', 3), row('to do', 5), row('running', 6), row('kept', 9)]);
  assert.deepEqual(found.known.map(({ range }) => range.start.line), [3, 9]);
  assert.deepEqual(found.todo.map(({ range }) => range.start.line), [5]);
  assert.deepEqual(found.running.map(({ range }) => range.start.line), [6]);
  assert.deepEqual(found.failed, []);
});

test('signs stand in the margin alone, so that no text moves', () => {
  painted([]);
  for (const type of editor.types) {
    const told = JSON.stringify({ ...type, dark: {}, light: {} });
    assert.doesNotMatch(told, /before|after|margin|padding|contentText|letterSpacing|fontStyle|fontWeight/, told);
  }
});

test('signs can be told apart without colours', () => {
  painted([]);
  const uncoloured = editor.types.map(({ dark }) => drawing(dark.gutterIconPath).replace(/#[0-9a-f]{6}/g, '').replace(/<title>.*<\/title>/, ''));
  assert.equal(new Set(uncoloured).size, shapes.length);
});

test('signs in the margin have the colours of the signs in the lists', () => {
  painted([]);
  for (const type of editor.types) {
    const [, shape] = drawing(type.dark.gutterIconPath).match(/<title>(\w+)/);
    const { defaults } = manifest.contributes.colors.find(({ id }) => id === `imgql.${shape}Foreground`);
    assert.ok(drawing(type.dark.gutterIconPath).includes(defaults.dark), shape);
    assert.ok(drawing(type.light.gutterIconPath).includes(defaults.light), shape);
  }
});

test('signs can be seen in every kind of theme: a contrast of 3 to 1 at least', () => {
  const backgrounds = { dark: '#1f1f1f', light: '#ffffff', highContrast: '#000000', highContrastLight: '#ffffff' };
  for (const { id, defaults } of manifest.contributes.colors) {
    for (const [theme, background] of Object.entries(backgrounds)) {
      const ratio = contrast(defaults[theme], background);
      assert.ok(ratio >= 3, `${id} in ${theme}: ${ratio.toFixed(1)}`);
    }
  }
});

/** The contrast of two colours, as the Web Content Accessibility Guidelines 2.1 define it. */
function contrast(one, other) {
  const [high, low] = [one, other].map(luminance).sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
