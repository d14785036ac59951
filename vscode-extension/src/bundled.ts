/** What travels with the extension: the server's libraries, and the wheel for running. Reads only. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { ExtensionContext } from 'vscode';

/** Places of what is carried, and of what is made from it. */
export interface Bundled {
  /** Goes on Python's search path: the language server and its pure-Python libraries. */
  readonly libraries: string;
  /** What an environment for running is made from. */
  readonly wheel: string;
  /** The environment of our own; another one for each version of the wheel. */
  readonly environment: string;
  /** Where all environments of our own are. */
  readonly environments: string;
  /** Where the example programs are unpacked. */
  readonly examples: string;
}

export function bundled(context: ExtensionContext): Bundled {
  const root = path.join(context.extensionPath, 'bundled');
  const note = JSON.parse(readFileSync(path.join(root, 'bundle.json'), 'utf8')) as {
    readonly wheel: string;
    readonly digest: string;
  };
  const own = context.globalStorageUri.fsPath;
  const environments = path.join(own, 'environments');
  return {
    libraries: path.join(root, 'libs'),
    wheel: path.join(root, note.wheel),
    environments,
    environment: path.join(environments, note.digest.slice(0, 12)),
    examples: path.join(own, 'examples', note.digest.slice(0, 12)),
  };
}
