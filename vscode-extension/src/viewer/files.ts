/** Files of the viewer: written elsewhere by wish, removed when they are many. */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/** Bytes of files that are kept to be looked at again; all of them can be made anew. */
const MOST_BYTES = 4_000_000_000;

/** Copies a volume, packed or not as the target's name says. */
export async function copyVolume(source: string, target: string): Promise<void> {
  const [isPacked, packs] = [source.endsWith('.gz'), target.endsWith('.gz')];
  if (isPacked === packs) {
    await copyFile(source, target);
    return;
  }
  const change = packs ? createGzip({ level: 1 }) : createGunzip();
  await pipeline(createReadStream(source), change, createWriteStream(target));
}

/** Removes what was not looked at for longest, until the rest is small enough. */
export async function trim(folder: string, most = MOST_BYTES): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const facts = await stat(file).catch(() => undefined);
      return { file, bytes: facts?.size ?? 0, used: Math.max(facts?.atimeMs ?? 0, facts?.mtimeMs ?? 0) };
    }),
  );
  files.sort((one, other) => other.used - one.used);
  let sum = 0;
  for (const { file, bytes } of files) {
    sum += bytes;
    if (sum > most) {
      await rm(file, { force: true });
    }
  }
}

/** Starts a program that outlives the editor, and says so if that fails. */
export function startProgram([program = '', ...words]: readonly string[], failed: (message: string) => void): void {
  const child = spawn(program, words, { detached: true, stdio: 'ignore' });
  child.on('error', (error) => failed(`${program} could not be started: ${error.message}`));
  child.unref();
}

/** The words of a command with the files in their places; `${files}` is as many words as files. */
export function externalCommand(words: readonly string[], files: readonly string[]): string[] {
  const [first = '', ...rest] = files;
  return words.flatMap((word) => {
    if (word === '${files}') {
      return [...files];
    }
    if (word === '${layers}') {
      return rest;
    }
    return [word.replaceAll('${file}', first)];
  });
}
