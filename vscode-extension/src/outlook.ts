/** What is said of declarations, costs and sizes, in a few words. It asks nothing. */
import type { Cost, Declaration, Status } from './protocol';
import { duration } from './results';

/** What the next run will do: `4 of 61 nodes to compute, about 12 s`. */
export function outlook(cost: Cost): string {
  if (cost.compute === 0 && cost.exact) {
    return cost.total === 0 ? 'nothing to run' : `all ${counted(cost.total)} known`;
  }
  const least = cost.exact ? '' : 'at least ';
  const whole = cost.compute <= cost.total ? `${cost.compute} of ${cost.total}` : `${cost.compute}`;
  const about = cost.seconds < 0.1 ? 'less than 0.1 s' : `about ${duration(cost.seconds)}`;
  return `${least}${whole} ${cost.total === 1 ? 'node' : 'nodes'} to compute, ${about}`;
}

/** What stands behind a declaration's name in the list: `mask · 0.8 s · 12 MB`. */
export function details({ type, seconds, bytes }: Declaration): string {
  const parts = [type ?? ''];
  if (typeof seconds === 'number' && seconds >= 0.001) {
    parts.push(seconds < 1 ? `${Math.round(seconds * 1000)} ms` : duration(seconds));
  }
  if (typeof bytes === 'number' && bytes > 64) {
    parts.push(size(bytes));
  }
  return parts.filter(Boolean).join(' · ');
}

/** A number of bytes in the unit that suits it. */
export function size(bytes: number): string {
  let amount = bytes;
  let unit = 'B';
  for (const next of ['kB', 'MB', 'GB', 'TB']) {
    if (amount < 1000) {
      break;
    }
    amount /= 1000;
    unit = next;
  }
  return unit === 'B' || amount >= 10 ? `${Math.round(amount)} ${unit}` : `${amount.toFixed(1)} ${unit}`;
}

/** How a status is shown: each has its own shape, a colour is never all there is. */
export type Shape = 'known' | 'todo' | 'queued' | 'running' | 'failed' | 'blocked' | 'unneeded';

export function shapeOf(status: Status): Shape | undefined {
  switch (status) {
    case 'kept':
    case 'known':
      return 'known';
    case 'to do':
      return 'todo';
    case 'reading input':
    case 'queued':
      return 'queued';
    case 'running':
    case 'failed':
    case 'blocked':
      return status;
    case 'not needed':
      return 'unneeded';
    case 'unknown':
      return undefined;
  }
}

/** A moment for people, in their own time; today's without the day. */
export function moment(iso: string, now: Date = new Date()): string {
  const then = new Date(iso);
  const time = then.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return then.toDateString() === now.toDateString() ? time : `${then.toLocaleDateString()} ${time}`;
}

function counted(nodes: number): string {
  return nodes === 1 ? '1 node' : `${nodes} nodes`;
}
