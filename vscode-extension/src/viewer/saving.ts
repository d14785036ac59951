/** Writes what is shown where the user wants it, or opens it in another program. */
import * as path from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { copyVolume, externalCommand, startProgram } from './files';
import type { Layer } from './messages';
import { filesOf } from './shown';

/** Asks where, and writes a volume as NIfTI; a file of another kind as it is. */
export async function saveVolume(layer: Layer, item: number): Promise<void> {
  const source = filesOf(layer.shown)[item];
  if (source === undefined) {
    return;
  }
  const isNifti = /\.nii(\.gz)?$/.test(source);
  const kind = isNifti ? '.nii.gz' : path.extname(source);
  const stem = layer.title.replace(/(\.nii)?\.\w+$/, '').replace(/[^\w-]+/g, '_');
  // `nii.gz` would be put behind every name, also behind those that end so.
  const target = await asked(`${stem}${kind}`, isNifti ? { NIfTI: ['gz', 'nii'] } : {});
  if (target !== undefined) {
    await copyVolume(source, target.fsPath);
    window.setStatusBarMessage(`Written to ${target.fsPath}`, 5000);
  }
}

/** Asks where, and writes a picture that came as Base64. */
export async function savePicture(png: string): Promise<void> {
  const target = await asked('view.png', { Picture: ['png'] });
  if (target !== undefined) {
    await workspace.fs.writeFile(target, Buffer.from(png, 'base64'));
    window.setStatusBarMessage(`Written to ${target.fsPath}`, 5000);
  }
}

/** Opens layers in the program that the settings name. */
export function openOutside(layers: readonly Layer[]): void {
  const words = workspace.getConfiguration('voxlogica').get<readonly string[]>('externalViewer', []);
  const files = layers.flatMap(({ shown }) => filesOf(shown).slice(0, 1));
  if (words.length === 0) {
    void window.showInformationMessage('Name a program in the setting voxlogica.externalViewer first, such as ["itksnap", "-g", "${file}", "-o", "${layers}"].');
    return;
  }
  if (files.length === 0) {
    void window.showInformationMessage('There is no image to open in another program.');
    return;
  }
  startProgram(externalCommand(words, files), (message) => void window.showErrorMessage(message));
}

function asked(name: string, filters: Record<string, string[]>): Thenable<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return window.showSaveDialog({
    filters,
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }),
  });
}
