/** Puts files together from the pieces that the extension sends when it is asked for them. */
import type { FromViewer, Slice } from '../src/viewer/messages';

/** Pieces that are on their way at once: one is copied while the next is read. */
const MOST_ASKED = 2;

interface Reading {
  readonly file: string;
  readonly done: (bytes: ArrayBuffer) => void;
  readonly failed: (error: Error) => void;
  bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Bytes of one piece: the length of the first. */
  step: number;
  asked: number;
  taken: number;
}

export class Bytes {
  readonly #say: (message: FromViewer) => void;
  readonly #progress: (share: number) => void;
  readonly #readings = new Map<number, Reading>();
  #last = 0;

  /** `progress` is told how much of all that is being read is there: from 0 to 1. */
  constructor(say: (message: FromViewer) => void, progress: (share: number) => void) {
    this.#say = say;
    this.#progress = progress;
  }

  read(file: string): Promise<ArrayBuffer> {
    return new Promise((done, failed) => {
      this.#last += 1;
      this.#readings.set(this.#last, { file, done, failed, bytes: undefined, step: 0, asked: 0, taken: 0 });
      this.#say({ kind: 'read', request: this.#last, file, from: 0 });
    });
  }

  take({ request, from, total, bytes, problem }: Slice): void {
    const reading = this.#readings.get(request);
    if (reading === undefined) {
      return;
    }
    if (reading.bytes === undefined && problem === '') {
      reading.bytes = new Uint8Array(total);
      reading.step = reading.asked = bytes.byteLength;
    }
    const whole = reading.bytes;
    if (whole === undefined || problem !== '' || whole.length !== total) {
      this.#readings.delete(request);
      reading.failed(new Error(problem === '' ? `${reading.file} changed while it was read` : problem));
      return;
    }
    whole.set(new Uint8Array(bytes), from);
    reading.taken += bytes.byteLength;
    if (reading.taken === total) {
      this.#readings.delete(request);
      reading.done(whole.buffer);
    } else {
      this.#ask(request, reading, whole.length);
    }
    this.#tell();
  }

  #ask(request: number, reading: Reading, total: number): void {
    while (reading.asked < total && reading.asked - reading.taken < MOST_ASKED * reading.step) {
      this.#say({ kind: 'read', request, file: reading.file, from: reading.asked });
      reading.asked += reading.step;
    }
  }

  #tell(): void {
    const all = [...this.#readings.values()];
    const total = all.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
    const taken = all.reduce((sum, reading) => sum + reading.taken, 0);
    this.#progress(total === 0 ? 1 : taken / total);
  }
}
