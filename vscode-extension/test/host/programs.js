/** Programs in editors, and waiting for what is said of them. It asserts nothing. */
const vscode = require('vscode');

const LIMIT_MS = 60_000;
const folder = () => vscode.workspace.workspaceFolders[0].uri;

/** What a question answers, once that is as wanted; what changes is asked for again. */
exports.eventually = async function eventually(question, wanted, what) {
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await question();
    if (wanted(found)) return found;
    if (Date.now() > limit) throw new Error(`wanted: ${what}; last seen: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** A file of the folder in an editor. */
exports.openFile = async (name) => {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), name));
  return vscode.window.showTextDocument(document);
};

/** A program without a file in an editor, with the cursor at its end or where the mark `‸` stands. */
exports.openText = async (marked) => {
  const at = marked.indexOf('‸');
  const content = marked.replace('‸', '');
  const document = await vscode.workspace.openTextDocument({ language: 'imgql', content });
  const editor = await vscode.window.showTextDocument(document);
  const cursor = document.positionAt(at < 0 ? content.length : at);
  editor.selection = new vscode.Selection(cursor, cursor);
  return editor;
};

/** What has been typed, by the keys of a user. */
exports.typed = async (editor, text) => {
  await vscode.commands.executeCommand('default:type', { text });
  return editor.document.getText();
};

exports.diagnostics = (uri) => vscode.languages.getDiagnostics(uri);

/** Replaces a text of the document. */
exports.replace = (editor, text, replacement) => editor.edit((edit) => {
  const at = editor.document.getText().indexOf(text);
  const [start, end] = [at, at + text.length].map((offset) => editor.document.positionAt(offset));
  edit.replace(new vscode.Range(start, end), replacement);
});
