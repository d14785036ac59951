/** Read-only pages of the extension: a stored result, and what Doctor found. It writes no text. */
import { type Disposable, EventEmitter, Uri, workspace } from 'vscode';
import { openPreview } from './previews';

const scheme = 'voxlogica';

/** Gives the text of a page by its path, such as `stored/<node id>/<name>.md`. */
export type Writer = (path: string) => Promise<string>;

export class OwnPages implements Disposable {
  readonly #changes = new EventEmitter<Uri>();
  readonly #registration: Disposable;

  constructor(write: Writer) {
    this.#registration = workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changes.event,
      provideTextDocumentContent: ({ path }) => write(path.replace(/^\//, '')),
    });
  }

  /** Shows a page as it is now. */
  async open(path: string): Promise<void> {
    const uri = Uri.from({ scheme, path: `/${path}` });
    this.#changes.fire(uri);
    await openPreview(uri);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changes.dispose();
  }
}
