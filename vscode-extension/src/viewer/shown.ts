/** Questions about what is shown. Pure. */
import type { Shown, ShownImage } from './messages';

/** What kind of image is shown, of a sequence its first; undefined where none is. */
export function kindOf(shown: Shown | null | undefined): ShownImage['kind'] | undefined {
  switch (shown?.form) {
    case 'image':
      return shown.kind;
    case 'sequence':
      return kindOf(shown.items[0]);
    default:
      return undefined;
  }
}

/** Whether it is something to be laid over an image. */
export function liesOver(shown: Shown | null): boolean {
  const kind = kindOf(shown);
  return kind === 'mask' || kind === 'labels';
}

/** The files of what is shown, one an item. */
export function filesOf(shown: Shown | null): string[] {
  switch (shown?.form) {
    case 'image':
      return [shown.file];
    case 'sequence':
      return shown.items.flatMap(filesOf);
    default:
      return [];
  }
}
