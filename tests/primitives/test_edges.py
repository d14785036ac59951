"""Primitives at their edges, in another process: a value or a refusal, never the end of it."""

import subprocess
import sys

from tests.support.processes import PATIENCE
from voxlogica_core.primitives.catalogue import read_catalogue

_ENDLESS = {"test.timewaste"}
"""Takes as long as it is told."""
_PERILS = "voxlogica_core.primitives.perils"
"""End the process, or never end: that is what they are for."""
_ONCE_DEADLY = [
    "simpleitk.OtsuThreshold",
    "simpleitk.YenThreshold",
    "simpleitk.N4BiasFieldCorrection",
    "simpleitk.HistogramMatching",
    "simpleitk.Tile",
    "simpleitk.Compose",
]


def _endings(names: list[str]) -> dict[str, list[str]]:
    """Return, by how a call ended, the calls."""
    command = [sys.executable, "-m", "tests.support.edges", *names]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=5 * PATIENCE, check=False
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, f"the process ended with {done.returncode} in {lines[-1]}"
    found: dict[str, list[str]] = {}
    for call, ending in zip(lines[::2], lines[1::2], strict=True):
        found.setdefault(ending.split()[0], []).append(f"{call}: {ending.strip()}")
    return found


def test_our_primitives_give_a_value_or_refuse() -> None:
    names = [
        primitive.qualified
        for primitive in read_catalogue().at_hand()
        if primitive.qualified not in _ENDLESS
        and not any(overload.module == _PERILS for overload in primitive.overloads)
    ]
    found = _endings(names)
    assert found.get("fault", []) == []
    assert len(found["value"]) > len(found["refused"]) > 500


def test_numbers_that_end_a_process_in_itk_are_refused_before_they_reach_it() -> None:
    found = _endings(_ONCE_DEADLY)
    assert found.get("fault", []) == []
    assert any("simpleitk.OtsuThreshold argument 4 0.0" in each for each in found["refused"])
