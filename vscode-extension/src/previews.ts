/** Shows pages of Markdown as they are meant to be read, or as text where that cannot be. */
import { commands, ProgressLocation, type Uri, window, workspace } from 'vscode';

/** The workbench's preview starts a server of its own, which may never answer. */
const PATIENCE_MS = 15_000;

/** Shows a page; a user who waits sees that something is going on. */
export async function openPreview(uri: Uri, patience = PATIENCE_MS): Promise<{ success: boolean }> {
  const options = { location: ProgressLocation.Window, title: 'Opening a page' };
  const problem = await window.withProgress(options, () => problemOf(uri, patience));
  if (problem !== undefined) {
    await window.showTextDocument(await workspace.openTextDocument(uri));
    void window.showWarningMessage(`The page is shown as text: ${problem}`);
  }
  return { success: true };
}

/** Why the preview does not show a page, or undefined once it does. */
async function problemOf(uri: Uri, patience: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('the preview of Markdown does not answer.'), patience);
  });
  const shown = Promise.resolve(commands.executeCommand('markdown.showPreview', uri)).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return Promise.race([shown, late]).finally(() => clearTimeout(timer));
}
