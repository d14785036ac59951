/** What a user sees where running is not set up yet, and where there is no Python at all. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { promisify } from 'node:util';
import { pageText } from './panels.mjs';
import { openWorkbench, steps } from './session.mjs';
import { python } from './workspace.mjs';

const keywordBlue = 'rgb(86, 156, 214)';

describe('an editor with a Python that has nothing in it', { concurrency: false }, () => {
  let session;
  let workbench;
  let folder;
  const step = steps(() => workbench);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'voxlogica-bare-'));
    await promisify(execFile)(python, ['-m', 'venv', '--without-pip', folder]);
    session = await openWorkbench(path.join(folder, 'bin', 'python'), 'first.imgql');
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
    await workbench.command('Notifications: Clear All Notifications');
  });

  step('opens the example of the walkthrough', async () => {
    await workbench.command('VoxLogicA: Open an Example');
    await workbench.waitForTab('brain.imgql');
    assert.match(await workbench.hover('smoothen', /mask/), /to do/);
    await workbench.waitForSquiggles('error', 0);
  });

  step('tells by Doctor what was looked at', async () => {
    await workbench.command('VoxLogicA: Doctor');
    const said = await pageText(workbench, /Search for Python/);
    await workbench.screenshot('doctor');
    assert.match(said, /Programs are checked, but cannot be run/);
    assert.match(said, /setting voxlogica\.interpreter: .*without voxlogica/);
  });
});

describe('an editor without Python', { concurrency: false }, () => {
  let session;
  let workbench;
  const step = steps(() => workbench);

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
    await workbench.page.getByRole('button', { name: 'Doctor' }).click();
    assert.match(await pageText(workbench, /Search for Python/), /\/nowhere\/bin\/python: no/);
  });
});
