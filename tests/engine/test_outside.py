"""What only a run can find outside: files named by computed paths, files that change meanwhile."""

import threading
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from tests.support.engines import catalogue, plan_of
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.outcome import Done
from voxlogica_core.engine.run import Run
from voxlogica_core.engine.workers.saving import ProgramFiles
from voxlogica_core.plan.node import Read
from voxlogica_core.primitives.image_files import write_image
from voxlogica_core.store.record import Value
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

_CHOSEN = 'load a = "one.nii"\nlet name = ifN(max(a) > 0, "two.nii", "none.nii")\nload b = name\n'


def _write(folder: Path, name: str, value: float) -> None:
    folder.mkdir(exist_ok=True)
    voxels = np.full((2, 3, 4), value, np.float32)
    write_image(Image(IMAGE, voxels, plain_geometry((4, 3, 2))), str(folder / name))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in (("one.nii", 1), ("two.nii", 2), ("three.nii", 3)):
        _write(tmp_path, name, value)
        _write(tmp_path / "cases", name, value)
    return tmp_path


def _run(text: str, folder: Path, store: MemoryStore | None = None) -> Run:
    with Engine(store or MemoryStore(), catalogue(), threads=2) as engine:
        return engine.run(plan_of(text, folder), folder=folder).wait()


def _values(run: Run) -> list[Value]:
    assert [r.message for r in run.results if r.outcome != "done"] == []
    return cast("list[Value]", [result.value for result in run.results])


def test_a_file_named_by_a_computed_text_is_read(folder: Path) -> None:
    run = _run(f'{_CHOSEN}print "sum" max(a + b)\nprint "b" max(b)', folder)
    assert _values(run) == [3, 2]


def test_what_hangs_on_a_computed_path_has_the_id_of_what_was_read(folder: Path) -> None:
    store = MemoryStore()
    plan = plan_of(f'{_CHOSEN}let x = max(b + 1)\nprint "x" x', folder)
    by_hand = plan_of('load b = "two.nii"\nlet x = max(b + 1)', folder)
    assert plan.declarations["x"] in plan.deferred
    assert not by_hand.deferred
    with Engine(store, catalogue(), threads=1) as engine:
        assert _values(engine.run(plan).wait()) == [3]
    final = by_hand.declarations["x"]
    known = store.lookup([*plan.deferred, final])
    assert set(known) == {final}


def test_a_second_run_reads_nothing_that_hangs_on_a_computed_path(folder: Path) -> None:
    store = MemoryStore()
    text = f'{_CHOSEN}let x = max(b + 1)\nprint "x" x'
    first, second = (_run(text, folder, store) for _ in range(2))
    assert _values(first) == _values(second) == [3]
    final = plan_of('load b = "two.nii"\nlet x = max(b + 1)', folder).declarations["x"]
    ends = [run.outcomes[final] for run in (first, second)]
    assert [end.how for end in ends if isinstance(end, Done)] == ["computed", "reused"]


def test_a_computed_folder_is_listed_looped_over_and_sliced(folder: Path) -> None:
    text = (
        'load a = "one.nii"\n'
        'let files = dir(ifN(max(a) > 0, "cases", "none"), "*.nii", false, true)\n'
        'print "all" for f in files do max(load(f))\n'
        'print "length" length(files)\n'
        'print "last" max(load(files[-1]))\n'
        'print "rest" for f in files[1:] do max(load(f))\n'
        'print "large" for f in (filter f in files do max(load(f)) > 1) do max(load(f))\n'
        'print "mean" mean(for f in files do max(load(f)))\n'
        "let add(total, f) = total + max(load(f))\n"
        'print "fold" fold add 10 files'
    )
    assert _values(_run(text, folder)) == [(1, 3, 2), 3, 2, (3, 2), (3, 2), 2, 16]


def test_a_file_that_says_which_file_is_read_next_says_so_again(folder: Path) -> None:
    text = (
        f'{_CHOSEN}load c = ifN(max(b) > 1, "three.nii", "none.nii")\n'
        'print "c" max(c)\nprint "all" max(a + b + c)'
    )
    assert _values(_run(text, folder)) == [3, 6]


def test_only_the_file_of_the_branch_taken_is_looked_for(folder: Path) -> None:
    text = (
        'load a = "one.nii"\nlet n = max(a)\n'
        'let f(path) = max(load(ifN(n > 0, path, "none.nii")))\n'
        'print "taken" ifN(n > 5, f("nowhere.nii"), f("two.nii")) + 1'
    )
    assert _values(_run(text, folder)) == [3]


