/** Which program is in front. */
import { window } from 'vscode';

/** The document in front, if it is a program. */
export function activeProgram(): string | undefined {
  const document = window.activeTextEditor?.document;
  return document?.languageId === 'imgql' ? document.uri.toString() : undefined;
}
