/** Turns the result of a run into lines of text. It shows nothing. */
import type { Goal, RunResult } from './protocol';

const VALUE_LIMIT = 2000;

/** What the status bar says: `4 computed, 57 reused · 1.2 s`. */
export function summary(result: RunResult): string {
  const errors = errorCount(result);
  if (result.outcome === 'cancelled') {
    return `cancelled, ${result.nodes.computed} computed · ${duration(result.seconds)}`;
  }
  if (result.goals.length === 0) {
    return errors > 0 ? `not run, ${counted(errors, 'error')}` : 'nothing to run';
  }
  const { computed, reused, rematerialised, failed, blocked } = result.nodes;
  const counts = [`${computed} computed`, `${reused} reused`];
  for (const [count, word] of [
    [rematerialised, 'made again'],
    [failed, 'failed'],
    [blocked, 'blocked'],
    [cancelledCount(result), 'cancelled'],
  ] as const) {
    if (count > 0) {
      counts.push(`${count} ${word}`);
    }
  }
  return `${counts.join(', ')} · ${duration(result.seconds)}`;
}

/** True when every goal has its value. */
export function isComplete(result: RunResult): boolean {
  return result.outcome !== 'cancelled' && errorCount(result) === 0 && result.goals.every((goal) => goal.outcome === 'done');
}

/** One line a goal, the errors that kept the program from running, and the summary. */
export function report(result: RunResult): string[] {
  const errors = result.diagnostics
    .filter((diagnostic) => diagnostic.severity === 'error')
    .map(({ message, start }) => `✗ ${start ? `line ${start.line}: ` : ''}${message}`);
  return [...result.goals.map(goalLine), ...errors, summary(result)];
}

function goalLine(goal: Goal): string {
  if (goal.outcome !== 'done') {
    return `✗ ${goal.label}: ${goal.outcome}${goal.message ? `: ${goal.message}` : ''}`;
  }
  return goal.kind === 'save'
    ? `${goal.label} → ${shown(goal.value)}`
    : `${goal.label} = ${shown(goal.value)}`;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > VALUE_LIMIT ? `${text.slice(0, VALUE_LIMIT)}… (${text.length} characters)` : text;
}

function errorCount(result: RunResult): number {
  return result.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
}

function cancelledCount(result: RunResult): number {
  return result.goals.filter((goal) => goal.outcome === 'cancelled').length;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** A time for people: `1.2 s`, `2 min 0 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