def test_a_computed_path_without_a_file_fails_alone_and_is_named(folder: Path) -> None:
    text = (
        'load a = "one.nii"\nload b = ifN(max(a) > 0, "gone.nii", "two.nii")\n'
        'print "a" max(a)\nprint "b" max(b)\nprint "more" max(b) + 1'
    )
    results = _run(text, folder).results
    assert [result.outcome for result in results] == ["done", "blocked", "blocked"]
    assert all("there is no file gone.nii" in result.message for result in results[1:])


def test_a_computed_path_that_is_a_number_fails_in_words(folder: Path) -> None:
    text = 'load a = "one.nii"\nprint "x" load([7, "two.nii"][max(a) - 1])'
    (result,) = _run(text, folder).results
    assert result.outcome == "failed"
    assert "wants a path in quotes" in result.message


def test_a_long_chain_on_a_computed_path_costs_no_stack(folder: Path) -> None:
    chain = "\n".join(f"let x{i} = x{i - 1} + 1" for i in range(1, 3000))
    assert _values(_run(f'{_CHOSEN}let x0 = max(b)\n{chain}\nprint "x" x2999', folder)) == [3001]


def test_a_goal_whose_input_changed_is_reduced_again(folder: Path) -> None:
    store = MemoryStore()
    text = (
        'load a = "one.nii"\nload b = "two.nii"\nlet x = max(a + b)\nprint "x" x\nprint "b" max(b)'
    )
    plan = plan_of(text, folder)
    _write(folder, "one.nii", 40)
    with Engine(store, catalogue(), threads=2) as engine:
        run = engine.run(plan).wait()
    assert _values(run) == [42, 2]
    assert run.changed == {plan.declarations["a"]: str(folder / "one.nii")}
    changed = plan_of(text, folder)
    assert changed.declarations["x"] != plan.declarations["x"]
    known = store.lookup([plan.declarations["x"], changed.declarations["x"]])
    assert set(known) == {changed.declarations["x"]}


def test_every_item_of_a_loop_sees_what_changed(folder: Path) -> None:
    text = 'load a = "one.nii"\nprint "x" for k in range(0, 3) do max(a) + k\nprint "s" max(a + 1)'
    plan = plan_of(text, folder)
    _write(folder, "one.nii", 40)
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        assert _values(engine.run(plan).wait()) == [(40, 41, 42), 41]


def test_an_input_that_is_gone_fails_in_words(folder: Path) -> None:
    plan = plan_of('load a = "one.nii"\nprint "x" max(a)', folder)
    (folder / "one.nii").unlink()
    with Engine(MemoryStore(), catalogue(), threads=1) as engine:
        (result,) = engine.run(plan).wait().results
    assert result.outcome == "blocked"
    assert "there is no file" in result.message


class _Restless(ProgramFiles):
    """Files of which one changes whenever it is about to be read."""

    def __init__(self, folder: Path, changes: int) -> None:
        self._folder = folder
        self._left = changes
        self._turn = threading.Lock()

    def read(self, path: str, digest: str) -> tuple[Image, tuple[str, ...]]:
        """Return an image, after the file has changed."""
        with self._turn:
            if path.endswith("one.nii") and self._left:
                self._left -= 1
                _write(self._folder, "one.nii", 100 + self._left)
        return super().read(path, digest)


def test_an_input_that_changes_twice_is_read_in_the_end(folder: Path) -> None:
    plan = plan_of('load a = "one.nii"\nprint "x" max(a)', folder)
    with Engine(MemoryStore(), catalogue(), threads=1, files=_Restless(folder, 2)) as engine:
        assert _values(engine.run(plan).wait()) == [100]


def test_an_input_that_never_stops_changing_fails_in_words(folder: Path) -> None:
    plan = plan_of('load a = "one.nii"\nprint "x" max(a)\nprint "y" 1 + 1', folder)
    with Engine(MemoryStore(), catalogue(), threads=1, files=_Restless(folder, 50)) as engine:
        bad, good = engine.run(plan).wait().results
    assert (bad.outcome, good.outcome) == ("blocked", "done")
    assert "is not the file it was" in bad.message


def test_a_plan_whose_inputs_stay_reads_by_digest(folder: Path) -> None:
    plan = plan_of('load a = "one.nii"\nprint "x" max(a)', folder)
    assert [type(node) for node in plan.nodes.values()].count(Read) == 1
    assert not plan.deferred
