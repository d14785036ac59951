"""A real Dask scheduler with workers in processes of their own: what they do is what we would do.

Paths below ``/proc/self/cwd`` are seen by who has the right working folder, and by nobody else:
so a folder is shared with the workers, or not.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.clusters import ClusterOfTests
from tests.support.engines import PRIMITIVES, plan_of
from tests.support.processes import until
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.events import Started
from voxlogica_core.engine.outcome import Counts
from voxlogica_core.engine.run import Run
from voxlogica_core.errors import EngineError
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.image_files import write_image
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import MemoryStore, Store
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

_FAR = Path(__file__).parents[1] / "support" / "far_primitives.py"
_ONLY_HERE = "/proc/self/cwd"
_IMAGES = """
import "simpleitk"
let a = shift(noise(1, 40), 1)
let b = both(a, noise(2, 40))
let c = SmoothingRecursiveGaussian(b, 1.5)
print "a" average(a)
print "c" average(c)
print "n" for i in range(0, 4) do average(both(b, shift(a, i)))
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterOfTests]:
    found = ClusterOfTests(tmp_path_factory.mktemp("cluster"))
    try:
        found.start(2)
        yield found
    finally:
        found.end()


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return read_catalogue([PRIMITIVES, _FAR])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _plan(text: str, known: Catalogue) -> Plan:
    return plan_of(f'import "far"\n{text}', known=known)


def _run(plan: Plan, known: Catalogue, address: str | None, store: Store | None = None) -> Run:
    targets = list(plan.declarations.values())
    with Engine(store or MemoryStore(), known, threads=2, scheduler=address) as engine:
        return engine.run(plan, targets=targets).wait()


def _refusal(plan: Plan, known: Catalogue, address: str) -> str:
    """Return what is said when a cluster cannot be used."""
    with pytest.raises(EngineError) as caught:
        _run(plan, known, address)
    return str(caught.value)


def _marks(folder: Path) -> dict[str, list[int]]:
    """Return which processes left a mark, by key, in order."""
    found: dict[str, list[int]] = defaultdict(list)
    file = folder / "marks"
    for line in file.read_text().splitlines() if file.exists() else ():
        key, process = line.split()
        found[key].append(int(process))
    return found


def _voxels(run: Run, name: str) -> np.ndarray:
    image = run.value(name)
    assert isinstance(image, Image)
    return image.voxels


@pytest.mark.parametrize("seen", [True, False])
def test_workers_compute_the_bits_that_this_process_does(
    cluster: ClusterOfTests, known: Catalogue, folder: Path, *, seen: bool
) -> None:
    plan = _plan(_IMAGES, known)
    here = _run(plan, known, None)
    store = open_store((folder if seen else Path(_ONLY_HERE)) / "store")
    there = _run(plan, known, cluster.address, store)
    assert [r.value for r in there.results] == [r.value for r in here.results]
    assert there.counts == here.counts
    names = [n for n in plan.declarations if isinstance(here.value(n), Image)]
    assert {n for n in names if not np.array_equal(_voxels(here, n), _voxels(there, n))} == set()
    again = _run(plan, known, cluster.address, store)
    assert again.counts.computed == 0
    assert [r.value for r in again.results] == [r.value for r in here.results]
    store.close()


def test_payloads_are_written_by_who_sees_the_folder(
    cluster: ClusterOfTests, known: Catalogue, folder: Path
) -> None:
    text = f'print "x" average(tell("{folder}", 2, noise(1, 60)))'
    found: list[dict[str, bytes]] = []
    for place in (folder / "seen", Path(_ONLY_HERE) / "unseen"):
        store = open_store(place)
        run = _run(_plan(text, known), known, cluster.address, store)
        assert [r.outcome for r in run.results] == ["done"]
        store.close()
        payloads = (place / "payload").glob("??/*")
        found.append({payload.name: payload.read_bytes() for payload in payloads})
    assert found[0]
    assert found[0] == found[1]
    assert not list(folder.glob("*/payload/part-*"))


@pytest.mark.parametrize("seen", [True, False])
def test_files_are_read_by_workers_or_sent_to_them(
    cluster: ClusterOfTests, known: Catalogue, folder: Path, *, seen: bool
) -> None:
    voxels = np.arange(8, dtype=np.float32).reshape(2, 2, 2)
    write_image(Image(IMAGE, voxels, plain_geometry((2, 2, 2))), str(folder / "in.nii"))
    place = folder if seen else _ONLY_HERE
    text = f'load a = "{place}/in.nii"\nprint "x" mark("{folder}", 1, average(a))'
    text += f'\nsave "{place}/out.nii.gz" tell("{folder}", 2, a)'
    run = _run(_plan(text, known), known, cluster.address)
    assert [(r.outcome, r.message) for r in run.results if r.outcome != "done"] == []
    assert run.value("x") == 4.5
    assert (folder / "out.nii.gz").stat().st_size > 0
    assert {process for each in _marks(folder).values() for process in each} <= {
        process.pid for process in cluster.workers.values()
    }


