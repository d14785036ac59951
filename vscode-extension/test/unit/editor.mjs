/** Stands for the editor where none is: remembers what it is told, and loads sources that talk to it. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const place = (name) => fileURLToPath(new URL(name, import.meta.url));

function event() {
  const listeners = [];
  return {
    listen: (listener) => (listeners.push(listener), { dispose() {} }),
    fire: (...words) => listeners.forEach((listener) => listener(...words)),
  };
}

/** What the editor has been told since it was reset. */
export const editor = {
  event,
  items: [],
  context: {},
  types: [],
  /** What commands of others do, by name. */
  answers: {},
  /** Documents that were shown, and messages. */
  texts: [],
  messages: [],
  reset() {
    Object.assign(editor, { items: [], context: {}, types: [], answers: {}, texts: [], messages: [] });
    vscode.window.activeTextEditor = undefined;
    vscode.window.visibleTextEditors = [];
  },
  /** Puts a document in front; gives what is drawn in it, by decoration. */
  show(uri, languageId = 'imgql') {
    const drawn = new Map();
    const scheme = uri.split(':')[0];
    const shown = {
      document: { languageId, uri: { scheme, toString: () => uri } },
      setDecorations: (type, options) => drawn.set(type, options),
    };
    vscode.window.activeTextEditor = shown;
    vscode.window.visibleTextEditors = [shown];
    return drawn;
  },
  visible: () => vscode.window.visibleTextEditors,
  alsoVisible(...others) {
    vscode.window.visibleTextEditors = [...vscode.window.visibleTextEditors, ...others];
  },
};

const nothing = { dispose() {} };

const vscode = {
  window: {
    createStatusBarItem: () => {
      const item = { show: () => (item.isShown = true), hide: () => (item.isShown = false), dispose() {} };
      editor.items.push(item);
      return item;
    },
    createTextEditorDecorationType: (options) => {
      const type = { ...options, dispose() {} };
      editor.types.push(type);
      return type;
    },
    registerTreeDataProvider: () => nothing,
    withProgress: (_options, act) => act(),
    showTextDocument: async (document) => void editor.texts.push(document),
    showWarningMessage: async (message) => void editor.messages.push(message),
    showErrorMessage: async (message) => void editor.messages.push(message),
    onDidChangeActiveTextEditor: () => nothing,
    onDidChangeVisibleTextEditors: () => nothing,
  },
  commands: {
    executeCommand: (command, name, value) => {
      if (command === 'setContext') editor.context[name] = value;
      return editor.answers[command]?.(name, value);
    },
  },
  workspace: {
    isTrusted: true,
    openTextDocument: async (uri) => uri,
    onDidChangeConfiguration: () => nothing,
    getConfiguration: () => ({ get: (_name, usual) => usual }),
  },
  EventEmitter: class {
    #event = event();
    event = this.#event.listen;
    fire = this.#event.fire;
    dispose() {}
  },
  TreeItem: class { constructor(label) { this.label = label; } },
  ProgressLocation: { Window: 10 },
  StatusBarAlignment: { Left: 1 },
  OverviewRulerLane: { Left: 1 },
  ThemeColor: class { constructor(id) { this.id = id; } },
  ThemeIcon: class { constructor(id, color) { Object.assign(this, { id, color }); } },
  MarkdownString: class { constructor(value) { this.value = value; } },
  Position: class { constructor(line, character) { Object.assign(this, { line, character }); } },
  Range: class { constructor(start, end) { Object.assign(this, { start, end }); } },
  Uri: {
    parse: (text) => ({ toString: () => text, path: new URL(text).pathname }),
    file: (path) => ({ path }),
  },
};

/** The client library is not spoken to: nothing of it is there. */
const foreign = { vscode, 'vscode-languageclient/node': {} };

/** Loads a source of the extension into this editor. */
export async function loadedWith(name) {
  const { outputFiles } = await build({
    entryPoints: [place(`../../src/${name}`)],
    bundle: true, format: 'cjs', platform: 'node', external: Object.keys(foreign), write: false, logLevel: 'error',
  });
  const require = createRequire(import.meta.url);
  const module = { exports: {} };
  const ours = (wanted) => foreign[wanted] ?? require(wanted);
  new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, ours);
  return module.exports;
}
