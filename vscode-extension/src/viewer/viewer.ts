/** The viewer: its panel, what is shown there, and what is done there. */
import { spawn } from 'node:child_process';
import { type Disposable, type ExtensionContext, Selection, Uri, type WebviewPanel, window, workspace } from 'vscode';
import { copyVolume, externalCommand } from './files';
import { Layers } from './layers';
import type { Comparison, FromViewer, Layer, Place, Remembered, Shown } from './messages';
import { Numbers } from './numbers';
import { Panel } from './panel';
import type { Values } from './server';
import { Sweep } from './sweeps';

export class Viewer implements Disposable {
  readonly #context: ExtensionContext;
  readonly #values: Values;
  readonly #folder: Uri;
  readonly layers: Layers;
  readonly numbers: Numbers;
  readonly #sweep: Sweep;
  #panel: Panel | undefined;
  #comparison: Comparison = 'off';

  constructor(context: ExtensionContext, values: Values, folder: Uri) {
    this.#context = context;
    this.#values = values;
    this.#folder = folder;
    this.layers = new Layers(values, folder.fsPath);
    this.layers.onDidChange(() => this.#panel?.showLayers(this.layers.all));
    this.numbers = new Numbers(values, () => this.layers.spendOnNextEdit());
    this.numbers.onDidChange((number) => this.#panel?.send({ kind: 'number', number }));
    this.#sweep = new Sweep(values, folder.fsPath, (title, frames) => {
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
    const background = this.#values.background(document).catch(() => undefined);
    const layer = await this.layers.add(document, place);
    const lies = layer.type === 'mask' || layer.type === 'labels';
    const base = lies ? this.layers.all.find((each) => isBase(each, layer, document)) : undefined;
    before.filter((id) => id !== base?.id && id !== layer.id).forEach((id) => this.layers.remove(id));
    if (lies && base === undefined) {
      const below = await background;
      if (below !== undefined) {
        await this.layers.add(document, below);
      }
    }
  }

  async addLayer(document: string, place: Place): Promise<void> {
    this.#opened();
    await this.layers.add(document, place);
  }

  compare(): void {
    if (this.layers.all.every((layer) => layer.earlier === null)) {
      void window.showInformationMessage('Nothing that is shown has changed yet: show a value, edit the program, and compare then.');
      return;
    }
    this.#comparison = this.#comparison === 'off' ? 'beside' : this.#comparison === 'beside' ? 'flicker' : 'off';
    this.#opened().send({ kind: 'compare', how: this.#comparison });
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
    this.#take(new Panel(panel, this.#context.extensionUri, [this.#folder]));
    for (const { document, place } of state?.layers ?? []) {
      if (document !== '') {
        await this.layers.add(document, place);
      }
    }
  }

  #opened(): Panel {
    if (this.#panel === undefined) {
      return this.#take(Panel.open(this.#context.extensionUri, [this.#folder]));
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
        return;
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
        return this.#export(message.layer, message.item);
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

  async #export(id: number, item: number): Promise<void> {
    const layer = this.layers.find(id);
    const source = layer && filesOf(layer.shown)[item];
    if (layer === undefined || source === undefined) {
      return;
    }
    const name = `${layer.title.replace(/[^\w.-]+/g, '_')}.nii.gz`;
    const target = await asked(name, { 'NIfTI': ['nii.gz', 'nii'] });
    if (target !== undefined) {
      await copyVolume(source, target.fsPath);
      window.setStatusBarMessage(`Written to ${target.fsPath}`, 5000);
    }
  }

  /** Opens what is shown in the program that the settings name. */
  openOutside(): void {
    const words = workspace.getConfiguration('voxlogica').get<readonly string[]>('externalViewer', []);
    const files = this.layers.all.flatMap((layer) => filesOf(layer.shown).slice(0, 1));
    if (words.length === 0) {
      void window.showInformationMessage('Name a program in the setting voxlogica.externalViewer first, such as ["itksnap", "-g", "${file}", "-o", "${layers}"].');
      return;
    }
    const [program = '', ...rest] = externalCommand(words, files);
    const child = spawn(program, rest, { detached: true, stdio: 'ignore' });
    child.on('error', (error) => void window.showErrorMessage(`${program} could not be started: ${error.message}`));
    child.unref();
  }
}

function isBase(each: Layer, layer: Layer, document: string): boolean {
  return each !== layer && each.document === document && (each.type === 'image' || each.type === 'colour');
}

function filesOf(shown: Shown | null): string[] {
  switch (shown?.form) {
    case 'image':
      return [shown.file];
    case 'sequence':
      return shown.items.flatMap(filesOf);
    default:
      return [];
  }
}

/** A film strip needs the small picture and the numbers only. */
function small(shown: Shown): Shown {
  return shown.form === 'image' ? { ...shown, file: '' } : shown;
}

async function savePicture(png: string): Promise<void> {
  const target = await asked('view.png', { Picture: ['png'] });
  if (target !== undefined) {
    await workspace.fs.writeFile(target, Buffer.from(png, 'base64'));
    window.setStatusBarMessage(`Written to ${target.fsPath}`, 5000);
  }
}

function asked(name: string, filters: Record<string, string[]>): Thenable<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return window.showSaveDialog({
    filters,
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }),
  });
}

function tell(error: unknown): void {
  void window.showErrorMessage(error instanceof Error ? error.message : String(error));
}
