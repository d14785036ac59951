/** Commands about the program in front. What they do, others know. */
import { commands, type Disposable, type TextEditor, Uri, window } from 'vscode';
import { ExecuteCommandRequest, type LanguageClient } from 'vscode-languageclient/node';
import { activeProgram, readSchemes } from './activeProgram';
import { tellDown } from './down';
import { type Place, runCommand, runSelectionCommand, runToCursorCommand } from './protocol';
import type { Runs } from './run';
import type { SetUp } from './setup';
import type { NodeRow } from './views/nodes';

type Words = readonly unknown[];

/** Who carries the commands out. */
export interface Crew {
  readonly runs: Runs;
  readonly setUp: SetUp;
  readonly client: () => LanguageClient | undefined;
}

export function registerProgramCommands(crew: Crew): Disposable[] {
  const { runs } = crew;
  const run = (command: string, words: Words): Promise<void> => runWhenReady(crew, command, words);
  const page = (topic: string) => async (row: unknown) => openPage(crew, topic, row);
  return Object.entries<(chosen: unknown) => Promise<unknown>>({
    'imgql.run': withProgram((document) => run(runCommand, [document])),
    'imgql.runDetached': withProgram((document) => run(runCommand, [document, { detached: true }])),
    'imgql.runToCursor': withEditor((editor, document) =>
      run(runToCursorCommand, [document, plainPlace(editor.selection.active)]),
    ),
    'imgql.runSelection': withEditor((editor, document) =>
      run(runSelectionCommand, [document, plain(editor)]),
    ),
    'imgql.runNode': async (row) =>
      isNodeRow(row) && run(runSelectionCommand, [row.document, row.declaration.range]),
    'imgql.cancel': withProgram((document) => runs.cancel(document)),
    'imgql.show': page('node'),
    'imgql.why': page('why'),
    'imgql.plan': page('plan'),
  }).map(([name, act]) => commands.registerCommand(name, act));
}

/** Runs, or asks for what is missing for that first. */
export async function runWhenReady(crew: Crew, command: string, words: Words): Promise<void> {
  if (await crew.setUp.ready()) {
    await crew.runs.run(command, words);
  }
}

function withProgram(act: (document: string) => Promise<void>) {
  return async (chosen: unknown): Promise<void> => {
    const document = chosen instanceof Uri && readSchemes.includes(chosen.scheme) ? chosen.toString() : activeProgram();
    if (document === undefined) {
      tellUnread();
    } else {
      await act(document);
    }
  };
}

function withEditor(act: (editor: TextEditor, document: string) => Promise<void>) {
  return async (): Promise<void> => {
    const document = activeProgram();
    if (document === undefined || window.activeTextEditor === undefined) {
      tellUnread();
    } else {
      await act(window.activeTextEditor, document);
    }
  };
}

function tellUnread(): void {
  void window.showInformationMessage('Open a program of this machine: only those on a disk are read and run.');
}

function plain({ selection: { start, end } }: TextEditor) {
  return { start: plainPlace(start), end: plainPlace(end) };
}

/** Opens the page about a row of the list, or about the value under the cursor. */
async function openPage(crew: Crew, topic: string, row: unknown): Promise<void> {
  const document = isNodeRow(row) ? row.document : activeProgram();
  const place = isNodeRow(row)
    ? row.declaration.range.start
    : window.activeTextEditor?.selection.active;
  if (document === undefined || place === undefined) {
    tellUnread();
    return;
  }
  const client = crew.client();
  if (client === undefined) {
    void tellDown();
    return;
  }
  const question = { command: 'imgql.server.open', arguments: [document, plainPlace(place), topic] };
  const answer: unknown = await client.sendRequest(ExecuteCommandRequest.type, question);
  if (typeof answer === 'string') {
    void window.showInformationMessage(answer);
  }
}

function plainPlace({ line, character }: Place): Place {
  return { line, character };
}

function isNodeRow(row: unknown): row is NodeRow {
  return typeof row === 'object' && row !== null && 'declaration' in row;
}
