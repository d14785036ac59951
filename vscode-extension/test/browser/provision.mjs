/**
 * Puts a Visual Studio Code server into a cache folder, once. It starts nothing.
 *
 * The server comes inside the npm package code-server, whose own installation downloads from
 * elsewhere; only its files are used. Three native modules are replaced by small JavaScript ones,
 * so that no compiler is needed.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { executable, npmCommand } from './executables.mjs';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const recipe = path.join(here, 'host');
const inside = path.join('node_modules', 'code-server', 'lib', 'vscode');

/** The folder that holds `out/server-main.js`; made when it is not there yet. */
export async function provisionedHost() {
  const folder = path.join(cacheRoot(), await cacheKey());
  if (!(await exists(folder))) {
    await mkdir(path.dirname(folder), { recursive: true });
    const staging = await mkdtemp(`${folder}.partial-`);
    try {
      await build(staging);
      await publish(staging, folder);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
  return path.join(folder, inside);
}

function cacheRoot() {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(base, 'voxlogica-vscode-test');
}

async function cacheKey() {
  const wanted = JSON.parse(await readFile(path.join(recipe, 'package.json'), 'utf8'));
  const version = wanted.dependencies['code-server'];
  const nodeMajor = process.versions.node.split('.')[0];
  const digest = createHash('sha256');
  for (const name of (await readdir(recipe)).sort()) digest.update(await readFile(path.join(recipe, name)));
  const ours = digest.digest('hex').slice(0, 8);
  return `code-server-${version}-node${nodeMajor}-${process.platform}-${process.arch}-${ours}`;
}

async function build(folder) {
  for (const name of ['package.json', 'package-lock.json']) {
    await cp(path.join(recipe, name), path.join(folder, name));
  }
  await npm(folder, 'ci', '--ignore-scripts');
  const vscode = path.join(folder, inside);
  // Not `ci`: the shrink-wrap that travels with the server lacks one package.
  await npm(vscode, 'install', '--ignore-scripts', '--omit=dev');
  await symlink('node_modules', path.join(vscode, 'node_modules.asar'));
  const modules = path.join(vscode, 'node_modules');
  await writeFile(path.join(modules, '@vscode', 'spdlog', 'index.js'), await standIn('spdlog'));
  await writeFile(path.join(modules, 'native-watchdog', 'index.js'), await standIn('native-watchdog'));
  await writeFile(path.join(modules, 'node-pty', 'lib', 'index.js'), await standIn('node-pty'));
  await linkSearchProgram(path.join(modules, '@vscode', 'ripgrep', 'bin'));
}

async function npm(folder, ...words) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await run(...npmCommand(...words, ...quiet), { cwd: folder, maxBuffer: 1 << 24 });
}

function standIn(name) {
  return readFile(path.join(recipe, `${name}.stand-in.cjs`), 'utf8');
}

/** Search in files is not tested, so a machine without ripgrep is no obstacle. */
async function linkSearchProgram(folder) {
  const ripgrep = await executable('rg');
  if (ripgrep === undefined) return;
  await mkdir(folder, { recursive: true });
  await symlink(ripgrep, path.join(folder, 'rg'));
}

/** A second process may have been faster: its folder is as good as ours. */
async function publish(staging, folder) {
  try {
    await rename(staging, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
  }
}

async function exists(place) {
  return lstat(place).then(() => true, () => false);
}
