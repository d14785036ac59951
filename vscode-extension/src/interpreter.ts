/**
 * Finds a Python interpreter that has the language server. It installs nothing and shows nothing;
 * every step goes to the log.
 */
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { type LogOutputChannel, type Uri, workspace } from 'vscode';
import { activePythonEnvironment } from './pythonExtension';
import { chosenInterpreter } from './settings';

const execute = promisify(execFile);
const CHECK_LIMIT_MS = 20_000;
const serverPackage = 'voxlogica_server';

/** How to start Python: the program and the words that come before any of ours. */
export interface Interpreter {
  readonly source: string;
  readonly program: string;
  readonly words: readonly string[];
}

/** A folder may hold a file called like a library: `-P` keeps it from being imported. */
export function moduleArguments(interpreter: Interpreter): string[] {
  return [...interpreter.words, '-P', '-m', serverPackage];
}

/** The first interpreter that can import the language server, or undefined. */
export async function findInterpreter(
  folder: Uri | undefined,
  log: LogOutputChannel,
): Promise<Interpreter | undefined> {
  log.info('Looking for a Python that has VoxLogicA.');
  for await (const candidate of candidates(folder)) {
    if (await canServe(candidate, log)) {
      return candidate;
    }
  }
  log.warn('No Python with VoxLogicA was found. Install it with: pip install voxlogica');
  return undefined;
}

/** A named interpreter is an order: nothing else is tried then. */
async function* candidates(folder: Uri | undefined): AsyncGenerator<Interpreter> {
  const chosen = chosenInterpreter(folder);
  if (chosen !== undefined) {
    yield { source: 'setting voxlogica.interpreter', program: chosen, words: [] };
    return;
  }
  // A workspace that is not trusted must not bring the program that we start.
  if (workspace.isTrusted) {
    const active = await activePythonEnvironment(folder);
    if (active !== undefined) {
      yield { source: 'Python extension', program: active, words: [] };
    }
    if (folder?.scheme === 'file') {
      yield inEnvironment('.venv of the folder', path.join(folder.fsPath, '.venv'));
    }
  }
  for (const variable of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const root = process.env[variable];
    if (root) {
      yield inEnvironment(variable, root);
    }
  }
  yield { source: 'search path', program: 'python3', words: [] };
  if (process.platform === 'win32') {
    yield { source: 'Python launcher', program: 'py', words: ['-3'] };
    yield { source: 'search path', program: 'python', words: [] };
  }
}

function inEnvironment(source: string, root: string): Interpreter {
  const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  return { source, program: path.join(root, ...inside), words: [] };
}

async function canServe(candidate: Interpreter, log: LogOutputChannel): Promise<boolean> {
  const question = [...candidate.words, '-P', '-c', `import ${serverPackage}`];
  const label = `${candidate.source}: ${[candidate.program, ...candidate.words].join(' ')}`;
  try {
    await execute(candidate.program, question, { timeout: CHECK_LIMIT_MS });
    log.info(`${label}: yes`);
    return true;
  } catch (error) {
    log.info(`${label}: no (${lastLine(error)})`);
    return false;
  }
}

/** The last line of a Python traceback says what is wrong. */
function lastLine(error: unknown): string {
  const printed = (error as { stderr?: string }).stderr?.trim();
  const text = printed || (error instanceof Error ? error.message : String(error));
  return text.split('\n').at(-1) ?? text;
}
