/** Puts the parts together when the first program is opened. It holds no logic of its own. */
import { commands, type ExtensionContext, Uri, window, workspace } from 'vscode';
import { ExecuteCommandRequest, type Middleware } from 'vscode-languageclient/node';
import { programInSight } from './activeProgram';
import { bundled } from './bundled';
import { LanguageServer } from './client';
import { Decorations } from './decorations';
import { RunDisplay } from './display';
import { doctorPage } from './doctor';
import { registerListCommands } from './listCommands';
import { registerMenu } from './menu';
import { OwnPages } from './ownPages';
import { registerPages } from './pages';
import { openPreview } from './previews';
import { type Crew, registerProgramCommands, runWhenReady } from './programCommands';
import { runCommands } from './protocol';
import { Runs } from './run';
import { serverSettingsChanged } from './settings';
import { SetUp } from './setup';
import { Statuses } from './statuses';
import { StatusBar } from './statusBar';
import { registerTasks } from './tasks';
import { inViewer, registerViewer } from './viewer/register';
import { NodesView } from './views/nodes';
import { type Asker, RunsView } from './views/runs';
import { StoreView } from './views/store';

let server: LanguageServer | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel('VoxLogicA Log', { log: true });
  const results = window.createOutputChannel('VoxLogicA');
  const client = () => server?.client;
  const runs = new Runs(client);
  const statuses = new Statuses(client);
  const carried = bundled(context);
  const ownServer = new LanguageServer(
    log,
    middleware(statuses, (command, words) => runWhenReady(crew, command, words)),
    carried,
  );
  server = ownServer;
  const setUp = new SetUp(ownServer, carried, log);
  const crew: Crew = { runs, setUp, client };
  const ask = asker(ownServer);
  const lists = {
    ask,
    setUp,
    runs: new RunsView(runs, ask),
    store: new StoreView(runs, ask),
    pages: new OwnPages((path) => ownPage(path, ask, () => doctorPage(context, ownServer, ask))),
  };
  const restart = (): void => {
    setUp.forget();
    void ownServer.restart();
  };
  context.subscriptions.push(
    log,
    results,
    runs,
    statuses,
    ownServer,
    lists.runs,
    lists.store,
    lists.pages,
    new RunDisplay(runs, results),
    new StatusBar(ownServer, runs, statuses),
    new Decorations(statuses),
    new NodesView(statuses),
    ...registerPages(programInSight),
    ...registerProgramCommands(crew),
    ...registerListCommands(lists),
    registerTasks(() => ownServer.interpreter),
    registerMenu(),
    ...registerViewer(context, async () => (await ownServer.started(), ownServer.client), runs, statuses),
    commands.registerCommand('imgql.setUp', () => setUp.make()),
    commands.registerCommand('imgql.openExample', () => setUp.openExample()),
    commands.registerCommand('imgql.doctor', () => lists.pages.open('Doctor.md')),
    commands.registerCommand('imgql.restartServer', () => ownServer.restart()),
    commands.registerCommand('imgql.showLog', () => log.show()),
    commands.registerCommand('imgql.showResults', () => results.show(true)),
    runs.onDidChange(({ document, state }) => statuses.note(document, state.kind !== 'running')),
    ownServer.onDidChange(() => {
      if (ownServer.interpreter === undefined) {
        setUp.tellMissingOnce();
      }
      statuses.noteAll();
      lists.runs.refresh();
      lists.store.refresh();
    }),
    workspace.onDidChangeConfiguration((event) => serverSettingsChanged(event) && restart()),
    workspace.onDidGrantWorkspaceTrust(restart),
  );
  await ownServer.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  server = undefined;
}

/** Runs that code lenses start show progress and results like our own; pages are shown as such. */
function middleware(
  statuses: Statuses,
  run: (command: string, words: readonly unknown[]) => Promise<void>,
): Middleware {
  return {
    executeCommand: (command, words, next) =>
      runCommands.has(command) ? run(command, words) : next(command, words),
    resolveCodeLens: async (lens, token, next) => inViewer(await next(lens, token)),
    handleDiagnostics: (uri, diagnostics, next) => {
      next(uri, diagnostics);
      statuses.note(uri.toString(), true);
    },
    handleWorkDoneProgress: (token, params, next) => {
      next(token, params);
      statuses.noteAll();
    },
    window: {
      showDocument: async ({ uri }) => openPreview(Uri.parse(uri)),
    },
  };
}

/** Asks the server; what it refuses is told in its own words. */
function asker(ownServer: LanguageServer): Asker {
  return async <T>(command: string, ...words: readonly unknown[]): Promise<T | undefined> => {
    await ownServer.started();
    try {
      const question = { command, arguments: [...words] };
      const answer: unknown = await ownServer.client?.sendRequest(ExecuteCommandRequest.type, question as never);
      return answer as T | undefined;
    } catch (error) {
      void window.showErrorMessage(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
}

async function ownPage(path: string, ask: Asker, doctor: () => Promise<string>): Promise<string> {
  const [topic, node] = path.split('/');
  const isStored = topic === 'stored' && node !== undefined;
  const page = isStored ? await ask<string>('imgql.server.stored', node) : await doctor();
  return page ?? 'This result is not known any more.';
}
