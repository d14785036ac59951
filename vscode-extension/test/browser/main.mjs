/**
 * The command `npm run test:browser`: packages the extension and runs the browser tests, and those
 * that are named beside them. A file that fails is run once more; what fails twice has failed.
 * Without a browser it says so in one line and ends well, unless E2E_REQUIRED=1 asks for the tests.
 */
import { spawnSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserExecutable, npmCommand } from './executables.mjs';
import { screenshots } from './page.mjs';
import { runTwice } from './twice.mjs';

const extension = fileURLToPath(new URL('../../', import.meta.url));

function passes(program, words) {
  const { status, error } = spawnSync(program, words, { cwd: extension, stdio: 'inherit' });
  if (error) throw error;
  return status === 0;
}

if ((await browserExecutable()) === undefined) {
  const isRequired = process.env.E2E_REQUIRED === '1';
  const verdict = isRequired ? 'failed' : 'skipped';
  console.log(`browser tests ${verdict}: no chromium on PATH (apt-get install chromium, or set CHROMIUM)`);
  process.exit(isRequired ? 1 : 0);
}
await removeFailures();
if (!passes(...npmCommand('run', '--silent', 'package'))) process.exit(1);
const names = new Set(['editing', 'running', 'setup', 'extensionHost', 'viewer', 'values', ...process.argv.slice(2)]);
// One after another: each starts an editor and a browser of its own.
const test = (name) => passes(process.execPath, ['--test', '--test-reporter=spec', `test/browser/${name}.test.mjs`]);
const { failed } = runTwice([...names], test, console.log);
process.exitCode = failed.length > 0 ? 1 : 0;

/** Pictures of steps that failed in an earlier run would be taken for this one's. */
async function removeFailures() {
  const names = await readdir(screenshots).catch(() => []);
  const failures = names.filter((name) => name.startsWith('failed-'));
  await Promise.all(failures.map((name) => rm(path.join(screenshots, name))));
}
