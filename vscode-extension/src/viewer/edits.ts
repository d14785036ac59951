/** What was edited between two texts, by whole lines. Pure. */
import type { Edit } from './anchors';

/** The edit that makes `now` what `before` was. */
export function takenBack(now: string, before: string): Edit {
  const [mine, theirs] = [now.split('\n'), before.split('\n')];
  const most = Math.min(mine.length, theirs.length) - 1;
  let first = 0;
  while (first < most && mine[first] === theirs[first]) {
    first += 1;
  }
  let same = 0;
  while (same < most - first && mine.at(-1 - same) === theirs.at(-1 - same)) {
    same += 1;
  }
  const last = mine.length - 1 - same;
  return {
    start: { line: first, character: 0 },
    end: { line: last, character: mine[last]?.length ?? 0 },
    text: theirs.slice(first, theirs.length - same).join('\n'),
  };
}
