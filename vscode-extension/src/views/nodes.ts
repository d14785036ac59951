/** The view Nodes: the declarations of the program in front, with status, time and size. */
import {
  commands,
  type Disposable,
  EventEmitter,
  MarkdownString,
  Range,
  type TreeDataProvider,
  TreeItem,
  Uri,
  window,
} from 'vscode';
import { activeProgram } from '../activeProgram';
import { details, shapeOf } from '../outlook';
import type { Declaration } from '../protocol';
import type { Statuses } from '../statuses';
import { sign } from './signs';

/** A declaration of a document: what actions in the view are about. */
export interface NodeRow {
  readonly document: string;
  readonly declaration: Declaration;
}

export class NodesView implements TreeDataProvider<NodeRow>, Disposable {
  readonly #statuses: Statuses;
  readonly #changes = new EventEmitter<void>();
  readonly #disposables: Disposable[];
  /** A list stays while other things, such as results, are in front. */
  #document: string | undefined;

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(statuses: Statuses) {
    this.#statuses = statuses;
    this.#document = activeProgram();
    this.#tell();
    this.#disposables = [
      this.#changes,
      statuses.onDidChange(({ document }) => this.#refresh(document)),
      window.onDidChangeActiveTextEditor(() => this.#follow()),
      window.registerTreeDataProvider('imgql.nodes', this),
    ];
  }

  getChildren(): NodeRow[] {
    const document = this.#document;
    const standing = document === undefined ? undefined : this.#statuses.of(document);
    return (standing?.rows ?? []).map((declaration) => ({
      document: document ?? '',
      declaration,
    }));
  }

  getTreeItem({ document, declaration }: NodeRow): TreeItem {
    const { name, status, range, message } = declaration;
    const item = new TreeItem(name);
    const about = details(declaration);
    item.id = `${document}#${name}`;
    item.description = [about, status === 'kept' ? '' : status].filter(Boolean).join(' · ');
    item.iconPath = sign(shapeOf(status));
    item.contextValue = 'node';
    item.tooltip = new MarkdownString(
      [`**${name}** · ${status}`, about, message ?? '', declaration.node ? `\`${declaration.node}\`` : '']
        .filter(Boolean)
        .join('\n\n'),
    );
    item.accessibilityInformation = { label: [name, about, status, message].filter(Boolean).join(', ') };
    const { start, end } = range;
    item.command = {
      command: 'vscode.open',
      title: 'Go to Declaration',
      arguments: [
        Uri.parse(document),
        { selection: new Range(start.line, start.character, end.line, end.character), preserveFocus: true },
      ],
    };
    return item;
  }

  dispose(): void {
    this.#disposables.forEach((disposable) => disposable.dispose());
  }

  #follow(): void {
    const document = activeProgram();
    if (document !== undefined && document !== this.#document) {
      this.#document = document;
      this.#tell();
      this.#changes.fire();
    }
  }

  /** What the empty view says depends on it. */
  #tell(): void {
    void commands.executeCommand('setContext', 'imgql.hasProgram', this.#document !== undefined);
  }

  #refresh(document: string): void {
    if (this.#document === undefined) {
      this.#document = document;
      this.#tell();
    }
    if (document === this.#document) {
      this.#changes.fire();
    }
  }
}
