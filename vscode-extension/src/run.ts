/**
 * Runs programs: asks the server, shows progress with a Cancel button, tells the outcome. It
 * computes nothing and saves no document: what is on the screen is what runs.
 */
import { randomUUID } from 'node:crypto';
import {
  type CancellationToken,
  type Disposable,
  EventEmitter,
  type Progress,
  ProgressLocation,
  Uri,
  window,
} from 'vscode';
import {
  ExecuteCommandRequest,
  type LanguageClient,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from 'vscode-languageclient/node';
import { tellDown } from './down';
import { cancelCommand, isRunResult, type RunResult } from './protocol';

type WorkDone = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;
type Step = { message?: string; increment?: number };

/** What is to be told about the runs of one document. */
export type RunState =
  | { readonly kind: 'running'; readonly message: string }
  | { readonly kind: 'ended'; readonly result: RunResult }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'broken'; readonly message: string };

export interface RunChange {
  readonly document: string;
  readonly state: RunState;
  /** It goes on without this window. */
  readonly isDetached: boolean;
}

export class Runs implements Disposable {
  readonly #client: () => LanguageClient | undefined;
  readonly #changes = new EventEmitter<RunChange>();
  /** The newest run of each document; an older one that it replaced has no say any more. */
  readonly #newest = new Map<string, string>();

  readonly onDidChange = this.#changes.event;

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
  }

  /** Runs one of the server's run commands to its end; its first word is the document. */
  async run(command: string, words: readonly unknown[]): Promise<void> {
    const client = this.#client();
    const document = words[0];
    if (typeof document !== 'string') {
      return;
    }
    if (client === undefined) {
      void tellDown();
      return;
    }
    const options = {
      location: ProgressLocation.Notification,
      cancellable: true,
      title: `Running ${fileName(document)}`,
    };
    await window.withProgress(options, (progress, token) =>
      this.#follow(client, { command, document, words }, progress, token),
    );
  }

  async cancel(document: string): Promise<void> {
    await this.#client()?.sendRequest(ExecuteCommandRequest.type, {
      command: cancelCommand,
      arguments: [document],
    });
  }

  dispose(): void {
    this.#changes.dispose();
  }

  async #follow(
    client: LanguageClient,
    wanted: { command: string; document: string; words: readonly unknown[] },
    progress: Progress<Step>,
    token: CancellationToken,
  ): Promise<void> {
    const { document } = wanted;
    const workDoneToken = randomUUID();
    this.#newest.set(document, workDoneToken);
    const isDetached = wanted.words.length > 1 && JSON.stringify(wanted.words[1]) === '{"detached":true}';
    const tell = (state: RunState): void => {
      if (this.#newest.get(document) === workDoneToken) {
        this.#changes.fire({ document, state, isDetached });
      }
    };
    const listeners = [
      client.onProgress(WorkDoneProgress.type, workDoneToken, stepper(progress, tell)),
      token.onCancellationRequested(() => void this.cancel(document).catch(() => undefined)),
    ];
    tell({ kind: 'running', message: 'starting' });
    try {
      const question = { command: wanted.command, arguments: [...wanted.words], workDoneToken };
      const answer: unknown = await client.sendRequest(ExecuteCommandRequest.type, question, token);
      tell(outcome(answer));
    } catch (error) {
      tell(token.isCancellationRequested ? { kind: 'cancelled' } : broken(error));
    } finally {
      listeners.forEach((listener) => listener.dispose());
    }
  }
}

/** The server tells the share that is done; the notification wants what was added. */
function stepper(progress: Progress<Step>, tell: (state: RunState) => void) {
  let shown = 0;
  return (step: WorkDone): void => {
    const share = step.kind === 'end' ? undefined : step.percentage;
    const increment = share === undefined ? 0 : Math.max(0, share - shown);
    shown += increment;
    if (step.message !== undefined) {
      progress.report({ message: step.message, increment });
      tell({ kind: 'running', message: step.message });
    } else if (increment > 0) {
      progress.report({ increment });
    }
  };
}

function outcome(answer: unknown): RunState {
  return isRunResult(answer)
    ? { kind: 'ended', result: answer }
    : { kind: 'broken', message: 'the answer of the language server was not understood' };
}

function broken(error: unknown): RunState {
  return { kind: 'broken', message: error instanceof Error ? error.message : String(error) };
}

export function fileName(document: string): string {
  return Uri.parse(document).path.split('/').at(-1) ?? document;
}
