/** Reads files piece by piece: no message to a page is large, and none waits for a whole volume. */
import { open } from 'node:fs/promises';

/** Large enough that a volume takes few messages, small enough that other messages get between. */
export const SLICE_BYTES = 4 * 1024 * 1024;

/** A piece of a file from an offset on, shorter at its end, and the bytes of the whole file. */
export async function slice(file: string, from: number): Promise<{ readonly total: number; readonly bytes: ArrayBuffer }> {
  const handle = await open(file);
  try {
    const { size: total } = await handle.stat();
    const bytes = new Uint8Array(Math.max(0, Math.min(SLICE_BYTES, total - from)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) {
        throw new Error(`${file} became shorter while it was read`);
      }
      filled += bytesRead;
    }
    return { total, bytes: bytes.buffer };
  } finally {
    await handle.close();
  }
}
