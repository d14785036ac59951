"""A store stays below its limit: what goes, what stays, and who notices."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.stores import finished, indexed_image, node_id, random_image
from voxlogica_core.errors import UsageError
from voxlogica_core.store.eviction import Kept, evicted
from voxlogica_core.store.locations import LIMIT, Layout, default_limit
from voxlogica_core.store.record import MISSING
from voxlogica_core.store.sqlite import SqliteStore
from voxlogica_core.store.trimming import Trimmer
from voxlogica_core.store.writer import Writer
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE
from voxlogica_core.values.sizes import size_from, size_text

SIZE = len(random_image(IMAGE, "float32").voxels.tobytes())  # noise does not shrink
A, B, C = (node_id(name) for name in "abc")


def names(gone: list[Kept]) -> str:
    return "".join(name for each in gone for name in "abc" if each.node == node_id(name))


def of_ages(a: float, b: float, c: float) -> list[Kept]:
    return [Kept(A, 10, a), Kept(B, 10, b), Kept(C, 10, c)]


def chosen(kept: list[Kept], excess: int, goals: str = "", held: str = "") -> str:
    ids = [frozenset(node_id(name) for name in some) for some in (goals, held)]
    return names(evicted(kept, excess, recent_goals=ids[0], held=ids[1]))


def test_the_least_recently_used_goes_first_and_no_more_than_is_needed() -> None:
    assert chosen(of_ages(3, 1, 2), 1) == "b"
    assert chosen(of_ages(3, 1, 2), 10) == "b"
    assert chosen(of_ages(3, 1, 2), 11) == "bc"
    assert chosen(of_ages(3, 1, 2), 0) == ""


def test_goals_of_recent_runs_go_last() -> None:
    assert chosen(of_ages(1, 2, 3), 30, goals="ab") == "cab"


def test_what_is_held_never_goes() -> None:
    assert chosen(of_ages(1, 2, 3), 1000, held="a") == "bc"


def test_of_equally_old_ones_the_larger_goes() -> None:
    assert (
        names(
            evicted([Kept(A, 1, 0), Kept(B, 9, 0)], 1, recent_goals=frozenset(), held=frozenset())
        )
        == "b"
    )


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=12),
    st.integers(0, 200),
    st.sets(st.integers(0, 11)),
    st.sets(st.integers(0, 11)),
)
def test_enough_is_freed_unless_the_rest_is_held(
    sizes: list[tuple[int, int]], excess: int, goals: set[int], held: set[int]
) -> None:
    kept = [Kept(node_id(i), size, float(used)) for i, (size, used) in enumerate(sizes)]
    spared = frozenset(node_id(i) for i in held)
    recent = frozenset(node_id(i) for i in goals)
    gone = evicted(kept, excess, recent_goals=recent, held=spared)
    freed = sum(each.size for each in gone)
    assert not {each.node for each in gone} & spared
    assert freed >= excess or {each.node for each in kept} - {e.node for e in gone} <= spared
    assert freed - (gone[-1].size if gone else 0) < max(excess, 1)


def kept_names(store: SqliteStore, count: int) -> list[int]:
    found = store.lookup(node_id(i) for i in range(count))
    assert len(found) == count  # records stay
    return [i for i in range(count) if found[node_id(i)].is_kept]


def record_images(store: SqliteStore, count: int) -> None:
    for index in range(count):
        store.record([finished(index, random_image(IMAGE, "float32", index))])


def test_a_store_stays_below_its_limit_and_keeps_every_record(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, limit=10 * SIZE)
    record_images(store, 30)
    files = [path for path in Layout(tmp_path).payloads.rglob("*") if path.is_file()]
    left = kept_names(store, 30)
    store.close()
    assert sum(path.stat().st_size for path in files) <= 10 * SIZE
    assert len(files) == len(left)
    assert left == list(range(30 - len(left), 30))
    assert len(left) >= 7


def test_what_was_evicted_is_a_miss_and_can_be_kept_again(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, limit=3 * SIZE)
    store.record([finished(0, random_image(IMAGE, "float32", 0))])
    before = store.lookup([node_id(0)])
    record_images(store, 6)
    assert store.value(before[node_id(0)]) is MISSING
    store.record([finished(0, random_image(IMAGE, "float32", 0))])
    assert isinstance(store.value(store.lookup([node_id(0)])[node_id(0)]), Image)
    store.close()


def test_values_that_a_run_is_about_to_read_are_spared(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, limit=4 * SIZE)
    record_images(store, 2)
    with store.holding([node_id(0)]), store.holding([node_id(0), node_id(1)]):
        record_images(store, 10)
        assert {0, 1} <= set(kept_names(store, 10))
    store.record([finished(i, random_image(IMAGE, "float32", i)) for i in range(10, 14)])
    assert not {0, 1} & set(kept_names(store, 14))
    store.close()


def test_goals_of_the_last_five_runs_outlive_newer_values(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, limit=6 * SIZE)
    record_images(store, 4)
    for index in (0, 1):
        run = store.begin_run("a.imgql", "digest")
        store.seen(run, {}, [("goal", node_id(index))])
    for _ in range(4):
        store.begin_run("other.imgql", "digest")
    record_images(store, 12)
    left = kept_names(store, 12)
    store.close()
    assert 1 in left
    assert 0 not in left


def test_a_limit_of_nothing_keeps_records_alone(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, limit=0)
    store.record([finished(0, indexed_image(1)), finished(1, 5.0)])
    assert kept_names(store, 2) == [1]
    store.close()


def test_what_other_processes_write_counts(tmp_path: Path) -> None:
    first = SqliteStore(tmp_path, limit=100 * SIZE)
    second = SqliteStore(tmp_path, limit=5 * SIZE)
    record_images(first, 20)
    second.record([finished(20, random_image(IMAGE, "float32", 20))])
    assert len(kept_names(first, 21)) <= 5
    first.close()
    second.close()


def test_readers_while_values_are_evicted_get_the_right_value_or_none(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, limit=8 * SIZE)
    record_images(store, 4)
    ended = threading.Event()
    wrong: list[int] = []
    answers = {"value": 0, "missing": 0}

    def read_on() -> None:
        own = SqliteStore(tmp_path, limit=8 * SIZE)
        while not ended.is_set():
            records = own.lookup(node_id(i) for i in range(40))
            for index in range(40):
                record = records.get(node_id(index))
                value = own.value(record) if record else MISSING
                right = random_image(IMAGE, "float32", index).voxels
                if isinstance(value, Image):
                    answers["value"] += 1
                    wrong.extend([index] if not np.array_equal(value.voxels, right) else [])
                else:
                    answers["missing"] += 1
        own.close()

    readers = [threading.Thread(target=read_on) for _ in range(2)]
    for thread in readers:
        thread.start()
    for _ in range(3):
        record_images(store, 40)
    ended.set()
    for thread in readers:
        thread.join()
    newest = store.lookup([node_id(39)])[node_id(39)]
    assert isinstance(store.value(newest), Image)
    store.close()
    assert not wrong
    assert answers["value"]
    assert answers["missing"]


@pytest.fixture
def trimmer(tmp_path: Path) -> Iterator[Trimmer]:
    """Give the trimmer of a store of ten images that is closed otherwise."""
    store = SqliteStore(tmp_path)
    record_images(store, 10)
    store.close()
    writer = Writer(tmp_path)
    writer.settle()
    yield Trimmer(writer, LIMIT)
    writer.close()


def stray(layout: Layout) -> Path:
    path = layout.payload(node_id("stray"))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"nobody's")
    return path


def test_files_that_no_record_names_are_collected_and_others_left(
    tmp_path: Path, trimmer: Trimmer
) -> None:
    path = stray(Layout(tmp_path))
    freed = trimmer.collect()
    assert (freed.values, freed.size) == (1, 8)
    assert not path.exists()
    assert len(list(Layout(tmp_path).payloads.glob("??/*"))) == 10


def test_half_written_files_go_when_nobody_else_has_the_store_open(
    tmp_path: Path, trimmer: Trimmer
) -> None:
    part = Layout(tmp_path).payloads / "part-1-1-ab"
    part.write_bytes(b"half")
    other = SqliteStore(tmp_path)
    assert trimmer.sweep() is None
    assert part.exists()
    other.close()
    assert trimmer.sweep() == 4
    assert not part.exists()
    SqliteStore(tmp_path).close()  # others may open it again


def test_clearing_forgets_everything_and_leaves_the_database(
    tmp_path: Path, trimmer: Trimmer
) -> None:
    database = Layout(tmp_path).database
    store = SqliteStore(tmp_path)
    identity = database.stat().st_ino
    stray(Layout(tmp_path))
    assert trimmer.clear().values == 11
    assert store.lookup(node_id(i) for i in range(10)) == {}
    assert database.stat().st_ino == identity
    store.record([finished("after", 1.0)])
    assert store.lookup([node_id("after")])
    store.close()
    assert not [path for path in Layout(tmp_path).payloads.rglob("*") if path.is_file()]


def test_trimming_below_a_smaller_limit_frees_what_it_says(trimmer: Trimmer) -> None:
    freed = trimmer.trim(5 * SIZE)
    assert freed.values >= 5
    assert freed.size > freed.values * SIZE * 0.5
    assert trimmer.trim(5 * SIZE).values == 0


@pytest.mark.parametrize(
    ("text", "size"),
    [("800M", 800 * 2**20), ("4 gb", 2**32), ("1.5GiB", 3 * 2**29), ("2t", 2**41), ("0", 0)],
)
def test_sizes_are_understood_as_people_write_them(text: str, size: int) -> None:
    assert size_from(text) == size


@pytest.mark.parametrize("text", ["", "G", "many", "-1", "inf", "nan"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no size"):
        size_from(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2**20 * 250, "250 MB"), (2**41, "2048 GB")],
)
def test_sizes_are_written_for_people(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(("value", "limit"), [("", LIMIT), ("5G", 5 * 2**30)])
def test_the_limit_can_be_chosen(monkeypatch: pytest.MonkeyPatch, value: str, limit: int) -> None:
    monkeypatch.setenv("VOXLOGICA_STORE_LIMIT", value)
    assert default_limit() == limit


def test_a_limit_that_is_no_size_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXLOGICA_STORE_LIMIT", "much")
    with pytest.raises(UsageError, match=r"VOXLOGICA_STORE_LIMIT.*no size"):
        default_limit()


def test_a_full_batch_leaves_no_file_when_it_cannot_be_recorded(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    Layout(tmp_path).payload(node_id("b")).parent.write_text("in the way")
    with pytest.raises(Exception, match="cannot be kept"):
        store.record([finished(name, indexed_image(1)) for name in "ab"])
    store.close()
    left = [path for path in Layout(tmp_path).payloads.rglob("*") if path.is_file()]
    assert left == [Layout(tmp_path).payload(node_id("b")).parent]
