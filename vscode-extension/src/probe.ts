/** What a Python is asked about itself, and what its answer means. It starts none. */

const oldest = [3, 11] as const;
const forServing = ['voxlogica_server', 'voxlogica_core', 'pygls', 'lsprotocol', 'lark', 'platformdirs'];
const forRunning = ['numpy', 'SimpleITK', 'dask', 'distributed', 'numba', 'scipy', 'PIL', 'isal', 'zstandard'];

/** Looks for packages without importing them; the working folder does not count. */
export const probe = `
import sys
sys.path[:] = [place for place in sys.path if place]
import json
from importlib.util import find_spec
names = ${JSON.stringify([...forServing, ...forRunning])}
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "implementation": sys.implementation.name,
    "missing": [name for name in names if find_spec(name) is None],
}))
`;

/** What a Python said, or why it said nothing. */
export type Found =
  | {
      readonly version: string;
      readonly isNew: boolean;
      readonly implementation: string;
      readonly missing: readonly string[];
    }
  | { readonly problem: string };

export interface Ability {
  readonly canEdit: boolean;
  readonly canRun: boolean;
  readonly hasServer: boolean;
  readonly text: string;
}

export function readFound(printed: string): Found {
  try {
    const said = JSON.parse(printed) as {
      version: number[];
      implementation: string;
      missing: string[];
    };
    const [major = 0, minor = 0] = said.version;
    return {
      version: said.version.join('.'),
      isNew: major > oldest[0] || (major === oldest[0] && minor >= oldest[1]),
      implementation: said.implementation,
      missing: said.missing,
    };
  } catch {
    return { problem: `it printed ${JSON.stringify(printed.slice(0, 100))}` };
  }
}

/** What can be done with it, and the sentence the trace shows. */
export function ability(found: Found): Ability {
  const nothing = { canEdit: false, canRun: false, hasServer: false };
  if ('problem' in found) {
    return { ...nothing, text: `no (${found.problem})` };
  }
  const { version, implementation, isNew, missing } = found;
  if (!isNew) {
    return { ...nothing, text: `no (Python ${version}, ${oldest.join('.')} or later is wanted)` };
  }
  if (implementation !== 'cpython') {
    return { ...nothing, text: `no (${implementation}, CPython is wanted)` };
  }
  if (missing.length === 0) {
    return { canEdit: true, canRun: true, hasServer: true, text: `yes (Python ${version})` };
  }
  const hasServer = !missing.some((name) => forServing.includes(name));
  const lacks = hasServer ? missing.join(', ') : 'voxlogica';
  const text = `edits, cannot run (Python ${version} without ${lacks})`;
  return { canEdit: true, canRun: false, hasServer, text };
}
