/**
 * Finds a Python for the language server. It installs nothing and shows nothing; every step goes
 * to the log and into the trace.
 *
 * One that has all of VoxLogicA is taken first, as it can run programs; otherwise any that is new
 * enough, for editing with the libraries that travel with the extension.
 */
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { type LogOutputChannel, type Uri, workspace } from 'vscode';
import type { Bundled } from './bundled';
import { type Ability, ability, type Found, probe, readFound } from './probe';
import { activePythonEnvironment } from './pythonExtension';
import { chosenInterpreter } from './settings';

const execute = promisify(execFile);
const CHECK_LIMIT_MS = 20_000;
const serverPackage = 'voxlogica_server';

/** How to start Python: the program and the words that come before any of ours. */
export interface Candidate {
  readonly source: string;
  readonly program: string;
  readonly words: readonly string[];
}

/** A Python that can serve. */
export interface Interpreter extends Candidate {
  readonly version: string;
  /** True when it has all that running needs. */
  readonly canRun: boolean;
  /** A folder for its search path, where it has no server of its own. */
  readonly libraries: string | undefined;
}

/** What was found, and every step of the search. */
export interface Search {
  readonly interpreter: Interpreter | undefined;
  readonly trace: readonly string[];
}

/** A folder may hold a file called like a library: `-P` keeps it from being imported. */
export function moduleArguments(interpreter: Candidate): string[] {
  return [...interpreter.words, '-P', '-m', serverPackage];
}

/** The environment of a process of this interpreter. */
export function processEnvironment(interpreter: Interpreter): NodeJS.ProcessEnv {
  const { libraries } = interpreter;
  return libraries === undefined ? process.env : { ...process.env, PYTHONPATH: libraries };
}

export async function findInterpreter(
  folder: Uri | undefined,
  carried: Bundled,
  log: LogOutputChannel,
): Promise<Search> {
  const trace: string[] = [];
  let editing: Interpreter | undefined;
  const tell = (line: string): void => {
    trace.push(line);
    log.info(line);
  };
  for await (const candidate of candidates(folder, carried)) {
    const label = `${candidate.source}: ${[candidate.program, ...candidate.words].join(' ')}`;
    const known = await asked(candidate);
    const able = ability(known);
    tell(`${label}: ${able.text}`);
    if (able.canEdit) {
      const interpreter = ableOne(candidate, known, able, carried);
      if (able.canRun) {
        return { interpreter, trace };
      }
      editing ??= interpreter;
    }
  }
  tell(editing === undefined ? 'No Python can serve.' : `For editing only: ${editing.program}`);
  return { interpreter: editing, trace };
}

function ableOne(candidate: Candidate, known: Found, able: Ability, carried: Bundled): Interpreter {
  return {
    ...candidate,
    version: 'version' in known ? known.version : '',
    canRun: able.canRun,
    libraries: able.hasServer ? undefined : carried.libraries,
  };
}

/** A named interpreter is an order: nothing else is tried then but what was made by request. */
async function* candidates(folder: Uri | undefined, carried: Bundled): AsyncGenerator<Candidate> {
  const own = inEnvironment('environment made by VoxLogicA', carried.environment);
  const chosen = chosenInterpreter(folder);
  if (chosen !== undefined) {
    yield { source: 'setting voxlogica.interpreter', program: chosen, words: [] };
    yield own;
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
  yield own;
  yield { source: 'search path', program: 'python3', words: [] };
  if (process.platform === 'win32') {
    yield { source: 'Python launcher', program: 'py', words: ['-3'] };
    yield { source: 'search path', program: 'python', words: [] };
  }
}

/** The Python of a virtual environment. */
export function inEnvironment(source: string, root: string): Candidate {
  const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  return { source, program: path.join(root, ...inside), words: [] };
}

async function asked(candidate: Candidate): Promise<Found> {
  try {
    const question = [...candidate.words, '-c', probe];
    const { stdout } = await execute(candidate.program, question, { timeout: CHECK_LIMIT_MS });
    return readFound(stdout);
  } catch (error) {
    return { problem: lastLine(error) };
  }
}

/** The last line of a Python traceback says what is wrong. */
function lastLine(error: unknown): string {
  if ((error as { code?: unknown }).code === 'ENOENT') {
    return 'there is none';
  }
  const printed = (error as { stderr?: string }).stderr?.trim();
  const text = printed || (error instanceof Error ? error.message : String(error));
  return text.split('\n').at(-1) ?? text;
}
