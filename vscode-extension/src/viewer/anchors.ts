/** Places that follow the text round them. Pure. */
import type { Place } from './messages';

export interface Edit {
  readonly start: Place;
  readonly end: Place;
  readonly text: string;
}

/** Where a place is after an edit; inside of what was replaced it stays where that begins. */
export function moved(place: Place, { start, end, text }: Edit): Place {
  if (isBefore(place, start)) {
    return place;
  }
  if (isBefore(place, end)) {
    return start;
  }
  const isInsertionHere = same(start, end) && same(start, place);
  if (isInsertionHere && !text.includes('\n')) {
    return place; // what is typed at a name's beginning belongs to it
  }
  const lines = text.split('\n');
  const last = lines.at(-1)?.length ?? 0;
  const line = place.line + lines.length - 1 - (end.line - start.line);
  if (place.line !== end.line) {
    return { line, character: place.character };
  }
  const before = lines.length === 1 ? start.character : 0;
  return { line, character: before + last + place.character - end.character };
}

export function isBefore(one: Place, other: Place): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}

function same(one: Place, other: Place): boolean {
  return one.line === other.line && one.character === other.character;
}
