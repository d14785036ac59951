/**
 * Makes a Python environment of our own that can run programs: by uv where there is one, else by
 * venv and pip, from the wheel that travels with the extension. It asks nothing and starts nothing
 * else.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { Bundled } from './bundled';
import { type Candidate, inEnvironment } from './interpreter';

/** Who hears how it goes, and may end it. */
export interface Watcher {
  tell(line: string): void;
  /** Registers what ends the process that runs now. */
  onCancel(end: () => void): void;
  readonly isCancelled: () => boolean;
}

interface Step {
  readonly program: string;
  readonly words: readonly string[];
}

/** Makes the environment anew; on failure nothing of it is left and the reason is thrown. */
export async function makeEnvironment(
  base: Candidate,
  carried: Bundled,
  watcher: Watcher,
): Promise<void> {
  const target = carried.environment;
  await rm(target, { recursive: true, force: true });
  await mkdir(path.dirname(target), { recursive: true });
  try {
    const hasUv = await succeeds({ program: 'uv', words: ['--version'] });
    await (hasUv ? byUv(base, carried, watcher) : byPip(base, carried, watcher));
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
  await removeOthers(carried);
}

async function byUv(base: Candidate, carried: Bundled, watcher: Watcher): Promise<void> {
  const { environment, wheel } = carried;
  const interpreter = base.words.length > 0 ? '3' : base.program;
  await run({ program: 'uv', words: ['venv', '--python', interpreter, environment] }, watcher);
  const python = inEnvironment('', environment).program;
  await run({ program: 'uv', words: ['pip', 'install', '--python', python, wheel] }, watcher);
}

async function byPip(base: Candidate, carried: Bundled, watcher: Watcher): Promise<void> {
  const { environment, wheel } = carried;
  // Python compiles what it imports; to compile all that is installed takes half of the time.
  const words = ['--disable-pip-version-check', '--no-input', '--no-compile'];
  const own = inEnvironment('', environment).program;
  const make = (...more: string[]): Step => ({
    program: base.program,
    words: [...base.words, '-m', 'venv', ...more, environment],
  });
  try {
    await run(make(), watcher);
    await run({ program: own, words: ['-m', 'pip', 'install', ...words, wheel] }, watcher);
  } catch (error) {
    // Debian keeps ensurepip in a package of its own; a pip that is there can install elsewhere.
    const hasPip = await succeeds({ program: base.program, words: [...base.words, '-m', 'pip', '--version'] });
    if (watcher.isCancelled() || !String(error).includes('ensurepip') || !hasPip) {
      throw error;
    }
    await run(make('--without-pip', '--clear'), watcher);
    const elsewhere = ['-m', 'pip', '--python', own, 'install', ...words, wheel];
    await run({ program: base.program, words: [...base.words, ...elsewhere] }, watcher);
  }
}

/** Environments of earlier versions are of no use any more. */
async function removeOthers(carried: Bundled): Promise<void> {
  const names = await readdir(carried.environments);
  const others = names.filter((name) => name !== path.basename(carried.environment));
  await Promise.all(
    others.map((name) => rm(path.join(carried.environments, name), { recursive: true, force: true })),
  );
}

function run({ program, words }: Step, watcher: Watcher): Promise<void> {
  if (watcher.isCancelled()) {
    return Promise.reject(new Error('cancelled'));
  }
  watcher.tell(`$ ${[program, ...words].join(' ')}`);
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line);
      watcher.tell(line);
    });
  }
  watcher.onCancel(() => child.kill());
  return ended(child, () => said.filter((line) => line.trim()).slice(-8).join('\n'));
}

function ended(child: ChildProcess, reason: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(reason()))));
  });
}

async function succeeds({ program, words }: Step): Promise<boolean> {
  const child = spawn(program, words, { stdio: 'ignore' });
  return ended(child, () => '').then(
    () => true,
    () => false,
  );
}
