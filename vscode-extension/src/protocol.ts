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
export const cancelCommand = 'imgql.server.cancel';

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
