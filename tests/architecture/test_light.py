"""What the language server imports stays light: no voxels, no Dask, no compiler."""

import subprocess
import sys

import pytest

_HEAVY = ("numpy", "SimpleITK", "dask", "distributed", "numba", "scipy", "PIL")


@pytest.mark.parametrize(
    "module",
    [
        "voxlogica_core.ide.analysis",
        "voxlogica_core.primitives.catalogue",
        "voxlogica_core.plan.outside.files",
        "voxlogica_core.store.reader",
        "voxlogica_core.engine.outcome",
        "voxlogica_core.ide.forecast.estimate",
        "voxlogica_core.ide.forecast.reasons",
        "voxlogica_core.store.past",
        "voxlogica_core.cli.why",
        "voxlogica_core.cli.check",
    ],
)
def test_importing_it_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print([m for m in {_HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
