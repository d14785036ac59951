/** Runs the tests of test/host inside the extension host of a real editor. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startHost } from './host.mjs';
import { Workbench } from './page.mjs';
import { vsix } from './session.mjs';
import { makeWorkspace, python } from './workspace.mjs';

const tests = fileURLToPath(new URL('../host', import.meta.url));
const LIMIT_MS = 180_000;

const programs = {
  'wrong.imgql': '// imgql: dialect=imgql2\nlet fine = 1\nprint "wrong" nobody\n',
  'quick.imgql': '// imgql: dialect=imgql2\nprint "sum" 1 + 2\n',
  'library.imgql': '// imgql: dialect=imgql2\nload head = "head.nii.gz"\nlet a = touch(head > 1, head > 2)\n',
};

describe('the extension host', () => {
  let workspace;
  let host;
  let workbench;

  before(async () => {
    workspace = await makeWorkspace();
    for (const [name, text] of Object.entries(programs)) await writeFile(path.join(workspace.folder, name), text);
    // Found, not set: a task makes this server read its machine settings again, and lose them.
    const root = path.dirname(path.dirname(python));
    host = await startHost({ vsix, env: { VOXLOGICA_STORE: workspace.store, VIRTUAL_ENV: root } });
  });
  after(async () => {
    await workbench?.close();
    await host?.stop();
    await workspace?.remove();
  });

  it('finds commands, settings, typing aids and tasks as promised', { timeout: LIMIT_MS }, async () => {
    const said = [];
    const code = new Promise((resolve) => {
      Workbench.openTests(host, workspace.folder, tests, {
        log: (line) => said.push(...(line.match(/[✔✖][\s\S]*/) ?? [])),
        exit: resolve,
      }).then((opened) => (workbench = opened), (error) => resolve(error));
    });
    assert.equal(await code, 0, said.join('\n'));
    console.log(said.join('\n'));
    assert.ok(said.filter((line) => line.includes('✔')).length >= 15, 'every test has run');
  });
});
