/** Writes the outcomes of runs to an output channel. It starts nothing. */
import { type Disposable, type OutputChannel, Uri } from 'vscode';
import { report } from './results';
import { fileName, type RunChange, type Runs, type RunState } from './run';
import { isOn } from './settings';

export class RunDisplay implements Disposable {
  readonly #results: OutputChannel;
  readonly #listener: Disposable;

  constructor(runs: Runs, results: OutputChannel) {
    this.#results = results;
    this.#listener = runs.onDidChange((change) => this.#take(change));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  #take({ document, state }: RunChange): void {
    const lines = resultLines(state);
    if (lines.length === 0) {
      return;
    }
    this.#results.appendLine(`── ${fileName(document)} · ${new Date().toLocaleTimeString()}`);
    lines.forEach((line) => this.#results.appendLine(`   ${line}`));
    if (isOn('showResultsAfterRun', Uri.parse(document))) {
      this.#results.show(true);
    }
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
