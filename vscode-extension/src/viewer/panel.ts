/** The panel of a viewer: carries messages between page and layers. It knows no voxels. */
import { type Disposable, EventEmitter, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { FromViewer, Layer, ToViewer } from './messages';
import { page } from './page';
import { filesOf } from './shown';
import { slice } from './slices';

export const viewType = 'voxlogica.viewer';

export class Panel implements Disposable {
  readonly #panel: WebviewPanel;
  readonly #messages = new EventEmitter<FromViewer>();
  readonly #ends = new EventEmitter<void>();
  #waiting: ToViewer[] | undefined = [];
  #isClosed = false;
  /** What is shown: the page may read nothing else. */
  #files: ReadonlySet<string> = new Set();

  readonly onDidReceive = this.#messages.event;
  readonly onDidDispose = this.#ends.event;

  /** Takes over a panel, such as one that stood there before the window was reloaded. */
  constructor(panel: WebviewPanel, extension: Uri) {
    this.#panel = panel;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(extension, 'out')] };
    webview.onDidReceiveMessage((message: FromViewer) => this.#take(message));
    panel.onDidDispose(() => {
      this.#isClosed = true;
      this.#ends.fire();
    });
    webview.html = page(webview, extension, panel.title);
  }

  static open(extension: Uri): Panel {
    const where = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    const panel = window.createWebviewPanel(viewType, 'VoxLogicA Viewer', where, {
      retainContextWhenHidden: true,
    });
    panel.iconPath = Uri.joinPath(extension, 'icons', 'voxlogica.svg');
    return new Panel(panel, extension);
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  send(message: ToViewer): void {
    if (this.#isClosed) {
      return; // an answer that came too late
    }
    if (this.#waiting === undefined) {
      void this.#panel.webview.postMessage(message);
    } else {
      this.#waiting.push(message);
    }
  }

  showLayers(layers: readonly Layer[]): void {
    this.#files = new Set(layers.flatMap(({ shown, earlier }) => [...filesOf(shown), ...filesOf(earlier)]));
    this.send({ kind: 'layers', layers });
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
    if (message.kind === 'read') {
      void this.#read(message);
    } else {
      this.#messages.fire(message);
    }
  }

  async #read({ request, file, from }: Extract<FromViewer, { kind: 'read' }>): Promise<void> {
    const none = { kind: 'slice', request, from, total: 0, bytes: new ArrayBuffer(0) } as const;
    if (!this.#files.has(file)) {
      this.send({ ...none, problem: 'this file is not shown any more' });
      return;
    }
    try {
      this.send({ ...none, ...(await slice(file, from)), problem: '' });
    } catch (error) {
      this.send({ ...none, problem: error instanceof Error ? error.message : String(error) });
    }
  }
}
