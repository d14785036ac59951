/** Starts bundle.py with the Python that has VoxLogicA: VOXLOGICA_PYTHON, or the repository's. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const place = (name) => fileURLToPath(new URL(name, import.meta.url));
const python = process.env.VOXLOGICA_PYTHON || place('../../.venv/bin/python');
const { status, error } = spawnSync(python, [place('bundle.py')], { stdio: 'inherit' });
if (error) throw error;
process.exit(status ?? 1);
