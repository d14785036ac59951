/** Commands of the viewer, and what it listens to. What they do, others know. */
import { type CodeLens, commands, type Disposable, type ExtensionContext, Uri, window, workspace } from 'vscode';
import type { Runs } from '../run';
import type { Statuses } from '../statuses';
import { trim } from './files';
import { ImageEditor, imageEditorType } from './imageEditor';
import type { Place, Remembered } from './messages';
import { viewType } from './panel';
import { type Client, Values } from './server';
import { Texts } from './texts';
import { Viewer } from './viewer';

export function registerViewer(context: ExtensionContext, client: Client, runs: Runs, statuses: Statuses): Disposable[] {
  const folder = Uri.joinPath(context.globalStorageUri, 'views').fsPath;
  void trim(folder);
  const values = new Values(client);
  const texts = new Texts(context.workspaceState);
  const viewer = new Viewer(context, values, folder, texts);
  const at = (act: (document: string, place: Place) => Promise<void>) =>
    async (...words: readonly unknown[]): Promise<void> => {
      const about = placeOf(words);
      if (about !== undefined) {
        await act(about.document, about.place);
      }
    };
  const deeds = Object.entries<(...words: readonly unknown[]) => unknown>({
    'imgql.view': at((document, place) => viewer.show(document, place)),
    'imgql.addLayer': at((document, place) => viewer.addLayer(document, place)),
    'imgql.compare': () => viewer.compare(),
    'imgql.stepUp': () => viewer.numbers.step(1),
    'imgql.stepDown': () => viewer.numbers.step(-1),
    'imgql.stepUpFine': () => viewer.numbers.step(1, 1),
    'imgql.stepDownFine': () => viewer.numbers.step(-1, 1),
    'imgql.sweep': () => viewer.sweep(),
    'imgql.openOutside': () => viewer.openOutside(),
  });
  return [
    viewer,
    texts,
    ...deeds.map(([name, act]) => commands.registerCommand(name, act)),
    viewer.layers.onDidCompute((document) => statuses.note(document, true)),
    runs.onDidChange(({ document, state }) => {
      if (state.kind !== 'running') {
        const program = workspace.textDocuments.find(({ uri }) => uri.toString() === document);
        if (program !== undefined) {
          texts.settle(document, program.getText());
        }
        viewer.layers.refresh(document, false);
      }
    }),
    window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (panel, state: Remembered | undefined) => viewer.restore(panel, state),
    }),
    window.registerCustomEditorProvider(imageEditorType, new ImageEditor(context, values, folder), {
      supportsMultipleEditorsPerDocument: true,
      webviewOptions: { retainContextWhenHidden: true },
    }),
  ];
}

/** A lens that shows the page about a value opens the viewer instead. */
export function inViewer(lens: CodeLens | null | undefined): CodeLens | null | undefined {
  const command = lens?.command;
  if (command?.command === 'imgql.server.open' && command.arguments?.[2] === 'node') {
    lens!.command = { ...command, command: 'imgql.view', arguments: command.arguments.slice(0, 2) };
  }
  return lens;
}

/** What a command is about: its own words, a row of the list of nodes, or the cursor. */
function placeOf([first, second]: readonly unknown[]): { document: string; place: Place } | undefined {
  if (typeof first === 'string' && isPlace(second)) {
    return { document: first, place: second };
  }
  if (typeof first === 'object' && first !== null && 'declaration' in first && 'document' in first) {
    const row = first as { document: string; declaration: { range: { start: Place } } };
    return { document: row.document, place: row.declaration.range.start };
  }
  const editor = window.activeTextEditor;
  if (editor?.document.languageId !== 'imgql') {
    return undefined;
  }
  const { line, character } = editor.selection.active;
  return { document: editor.document.uri.toString(), place: { line, character } };
}

function isPlace(word: unknown): word is Place {
  return typeof word === 'object' && word !== null && 'line' in word && 'character' in word;
}
