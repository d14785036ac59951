/**
 * Starts and ends one Visual Studio Code server on this machine. It knows no browser.
 *
 * Every server has a temporary home of its own. Ending it ends its process group and all that
 * came from it: extension hosts and language servers too.
 */
import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { provisionedHost } from './provision.mjs';

const START_LIMIT_MS = 120_000;

/** Quiet settings: nothing that moves by itself or waits for a network. */
const calmSettings = {
  'workbench.startupEditor': 'none',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.reduceMotion': 'on',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.commandCenter.enabled': false,
  'extensions.ignoreRecommendations': true,
  'remote.autoForwardPorts': false,
  'extensions.autoCheckUpdates': false,
  'telemetry.telemetryLevel': 'off',
  'editor.minimap.enabled': false,
  'editor.hover.delay': 100,
  'git.enabled': false,
  'window.dialogStyle': 'custom',
};

/**
 * A running server.
 *
 * @param {{vsix?: string, settings?: object, env?: object, isTrusted?: boolean}} options the
 *   extension to install, user settings beyond the quiet ones, environment of the server, and
 *   whether folders are trusted (otherwise they are opened in restricted mode)
 * @returns {Promise<{origin: string, home: string, log: string, stop: () => Promise<void>}>}
 */
export async function startHost({ vsix, settings = {}, env = {}, isTrusted = true } = {}) {
  const vscode = await provisionedHost();
  const home = await mkdtemp(path.join(tmpdir(), 'voxlogica-vscode-'));
  const trust = {
    'security.workspace.trust.enabled': !isTrusted,
    'security.workspace.trust.startupPrompt': 'never',
  };
  const folders = await prepareHome(home, { ...calmSettings, ...trust, ...settings });
  const environment = { ...process.env, ...env };
  if (vsix !== undefined) await installExtension(vscode, folders, vsix, environment);

  const port = await freePort();
  const log = path.join(home, 'server.log');
  const server = launch(vscode, [...folders, ...listenArguments(port, isTrusted)], environment);
  const sink = createWriteStream(log);
  server.stdout.pipe(sink);
  server.stderr.pipe(sink);
  const stop = () => end(server, home);
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilReady(server, origin, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin, home, log, stop };
}

async function prepareHome(home, settings) {
  const user = path.join(home, 'user');
  await mkdir(path.join(user, 'User'), { recursive: true });
  const text = JSON.stringify(settings, null, 2);
  await writeFile(path.join(user, 'User', 'settings.json'), text);
  // In a browser, user settings live with the server's data.
  const data = path.join(home, 'data');
  await mkdir(path.join(data, 'data', 'Machine'), { recursive: true });
  await writeFile(path.join(data, 'data', 'Machine', 'settings.json'), text);
  return [
    '--user-data-dir', user,
    '--server-data-dir', data,
    '--extensions-dir', path.join(home, 'extensions'),
  ];
}

function listenArguments(port, isTrusted) {
  return [
    '--host', '127.0.0.1', '--port', String(port),
    '--without-connection-token', '--accept-server-license-terms',
    // Nobody's login shell is asked for its environment: ours is the one that counts.
    '--force-disable-user-env',
    '--telemetry-level', 'off', ...(isTrusted ? ['--disable-workspace-trust'] : []),
  ];
}

function launch(vscode, words, env) {
  const main = path.join(vscode, 'out', 'server-main.js');
  return spawn(process.execPath, [main, ...words], {
    env, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function installExtension(vscode, folders, vsix, env) {
  const installer = launch(vscode, [...folders, '--install-extension', vsix], env);
  const said = [];
  installer.stdout.on('data', (bytes) => said.push(bytes));
  installer.stderr.on('data', (bytes) => said.push(bytes));
  const code = await new Promise((resolve, reject) => {
    installer.once('error', reject);
    installer.once('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`installing ${vsix} ended with ${code}: ${Buffer.concat(said)}`);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilReady(server, origin, log) {
  const limit = Date.now() + START_LIMIT_MS;
  while (Date.now() < limit) {
    if (server.exitCode !== null) throw new Error(`the server ended at once; see ${log}`);
    const answer = await fetch(`${origin}/version`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`the server did not answer within ${START_LIMIT_MS} ms; see ${log}`);
}

async function end(server, home) {
  const all = [server.pid, ...(await descendants(server.pid))];
  if (server.exitCode === null && server.signalCode === null) {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    signal(-server.pid, 'SIGTERM');
    await Promise.race([gone, sleep(2000, undefined, { ref: false })]);
  }
  signal(-server.pid, 'SIGKILL');
  // Extension hosts lead groups of their own, and so may what extensions start.
  all.forEach((pid) => signal(pid, 'SIGKILL'));
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

/** Processes that a process started, and those that they started. */
async function descendants(root) {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const pairs = stdout.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (let at = 0; at < found.length; at += 1) {
    found.push(...pairs.filter(([, parent]) => parent === found[at]).map(([pid]) => pid));
  }
  return found.slice(1);
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
