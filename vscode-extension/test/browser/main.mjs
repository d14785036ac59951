/**
 * The command `npm run test:browser`: packages the extension and runs the browser tests, and those
 * that are named beside them. Without a browser it says so in one line and ends well, unless
 * E2E_REQUIRED=1 asks for the tests.
 */
import { spawnSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserExecutable, npmCommand } from './executables.mjs';
import { screenshots } from './page.mjs';

const extension = fileURLToPath(new URL('../../', import.meta.url));

function run(program, words) {
  const { status, error } = spawnSync(program, words, { cwd: extension, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if ((await browserExecutable()) === undefined) {
  const isRequired = process.env.E2E_REQUIRED === '1';
  const verdict = isRequired ? 'failed' : 'skipped';
  console.log(`browser tests ${verdict}: no chromium on PATH (apt-get install chromium, or set CHROMIUM)`);
  process.exit(isRequired ? 1 : 0);
}
await removeFailures();
run(...npmCommand('run', '--silent', 'package'));
// One after another: each starts an editor and a browser of its own.
const names = new Set(['editing', 'running', 'setup', 'extensionHost', 'viewer', 'values', ...process.argv.slice(2)]);
const tests = [...names].map((name) => `test/browser/${name}.test.mjs`);
run(process.execPath, ['--test', '--test-concurrency=1', '--test-reporter=spec', ...tests]);

/** Pictures of steps that failed in an earlier run would be taken for this one's. */
async function removeFailures() {
  const names = await readdir(screenshots).catch(() => []);
  const failures = names.filter((name) => name.startsWith('failed-'));
  await Promise.all(failures.map((name) => rm(path.join(screenshots, name))));
}
