/** The view Store: how large it is, and the results in it. */
import {
  type Disposable,
  EventEmitter,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  window,
} from 'vscode';
import { moment, size } from '../outlook';
import type { StoreContent, StoredResult } from '../protocol';
import type { Runs } from '../run';
import type { Asker } from './runs';

export type StoreRow =
  | { readonly kind: 'whole'; readonly store: StoreContent }
  | { readonly kind: 'result'; readonly result: StoredResult };

export class StoreView implements TreeDataProvider<StoreRow>, Disposable {
  readonly #ask: Asker;
  readonly #changes = new EventEmitter<void>();
  readonly #disposables: Disposable[];

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(runs: Runs, ask: Asker) {
    this.#ask = ask;
    this.#disposables = [
      this.#changes,
      runs.onDidChange(({ state }) => {
        if (state.kind !== 'running') {
          this.#changes.fire();
        }
      }),
      window.registerTreeDataProvider('imgql.store', this),
    ];
  }

  refresh(): void {
    this.#changes.fire();
  }

  async getChildren(): Promise<StoreRow[]> {
    const store = await this.#ask<StoreContent>('imgql.server.store', 'used');
    if (store === undefined) {
      return [];
    }
    const results = store.entries.map((result): StoreRow => ({ kind: 'result', result }));
    return [{ kind: 'whole', store }, ...results];
  }

  getTreeItem(row: StoreRow): TreeItem {
    return row.kind === 'whole' ? wholeItem(row.store) : resultItem(row.result);
  }

  dispose(): void {
    this.#disposables.forEach((disposable) => disposable.dispose());
  }
}

function wholeItem({ bytes, limit, known, kept, folder, problem }: StoreContent): TreeItem {
  const item = new TreeItem(`${size(bytes)} of ${size(limit)}`);
  item.iconPath = new ThemeIcon(problem === null ? 'database' : 'warning');
  item.description = problem ?? `${known} results known, ${kept} kept`;
  item.tooltip = folder;
  item.contextValue = 'store.whole';
  item.accessibilityInformation = { label: `The store: ${String(item.label)}, ${item.description}` };
  return item;
}

function resultItem(result: StoredResult): TreeItem {
  const { names, primitive, kind, kept, isImage, text, used, node } = result;
  const item = new TreeItem(names[0] ?? primitive);
  item.id = node;
  item.iconPath = new ThemeIcon(isImage ? 'file-media' : 'symbol-numeric');
  item.description = `${kind} · ${text}${kept ? '' : ' · not kept'}`;
  item.tooltip = `${names.join(', ')}\n${primitive}\n${node}\nlast used ${moment(used)}`.trim();
  item.contextValue = kept && isImage ? 'result.image' : 'result';
  item.command = { command: 'imgql.openStored', title: 'Open Result', arguments: [row(result)] };
  item.accessibilityInformation = { label: `${String(item.label)}, ${item.description}` };
  return item;
}

function row(result: StoredResult): StoreRow {
  return { kind: 'result', result };
}
