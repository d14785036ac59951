/** Tasks that run or check programs on the command line. They need an environment for running. */
import { type Disposable, ProcessExecution, Task, TaskGroup, tasks, TaskScope, window } from 'vscode';
import type { Interpreter } from './interpreter';

const kind = 'voxlogica';
const matcher = '$voxlogica';
const verbs = ['run', 'check'] as const;
type Verb = (typeof verbs)[number];

interface Definition {
  readonly type: typeof kind;
  readonly command: Verb;
  readonly file: string;
}

/** Offers a task for each verb, about the program in front. */
export function registerTasks(interpreter: () => Interpreter | undefined): Disposable {
  return tasks.registerTaskProvider(kind, {
    provideTasks: () => {
      const python = interpreter();
      const document = window.activeTextEditor?.document;
      const isProgram = document?.languageId === 'imgql' && document.uri.scheme === 'file';
      return python?.canRun && isProgram
        ? verbs.map((command) => made({ type: kind, command, file: document.uri.fsPath }, python))
        : [];
    },
    resolveTask: (task) => {
      const python = interpreter();
      const { command, file } = task.definition as unknown as Partial<Definition>;
      return python !== undefined && command !== undefined && file !== undefined
        ? made({ type: kind, command, file }, python, task)
        : undefined;
    },
  });
}

function made(definition: Definition, python: Interpreter, asked?: Task): Task {
  const words = [...python.words, '-P', '-m', 'voxlogica_core', definition.command, definition.file];
  const name = `${definition.command} ${definition.file.split(/[/\\]/).at(-1) ?? ''}`;
  const task = new Task(
    asked?.definition ?? definition,
    TaskScope.Workspace,
    asked?.name ?? name,
    'VoxLogicA',
    new ProcessExecution(python.program, words),
    matcher,
  );
  if (definition.command === 'check') {
    task.group = TaskGroup.Build;
  }
  return task;
}
