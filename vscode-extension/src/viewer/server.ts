/** Asks the language server for values and numbers. It holds nothing. */
import { type CancellationToken, workspace } from 'vscode';
import { ExecuteCommandRequest, type LanguageClient } from 'vscode-languageclient/node';
import type { Place, Shown } from './messages';

export interface Range {
  readonly start: Place;
  readonly end: Place;
}

/** What `imgql.server.view` answers. */
export interface View {
  readonly title: string;
  readonly type: string;
  readonly node: string;
  readonly status: string;
  readonly range: Range;
  readonly value: unknown;
  /** Nodes that were computed for it. */
  readonly computed: number;
  readonly view: Shown | null;
}

export interface ViewOptions {
  readonly folder: string;
  readonly compute: boolean;
  readonly change?: { readonly range: Range; readonly text: string };
}

/** What `imgql.server.number` answers. */
export interface NumberFound {
  readonly text: string;
  readonly range: Range;
  readonly next: string;
  readonly near: readonly string[];
  readonly sweep: readonly string[];
}

/** Images that are tried, one after the other, until a mask fits over one. */
const MOST_BACKGROUNDS = 4;

export type Client = () => Promise<LanguageClient | undefined>;

export class Values {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The value at a place, or null where none stands. Throws what the server says. */
  async view(document: string, place: Place, options: ViewOptions, token: CancellationToken): Promise<View | null> {
    mustBeTrusted();
    return (await this.#ask('imgql.server.view', [document, place, options], token)) as View | null;
  }

  /** An image file as programs load it. Throws what the server says. */
  async file(path: string, folder: string): Promise<{ readonly node: string; readonly view: Shown }> {
    mustBeTrusted();
    return (await this.#ask('imgql.server.viewFile', [path, { folder }])) as { node: string; view: Shown };
  }

  async number(
    document: string,
    place: Place,
    options: { readonly steps?: number; readonly digits?: number; readonly values?: string } = {},
  ): Promise<NumberFound | null> {
    return (await this.#ask('imgql.server.number', [document, place, options])) as NumberFound | null;
  }

  /** The places of the first images that a program has, for masks to lie on. */
  async backgrounds(document: string): Promise<readonly Place[]> {
    const rows = (await this.#ask('imgql.server.status', [document])) as
      | readonly { readonly type?: string | null; readonly range: Range }[]
      | null;
    const images = (rows ?? []).filter(({ type }) => type === 'image');
    return images.slice(0, MOST_BACKGROUNDS).map(({ range }) => range.start);
  }

  async #ask(command: string, words: readonly unknown[], token?: CancellationToken): Promise<unknown> {
    const client = await this.#client();
    if (client === undefined) {
      throw new Error('The language server does not run; see VoxLogicA: Doctor.');
    }
    const question = { command, arguments: [...words] } as never;
    return token === undefined
      ? client.sendRequest(ExecuteCommandRequest.type, question)
      : client.sendRequest(ExecuteCommandRequest.type, question, token);
  }
}

/** A folder may bring primitives of its own, which are programs: they are not run for a look. */
function mustBeTrusted(): void {
  if (!workspace.isTrusted) {
    throw new Error('this folder is not trusted, so nothing of it is computed');
  }
}
