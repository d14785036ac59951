/**
 * Starts, restarts and ends the language server. It knows nothing of the language: what the
 * server can do, the protocol says.
 */
import { type Disposable, type LogOutputChannel, type Uri, workspace } from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  type ServerOptions,
} from 'vscode-languageclient/node';
import { findInterpreter, type Interpreter, moduleArguments } from './interpreter';
import { onPythonEnvironmentChange } from './pythonExtension';
import { chosenStore } from './settings';
import { VirtualDocuments } from './virtualDocuments';

const STOP_LIMIT_MS = 4000;

export class LanguageServer implements Disposable {
  #client: LanguageClient | undefined;
  #environmentListener: Disposable | undefined;
  /** Starts and stops never overlap: each waits for the one before. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #log: LogOutputChannel;
  readonly #middleware: Middleware;
  readonly #onMissing: () => void;

  constructor(log: LogOutputChannel, middleware: Middleware, onMissing: () => void) {
    this.#log = log;
    this.#middleware = middleware;
    this.#onMissing = onMissing;
  }

  /** The client of a running server, or undefined. */
  get client(): LanguageClient | undefined {
    return this.#client?.isRunning() ? this.#client : undefined;
  }

  /** Ends the server, if there is one, looks for an interpreter and starts anew. */
  restart(): Promise<void> {
    return this.#queued(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  stop(): Promise<void> {
    return this.#queued(() => this.#stop());
  }

  dispose(): void {
    void this.stop();
  }

  #queued(work: () => Promise<void>): Promise<void> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #start(): Promise<void> {
    const folder = workspace.workspaceFolders?.[0]?.uri;
    const interpreter = await findInterpreter(folder, this.#log);
    this.#environmentListener ??= onPythonEnvironmentChange(() => void this.restart());
    if (interpreter === undefined) {
      this.#onMissing();
      return;
    }
    const client = new LanguageClient(
      'voxlogica',
      'VoxLogicA',
      serverOptions(interpreter, folder),
      this.#clientOptions(folder),
    );
    client.registerFeature(new VirtualDocuments(client));
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      this.#log.error(`The language server did not start: ${String(error)}`);
      this.#onMissing();
    }
  }

  async #stop(): Promise<void> {
    this.#environmentListener?.dispose();
    this.#environmentListener = undefined;
    const client = this.#client;
    this.#client = undefined;
    try {
      await client?.dispose(STOP_LIMIT_MS);
    } catch (error) {
      // A server that is dead already cannot be asked to end.
      this.#log.warn(`Ending the language server: ${String(error)}`);
    }
  }

  #clientOptions(folder: Uri | undefined): LanguageClientOptions {
    const store = chosenStore(folder);
    return {
      documentSelector: [
        { language: 'imgql', scheme: 'file' },
        { language: 'imgql', scheme: 'untitled' },
      ],
      initializationOptions: { hoverImages: true, ...(store === undefined ? {} : { store }) },
      outputChannel: this.#log,
      traceOutputChannel: this.#log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      middleware: this.#middleware,
      initializationFailedHandler: () => false,
    };
  }
}

function serverOptions(interpreter: Interpreter, folder: Uri | undefined): ServerOptions {
  const options = folder?.scheme === 'file' ? { cwd: folder.fsPath } : {};
  return { command: interpreter.program, args: moduleArguments(interpreter), options };
}
