/** Shows what runs tell: an output channel, a status bar item, a context key. It starts nothing. */
import {
  commands,
  type Disposable,
  type OutputChannel,
  StatusBarAlignment,
  ThemeColor,
  window,
} from 'vscode';
import { report, summary, isComplete } from './results';
import { fileName, type RunChange, type Runs, type RunState } from './run';

const runningKey = 'imgql.running';

export class RunDisplay implements Disposable {
  readonly #results: OutputChannel;
  readonly #status = window.createStatusBarItem('voxlogica.run', StatusBarAlignment.Left);
  readonly #states = new Map<string, RunState>();
  readonly #disposables: Disposable[];

  constructor(runs: Runs, results: OutputChannel) {
    this.#results = results;
    this.#status.name = 'VoxLogicA Run';
    this.#status.command = 'imgql.showResults';
    this.#disposables = [
      this.#status,
      runs.onDidChange((change) => this.#take(change)),
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
    const lines = resultLines(state);
    if (lines.length > 0) {
      this.#results.appendLine(`── ${fileName(document)} · ${new Date().toLocaleTimeString()}`);
      lines.forEach((line) => this.#results.appendLine(`   ${line}`));
      this.#results.show(true);
    }
  }

  /** The status bar speaks of the program in front. */
  #refresh(): void {
    const document = activeProgram();
    const state = document === undefined ? undefined : this.#states.get(document);
    const isRunning = state?.kind === 'running';
    void commands.executeCommand('setContext', runningKey, isRunning);
    if (state === undefined) {
      this.#status.hide();
      return;
    }
    const { icon, text } = statusText(state);
    this.#status.text = `${icon} VoxLogicA: ${text}`;
    this.#status.tooltip = 'Show the results of the last run';
    this.#status.backgroundColor =
      icon === '$(error)' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    this.#status.show();
  }
}

/** The document in front, if it is a program. */
export function activeProgram(): string | undefined {
  const document = window.activeTextEditor?.document;
  return document?.languageId === 'imgql' ? document.uri.toString() : undefined;
}

function statusText(state: RunState): { icon: string; text: string } {
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

function resultLines(state: RunState): string[] {
  switch (state.kind) {
    case 'running':
      return [];
    case 'ended':
      return report(state.result);
    case 'cancelled':
      return ['run cancelled'];
    case 'broken':
      return [`✗ ${state.message}`];
  }
}
