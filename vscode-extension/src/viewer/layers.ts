/**
 * The expressions that are looked at: where they stand, what was found of them. It follows edits
 * and runs, and draws nothing.
 */
import { type CancellationToken, CancellationTokenSource, type Disposable, EventEmitter, type TextDocumentChangeEvent, Uri, workspace } from 'vscode';
import { type Edit, moved } from './anchors';
import { takenBack } from './edits';
import type { Layer, Place, Shown } from './messages';
import type { Values, View, ViewOptions } from './server';
import type { Texts } from './texts';

/** Milliseconds without a key after which an edited program is asked about. */
const PAUSE_MS = 120;

type Entry = { -readonly [Name in keyof Layer]: Layer[Name] };

export class Layers implements Disposable {
  readonly #values: Values;
  readonly #folder: string;
  readonly #texts: Texts;
  readonly #changes = new EventEmitter<void>();
  readonly #computed = new EventEmitter<string>();
  readonly #listener: Disposable;
  readonly #asking = new Map<number, CancellationTokenSource>();
  #entries: Entry[] = [];
  #next = 1;
  #timer: NodeJS.Timeout | undefined;
  #maySpend = false;

  readonly onDidChange = this.#changes.event;
  /** A value was computed for the viewer: what the text shows of it has changed. */
  readonly onDidCompute = this.#computed.event;

  constructor(values: Values, folder: string, texts: Texts) {
    this.#values = values;
    this.#folder = folder;
    this.#texts = texts;
    this.#listener = workspace.onDidChangeTextDocument((event) => this.#follow(event));
  }

  get all(): readonly Layer[] {
    return this.#entries;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listener.dispose();
    this.#asking.forEach((source) => source.cancel());
    this.#changes.dispose();
    this.#computed.dispose();
  }

  find(id: number): Layer | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  clear(): void {
    this.#entries = [];
    this.#changes.fire();
  }

  remove(id: number): void {
    this.#asking.get(id)?.cancel();
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    this.#changes.fire();
  }

  /** Adds the expression at a place and computes it; one that is there already is shown anew. */
  async add(document: string, place: Place, compute = true): Promise<Layer> {
    const entry: Entry = {
      id: this.#next++, title: '…', document, place, type: '', node: '', status: '', isBusy: true,
      isStale: false, message: '', computed: 0, shown: null, earlier: null,
    };
    this.#entries.push(entry);
    this.#changes.fire();
    await this.#refresh(entry, compute);
    const twin = this.#entries.find((other) => other !== entry && other.node === entry.node && other.document === document);
    if (twin !== undefined && entry.node !== '') {
      this.remove(entry.id);
      return twin;
    }
    return entry;
  }

  compute(id: number): void {
    const entry = this.#entries.find((each) => each.id === id);
    if (entry !== undefined) {
      void this.#refresh(entry, true);
    }
  }

  /** Looks again at all of a document: what is at hand, or, when asked to, what it takes. */
  refresh(document: string, compute: boolean): void {
    for (const entry of this.#entries.filter((each) => each.document === document)) {
      void this.#refresh(entry, compute);
    }
  }

  /**
   * Finds what every expression was before the last edit that changed it. Of what was not looked
   * at since, the store is asked, by the texts that were opened, run or looked at earlier.
   */
  async findEarlier(): Promise<void> {
    await Promise.all(this.#entries.filter(({ document }) => document !== '').map(async (entry) => {
      if (entry.isStale) {
        await this.#refresh(entry, true);
      }
      entry.earlier ??= await this.#earlier(entry);
    }));
    this.#changes.fire();
  }

  async #earlier({ document, place, node, title, type }: Entry): Promise<Shown | null> {
    const now = (await workspace.openTextDocument(Uri.parse(document))).getText();
    const isName = /^\w+$/.test(title);
    for (const text of this.#texts.before(document, now)) {
      const { start, end, text: there } = takenBack(now, text);
      const change = { range: { start, end }, text: there };
      const found = await this.#ask(document, place, { folder: this.#folder, compute: false, change });
      const isSame = found?.type === type && (!isName || found.title === title);
      if (found && isSame && found.node !== node && found.view?.form !== 'failed') {
        const shown = found.view ?? ownValue(found);
        if (shown !== null) {
          return shown;
        }
      }
    }
    return null;
  }

  /** Asks for what nothing depends on: what is refused is not there. */
  async #ask(document: string, place: Place, options: ViewOptions): Promise<View | null> {
    const source = new CancellationTokenSource();
    return this.#values.view(document, place, options, source.token).catch(() => null).finally(() => source.dispose());
  }

  /** Whether the edit that follows was made by hand on a number, and may cost a computation. */
  spendOnNextEdit(): void {
    this.#maySpend = true;
  }

  #follow({ document, contentChanges }: TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    const concerned = this.#entries.filter((entry) => entry.document === uri);
    if (contentChanges.length === 0 || concerned.length === 0) {
      return;
    }
    const edits: Edit[] = contentChanges.map(({ range, text }) => ({ start: range.start, end: range.end, text }));
    for (const entry of concerned) {
      entry.place = plain(edits.reduce(moved, entry.place));
    }
    const compute = this.#maySpend;
    this.#maySpend = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(uri, compute), compute ? 0 : PAUSE_MS);
  }

  async #refresh(entry: Entry, compute: boolean): Promise<void> {
    this.#asking.get(entry.id)?.cancel();
    const source = new CancellationTokenSource();
    this.#asking.set(entry.id, source);
    entry.isBusy = compute;
    this.#changes.fire();
    try {
      const options = { folder: this.#folder, compute };
      // The server knows open documents only.
      const text = (await workspace.openTextDocument(Uri.parse(entry.document))).getText();
      const found = await this.#values.view(entry.document, entry.place, options, source.token);
      this.#take(entry, found, source.token);
      if (found !== null && entry.node === found.node) {
        this.#texts.settle(entry.document, text);
      }
    } catch (error) {
      if (!source.token.isCancellationRequested) {
        entry.isBusy = false;
        entry.message = error instanceof Error ? error.message : String(error);
      }
    } finally {
      if (this.#asking.get(entry.id) === source) {
        this.#asking.delete(entry.id);
      }
      source.dispose();
    }
    if (this.#entries.includes(entry)) {
      this.#changes.fire();
    }
    if (compute) {
      this.#computed.fire(entry.document);
    }
  }

  #take(entry: Entry, found: View | null, token: CancellationToken): void {
    if (token.isCancellationRequested) {
      return;
    }
    entry.isBusy = false;
    entry.message = '';
    if (found === null) {
      entry.isStale = entry.shown !== null;
      entry.message = 'no value stands here';
      return;
    }
    const shown = found.view ?? ownValue(found);
    const isOther = entry.node !== '' && found.node !== entry.node;
    if (shown === null) {
      entry.isStale = entry.shown !== null && isOther;
      entry.status = found.status;
      return;
    }
    if (shown.form === 'failed') {
      entry.isStale = entry.shown !== null;
      entry.message = shown.message;
    } else {
      if (isOther && entry.shown !== null) {
        entry.earlier = entry.shown;
      }
      entry.shown = shown;
      entry.node = found.node;
      entry.computed = found.computed;
      entry.isStale = false;
    }
    entry.title = found.title;
    entry.type = found.type;
    entry.place = found.range.start;
    entry.status = shown.form === 'failed' ? 'failed' : 'kept';
  }
}

/** Numbers, texts and what holds them need no file. */
function ownValue(found: View): Shown | null {
  return found.value === null ? null : { form: 'value', value: found.value };
}

function plain({ line, character }: Place): Place {
  return { line, character };
}
