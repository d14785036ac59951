/**
 * The process of the language server: starts it and sees to its end. It speaks no protocol.
 *
 * The client library asks a server to end but cannot end one that does not answer; a process that
 * is ours can always be ended.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { type Interpreter, moduleArguments, processEnvironment } from './interpreter';

export class ServerProcess {
  #child: ChildProcess | undefined;
  readonly #interpreter: Interpreter;
  readonly #folder: string | undefined;
  readonly #orientation: string | undefined;

  constructor(
    interpreter: Interpreter,
    folder: string | undefined,
    orientation: string | undefined,
  ) {
    this.#interpreter = interpreter;
    this.#folder = folder;
    this.#orientation = orientation;
  }

  /** Starts the program; resolves when it runs, rejects when it cannot be started. */
  start(): Promise<ChildProcess> {
    const { program } = this.#interpreter;
    const child = spawn(program, moduleArguments(this.#interpreter), {
      cwd: this.#folder,
      env: this.#environment(),
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child));
    });
  }

  /** The process that computes inherits this, and draws pictures as it says. */
  #environment(): NodeJS.ProcessEnv {
    const own = processEnvironment(this.#interpreter);
    return this.#orientation === undefined
      ? own
      : { ...own, VOXLOGICA_ORIENTATION: this.#orientation };
  }

  /** Waits for the end of the process; ends it when it takes longer than the limit. */
  async end(limit: number): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), limit);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
