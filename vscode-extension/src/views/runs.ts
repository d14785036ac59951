/** The view Runs: those that go on, detached ones, and what the store remembers of others. */
import { basename } from 'node:path';
import {
  type Disposable,
  EventEmitter,
  type TreeDataProvider,
  TreeItem,
  Uri,
  window,
} from 'vscode';
import { moment, type Shape } from '../outlook';
import { type DetachedRun, isRunResult, type PastRun, type RunList } from '../protocol';
import { isComplete, summary } from '../results';
import { fileName, type RunChange, type Runs } from '../run';
import { sign } from './signs';

/** A line of the view. */
export type RunRow =
  | { readonly kind: 'here'; readonly document: string; message: string }
  | { readonly kind: 'detached'; readonly run: DetachedRun }
  | { readonly kind: 'past'; readonly run: PastRun };

export type Asker = <T>(command: string, ...words: readonly unknown[]) => Promise<T | undefined>;

export class RunsView implements TreeDataProvider<RunRow>, Disposable {
  readonly #ask: Asker;
  readonly #here = new Map<string, RunRow & { readonly kind: 'here' }>();
  /** Documents whose detached run has said something. */
  readonly #told = new Set<string>();
  readonly #changes = new EventEmitter<RunRow | undefined>();
  readonly #disposables: Disposable[];

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(runs: Runs, ask: Asker) {
    this.#ask = ask;
    this.#disposables = [
      this.#changes,
      runs.onDidChange((change) => this.#take(change)),
      window.registerTreeDataProvider('imgql.runs', this),
    ];
  }

  refresh(): void {
    this.#changes.fire(undefined);
  }

  async getChildren(): Promise<RunRow[]> {
    const list = await this.#ask<RunList>('imgql.server.runs');
    const detached = (list?.detached ?? []).map((run): RunRow => ({ kind: 'detached', run }));
    const history = (list?.history ?? [])
      .filter(({ ended }) => ended !== null)
      .map((run): RunRow => ({ kind: 'past', run }));
    return [...this.#here.values(), ...detached, ...history];
  }

  getTreeItem(row: RunRow): TreeItem {
    switch (row.kind) {
      case 'here':
        return hereItem(row.document, row.message);
      case 'detached':
        return detachedItem(row.run);
      case 'past':
        return pastItem(row.run);
    }
  }

  dispose(): void {
    this.#disposables.forEach((disposable) => disposable.dispose());
  }

  /** While a run goes on, its row alone is drawn again. */
  #take({ document, state, isDetached }: RunChange): void {
    const row = this.#here.get(document);
    if (isDetached) {
      // It is in the list of the store as soon as it says how far it is.
      const isNew = state.kind === 'running' && state.message !== 'starting' && !this.#told.has(document);
      if (isNew || state.kind !== 'running') {
        this.#told[isNew ? 'add' : 'delete'](document);
        this.refresh();
      }
    } else if (state.kind !== 'running') {
      this.#here.delete(document);
      this.refresh();
    } else if (row === undefined) {
      this.#here.set(document, { kind: 'here', document, message: state.message });
      this.refresh();
    } else {
      row.message = state.message;
      this.#changes.fire(row);
    }
  }
}

function hereItem(document: string, message: string): TreeItem {
  const item = new TreeItem(fileName(document));
  item.id = `here:${document}`;
  item.iconPath = sign('running');
  item.description = message;
  item.contextValue = 'run.here';
  item.command = { command: 'vscode.open', title: 'Open Program', arguments: [Uri.parse(document)] };
  item.accessibilityInformation = { label: `${fileName(document)} is running: ${message}` };
  return item;
}

function detachedItem(run: DetachedRun): TreeItem {
  const item = programItem(run.program);
  const ending = run.state === 'lost' ? 'was killed; what was done is kept' : ended(run.result);
  const said = run.state === 'running' ? `detached, since ${moment(run.begun)}` : `detached, ${ending}`;
  item.iconPath = sign(detachedShape(run));
  item.description = run.state === 'running' ? said : `${said} · ${moment(run.begun)}`;
  item.id = `detached:${run.id}`;
  item.contextValue = run.state === 'running' ? 'run.detached' : 'run.ended';
  item.tooltip = `Detached run ${run.id}, begun ${moment(run.begun)}: ${run.state}`;
  item.accessibilityInformation = { label: `${String(item.label)}, ${item.description}` };
  return item;
}

function detachedShape({ state, result }: DetachedRun): Shape {
  if (state === 'running') {
    return 'running';
  }
  if (state === 'lost' || !isRunResult(result) || result.outcome === 'cancelled') {
    return 'blocked';
  }
  return isComplete(result) ? 'known' : 'failed';
}

function ended(result: unknown): string {
  return isRunResult(result) ? summary(result) : 'ended';
}

function pastItem(run: PastRun): TreeItem {
  const item = programItem(run.program);
  const outcome = run.failures > 0 ? `${run.failures} failed` : run.outcome;
  item.iconPath = sign(run.failures > 0 ? 'failed' : run.outcome === 'ended' ? 'known' : 'blocked');
  const seconds = (Date.parse(run.ended ?? run.begun) - Date.parse(run.begun)) / 1000;
  item.description = `${outcome}, ${seconds.toFixed(0)} s · ${moment(run.begun)}`;
  item.id = `past:${run.number}`;
  item.contextValue = 'run.past';
  item.accessibilityInformation = { label: `${String(item.label)}, ${item.description}` };
  return item;
}

function programItem(program: string | null): TreeItem {
  const item = new TreeItem(program === null ? 'a program without a file' : basename(program));
  if (program !== null) {
    const arguments_ = [Uri.file(program)];
    item.tooltip = program;
    item.command = { command: 'vscode.open', title: 'Open Program', arguments: arguments_ };
  }
  return item;
}
