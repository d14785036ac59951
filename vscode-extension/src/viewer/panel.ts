/** The panel of a viewer: carries messages between page and layers. It knows no voxels. */
import { type Disposable, EventEmitter, Uri, ViewColumn, type Webview, type WebviewPanel, window } from 'vscode';
import type { FromViewer, Layer, Shown, ToViewer } from './messages';
import { page } from './page';

export const viewType = 'voxlogica.viewer';

export class Panel implements Disposable {
  readonly #panel: WebviewPanel;
  readonly #messages = new EventEmitter<FromViewer>();
  readonly #ends = new EventEmitter<void>();
  #waiting: ToViewer[] | undefined = [];

  readonly onDidReceive = this.#messages.event;
  readonly onDidDispose = this.#ends.event;

  /** Takes over a panel, such as one that stood there before the window was reloaded. */
  constructor(panel: WebviewPanel, extension: Uri, folders: readonly Uri[]) {
    this.#panel = panel;
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [Uri.joinPath(extension, 'out'), ...folders],
    };
    webview.onDidReceiveMessage((message: FromViewer) => this.#take(message));
    panel.onDidDispose(() => this.#ends.fire());
    webview.html = page(webview, extension, panel.title);
  }

  static open(extension: Uri, folders: readonly Uri[]): Panel {
    const where = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    const panel = window.createWebviewPanel(viewType, 'VoxLogicA Viewer', where, {
      retainContextWhenHidden: true,
    });
    panel.iconPath = Uri.joinPath(extension, 'icons', 'voxlogica.svg');
    return new Panel(panel, extension, folders);
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  send(message: ToViewer): void {
    if (this.#waiting === undefined) {
      void this.#panel.webview.postMessage(message);
    } else {
      this.#waiting.push(message);
    }
  }

  showLayers(layers: readonly Layer[]): void {
    const { webview } = this.#panel;
    const sent = layers.map((layer) => ({
      ...layer,
      shown: layer.shown && addressed(layer.shown, webview),
      earlier: layer.earlier && addressed(layer.earlier, webview),
    }));
    this.send({ kind: 'layers', layers: sent });
  }

  dispose(): void {
    this.#panel.dispose();
    this.#messages.dispose();
    this.#ends.dispose();
  }

  #take(message: FromViewer): void {
    if (message.kind === 'ready') {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      waiting.forEach((each) => this.send(each));
    }
    this.#messages.fire(message);
  }
}

/** The page fetches files by address: no voxel goes through a message. */
function addressed(shown: Shown, webview: Webview): Shown {
  switch (shown.form) {
    case 'image':
      return { ...shown, file: webview.asWebviewUri(Uri.file(shown.file)).toString() };
    case 'sequence':
      return { ...shown, items: shown.items.map((item) => addressed(item, webview)) };
    default:
      return shown;
  }
}
