/**
 * The words this extension and the language server share. It holds no behaviour but the check
 * that an answer has the promised shape.
 */

/** Commands of the server that start a run and answer with its result. */
export const runCommands: ReadonlySet<string> = new Set([
  'imgql.server.run',
  'imgql.server.runToCursor',
  'imgql.server.runSelection',
]);

export const runCommand = 'imgql.server.run';
export const runToCursorCommand = 'imgql.server.runToCursor';
export const runSelectionCommand = 'imgql.server.runSelection';
export const cancelCommand = 'imgql.server.cancel';

/** A place as the protocol counts it. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

export type Status =
  | 'kept'
  | 'known'
  | 'to do'
  | 'reading input'
  | 'queued'
  | 'running'
  | 'failed'
  | 'blocked'
  | 'not needed'
  | 'unknown';

/** A declaration as `imgql.server.status` tells it. */
export interface Declaration {
  readonly name: string;
  readonly range: { readonly start: Place; readonly end: Place };
  readonly node: string | null;
  readonly status: Status;
  readonly type?: string | null;
  readonly seconds?: number | null;
  readonly bytes?: number | null;
  readonly message?: string | null;
}

/** What `imgql.server.cost` answers. */
export interface Cost {
  readonly compute: number;
  readonly reused: number;
  readonly total: number;
  readonly seconds: number;
  readonly exact: boolean;
  readonly text: string;
}

/** A run that the store remembers. */
export interface PastRun {
  readonly number: number;
  readonly program: string | null;
  readonly begun: string;
  readonly ended: string | null;
  readonly outcome: string;
  readonly failures: number;
}

export interface DetachedRun {
  readonly id: string;
  readonly state: 'running' | 'ended' | 'lost';
  readonly program: string | null;
  readonly begun: string;
  readonly ended: string | null;
  readonly result: unknown;
}

/** What `imgql.server.runs` answers. */
export interface RunList {
  readonly history: readonly PastRun[];
  readonly detached: readonly DetachedRun[];
}

/** A result in the store. */
export interface StoredResult {
  readonly node: string;
  readonly kind: string;
  readonly primitive: string;
  readonly names: readonly string[];
  readonly kept: boolean;
  readonly isImage: boolean;
  readonly fileBytes: number;
  readonly text: string;
  readonly used: string;
}

/** What `imgql.server.store` answers. */
export interface StoreContent {
  readonly folder: string;
  readonly problem: string | null;
  readonly bytes: number;
  readonly limit: number;
  readonly known: number;
  readonly kept: number;
  readonly entries: readonly StoredResult[];
}

export interface Goal {
  readonly kind: 'print' | 'save';
  readonly label: string;
  readonly value?: unknown;
  readonly outcome: 'done' | 'failed' | 'blocked' | 'cancelled';
  readonly message?: string | null;
}

export interface NodeCounts {
  readonly computed: number;
  readonly reused: number;
  readonly rematerialised: number;
  readonly failed: number;
  readonly blocked: number;
}

export interface ProgramDiagnostic {
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly message: string;
  readonly start?: { readonly line: number; readonly column: number };
}

/** What `voxlogica run --json` prints and the run commands answer. */
export interface RunResult {
  readonly version: 1;
  readonly goals: readonly Goal[];
  readonly nodes: NodeCounts;
  readonly diagnostics: readonly ProgramDiagnostic[];
  readonly seconds: number;
  /** How a detached run ended. */
  readonly outcome?: string;
}

export function isRunResult(answer: unknown): answer is RunResult {
  if (typeof answer !== 'object' || answer === null) {
    return false;
  }
  const result = answer as Partial<Record<keyof RunResult, unknown>>;
  return (
    result.version === 1 &&
    Array.isArray(result.goals) &&
    Array.isArray(result.diagnostics) &&
    typeof result.nodes === 'object' &&
    result.nodes !== null &&
    typeof result.seconds === 'number'
  );
}
