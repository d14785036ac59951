/** Reads the settings of this extension. It changes none. */
import { homedir } from 'node:os';
import * as path from 'node:path';
import { type ConfigurationChangeEvent, type Uri, workspace } from 'vscode';

const section = 'voxlogica';
export const interpreterSetting = `${section}.interpreter`;

/** The interpreter the user names, made absolute, or undefined when none is named. */
export function chosenInterpreter(folder: Uri | undefined): string | undefined {
  const text = workspace.getConfiguration(section, folder).get<string>('interpreter', '').trim();
  return text === '' ? undefined : expanded(text, folder);
}

export function interpreterChanged(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(interpreterSetting);
}

/** A bare name such as `python3.12` stays as it is: it is looked up on the search path. */
function expanded(text: string, folder: Uri | undefined): string {
  const root = folder?.fsPath ?? homedir();
  const full = text.replaceAll('${workspaceFolder}', root).replace(/^~(?=[/\\]|$)/, homedir());
  const isBareName = !full.includes('/') && !full.includes('\\');
  return isBareName ? full : path.resolve(root, full);
}
