/** Reads the settings of this extension. It changes none. */
import { homedir } from 'node:os';
import * as path from 'node:path';
import { type ConfigurationChangeEvent, type Uri, workspace } from 'vscode';

const section = 'voxlogica';
export const interpreterSetting = `${section}.interpreter`;
const storeSetting = `${section}.store`;
const dialectSetting = `${section}.dialect`;
const orientationSetting = `${section}.orientation`;
const shownSettings = [`${section}.inlayHints`, `${section}.codeLens`];

/** The interpreter the user names, made absolute, or undefined when none is named. */
export function chosenInterpreter(folder: Uri | undefined): string | undefined {
  const text = read('interpreter', folder);
  // A bare name such as `python3.12` is looked up on the search path.
  return text === undefined || /^[^/\\]+$/.test(text) ? text : absolute(text, folder);
}

/** The folder of kept values the user names, made absolute, or undefined when none is named. */
export function chosenStore(folder: Uri | undefined): string | undefined {
  const text = read('store', folder);
  return text === undefined ? undefined : absolute(text, folder);
}

/** The dialect of programs that do not state one, or undefined when the server is to tell. */
export function chosenDialect(folder: Uri | undefined): string | undefined {
  return read('dialect', folder);
}

/** How pictures of volumes are turned, or undefined when the server is to tell. */
export function chosenOrientation(): string | undefined {
  return read('orientation', undefined);
}

/** How much the server writes to its log. */
export function chosenLogLevel(): string {
  return read('logLevel', undefined) ?? 'info';
}

/** True unless the user has switched something off. */
export function isOn(
  name: 'inlayHints' | 'codeLens' | 'statusInGutter' | 'showResultsAfterRun' | 'warmRunner',
  folder: Uri | undefined,
): boolean {
  return workspace.getConfiguration(section, folder).get<boolean>(name, true);
}

/** True when the server must be started anew. */
export function serverSettingsChanged(event: ConfigurationChangeEvent): boolean {
  const settings = [
    interpreterSetting,
    storeSetting,
    dialectSetting,
    orientationSetting,
    ...shownSettings,
  ];
  return settings.some((setting) => event.affectsConfiguration(setting));
}

/** True when what is shown beside the text may have been switched on or off. */
export function displaySettingsChanged(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(`${section}.statusInGutter`);
}

function read(name: string, folder: Uri | undefined): string | undefined {
  return workspace.getConfiguration(section, folder).get<string>(name, '').trim() || undefined;
}

function absolute(text: string, folder: Uri | undefined): string {
  const root = folder?.fsPath ?? homedir();
  const full = text.replaceAll('${workspaceFolder}', root).replace(/^~(?=[/\\]|$)/, homedir());
  return path.resolve(root, full);
}