def test_a_kernel_that_refuses_is_tried_once(
    cluster: ClusterOfTests, known: Catalogue, folder: Path
) -> None:
    run = _run(_plan(f'print "x" spoil("{folder}", 7)', known), known, cluster.address)
    assert [(r.outcome, r.message) for r in run.results] == [
        ("failed", "another number than 7 is wanted")
    ]
    assert len(_marks(folder)["7"]) == 1


def test_a_worker_that_comes_in_mid_run_gets_work(
    cluster: ClusterOfTests, known: Catalogue, folder: Path
) -> None:
    text = f'print "x" total(for i in range(0, 12) do linger("{folder}", i, 0))'
    with Engine(MemoryStore(), known, threads=2, scheduler=cluster.address) as engine:
        run = engine.run(_plan(text, known))
        run.start()
        assert until(lambda: len(_marks(folder)) >= 2)
        cluster.begin("late")
        late = cluster.workers["late"].pid
        assert until(lambda: any(late in each for each in _marks(folder).values()))
        (folder / "go").touch()
        assert run.wait().value("x") == 66.0
        assert run.counts == Counts(computed=13)
    assert all(len(each) == 1 for each in _marks(folder).values())


def test_only_what_a_killed_worker_had_is_computed_again(
    cluster: ClusterOfTests, known: Catalogue, folder: Path
) -> None:
    def chain(i: int) -> str:
        return f'linger("{folder}", {i + 50}, mark("{folder}", {i}, 0))'

    cluster.have("late")
    text = "".join(f'print "{i}" {chain(i)}\n' for i in range(9))
    store = open_store(folder / "store")
    with Engine(store, known, threads=2, scheduler=cluster.address) as engine:
        run = engine.run(_plan(text, known))
        run.start()
        assert until(lambda: len([key for key in _marks(folder) if int(key) >= 50]) >= 3)
        victim = cluster.workers["late"].pid
        cluster.kill("late")
        (folder / "go").touch()
        run.wait()
    store.close()
    assert [r.value for r in run.results] == [50.0 + 2 * i for i in range(9)]
    repeated = {key: each for key, each in _marks(folder).items() if len(each) > 1}
    assert repeated
    assert all(victim in each for each in repeated.values())
    assert all(len(each) == 2 for each in repeated.values())


def test_a_worker_with_another_version_of_a_primitive_is_refused(
    cluster: ClusterOfTests, folder: Path
) -> None:
    own = folder / "other.py"
    text = _FAR.read_text().replace('NAMESPACE = "far"', 'NAMESPACE = "other"')
    own.write_text(text)
    catalogue = read_catalogue([PRIMITIVES, own])
    own.write_text(text.replace('"mark", version=1', '"mark", version=2'))
    plan = plan_of('print "x" nap(60, 1)')
    said = _refusal(plan, catalogue, cluster.address)
    assert re.search(r"its other\.mark has version 2\S*, here it has 1", said)
    assert "pip install" in said
    own.unlink()
    said = _refusal(plan, catalogue, cluster.address)
    assert "has version none" in said
    assert "the same files with primitives in the same places" in said


def test_a_worker_without_voxlogica_is_refused(
    cluster: ClusterOfTests, known: Catalogue, folder: Path
) -> None:
    bare = folder / "bare" / "voxlogica_core"
    bare.mkdir(parents=True)
    (bare / "__init__.py").write_text('raise ImportError("there is no voxlogica here")\n')
    cluster.begin("bare", PYTHONPATH=str(bare.parent))
    cluster.wait_for("bare")
    said = _refusal(_plan('print "x" nap(60, 1)', known), known, cluster.address)
    assert "pip install" in said
    cluster.kill("bare")


def test_a_run_is_cancelled_while_workers_go_on(
    cluster: ClusterOfTests, known: Catalogue, folder: Path
) -> None:
    text = "".join(f'print "{i}" linger("{folder}", {i}, 0)\n' for i in range(6))
    with Engine(MemoryStore(), known, threads=2, scheduler=cluster.address) as engine:
        run = engine.run(_plan(text, known))
        run.start()
        assert until(lambda: len(_marks(folder)) >= 2)
        run.cancel()
        run.wait()
        assert {result.outcome for result in run.results} == {"cancelled"}
        assert until(lambda: cluster.is_idle)
        (folder / "go").touch()
    assert len(_marks(folder)) == 2


def test_a_wrong_address_is_told_with_its_cure(known: Catalogue) -> None:
    said = _refusal(_plan('print "x" 1', known), known, "tcp://127.0.0.1:1")
    assert "wanted at tcp://127.0.0.1:1" in said
    assert "`dask scheduler`" in said


def test_a_run_ends_with_its_scheduler(tmp_path: Path, known: Catalogue) -> None:
    small = ClusterOfTests(tmp_path)
    try:
        small.start(1)
        text = "".join(f'print "{i}" linger("{tmp_path}", {i}, 0)\n' for i in range(4))
        with Engine(MemoryStore(), known, scheduler=small.address) as engine:
            lost = engine.run(_plan(text, known))
            next(event for event in lost if isinstance(event, Started))
            small.kill_scheduler()
            with pytest.raises(EngineError, match="ended in the middle of a run"):
                lost.wait()
    finally:
        (tmp_path / "go").touch()
        small.end()
