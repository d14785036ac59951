/** Image files opened from the explorer: the same viewer, read-only. */
import * as path from 'node:path';
import { type CustomDocument, type CustomReadonlyEditorProvider, type ExtensionContext, type Uri, type WebviewPanel, window } from 'vscode';
import type { FromViewer, Layer } from './messages';
import { Panel } from './panel';
import { openOutside, savePicture, saveVolume } from './saving';
import type { Values } from './server';

export const imageEditorType = 'voxlogica.image';

/** What the page can read by itself where no Python reads it. */
const OWN_FORMATS = /\.(nii|nii\.gz|nrrd|mha|mgz|mgh)$/i;

export class ImageEditor implements CustomReadonlyEditorProvider {
  readonly #context: ExtensionContext;
  readonly #values: Values;
  readonly #folder: string;

  constructor(context: ExtensionContext, values: Values, folder: string) {
    this.#context = context;
    this.#values = values;
    this.#folder = folder;
  }

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor({ uri }: CustomDocument, webview: WebviewPanel): Promise<void> {
    const panel = new Panel(webview, this.#context.extensionUri);
    let layer = awaited(uri);
    panel.onDidReceive((message) => void obey(message, layer));
    panel.showLayers([layer]);
    layer = await this.#read(uri, layer);
    panel.showLayers([layer]);
  }

  /** What programs would load from the file; without Python, the file as the page reads it. */
  async #read(uri: Uri, layer: Layer): Promise<Layer> {
    try {
      const { node, view } = await this.#values.file(uri.fsPath, this.#folder);
      const done = { ...layer, isBusy: false, node };
      return view.form === 'failed'
        ? { ...done, status: 'failed', message: view.message }
        : { ...done, type: view.form === 'image' ? view.kind : view.form, shown: view };
    } catch (error) {
      const message = `no statistics: ${error instanceof Error ? error.message : String(error)}`;
      const isOwn = OWN_FORMATS.test(uri.path);
      return { ...layer, isBusy: false, message, type: 'image', shown: isOwn ? asItIs(uri) : null };
    }
  }
}

function awaited(uri: Uri): Layer {
  return {
    id: 1, title: path.basename(uri.path), document: '', place: { line: 0, character: 0 }, type: 'file',
    node: uri.toString(), status: 'kept', isBusy: true, isStale: false, message: '', computed: 0, earlier: null, shown: null,
  };
}

function asItIs(uri: Uri): Layer['shown'] {
  return { form: 'image', kind: 'image', file: uri.fsPath, size: [], spacing: [], statistics: null, picture: null };
}

async function obey(message: FromViewer, layer: Layer): Promise<void> {
  switch (message.kind) {
    case 'export':
      return saveVolume(layer, message.item);
    case 'picture':
      return savePicture(message.png);
    case 'external':
      return openOutside([layer]);
    case 'failed':
      void window.showErrorMessage(`The viewer: ${message.message}`);
  }
}
