/** Commands of the views Runs and Store. Who asks and who shows, others know. */
import { commands, type Disposable, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { OwnPages } from './ownPages';
import { size } from './outlook';
import type { StoredResult } from './protocol';
import type { SetUp } from './setup';
import type { Asker, RunRow, RunsView } from './views/runs';
import type { StoreRow, StoreView } from './views/store';

export interface Lists {
  readonly ask: Asker;
  readonly pages: OwnPages;
  readonly runs: RunsView;
  readonly setUp: SetUp;
  readonly store: StoreView;
}

export function registerListCommands(lists: Lists): Disposable[] {
  const { runs, store, pages } = lists;
  return Object.entries<(row: RunRow & StoreRow) => unknown>({
    'imgql.refreshRuns': () => runs.refresh(),
    'imgql.attachRun': (row: RunRow) => attach(lists, row),
    'imgql.cancelRun': (row: RunRow) => cancel(lists, row),
    'imgql.refreshStore': () => store.refresh(),
    'imgql.openStored': (row: StoreRow) => row.kind === 'result' && pages.open(storedPage(row.result)),
    'imgql.exportStored': (row: StoreRow) => exportResult(lists, row),
    'imgql.trimStore': () => trim(lists),
    'imgql.clearStore': () => clear(lists),
  }).map(([name, act]) => commands.registerCommand(name, act));
}

/** The last part of the path is the title of the page. */
function storedPage({ node, names, primitive }: StoredResult): string {
  return `stored/${node}/${names[0] ?? primitive}.md`;
}

/** Its program is opened: the server follows the detached runs of open programs. */
async function attach({ ask }: Lists, row: RunRow): Promise<void> {
  if (row.kind === 'detached' && row.run.program !== null) {
    const uri = Uri.file(row.run.program);
    await window.showTextDocument(await workspace.openTextDocument(uri));
    await ask('imgql.server.attach', uri.toString());
  }
}

async function cancel({ ask, runs }: Lists, row: RunRow): Promise<void> {
  if (row.kind === 'here') {
    await ask('imgql.server.cancel', row.document);
  } else if (row.kind === 'detached') {
    await ask('imgql.server.cancelRun', row.run.id);
  }
  runs.refresh();
}

async function exportResult({ ask, setUp }: Lists, row: StoreRow): Promise<void> {
  if (row.kind !== 'result' || !(await setUp.ready())) {
    return;
  }
  const { names, primitive, node } = row.result;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const name = `${names[0] ?? primitive.split('.').at(-1) ?? 'result'}.nii.gz`;
  const target = await window.showSaveDialog({
    title: 'Export Result',
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }),
  });
  if (target !== undefined && (await ask('imgql.server.export', node, target.fsPath)) !== undefined) {
    window.setStatusBarMessage(`Written to ${target.fsPath}`, 5000);
  }
}

async function trim({ ask, store, setUp }: Lists): Promise<void> {
  if (!(await setUp.ready())) {
    return;
  }
  const megabytes = await window.showInputBox({
    title: 'Trim Store',
    prompt: 'How many megabytes of results may stay? The least recently used go first; what is known about them stays.',
    value: '1000',
    validateInput: (text) => (/^\d+$/.test(text) ? undefined : 'A whole number of megabytes is wanted.'),
  });
  if (megabytes === undefined) {
    return;
  }
  const freed = await ask<{ values: { count: number; bytes: number } }>(
    'imgql.server.trim',
    Number(megabytes) * 1_000_000,
  );
  if (freed !== undefined) {
    window.setStatusBarMessage(`${freed.values.count} results removed, ${size(freed.values.bytes)}`, 5000);
  }
  store.refresh();
}

async function clear({ ask, store, setUp }: Lists): Promise<void> {
  if (!(await setUp.ready())) {
    return;
  }
  const forget = 'Forget Everything';
  const answer = await window.showWarningMessage(
    'Forget everything that was ever computed? Programs will compute it again.',
    { modal: true },
    forget,
  );
  if (answer === forget) {
    const options = { location: ProgressLocation.Window, title: 'Clearing the store' };
    await window.withProgress(options, () => ask('imgql.server.clearCache'));
    store.refresh();
  }
}
