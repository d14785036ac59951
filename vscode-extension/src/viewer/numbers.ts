/** Numbers of a text, turned by hand: asks which stands where, and writes others in their place. */
import { type Disposable, EventEmitter, Range, type TextDocument, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import { moved } from './anchors';
import type { NumberControl, Place } from './messages';
import type { NumberFound, Values } from './server';

export class Numbers implements Disposable {
  readonly #values: Values;
  readonly #beforeEdit: () => void;
  readonly #changes = new EventEmitter<NumberControl | null>();
  readonly #listeners: readonly Disposable[];
  #held: { readonly document: string; place: Place; near: readonly string[]; text: string } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  readonly onDidChange = this.#changes.event;

  constructor(values: Values, beforeEdit: () => void) {
    this.#values = values;
    this.#beforeEdit = beforeEdit;
    this.#listeners = [
      window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        const place = selections[0]?.active;
        if (textEditor.document.languageId === 'imgql' && place !== undefined) {
          void this.#queued(() => this.#hold(textEditor.document.uri.toString(), place));
        }
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const held = this.#held;
        if (held !== undefined && document.uri.toString() === held.document) {
          for (const { range, text } of contentChanges) {
            const isInside = range.start.line === held.place.line && range.start.character === held.place.character;
            held.place = isInside ? held.place : moved(held.place, { start: range.start, end: range.end, text });
          }
        }
      }),
    ];
  }

  dispose(): void {
    this.#listeners.forEach((listener) => listener.dispose());
    this.#changes.dispose();
  }

  /** Steps the number under the cursor, or the one that was there last. */
  step(steps: number, digits = 0): Promise<void> {
    return this.#queued(async () => {
      const found = await this.#found({ steps, digits });
      if (found === null) {
        window.setStatusBarMessage('Put the cursor on a number first.', 3000);
      } else {
        await this.#write(found, found.next);
      }
    });
  }

  /** Writes another text in place of the number that is held. */
  set(text: string): Promise<void> {
    return this.#queued(async () => {
      const found = await this.#found({});
      if (found !== null && found.text !== text) {
        await this.#write(found, text);
      }
    });
  }

  /** The number that is held, with values to try in its place. */
  async sweep(values?: string): Promise<{ document: string; found: NumberFound } | undefined> {
    const found = await this.#found(values === undefined ? {} : { values });
    return found === null || this.#held === undefined ? undefined : { document: this.#held.document, found };
  }

  async #found(options: { steps?: number; digits?: number; values?: string }): Promise<NumberFound | null> {
    const editor = window.activeTextEditor;
    if (editor?.document.languageId === 'imgql') {
      const document = editor.document.uri.toString();
      const found = await this.#values.number(document, plain(editor.selection.active), options);
      if (found !== null) {
        this.#keep(document, found);
        return found;
      }
    }
    const held = this.#held;
    return held === undefined ? null : this.#values.number(held.document, held.place, options);
  }

  async #hold(document: string, place: Place): Promise<void> {
    const found = await this.#values.number(document, plain(place)).catch(() => null);
    if (found !== null) {
      this.#keep(document, found);
    }
  }

  #keep(document: string, { range, near, text }: NumberFound): void {
    const isSame = this.#held?.document === document && this.#held.place.line === range.start.line
      && this.#held.place.character === range.start.character;
    // While a slider is dragged its scale stays what it was, as long as the number is on it.
    const scale = isSame && this.#held?.near.includes(text) ? this.#held.near : near;
    this.#held = { document, place: range.start, near: scale, text };
    this.#changes.fire({ text, near: scale, line: range.start.line });
  }

  async #write(found: NumberFound, text: string): Promise<void> {
    const held = this.#held;
    if (held === undefined) {
      return;
    }
    const document: TextDocument = await workspace.openTextDocument(Uri.parse(held.document));
    const { start, end } = found.range;
    const range = new Range(start.line, start.character, end.line, end.character);
    if (document.getText(range) !== found.text) {
      return; // edited meanwhile
    }
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, range, text);
    this.#beforeEdit();
    await workspace.applyEdit(edit);
    const now = await this.#values.number(held.document, start).catch(() => null);
    if (now !== null) {
      this.#keep(held.document, now);
    }
  }

  #queued<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

function plain({ line, character }: Place): Place {
  return { line, character };
}
