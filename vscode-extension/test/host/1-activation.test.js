/** What the editor knows of the extension: when it starts, its commands, its settings. */
const assert = require('node:assert/strict');
const vscode = require('vscode');
const { diagnostics, eventually, openFile, replace } = require('./programs.js');

const ours = () => vscode.extensions.getExtension('voxlogica.voxlogica');

module.exports = {
  'it starts when a program is opened, and no earlier': async () => {
    assert.equal(ours().isActive, false);
    await openFile('first.imgql');
    await eventually(() => ours().isActive, Boolean, 'the extension is active');
  },

  'every command of the manifest is there': async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const { commands } = ours().packageJSON.contributes;
    assert.ok(commands.length > 20);
    assert.deepEqual(commands.map(({ command }) => command).filter((name) => !known.has(name)), []);
  },

  'every setting has the default that the manifest promises': () => {
    const settings = Object.entries(ours().packageJSON.contributes.configuration.properties);
    assert.ok(settings.length > 7);
    for (const [name, { default: wanted }] of settings) {
      assert.deepEqual(vscode.workspace.getConfiguration().inspect(name).defaultValue, wanted, name);
    }
  },

  'ports that Dask opens for itself are not taken for an application of the user': () => {
    const { '-m voxlogica_(server|core)': ours, ...others } = vscode.workspace.getConfiguration('remote').get('portsAttributes');
    assert.equal(ours.onAutoForward, 'ignore');
    assert.ok('443' in others, 'what was set before stays');
  },

  'diagnostics come with an error and go with it': async () => {
    const editor = await openFile('first.imgql');
    const { uri } = editor.document;
    await replace(editor, 'maxvol(', 'maxvoll(');
    const [found] = await eventually(() => diagnostics(uri), ({ length }) => length === 1, 'an error');
    assert.equal(found.source, 'voxlogica');
    assert.match(found.message, /maxvoll/);
    await replace(editor, 'maxvoll(', 'maxvol(');
    await eventually(() => diagnostics(uri), ({ length }) => length === 0, 'no error');
  },

  'definitions lead into the standard library, which is an ordinary file': async () => {
    const editor = await openFile('library.imgql');
    const at = editor.document.positionAt(editor.document.getText().indexOf('touch(') + 1);
    const found = await eventually(
      () => vscode.commands.executeCommand('vscode.executeDefinitionProvider', editor.document.uri, at),
      ({ length }) => length === 1,
      'one definition',
    );
    const uri = found[0].targetUri ?? found[0].uri;
    assert.match(uri.path, /stdlib\/vox1\.imgql$/);
    const { start } = found[0].targetSelectionRange ?? found[0].range;
    assert.match((await vscode.workspace.openTextDocument(uri)).lineAt(start.line).text, /^let touch\(/);
  },

  'names are coloured by what they are and how they stand': async () => {
    const { document } = await openFile('first.imgql');
    const ask = (what) => vscode.commands.executeCommand(`vscode.provideDocumentSemanticTokens${what}`, document.uri);
    const legend = await ask('Legend');
    const { data } = await eventually(() => ask(''), (found) => found?.data.length > 0, 'semantic tokens');
    const described = tokens(document, data, legend);
    assert.equal(described['bright'], 'variable declaration todo');
    assert.match(described['maxvol'], /^function defaultLibrary/);
  },

  'a program that is not on a disk is coloured, and nothing is asked about it': async () => {
    const text = new TextEncoder().encode('let x = nobody\n');
    const none = () => ({ dispose() {} });
    const never = () => {
      throw vscode.FileSystemError.NoPermissions();
    };
    const provider = {
      onDidChangeFile: none, watch: none, readFile: () => text, readDirectory: () => [],
      stat: () => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: text.length }),
      createDirectory: never, writeFile: never, delete: never, rename: never,
    };
    const registration = vscode.workspace.registerFileSystemProvider('far', provider, { isReadonly: true });
    try {
      const uri = vscode.Uri.parse('far:/away.imgql');
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      assert.equal(document.languageId, 'imgql');
      await vscode.commands.executeCommand('imgql.run');
      assert.deepEqual(diagnostics(uri), []);
    } finally {
      registration.dispose();
    }
  },
};

/** The type and modifiers of the first token with each text. */
function tokens(document, data, { tokenTypes, tokenModifiers }) {
  const found = {};
  let [line, start] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    const [lines, characters, length, type, modifiers] = data.slice(at, at + 5);
    [line, start] = [line + lines, lines > 0 ? characters : start + characters];
    const text = document.lineAt(line).text.slice(start, start + length);
    found[text] ??= [tokenTypes[type], ...tokenModifiers.filter((_, bit) => modifiers & (1 << bit))].join(' ');
  }
  return found;
}
