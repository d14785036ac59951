/** Volumes that were read, shared by all canvases. Those that nothing shows go when they are many. */
import { NVImage } from '@niivue/niivue';

/** Bytes of volumes that are kept though nothing shows them: going back and forth reads nothing. */
const KEPT_BYTES = 256_000_000;

export class Volumes {
  readonly #read: (file: string) => Promise<ArrayBuffer>;
  readonly #known = new Map<string, { readonly image: Promise<NVImage>; bytes: number }>();

  constructor(read: (file: string) => Promise<ArrayBuffer>) {
    this.#read = read;
  }

  of(file: string): Promise<NVImage> {
    const known = this.#known.get(file);
    if (known !== undefined) {
      this.#known.delete(file); // put at the end: used last
      this.#known.set(file, known);
      return known.image;
    }
    const entry = { image: this.#load(file), bytes: 0 };
    this.#known.set(file, entry);
    entry.image.then(
      (image) => {
        entry.bytes = image.img?.byteLength ?? 0;
      },
      () => this.#known.delete(file),
    );
    return entry.image;
  }

  /** Lets go of what is not among these, used longest ago first, until the rest is small enough. */
  forget(shown: ReadonlySet<string>): void {
    const idle = [...this.#known].filter(([file, { bytes }]) => !shown.has(file) && bytes > 0);
    let bytes = idle.reduce((sum, [, entry]) => sum + entry.bytes, 0);
    for (const [file, entry] of idle) {
      if (bytes <= KEPT_BYTES) {
        return;
      }
      this.#known.delete(file);
      bytes -= entry.bytes;
    }
  }

  async #load(file: string): Promise<NVImage> {
    const bytes = await this.#read(file);
    const image = await NVImage.loadFromUrl({ url: bytes, name: file.split(/[\\/]/).at(-1) ?? file });
    image.url = file;
    return image;
  }
}
