/** What a user sees where running is not set up yet, and where there is no Python at all. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { promisify } from 'node:util';
import { clickLens, openedPage } from './panels.mjs';
import { openWorkbench, steps } from './session.mjs';
import { python } from './workspace.mjs';

/** No package can be had: what is tested here does not depend on a network. */
const offline = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: '', PIP_CONFIG_FILE: devNull, UV_OFFLINE: '1', UV_NO_CACHE: '1' };
const keywordBlue = 'rgb(86, 156, 214)';

describe('an editor with a Python that has nothing in it', { concurrency: false }, () => {
  let session;
  let workbench;
  let folder;
  const step = steps(() => session);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'voxlogica-bare-'));
    await promisify(execFile)(python, ['-m', 'venv', '--without-pip', folder]);
    session = await openWorkbench(path.join(folder, 'bin', 'python'), 'first.imgql', undefined, { env: offline });
    workbench = session.workbench;
  });
  after(async () => {
    await session?.close();
    await rm(folder, { recursive: true, force: true });
  });

  step('checks and explains programs, and says nothing about what is missing', async () => {
    assert.match(await workbench.hover('bright', /mask/), /to do/);
    await workbench.replaceText('maxvol', 'maxvoll');
    await workbench.waitForSquiggles('error', 1);
    await workbench.replaceText('maxvoll', 'maxvol');
    await workbench.waitForSquiggles('error', 0);
    assert.deepEqual(await workbench.notifications(), []);
  });

  step('asks once, when a program is to be run', async () => {
    await workbench.clickTitleButton('Run Program');
    await workbench.waitForNotification(/environment that only VoxLogicA uses/);
    await workbench.page.getByRole('button', { name: 'Set Up' }).waitFor();
    await workbench.screenshot('set-up');
    assert.equal((await workbench.notifications()).length, 1);
  });

  step('tells why an environment cannot be made, leaves nothing of it, and goes on', async () => {
    await workbench.page.getByRole('button', { name: 'Set Up' }).click();
    await workbench.waitForNotification(/Setting up VoxLogicA/);
    await workbench.waitForNotification(/could not be made: .*nothing was left behind/, 120_000);
    await workbench.screenshot('set-up-failed');
    const own = path.join(session.host.home, 'user', 'User', 'globalStorage', 'voxlogica.voxlogica');
    assert.deepEqual(await readdir(path.join(own, 'environments')), []);
    await workbench.command('Notifications: Clear All Notifications');
    assert.match(await workbench.hover('bright', /mask/), /to do/);
  });

  step('opens the example of the walkthrough', async () => {
    await workbench.command('VoxLogicA: Open an Example');
    await workbench.waitForTab('brain.imgql');
    assert.match(await workbench.hover('smoothen', /mask/), /to do/);
    await workbench.waitForSquiggles('error', 0);
  });

  step('tells by Doctor what was looked at', async () => {
    const said = await openedPage(workbench, () => workbench.command('VoxLogicA: Doctor'), /Search for Python/);
    await workbench.screenshot('doctor');
    assert.match(said, /Programs are checked, but cannot be run/);
    assert.match(said, /setting voxlogica\.interpreter: .*without voxlogica/);
  });
});

describe('an editor without Python', { concurrency: false }, () => {
  let session;
  let workbench;
  const step = steps(() => session);

  before(async () => {
    session = await openWorkbench('/nowhere/bin/python', 'first.imgql');
    workbench = session.workbench;
  });
  after(() => session?.close());

  step('says once what to do, and colours all the same', async () => {
    await workbench.waitForNotification(/found no Python/);
    await workbench.screenshot('no-python');
    const notifications = await workbench.notifications();
    assert.equal(notifications.length, 1, notifications.join('\n'));
    await workbench.waitForColour('let', keywordBlue);
  });

  step('tells by Doctor what was tried', async () => {
    const offered = workbench.page.getByRole('button', { name: 'Doctor' });
    const open = async () => (await offered.isVisible() ? offered.click() : workbench.command('VoxLogicA: Doctor'));
    assert.match(await openedPage(workbench, open, /Search for Python/), /\/nowhere\/bin\/python: no/);
  });
});

describe('a folder that is not trusted', { concurrency: false }, () => {
  let session;
  let workbench;
  const step = steps(() => session);
  const trap = (folder) => path.join(folder, 'trap');

  before(async () => {
    session = await openWorkbench(python, 'first.imgql', setTrap, { isTrusted: false });
    workbench = session.workbench;
  });
  after(() => session?.close());

  /** A program that leaves a file behind where the folder has its way. */
  async function setTrap(folder) {
    await writeFile(trap(folder), `#!/bin/sh\ntouch "${trap(folder)}.sprung"\n`);
    await chmod(trap(folder), 0o755);
    await mkdir(path.join(folder, '.vscode'));
    const settings = { 'voxlogica.interpreter': trap(folder), 'voxlogica.store': path.join(folder, 'own-store') };
    await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
    await mkdir(path.join(folder, '.venv', 'bin'), { recursive: true });
    await writeFile(path.join(folder, '.venv', 'bin', 'python'), `#!/bin/sh\ntouch "${trap(folder)}.sprung"\n`);
    await chmod(path.join(folder, '.venv', 'bin', 'python'), 0o755);
  }

  step('is checked and explained', async () => {
    assert.match(await workbench.hover('bright', /mask/), /to do/);
    await workbench.replaceText('maxvol', 'maxvoll');
    await workbench.waitForSquiggles('error', 1);
    await workbench.replaceText('maxvoll', 'maxvol');
    await workbench.waitForSquiggles('error', 0);
  });

  step('runs nothing, and says so', async () => {
    await workbench.clickTitleButton('Run Program');
    await workbench.waitForNotification(/not trusted, so its programs are checked but not run/);
    await workbench.command('Notifications: Clear All Notifications');
    const refused = /not trusted, so its programs are checked but not run/;
    await clickLens(workbench, 'Run', 0, async (patience) => {
      await workbench.waitForNotification(refused, patience);
      return true;
    });
    await workbench.screenshot('untrusted');
    await workbench.page.getByRole('button', { name: 'Manage Trust' }).click();
    await workbench.waitForTab('Workspace Trust');
    await assert.rejects(access(path.join(session.folder, 'region.nii.gz')));
  });

  step('starts no program that the folder names', async () => {
    const said = await openedPage(workbench, () => workbench.command('VoxLogicA: Doctor'), /Search for Python/);
    assert.match(said, /workspace not trusted/);
    assert.doesNotMatch(said, /trap/);
    await assert.rejects(access(`${trap(session.folder)}.sprung`));
    await assert.rejects(access(path.join(session.folder, 'own-store')));
  });
});
