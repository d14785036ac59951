/** Measures and tells times. It knows no editor. */
import { loadavg } from 'node:os';

/** How many milliseconds something took. */
export async function timed(act) {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

/** A line of a table: what was measured, and the median and worst of its times. */
export function row(name, times) {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share) => inWords(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  if (sorted.length === 0) return [name, 'not measured'];
  return sorted.length === 1 ? [name, at(0)] : [name, at(0.5), at(0.95), String(sorted.length)];
}

/** The lines below one another, under the load of the machine. */
export function table(rows) {
  const load = loadavg().map((share) => share.toFixed(1)).join(', ');
  const all = [['', 'median', '95 %', 'times'], ...rows];
  const width = Math.max(...all.map(([name]) => name.length));
  const lines = all.map(([name, ...cells]) => (
    [name.padEnd(width), ...cells.map((cell) => cell.padStart(9))].join('  ').trimEnd()
  ));
  return [`load of the machine: ${load}`, ...lines].join('\n');
}

function inWords(milliseconds) {
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
