/** Asks the Python extension, if there is one, which environment is active. Nothing needs it. */
import { type Disposable, type Event, extensions, type Uri } from 'vscode';

const ANSWER_LIMIT_MS = 5000;

interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri?: Uri } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

const python = () => extensions.getExtension<PythonApi>('ms-python.python');

/** The active interpreter, or undefined when there is none or no answer comes soon. */
export async function activePythonEnvironment(folder: Uri | undefined): Promise<string | undefined> {
  const extension = python();
  if (extension === undefined) {
    return undefined;
  }
  const question = async (): Promise<string | undefined> => {
    const { environments } = await extension.activate();
    const active = environments.getActiveEnvironmentPath(folder);
    return (await environments.resolveEnvironment(active))?.executable.uri?.fsPath;
  };
  return Promise.race([question().catch(() => undefined), later(ANSWER_LIMIT_MS)]);
}

/** Listens for another choice of environment, once the Python extension is active. */
export function onPythonEnvironmentChange(listener: () => void): Disposable | undefined {
  const extension = python();
  return extension?.isActive
    ? extension.exports.environments.onDidChangeActiveEnvironmentPath(listener)
    : undefined;
}

function later(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
