/** Puts the parts together when the first program is opened. It holds no logic of its own. */
import { commands, type ExtensionContext, type LogOutputChannel, Uri, window, workspace } from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { LanguageServer } from './client';
import { activeProgram, RunDisplay } from './display';
import { registerPages } from './pages';
import { runCommand, runCommands } from './protocol';
import { Runs } from './run';
import { interpreterSetting, serverSettingsChanged } from './settings';

let server: LanguageServer | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel('VoxLogicA Log', { log: true });
  const results = window.createOutputChannel('VoxLogicA');
  const runs = new Runs(() => server?.client);
  // One message until the user acts: without a server, colours and snippets go on.
  let hasTold = false;
  const ownServer = new LanguageServer(log, runMiddleware(runs), () => {
    if (!hasTold) {
      hasTold = true;
      void tellMissing(log);
    }
  });
  server = ownServer;

  const program = (chosen: unknown): string | undefined =>
    chosen instanceof Uri ? chosen.toString() : activeProgram();
  const withProgram = (act: (document: string) => Promise<void>) => async (chosen: unknown) => {
    const document = program(chosen);
    if (document !== undefined) {
      await act(document);
    }
  };
  context.subscriptions.push(
    log,
    results,
    runs,
    new RunDisplay(runs, results),
    ownServer,
    commands.registerCommand(
      'imgql.run',
      withProgram(async (document) => {
        if (ownServer.client === undefined) {
          await tellMissing(log);
        } else {
          await runs.run(runCommand, [document]);
        }
      }),
    ),
    commands.registerCommand('imgql.cancel', withProgram((document) => runs.cancel(document))),
    ...registerPages(activeProgram),
    commands.registerCommand('imgql.restartServer', () => ownServer.restart()),
    commands.registerCommand('imgql.showLog', () => log.show()),
    commands.registerCommand('imgql.showResults', () => results.show(true)),
    workspace.onDidChangeConfiguration((event) => {
      if (serverSettingsChanged(event)) {
        hasTold = false;
        void ownServer.restart();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => void ownServer.restart()),
  );
  await ownServer.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  server = undefined;
}

/** Runs that code lenses start show progress and results like our own. */
function runMiddleware(runs: Runs): Middleware {
  return {
    executeCommand: (command, words, next) =>
      runCommands.has(command) ? runs.run(command, words) : next(command, words),
  };
}

async function tellMissing(log: LogOutputChannel): Promise<void> {
  const choose = 'Choose Interpreter';
  const showLog = 'Show Log';
  const answer = await window.showWarningMessage(
    'VoxLogicA found no Python that has the package voxlogica, so programs are coloured but not ' +
      'checked or run. Install it (pip install voxlogica) or choose another interpreter.',
    choose,
    showLog,
  );
  if (answer === choose) {
    await commands.executeCommand('workbench.action.openSettings', interpreterSetting);
  } else if (answer === showLog) {
    log.show();
  }
}
