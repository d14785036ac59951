/** The viewer: its panel, what is shown there, and what is done there. */
import { type Disposable, type ExtensionContext, Selection, Uri, type WebviewPanel, window } from 'vscode';
import { Layers } from './layers';
import type { Comparison, FromViewer, Layer, Place, Remembered, Shown } from './messages';
import { Numbers } from './numbers';
import { Panel } from './panel';
import { openOutside, savePicture, saveVolume } from './saving';
import type { Values } from './server';
import { fits, liesOver } from './shown';
import { Sweep } from './sweeps';
import type { Texts } from './texts';

const following: Readonly<Record<Comparison, Comparison>> = { off: 'beside', beside: 'flicker', flicker: 'off' };

export class Viewer implements Disposable {
  readonly #context: ExtensionContext;
  readonly #values: Values;
  readonly layers: Layers;
  readonly numbers: Numbers;
  readonly #sweep: Sweep;
  #panel: Panel | undefined;
  #comparison: Comparison = 'off';

  constructor(context: ExtensionContext, values: Values, folder: string, texts: Texts) {
    this.#context = context;
    this.#values = values;
    this.layers = new Layers(values, folder, texts);
    this.layers.onDidChange(() => this.#panel?.showLayers(this.layers.all));
    this.numbers = new Numbers(values, () => this.layers.spendOnNextEdit());
    this.numbers.onDidChange((number) => this.#panel?.send({ kind: 'number', number }));
    this.#sweep = new Sweep(values, folder, (title, frames) => {
      const webviewFrames = frames.map((frame) => ({ ...frame, shown: frame.shown && small(frame.shown) }));
      this.#panel?.send({ kind: 'sweep', title, frames: webviewFrames });
    });
  }

  dispose(): void {
    this.#sweep.dispose();
    this.numbers.dispose();
    this.layers.dispose();
    this.#panel?.dispose();
  }

  /** Shows one expression alone; a mask keeps, or gets, an image to lie on. */
  async show(document: string, place: Place): Promise<void> {
    this.#opened();
    const before = this.layers.all.map(({ id }) => id);
    const backgrounds = this.#values.backgrounds(document).catch(() => []);
    const layer = await this.layers.add(document, place);
    const lies = liesOver(layer.shown);
    const base = lies ? this.layers.all.find((each) => isBase(each, layer, document)) : undefined;
    before.filter((id) => id !== base?.id && id !== layer.id).forEach((id) => this.layers.remove(id));
    if (lies && base === undefined) {
      await this.#layUnder(layer, await backgrounds);
    }
  }

  /** Puts the first image below a mask that it fits over. */
  async #layUnder(layer: Layer, places: readonly Place[]): Promise<void> {
    for (const place of places) {
      const below = await this.layers.add(layer.document, place);
      if (below === layer || fits(layer.shown, below.shown)) {
        return;
      }
      this.layers.remove(below.id);
    }
  }

  async addLayer(document: string, place: Place): Promise<void> {
    this.#opened();
    await this.layers.add(document, place);
  }

  /** Shows what stood there before the edit: beside, in turn, or not any more. */
  async compare(how = following[this.#comparison]): Promise<void> {
    if (this.layers.all.length === 0) {
      void window.showInformationMessage('Show a value first: VoxLogicA: Show in Viewer.');
      return;
    }
    const panel = this.#opened();
    if (how !== 'off') {
      await this.layers.findEarlier();
    }
    if (how !== 'off' && this.layers.all.every(({ earlier }) => earlier === null)) {
      void window.showInformationMessage('Nothing is known of before the edit: the value was not computed then, or nothing that it needs was edited.');
      return;
    }
    this.#comparison = how;
    panel.send({ kind: 'compare', how });
  }

  /** Tries other numbers in place of the one at the cursor. */
  async sweep(): Promise<void> {
    const offered = await this.numbers.sweep();
    if (offered === undefined) {
      window.setStatusBarMessage('Put the cursor on a number first.', 3000);
      return;
    }
    const text = await window.showInputBox({
      title: 'Sweep',
      prompt: 'Numbers to try, such as 1, 2, 5 or 0.1 to 0.5 by 0.05',
      value: offered.found.sweep.join(', '),
    });
    const swept = text === undefined ? undefined : await this.numbers.sweep(text);
    if (swept === undefined) {
      return;
    }
    this.#opened();
    const layer = this.layers.all.find((each) => each.document === swept.document && each.type !== 'image')
      ?? this.layers.all.find((each) => each.document === swept.document)
      ?? await this.layers.add(swept.document, swept.found.range.start);
    await this.#sweep.run(layer, swept.document, swept.found);
  }

  /** Puts back what was shown before the window was reloaded. */
  async restore(panel: WebviewPanel, state: Remembered | undefined): Promise<void> {
    this.#take(new Panel(panel, this.#context.extensionUri));
    for (const { document, place } of state?.layers ?? []) {
      if (document !== '') {
        await this.layers.add(document, place);
      }
    }
  }

  #opened(): Panel {
    if (this.#panel === undefined) {
      return this.#take(Panel.open(this.#context.extensionUri));
    }
    this.#panel.reveal();
    return this.#panel;
  }

  #take(panel: Panel): Panel {
    this.#panel?.dispose();
    this.#panel = panel;
    panel.onDidReceive((message) => void this.#obey(message).catch(tell));
    panel.onDidDispose(() => {
      if (this.#panel === panel) {
        this.#panel = undefined;
        this.#comparison = 'off';
        this.layers.clear();
      }
    });
    panel.showLayers(this.layers.all);
    return panel;
  }

  async #obey(message: FromViewer): Promise<void> {
    switch (message.kind) {
      case 'ready':
      case 'read':
        return;
      case 'compare':
        return this.compare(message.how);
      case 'remove':
        return this.layers.remove(message.layer);
      case 'compute':
        return this.layers.compute(message.layer);
      case 'reveal':
        return this.#reveal(message.layer);
      case 'number':
        return this.numbers.set(message.text);
      case 'choose':
        return this.numbers.set(message.text);
      case 'step':
        return this.numbers.step(message.steps);
      case 'export':
        return this.#save(message.layer, message.item);
      case 'external':
        return this.openOutside();
      case 'picture':
        return savePicture(message.png);
      case 'failed':
        void window.showErrorMessage(`The viewer: ${message.message}`);
    }
  }

  async #reveal(id: number): Promise<void> {
    const layer = this.layers.find(id);
    if (layer !== undefined && layer.document !== '') {
      const { line, character } = layer.place;
      const selection = new Selection(line, character, line, character);
      await window.showTextDocument(Uri.parse(layer.document), { selection });
    }
  }

  async #save(id: number, item: number): Promise<void> {
    const layer = this.layers.find(id);
    if (layer !== undefined) {
      await saveVolume(layer, item);
    }
  }

  openOutside(): void {
    openOutside(this.layers.all);
  }
}

function isBase(each: Layer, layer: Layer, document: string): boolean {
  return each !== layer && each.document === document && fits(layer.shown, each.shown) && !liesOver(each.shown);
}

/** A film strip needs the small picture and the numbers only. */
function small(shown: Shown): Shown {
  return shown.form === 'image' ? { ...shown, file: '' } : shown;
}

function tell(error: unknown): void {
  void window.showErrorMessage(error instanceof Error ? error.message : String(error));
}
