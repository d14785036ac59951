"""Several runs of one engine at once: nothing is computed twice, and nobody waits for ever.

Kernels stop at gates; the tests say when each goes on, and count who came.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.engines import plan_of
from tests.support.gates import GATES
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.events import Queued, Started
from voxlogica_core.engine.run import Run
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

if TYPE_CHECKING:
    from voxlogica_core.engine.files import Printed

pytestmark = pytest.mark.usefixtures("gates")


def _plan(text: str, gated: Catalogue) -> Plan:
    return plan_of(f'import "gated"\n{text}', known=gated)


def _begun(engine: Engine, plan: Plan) -> Run:
    run = engine.run(plan)
    run.start()
    return run


def _joined(engine: Engine, plan: Plan) -> Run:
    """Return a run that has found out what there is to do."""
    run = engine.run(plan)
    next(event for event in run if isinstance(event, Queued))
    return run


def _chain(*keys: int) -> str:
    """Return the text of a number that passes some gates, the first first."""
    text = "[]"
    for key in keys:
        text = f"[gate({key}, {text})]"
    return text[1:-1]


def test_what_one_run_computes_another_waits_for(engine: Engine, gated: Catalogue) -> None:
    plan = _plan('print "x" gate(1, [])', gated)
    GATES.close(1)
    first = _begun(engine, plan)
    GATES.wait_for(1)
    second = _joined(engine, plan)
    assert not second.results
    GATES.open(1)
    assert first.wait().value("x") == second.wait().value("x") == 1.0
    assert GATES.starts == {1: 1}
    assert (first.counts.computed, second.counts.computed, second.counts.reused) == (1, 0, 1)


def test_another_program_joins_where_the_two_meet(engine: Engine, gated: Catalogue) -> None:
    GATES.close(2)
    first = _begun(engine, _plan(f'print "x" {_chain(1, 2, 3)}', gated))
    GATES.wait_for(2)
    second = _joined(engine, _plan(f'print "x" {_chain(1, 2, 4)}', gated))
    GATES.open(2)
    assert (first.wait().value("x"), second.wait().value("x")) == (6.0, 7.0)
    assert GATES.starts == {1: 1, 2: 1, 3: 1, 4: 1}


def test_an_image_that_is_let_go_of_is_given_to_who_waits(engine: Engine, gated: Catalogue) -> None:
    """Images that are made as quickly as read are not kept: they live in memory only."""
    GATES.close(2)
    first = _begun(engine, _plan('print "x" look(3, tint(2, paint(1, [])))', gated))
    GATES.wait_for(2)
    second = _joined(engine, _plan('print "x" look(4, tint(2, paint(1, [])))', gated))
    GATES.open(2)
    assert (first.wait().value("x"), second.wait().value("x")) == (6.0, 7.0)
    assert GATES.starts[1] == GATES.starts[2] == 1


def test_quick_numbers_are_joined_too(engine: Engine, gated: Catalogue) -> None:
    plan = _plan('let a = quick(1, [])\nprint "x" quick(2, [a])', gated)
    GATES.close(2)
    runs = [_begun(engine, plan) for _ in range(3)]
    GATES.wait_for(2)
    GATES.open(2)
    assert [run.wait().value("x") for run in runs] == [3.0] * 3
    assert GATES.starts[2] == 1
    assert sum(run.counts.computed for run in runs) == 2


def test_a_cancelled_run_ends_though_another_waits_for_its_kernel(
    engine: Engine, gated: Catalogue
) -> None:
    plan = _plan(f'print "x" {_chain(1, 2)}', gated)
    GATES.close(1)
    first = _begun(engine, plan)
    GATES.wait_for(1)
    second = _joined(engine, plan)
    first.cancel()
    first.wait()
    assert GATES.starts == {1: 1}
    assert [result.outcome for result in first.results] == ["cancelled"]
    GATES.open(1)
    assert second.wait().value("x") == 3.0
    assert GATES.starts == {1: 1, 2: 1}


def test_a_run_that_only_waits_is_cancelled_at_once(engine: Engine, gated: Catalogue) -> None:
    plan = _plan('print "x" gate(1, [])', gated)
    GATES.close(1)
    first = _begun(engine, plan)
    GATES.wait_for(1)
    second = _joined(engine, plan)
    second.cancel()
    second.wait()
    assert [result.outcome for result in second.results] == ["cancelled"]
    assert not first.results
    GATES.open(1)
    assert first.wait().value("x") == 1.0


def test_queued_work_that_nobody_wants_is_dropped_while_kernels_of_others_go_on(
    engine: Engine, gated: Catalogue
) -> None:
    busy = "".join(f'print "{i}" {_chain(i, i + 10)}\n' for i in range(1, 4))
    GATES.close(1, 2, 3)
    first = _begun(engine, _plan(busy, gated))
    GATES.wait_for(1, 2, 3)  # every thread is busy
    queued = "".join(f'print "{i}" {_chain(i, i + 10)}\n' for i in range(101, 106))
    second = engine.run(_plan(queued, gated))
    for event in second:
        if isinstance(event, Started):
            second.cancel()
    assert {result.outcome for result in second.results} == {"cancelled"}
    GATES.open(1, 2, 3)
    first.wait()
    assert sum(GATES.starts.values()) == 6


def test_what_a_cancelled_run_would_have_done_for_others_they_do_themselves(
    engine: Engine, gated: Catalogue
) -> None:
    GATES.close(2)
    first = _begun(engine, _plan(f'print "x" {_chain(1, 2, 3)}', gated))
    GATES.wait_for(2)
    second = _joined(engine, _plan(f'print "x" {_chain(1, 2, 3, 4)}', gated))
    first.cancel()
    GATES.open(2)
    first.wait()
    assert second.wait().value("x") == 10.0
    assert GATES.starts == {1: 1, 2: 1, 3: 1, 4: 1}


def test_a_failure_is_shared_with_who_waits_for_it(engine: Engine, gated: Catalogue) -> None:
    GATES.close(1)
    first = _begun(engine, _plan('print "x" refuse(1, [])', gated))
    GATES.wait_for(1)
    second = _joined(engine, _plan('print "x" gate(2, [refuse(1, [])])', gated))
    GATES.open(1)
    assert [r.outcome for r in first.wait().results] == ["failed"]
    assert [r.outcome for r in second.wait().results] == ["blocked"]
    assert second.results[0].message.endswith(first.results[0].message)
    assert GATES.starts == {1: 1}


def test_an_edit_while_running_keeps_what_is_still_wanted(engine: Engine, gated: Catalogue) -> None:
    """The run of the edited program begins, then the one before it is cancelled."""
    GATES.close(2, 5)
    before = _begun(engine, _plan(f'print "x" {_chain(1, 2, 3)}\nprint "y" {_chain(5, 6)}', gated))
    GATES.wait_for(2, 5)
    after = _joined(engine, _plan(f'print "x" {_chain(1, 2, 4)}', gated))
    before.cancel()
    GATES.open(2, 5)
    before.wait()
    assert after.wait().value("x") == 7.0
    assert GATES.starts == {1: 1, 2: 1, 5: 1, 4: 1}


def test_runs_get_their_turn_though_another_has_much_to_do(
    engine: Engine, gated: Catalogue
) -> None:
    much = "".join(f'print "{i}" {_chain(i)}\n' for i in range(1, 40))
    GATES.close(1, 2, 3)
    first = _begun(engine, _plan(much, gated))
    GATES.wait_for(1, 2, 3)
    GATES.close(*range(4, 40))
    second = _joined(engine, _plan(f'print "y" {_chain(100)}', gated))
    GATES.open(1, 2, 3)
    GATES.wait_for(100)
    assert sum(GATES.starts.values()) < 12
    GATES.open(*range(4, 40))
    assert second.wait().value("y") == 100.0
    assert first.wait().counts.computed == 39


@pytest.mark.parametrize("number", range(3))
def test_runs_on_a_store_that_stays_share_too(
    tmp_path: Path, gated: Catalogue, number: int
) -> None:
    texts = [f'print "x" {_chain(1, 2, 3 + i)}' for i in range(4)]
    store = open_store(tmp_path / str(number))
    with Engine(store, gated, threads=2) as engine:
        runs = [_begun(engine, _plan(text, gated)) for text in texts]
        assert [run.wait().value("x") for run in runs] == [6.0, 7.0, 8.0, 9.0]
    store.close()
    assert GATES.starts == dict.fromkeys(range(1, 7), 1)


def test_a_file_is_read_once_by_all_runs(tmp_path: Path, gated: Catalogue) -> None:
    class Files:
        reads = 0

        def ready(self) -> None:
            pass

        def read(self, path: str, digest: str) -> tuple[Image, tuple[str, ...]]:
            del path, digest
            GATES.go_through(1)
            self.reads += 1
            voxels = np.ones((2, 2, 2), np.float32)
            return Image(IMAGE, voxels, plain_geometry((2, 2, 2))), ()

        def save(self, value: "Printed", path: str, side: str) -> tuple[str, ...]:
            raise AssertionError(f"{path} was to be saved: {value} {side}")

    (tmp_path / "in.nii").write_bytes(b"whatever")
    files = Files()
    GATES.close(1)
    with Engine(MemoryStore(), gated, threads=2, files=files) as engine:
        text = f'load a = "{tmp_path}/in.nii"\nprint "x" '
        first = _begun(engine, _plan(f"{text}look(2, a)", gated))
        GATES.wait_for(1)
        second = _joined(engine, _plan(f"{text}look(3, a)", gated))
        GATES.open(1)
        assert (first.wait().value("x"), second.wait().value("x")) == (3.0, 4.0)
    assert files.reads == 1
