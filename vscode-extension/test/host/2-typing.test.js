/** What typing does: brackets, indentation, comments, snippets, folding. */
const assert = require('node:assert/strict');
const vscode = require('vscode');
const { diagnostics, eventually, openText, typed } = require('./programs.js');

const snippets = ['Load an image', 'Definition', 'Function', 'Local definition', 'Print a value', 'Save a value',
  'Import', 'For each', 'Filter', 'Fold', 'Threshold and measure'];

module.exports = {
  'brackets and quotes close themselves, but not in comments': async () => {
    assert.equal(await typed(await openText('let a = near‸'), '('), 'let a = near()');
    assert.equal(await typed(await openText('let a = ‸'), '['), 'let a = []');
    assert.equal(await typed(await openText('load a = ‸'), '"'), 'load a = ""');
    assert.equal(await typed(await openText('// it is ‸'), '"'), '// it is "');
  },

  'a bracket leads to its other one': async () => {
    const editor = await openText('let a = ‸near(b[0])');
    await vscode.commands.executeCommand('editor.action.jumpToBracket');
    await vscode.commands.executeCommand('editor.action.jumpToBracket');
    assert.equal(editor.selection.active.character, 'let a = near(b[0]'.length);
  },

  'a new line is indented in brackets and after `=`, and documentation goes on': async () => {
    const options = { tabSize: 2, insertSpaces: true };
    const lineAfter = async (text) => {
      const editor = await openText(text);
      editor.options = options;
      return (await typed(editor, '\n')).split('\n').at(-1);
    };
    assert.equal(await lineAfter('let a = near('), '  ');
    assert.equal(await lineAfter('let region ='), '  ');
    assert.equal(await lineAfter('let a = x >='), '');
    assert.equal(await lineAfter('let a = 1'), '');
    assert.equal(await lineAfter('/// Voxels above'), '/// ');
  },

  'lines become comments and text again': async () => {
    const editor = await openText('let a = 1');
    const toggled = async () => {
      await vscode.commands.executeCommand('editor.action.commentLine');
      return editor.document.getText();
    };
    assert.equal(await toggled(), '// let a = 1');
    assert.equal(await toggled(), 'let a = 1');
  },

  'every snippet is offered, and what it inserts has no error of its own': async () => {
    const editor = await openText('\n');
    const offered = await vscode.commands.executeCommand(
      'vscode.executeCompletionItemProvider', editor.document.uri, new vscode.Position(0, 0),
    );
    const labels = offered.items.filter(({ kind }) => kind === vscode.CompletionItemKind.Snippet)
      .map(({ label }) => label.description ?? label.label ?? label);
    for (const name of snippets) assert.ok(labels.includes(name), `${name} of ${labels.join('; ')}`);
    for (const name of snippets) {
      const expression = ['Local definition', 'For each', 'Filter', 'Fold'].includes(name);
      const { document } = await openText(expression ? 'let a = ' : '');
      await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: 'imgql', name });
      // Where the cursor ends, something is still to be written. A name that nobody defines tells
      // when all of it has been checked.
      const end = document.lineAt(document.lineCount - 1).range.end;
      const isOpen = /(=|in)\s*$/.test(document.getText());
      await vscode.window.activeTextEditor.edit((edit) => edit.insert(end, `${isOpen ? 1 : ''}\nprint "mark" nobody\n`));
      const isMark = ({ message }) => message.includes('nobody');
      const found = await eventually(() => diagnostics(document.uri), (all) => all.some(isMark), `${name} checked`);
      const errors = found.filter(({ code }) => (code?.value ?? code) === 'syntax').map(({ message }) => message);
      assert.deepEqual(errors, [], `${name}: ${document.getText()}`);
    }
  },

  'regions, imports and statements of several lines can be folded': async () => {
    const { document } = await openText('// #region seeds\nlet a = 1\nlet b = near(\n  a\n)\n// #endregion\n');
    const ranges = await eventually(
      () => vscode.commands.executeCommand('vscode.executeFoldingRangeProvider', document.uri),
      (found) => (found ?? []).length > 0,
      'ranges to fold',
    );
    const region = ranges.find(({ start }) => start === 0);
    assert.deepEqual([region.end, region.kind], [5, vscode.FoldingRangeKind.Region]);
    assert.ok(ranges.some(({ start, end }) => start === 2 && end >= 3), JSON.stringify(ranges));
  },
};
