/** Numbers, texts, sequences and records as text and tables. */
import { element } from './dom';

const MOST_ROWS = 500;

export function valueElement(value: unknown): HTMLElement {
  if (Array.isArray(value)) {
    return value.length > 0 && value.every(isRecord) ? recordsTable(value) : listTable(value);
  }
  if (isRecord(value)) {
    return table(['', ''], Object.entries(value).map(([name, item]) => [name, text(item)]));
  }
  return element('div', { class: 'single' }, text(value));
}

function recordsTable(rows: readonly Record<string, unknown>[]): HTMLElement {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table(['', ...names], rows.slice(0, MOST_ROWS).map((row, at) => [String(at), ...names.map((name) => text(row[name]))]));
}

function listTable(items: readonly unknown[]): HTMLElement {
  return table(['', ''], items.slice(0, MOST_ROWS).map((item, at) => [String(at), text(item)]));
}

function table(names: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const head = element('tr', {}, ...names.map((name) => element('th', {}, name)));
  const body = rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', { title: cell }, shortened(cell)))));
  return element('table', {}, head, ...body);
}

/** A table is for comparing; the whole number stands in the tooltip. */
function shortened(cell: string): string {
  return /^-?\d+\.\d{5,}(e[+-]?\d+)?$/.test(cell) ? String(Number(Number(cell).toPrecision(7))) : cell;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
