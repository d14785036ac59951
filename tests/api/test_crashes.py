"""A Python program that crashes in a kernel: the next one on the same store hears of it."""

import signal
import subprocess
import sys
from pathlib import Path

import voxlogica_core as vox
from tests.support.processes import PATIENCE

PROGRAM = """
import voxlogica_core as vox
with vox.Engine(store={store!r}) as engine:
    engine.run(vox.analyse('import "test"\\nprint "a" crash(1)').plan).wait()
"""


def crashed(store: Path) -> int:
    words = [sys.executable, "-c", PROGRAM.format(store=str(store))]
    return subprocess.run(words, check=False, capture_output=True, timeout=PATIENCE).returncode


def test_the_next_engine_names_what_was_computed_and_says_it_once(tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert crashed(store) == -signal.SIGSEGV
    plan = vox.analyse('import "test"\nprint "a" crash(1)').plan
    node = plan.goals[0].value
    assert node is not None
    with vox.Engine(store=store) as engine:
        (note,) = engine.notes
    assert node[:12] in note
    assert "voxlogica run" in note
    with vox.Engine(store=store) as engine:
        assert engine.notes == ()


def test_engines_that_end_well_leave_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for _ in range(2):
        with vox.Engine(store=store) as one, vox.Engine(store=store) as other:
            assert one.notes == other.notes == ()
    assert list((store / "flights").iterdir()) == []
