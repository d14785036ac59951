/**
 * Starts, restarts and ends the language server. It knows nothing of the language: what the
 * server can do, the protocol says.
 */
import { type Disposable, EventEmitter, type LogOutputChannel, type Uri, workspace } from 'vscode';
import {
  CloseAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
} from 'vscode-languageclient/node';
import { readSchemes } from './activeProgram';
import type { Bundled } from './bundled';
import { findInterpreter, type Interpreter, type Search } from './interpreter';
import { linkedCommands } from './pages';
import { onPythonEnvironmentChange } from './pythonExtension';
import { ServerProcess } from './serverProcess';
import { chosenDialect, chosenLogLevel, chosenOrientation, chosenStore, isOn } from './settings';
import { VirtualDocuments } from './virtualDocuments';

const SHUTDOWN_LIMIT_MS = 2000;
const END_LIMIT_MS = 1500;

const endedByUs = { action: CloseAction.DoNotRestart, handled: true };

/** One server and what speaks with it. */
interface Connection {
  readonly client: LanguageClient;
  readonly process: ServerProcess;
}

export class LanguageServer implements Disposable {
  #connection: Connection | undefined;
  #environmentListener: Disposable | undefined;
  /** Starts and stops never overlap: each waits for the one before. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #log: LogOutputChannel;
  readonly #middleware: Middleware;
  readonly #carried: Bundled;
  readonly #changes = new EventEmitter<void>();
  /** Resolves when the server that was started last answers, or is known not to. */
  #answering: Promise<void> = Promise.resolve();
  #search: Search = { interpreter: undefined, trace: [] };

  /** Another server, or none any more. */
  readonly onDidChange = this.#changes.event;

  constructor(log: LogOutputChannel, middleware: Middleware, carried: Bundled) {
    this.#log = log;
    this.#middleware = middleware;
    this.#carried = carried;
  }

  /** The last search for a Python, step by step. */
  get search(): Search {
    return this.#search;
  }

  /** The Python that was found, or undefined. */
  get interpreter(): Interpreter | undefined {
    return this.#search.interpreter;
  }

  /** Waits until the server answers, or is known not to. */
  async started(): Promise<void> {
    await this.#last;
    await this.#answering;
  }

  /** The client of a running server, or undefined. */
  get client(): LanguageClient | undefined {
    const client = this.#connection?.client;
    return client?.isRunning() ? client : undefined;
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
    this.#changes.dispose();
    void this.stop();
  }

  #queued(work: () => Promise<void>): Promise<void> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #start(): Promise<void> {
    const folder = workspace.workspaceFolders?.[0]?.uri;
    const asked = performance.now();
    this.#search = await findInterpreter(folder, this.#carried, this.#log);
    this.#log.info(`The search for Python took ${Math.round(performance.now() - asked)} ms.`);
    this.#environmentListener ??= onPythonEnvironmentChange(() => void this.restart());
    const { interpreter } = this.#search;
    if (interpreter === undefined) {
      this.#changes.fire();
      return;
    }
    const connection = this.#connect(interpreter, folder);
    this.#connection = connection;
    // Not waited for: a server that never answers must not keep a restart from its turn.
    const begun = performance.now();
    this.#answering = connection.client
      .start()
      .then(() => {
        this.#log.info(`The language server answers after ${Math.round(performance.now() - begun)} ms.`);
      })
      .catch((error: unknown) => {
        this.#log.error(`The language server did not start: ${String(error)}`);
      })
      .then(() => this.#changes.fire());
  }

  #connect(interpreter: Interpreter, folder: Uri | undefined): Connection {
    const process = new ServerProcess(
      interpreter,
      folder?.scheme === 'file' ? folder.fsPath : undefined,
      chosenOrientation(),
    );
    // After a crash the library starts the server again, unless we ended it ourselves.
    const errorHandler: ErrorHandler = {
      error: (...problem) => usual.error(...problem),
      closed: () => (this.#connection?.client === client ? usual.closed() : endedByUs),
    };
    const client: LanguageClient = new LanguageClient(
      'voxlogica',
      'VoxLogicA',
      () => process.start(),
      { ...this.#options(interpreter, folder), errorHandler },
    );
    const usual = client.createDefaultErrorHandler();
    client.registerFeature(new VirtualDocuments(client));
    return { client, process };
  }

  async #stop(): Promise<void> {
    this.#environmentListener?.dispose();
    this.#environmentListener = undefined;
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) {
      return;
    }
    try {
      await connection.client.dispose(SHUTDOWN_LIMIT_MS);
    } catch (error) {
      // A server that has not answered yet, or is dead already, cannot be asked to end.
      this.#log.info(`The language server is ended without being asked: ${String(error)}`);
    }
    await connection.process.end(END_LIMIT_MS);
  }

  #options(interpreter: Interpreter, folder: Uri | undefined): LanguageClientOptions {
    const store = chosenStore(folder);
    const dialect = chosenDialect(folder);
    return {
      documentSelector: readSchemes.map((scheme) => ({ language: 'imgql', scheme })),
      initializationOptions: {
        hoverImages: true,
        hoverLinks: true,
        inlayHints: isOn('inlayHints', folder),
        codeLens: isOn('codeLens', folder),
        warmRunner: interpreter.canRun && workspace.isTrusted && isOn('warmRunner', folder),
        logLevel: chosenLogLevel(),
        ...(store === undefined ? {} : { store }),
        ...(dialect === undefined ? {} : { dialect }),
      },
      markdown: { isTrusted: { enabledCommands: linkedCommands } },
      outputChannel: this.#log,
      traceOutputChannel: this.#log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      middleware: this.#middleware,
      initializationFailedHandler: () => false,
    };
  }
}
