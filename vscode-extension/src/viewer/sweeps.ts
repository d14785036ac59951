/** Tries many numbers in place of one, and shows what comes of each. The text stays as it is. */
import { CancellationTokenSource, type Disposable } from 'vscode';
import type { Frame, Layer, Shown } from './messages';
import type { NumberFound, Values } from './server';

export class Sweep implements Disposable {
  readonly #values: Values;
  readonly #folder: string;
  readonly #show: (title: string, frames: readonly Frame[]) => void;
  #source = new CancellationTokenSource();

  constructor(values: Values, folder: string, show: (title: string, frames: readonly Frame[]) => void) {
    this.#values = values;
    this.#folder = folder;
    this.#show = show;
  }

  dispose(): void {
    this.#source.cancel();
    this.#source.dispose();
  }

  /** Goes through the numbers one by one; a later sweep ends this one. */
  async run(layer: Layer, document: string, found: NumberFound): Promise<void> {
    this.dispose();
    const source = new CancellationTokenSource();
    this.#source = source;
    const title = `${layer.title} for ${found.text} → …`;
    const frames: Frame[] = found.sweep.map((text) => ({ text, isChosen: text === found.text, shown: null }));
    this.#show(title, frames);
    for (const [index, text] of found.sweep.entries()) {
      const shown = await this.#tried(layer, document, found, text, source);
      if (source.token.isCancellationRequested) {
        return;
      }
      frames[index] = { text, isChosen: text === found.text, shown };
      this.#show(title, [...frames]);
    }
  }

  async #tried(
    layer: Layer,
    document: string,
    { range }: NumberFound,
    text: string,
    source: CancellationTokenSource,
  ): Promise<Shown> {
    try {
      const options = { folder: this.#folder, compute: true, change: { range, text } };
      const view = await this.#values.view(document, layer.place, options, source.token);
      const own: Shown | null = view === null || view.value === null ? null : { form: 'value', value: view.value };
      return view?.view ?? own ?? { form: 'failed', message: 'no value stands here' };
    } catch (error) {
      return { form: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }
}
