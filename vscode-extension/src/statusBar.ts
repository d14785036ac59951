/** The item in the status bar: server, runner, progress, outcome, what a run would cost. */
import { type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window, commands, workspace } from 'vscode';
import type { LanguageServer } from './client';
import { activeProgram } from './activeProgram';
import { outlook } from './outlook';
import { isComplete, summary } from './results';
import type { RunChange, Runs, RunState } from './run';
import type { Statuses } from './statuses';

const runningKey = 'imgql.running';
const serverKey = 'imgql.server';

interface Saying {
  readonly icon: string;
  readonly text: string;
}

export class StatusBar implements Disposable {
  readonly #item = window.createStatusBarItem('voxlogica.run', StatusBarAlignment.Left);
  readonly #server: LanguageServer;
  readonly #statuses: Statuses;
  readonly #states = new Map<string, RunState>();
  readonly #disposables: Disposable[];

  constructor(server: LanguageServer, runs: Runs, statuses: Statuses) {
    this.#server = server;
    this.#statuses = statuses;
    this.#item.name = 'VoxLogicA';
    this.#item.command = 'imgql.menu';
    this.#disposables = [
      this.#item,
      runs.onDidChange((change) => this.#take(change)),
      statuses.onDidChange(() => this.#refresh()),
      server.onDidChange(() => this.#refresh()),
      window.onDidChangeActiveTextEditor(() => this.#refresh()),
    ];
    this.#refresh();
  }

  dispose(): void {
    this.#disposables.forEach((disposable) => disposable.dispose());
  }

  #take({ document, state }: RunChange): void {
    this.#states.set(document, state);
    this.#refresh();
  }

  /** It speaks of the program in front. */
  #refresh(): void {
    const document = activeProgram();
    const state = document === undefined ? undefined : this.#states.get(document);
    void commands.executeCommand('setContext', runningKey, state?.kind === 'running');
    void commands.executeCommand('setContext', serverKey, this.#serverWord());
    if (document === undefined) {
      this.#item.hide();
      return;
    }
    const { icon, text } = this.#saying(document, state);
    this.#item.text = `${icon} VoxLogicA: ${text}`;
    this.#item.tooltip = this.#tooltip(document);
    this.#item.backgroundColor =
      icon === '$(error)' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    this.#item.accessibilityInformation = { label: `VoxLogicA: ${text}`, role: 'button' };
    this.#item.show();
  }

  #serverWord(): 'none' | 'editing' | 'running' {
    const { interpreter } = this.#server;
    return interpreter === undefined ? 'none' : interpreter.canRun ? 'running' : 'editing';
  }

  #saying(document: string, state: RunState | undefined): Saying {
    if (this.#server.interpreter === undefined) {
      return { icon: '$(warning)', text: 'no Python' };
    }
    const cost = this.#statuses.of(document)?.cost;
    // The outcome of a run is told until something is to be computed again.
    if (state !== undefined && (state.kind === 'running' || !cost?.compute || !isDone(state))) {
      return runSaying(state);
    }
    return cost === undefined
      ? { icon: '$(circle-outline)', text: 'ready' }
      : { icon: cost.compute > 0 ? '$(circle-large-outline)' : '$(check)', text: outlook(cost) };
  }

  #tooltip(document: string): MarkdownString {
    const { interpreter } = this.#server;
    const cost = this.#statuses.of(document)?.cost;
    const lines = [
      interpreter === undefined
        ? 'No Python 3.11 or later was found'
        : `Language server: Python ${interpreter.version}, ${interpreter.source}`,
      `Runner: ${!workspace.isTrusted ? 'not for a folder that is not trusted' : interpreter?.canRun ? 'ready' : 'not set up'}`,
      cost === undefined ? '' : `Next run: ${cost.text}`,
    ];
    return new MarkdownString(lines.filter(Boolean).join('\n\n'));
  }
}

function isDone(state: RunState): boolean {
  return state.kind === 'ended' && isComplete(state.result);
}

function runSaying(state: RunState): Saying {
  switch (state.kind) {
    case 'running':
      return { icon: '$(sync~spin)', text: state.message };
    case 'ended':
      return {
        icon: isComplete(state.result) ? '$(check)' : '$(error)',
        text: summary(state.result),
      };
    case 'cancelled':
      return { icon: '$(circle-slash)', text: 'run cancelled' };
    case 'broken':
      return { icon: '$(error)', text: 'the run broke off' };
  }
}
