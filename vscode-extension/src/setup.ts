/**
 * Asks whether an environment for running is to be made, shows how that goes, and tells what is
 * wrong where it cannot be. One question, one progress bar.
 */
import { mkdir, access } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { commands, type LogOutputChannel, type Progress, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { Bundled } from './bundled';
import { type LanguageServer } from './client';
import { makeEnvironment } from './environment';
import { interpreterSetting } from './settings';

const makeIt = 'Set Up';
const choose = 'Choose Interpreter';
const doctor = 'Doctor';
const manageTrust = 'Manage Trust';

const unpack =
  'import sys, zipfile\n' +
  'with zipfile.ZipFile(sys.argv[1]) as wheel:\n' +
  '    for name in wheel.namelist():\n' +
  '        if name.startswith("voxlogica_core/examples/"): wheel.extract(name, sys.argv[2])';

export class SetUp {
  readonly #server: LanguageServer;
  readonly #carried: Bundled;
  readonly #log: LogOutputChannel;
  #current: Promise<boolean> | undefined;
  #hasTold = false;

  constructor(server: LanguageServer, carried: Bundled, log: LogOutputChannel) {
    this.#server = server;
    this.#carried = carried;
    this.#log = log;
  }

  /** True when programs can be run; where they cannot, the user is asked what to do about it. */
  async ready(): Promise<boolean> {
    if (!(await isAllowed())) {
      return false;
    }
    await this.#server.started();
    if (this.#server.interpreter?.canRun === true) {
      return true;
    }
    if (this.#server.interpreter === undefined) {
      await this.tellMissing();
      return false;
    }
    const answer = await window.showInformationMessage(
      'Running programs needs SimpleITK, Dask and other packages. Put them, about 600 MB, into an ' +
        'environment that only VoxLogicA uses?',
      makeIt,
      choose,
    );
    if (answer === choose) {
      await commands.executeCommand('workbench.action.openSettings', interpreterSetting);
    }
    return answer === makeIt && this.make();
  }

  /** Makes the environment and starts the server in it; true when programs can be run then. */
  make(): Promise<boolean> {
    this.#current ??= this.#made().finally(() => (this.#current = undefined));
    return this.#current;
  }

  /** Told once, until the user asks for something that needs Python. */
  tellMissingOnce(): void {
    if (!this.#hasTold) {
      this.#hasTold = true;
      void this.tellMissing();
    }
  }

  forget(): void {
    this.#hasTold = false;
  }

  async tellMissing(): Promise<void> {
    const answer = await window.showWarningMessage(
      'VoxLogicA found no Python 3.11 or later, so programs are coloured but not checked or run. ' +
        'Install Python from python.org, or choose an interpreter.',
      choose,
      doctor,
    );
    if (answer === choose) {
      await commands.executeCommand('workbench.action.openSettings', interpreterSetting);
    } else if (answer === doctor) {
      await commands.executeCommand('imgql.doctor');
    }
  }

  /** Unpacks the examples, unless they are there, and opens the first. */
  async openExample(): Promise<void> {
    await this.#server.started();
    const interpreter = this.#server.interpreter;
    if (interpreter === undefined) {
      await this.tellMissing();
      return;
    }
    const folder = path.join(this.#carried.examples, 'voxlogica_core', 'examples');
    const first = path.join(folder, 'brain.imgql');
    const isThere = await access(first).then(() => true, () => false);
    if (!isThere) {
      await mkdir(this.#carried.examples, { recursive: true });
      const words = [...interpreter.words, '-c', unpack, this.#carried.wheel, this.#carried.examples];
      await promisify(execFile)(interpreter.program, words);
    }
    await window.showTextDocument(await workspace.openTextDocument(Uri.file(first)));
  }

  async #made(): Promise<boolean> {
    const base = this.#server.interpreter;
    if (!(await isAllowed())) {
      return false;
    }
    if (base === undefined) {
      await this.tellMissing();
      return false;
    }
    const options = {
      location: ProgressLocation.Notification,
      cancellable: true,
      title: 'Setting up VoxLogicA',
    };
    return window.withProgress(options, async (progress, token) => {
      const begun = performance.now();
      try {
        await makeEnvironment(base, this.#carried, {
          tell: (line) => this.#tell(line, progress),
          onCancel: (end) => void token.onCancellationRequested(end),
          isCancelled: () => token.isCancellationRequested,
        });
        this.#log.info(`The environment was made in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
        progress.report({ message: 'starting' });
        await this.#server.restart();
        await this.#server.started();
        return this.#server.interpreter?.canRun === true;
      } catch (error) {
        if (!token.isCancellationRequested) {
          void this.#tellFailure(error);
        }
        return false;
      }
    });
  }

  #tell(line: string, progress: Progress<{ message?: string }>): void {
    this.#log.info(line);
    const word = /^(Collecting|Downloading|Installing|Resolved|Prepared|Installed|Using cached)\b.*/.exec(line.trim());
    if (word !== null) {
      progress.report({ message: word[0].slice(0, 60) });
    }
  }

  async #tellFailure(error: unknown): Promise<void> {
    const text = error instanceof Error ? error.message : String(error);
    this.#log.error(text);
    const showLog = 'Show Log';
    const last = text.trim().split('\n').at(-1)?.replace(/^ERROR: |\.$/g, '') ?? '';
    const answer = await window.showErrorMessage(
      `The environment could not be made: ${last}. The log has more; nothing was left behind.`,
      showLog,
    );
    if (answer === showLog) {
      this.#log.show();
    }
  }
}

/** Programs of a folder name files to read and to write, and Python files with primitives. */
async function isAllowed(): Promise<boolean> {
  if (!workspace.isTrusted) {
    const answer = await window.showInformationMessage(
      'This folder is not trusted, so its programs are checked but not run.',
      manageTrust,
    );
    if (answer === manageTrust) {
      await commands.executeCommand('workbench.trust.manage');
    }
  }
  return workspace.isTrusted;
}
