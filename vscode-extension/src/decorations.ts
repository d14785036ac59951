/**
 * Shows the status of each declaration in the margin, which is always there: nothing moves when a
 * sign comes or goes. Shapes differ as well as colours. It asks nobody.
 */
import {
  type DecorationOptions,
  type Disposable,
  OverviewRulerLane,
  Position,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  Uri,
  window,
  workspace,
} from 'vscode';
import { type Shape, shapeOf } from './outlook';
import { displaySettingsChanged, isOn } from './settings';
import type { Standing, Statuses } from './statuses';

interface Look {
  readonly dark: string;
  readonly light: string;
  /** SVG on a field of 16 by 16; C stands for the colour. */
  readonly drawing: string;
}

const ring = '<circle cx="8" cy="8" r="4.5" fill="none" stroke="C" stroke-width="1.4"/>';
const looks: Readonly<Record<Shape, Look>> = {
  known: {
    dark: '#4ec9a0',
    light: '#0a7d4f',
    drawing: '<path d="M3.5 8.4l3 3 6-6.6" fill="none" stroke="C" stroke-width="1.8"/>',
  },
  todo: { dark: '#9aa4af', light: '#68717a', drawing: ring },
  queued: {
    dark: '#9aa4af',
    light: '#68717a',
    drawing: `${ring}<path d="M8 8V3.5A4.5 4.5 0 0 1 12.5 8z" fill="C"/>`,
  },
  running: {
    dark: '#4daafc',
    light: '#005fb8',
    drawing: `${ring}<path d="M8 3.5a4.5 4.5 0 0 1 0 9z" fill="C"/>`,
  },
  failed: {
    dark: '#f48771',
    light: '#c72e0f',
    drawing: '<path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="C" stroke-width="1.9"/>',
  },
  blocked: {
    dark: '#f48771',
    light: '#c72e0f',
    drawing: `${ring}<path d="M5 11l6-6" stroke="C" stroke-width="1.4"/>`,
  },
  unneeded: {
    dark: '#9aa4af',
    light: '#68717a',
    drawing: '<path d="M5 8h6" stroke="C" stroke-width="1.4"/>',
  },
};
const inOverview: readonly Shape[] = ['running', 'failed'];

export class Decorations implements Disposable {
  readonly #types: ReadonlyMap<Shape, TextEditorDecorationType>;
  readonly #statuses: Statuses;
  readonly #disposables: Disposable[];

  constructor(statuses: Statuses) {
    this.#statuses = statuses;
    const shapes = Object.keys(looks) as Shape[];
    this.#types = new Map(shapes.map((shape) => [shape, decoration(shape)]));
    this.#disposables = [
      ...this.#types.values(),
      statuses.onDidChange((standing) => this.#show(standing)),
      window.onDidChangeVisibleTextEditors(() => this.#showAll()),
      workspace.onDidChangeConfiguration((event) => {
        if (displaySettingsChanged(event)) {
          this.#showAll();
        }
      }),
    ];
  }

  dispose(): void {
    this.#disposables.forEach((disposable) => disposable.dispose());
  }

  #showAll(): void {
    for (const editor of window.visibleTextEditors) {
      const standing = this.#statuses.of(editor.document.uri.toString());
      if (standing !== undefined) {
        this.#paint(editor, standing);
      }
    }
  }

  #show(standing: Standing): void {
    window.visibleTextEditors
      .filter((editor) => editor.document.uri.toString() === standing.document)
      .forEach((editor) => this.#paint(editor, standing));
  }

  #paint(editor: TextEditor, { rows }: Standing): void {
    const found = new Map<Shape, DecorationOptions[]>();
    if (isOn('statusInGutter', editor.document.uri)) {
      for (const { status, range } of rows) {
        const shape = shapeOf(status);
        if (shape !== undefined) {
          const start = new Position(range.start.line, range.start.character);
          found.set(shape, [...(found.get(shape) ?? []), { range: new Range(start, start) }]);
        }
      }
    }
    this.#types.forEach((type, shape) => editor.setDecorations(type, found.get(shape) ?? []));
  }
}

function decoration(shape: Shape): TextEditorDecorationType {
  const { dark, light } = looks[shape];
  return window.createTextEditorDecorationType({
    gutterIconSize: '80%',
    dark: { gutterIconPath: icon(shape, dark) },
    light: { gutterIconPath: icon(shape, light) },
    ...(inOverview.includes(shape)
      ? {
          overviewRulerColor: new ThemeColor(`imgql.${shape}Foreground`),
          overviewRulerLane: OverviewRulerLane.Left,
        }
      : {}),
  });
}

function icon(shape: Shape, colour: string): Uri {
  const drawing = looks[shape].drawing.replaceAll('C"', `${colour}"`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><title>${shape}</title>${drawing}</svg>`;
  return Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}
