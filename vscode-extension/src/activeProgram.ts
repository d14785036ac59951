/** Which program is in front. The server reads those on a disk, and those that have no file yet. */
import { type TextDocument, window } from 'vscode';

export const readSchemes: readonly string[] = ['file', 'untitled'];

/** The document in front, if it is a program that the server can read. */
export function activeProgram(): string | undefined {
  const document = window.activeTextEditor?.document;
  return document !== undefined && isRead(document) ? document.uri.toString() : undefined;
}

/** That program or, where something else has the focus, the only one that is to be seen. */
export function programInSight(): string | undefined {
  const seen = window.visibleTextEditors.map(({ document }) => document).filter(isRead);
  const [only, ...others] = new Set(seen.map(({ uri }) => uri.toString()));
  return activeProgram() ?? (others.length === 0 ? only : undefined);
}

/** True for programs that the server can read; others are coloured, and no more. */
export function isRead({ languageId, uri }: TextDocument): boolean {
  return languageId === 'imgql' && readSchemes.includes(uri.scheme);
}
