/** Image files opened from the explorer: the same viewer, read-only. */
import * as path from 'node:path';
import { type CustomDocument, type CustomReadonlyEditorProvider, type ExtensionContext, Uri, type WebviewPanel } from 'vscode';
import type { Layer } from './messages';
import { Panel } from './panel';

export const imageEditorType = 'voxlogica.image';

export class ImageEditor implements CustomReadonlyEditorProvider {
  readonly #context: ExtensionContext;

  constructor(context: ExtensionContext) {
    this.#context = context;
  }

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: CustomDocument, webview: WebviewPanel): void {
    const panel = new Panel(webview, this.#context.extensionUri, [Uri.joinPath(uri, '..')]);
    panel.showLayers([fileLayer(uri)]);
  }
}

function fileLayer(uri: Uri): Layer {
  return {
    id: 1, title: path.basename(uri.path), document: '', place: { line: 0, character: 0 }, type: 'file',
    node: uri.toString(), status: 'kept', isBusy: false, isStale: false, message: '', earlier: null,
    shown: { form: 'image', kind: 'image', file: uri.fsPath, size: [], spacing: [], statistics: null, picture: null },
  };
}
