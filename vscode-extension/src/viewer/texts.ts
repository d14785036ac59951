/**
 * Texts of programs as they were opened, run or looked at, kept over sessions: what stood there
 * before the last edit is asked of the store by them.
 */
import { type Disposable, type Memento, type TextDocument, workspace } from 'vscode';

const KEY = 'imgql.texts';
const MOST_TEXTS = 6;
const MOST_PROGRAMS = 20;
const LONGEST = 100_000;

type Kept = Readonly<Record<string, readonly string[]>>;

export class Texts implements Disposable {
  readonly #memento: Memento;
  readonly #listener: Disposable;

  constructor(memento: Memento) {
    this.#memento = memento;
    workspace.textDocuments.forEach((document) => this.#opened(document));
    this.#listener = workspace.onDidOpenTextDocument((document) => this.#opened(document));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  /** Notes that a text was opened, run or looked at. */
  settle(uri: string, text: string): void {
    const { [uri]: texts = [], ...others } = this.#kept;
    if (text.length > LONGEST || texts.at(-1) === text) {
      return;
    }
    const mine = [...texts.filter((each) => each !== text), text].slice(-MOST_TEXTS);
    const rest = Object.entries(others).slice(-MOST_PROGRAMS + 1);
    void this.#memento.update(KEY, { ...Object.fromEntries(rest), [uri]: mine });
  }

  /** Earlier texts of a program, the latest first. */
  before(uri: string, now: string): readonly string[] {
    return (this.#kept[uri] ?? []).filter((text) => text !== now).reverse();
  }

  get #kept(): Kept {
    return this.#memento.get<Kept>(KEY, {});
  }

  #opened(document: TextDocument): void {
    if (document.languageId === 'imgql' && document.uri.scheme === 'file') {
      this.settle(document.uri.toString(), document.getText());
    }
  }
}
