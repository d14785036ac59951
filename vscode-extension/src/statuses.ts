/**
 * Asks the server how the declarations of the visible programs stand, and what a run would cost.
 * It holds no status of its own: what it gives out is the server's last answer about a text that
 * has not changed since.
 */
import { type Disposable, EventEmitter, type TextDocument, window, workspace } from 'vscode';
import { ExecuteCommandRequest, type LanguageClient } from 'vscode-languageclient/node';
import { isRead } from './activeProgram';
import type { Cost, Declaration } from './protocol';

const GAP_MS = 250;

/** What is known of one program. */
export interface Standing {
  readonly document: string;
  readonly rows: readonly Declaration[];
  readonly cost: Cost | undefined;
}

interface Asking {
  isBusy: boolean;
  isWanted: boolean;
  wantsCost: boolean;
}

export class Statuses implements Disposable {
  readonly #client: () => LanguageClient | undefined;
  readonly #changes = new EventEmitter<Standing>();
  readonly #standings = new Map<string, Standing>();
  readonly #asking = new Map<string, Asking>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #disposables: Disposable[];

  /** Another answer about a program. */
  readonly onDidChange = this.#changes.event;

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
    this.#disposables = [
      this.#changes,
      window.onDidChangeVisibleTextEditors(() => this.noteAll()),
      workspace.onDidCloseTextDocument((closed) => {
        this.#standings.delete(closed.uri.toString());
        this.#asking.delete(closed.uri.toString());
      }),
    ];
  }

  /** The last answer about a program. */
  of(document: string): Standing | undefined {
    return this.#standings.get(document);
  }

  /** Something may have changed for every visible program. */
  noteAll(): void {
    for (const document of visiblePrograms()) {
      this.note(document.uri.toString(), true);
    }
  }

  /** Something may have changed for a program: asks soon, and one question at a time. */
  note(document: string, wantsCost: boolean): void {
    const asking = this.#asking.get(document) ?? { isBusy: false, isWanted: false, wantsCost: false };
    this.#asking.set(document, asking);
    asking.isWanted = true;
    asking.wantsCost ||= wantsCost;
    if (!asking.isBusy) {
      void this.#ask(document, asking);
    }
  }

  dispose(): void {
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.#disposables.forEach((disposable) => disposable.dispose());
  }

  async #ask(document: string, asking: Asking): Promise<void> {
    const { wantsCost } = asking;
    Object.assign(asking, { isBusy: true, isWanted: false, wantsCost: false });
    try {
      await this.#answered(document, wantsCost);
    } catch {
      // The text has changed meanwhile, or the server is gone: the next change asks again.
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      asking.isBusy = false;
      if (asking.isWanted) {
        void this.#ask(document, asking);
      }
    }, GAP_MS);
    this.#timers.add(timer);
  }

  async #answered(document: string, wantsCost: boolean): Promise<void> {
    const client = this.#client();
    const shown = visiblePrograms().find(({ uri }) => uri.toString() === document);
    if (client === undefined || shown === undefined) {
      return;
    }
    const { version } = shown;
    const ask = <T>(command: string): Promise<T> =>
      client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [document] }) as Promise<T>;
    const rows = await ask<Declaration[]>('imgql.server.status');
    const last = this.#standings.get(document)?.cost;
    const cost = wantsCost || last === undefined ? await ask<Cost>('imgql.server.cost') : last;
    if (shown.version === version) {
      const standing = { document, rows, cost };
      this.#standings.set(document, standing);
      this.#changes.fire(standing);
    }
  }
}

function visiblePrograms(): TextDocument[] {
  const documents = window.visibleTextEditors.map((editor) => editor.document);
  return [...new Set(documents)].filter(isRead);
}
