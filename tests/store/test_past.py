"""What the store remembers of the plans of the last runs, for "why" and "cost"."""

from pathlib import Path

from tests.support.programs import LOADS, analysed
from tests.support.stores import finished, indexed_image, node_id
from voxlogica_core.plan.skeleton import Skeleton, flags, key_of, packed, skeleton_of
from voxlogica_core.store.past import KEPT_GRAPHS, Past
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.sqlite import SqliteStore


def program(number: int) -> Skeleton:
    return skeleton_of(analysed(f'{LOADS}print "n" volume(a >. {number})').plan)


def ran(store: SqliteStore, document: str, number: int) -> int:
    skeleton = program(number)
    run = store.begin_run(document, "digest")
    store.draw(run, key_of(skeleton), lambda: packed(skeleton))
    store.end_run(run, "ended")
    return run


def past_of(folder: Path) -> Past:
    return Past(StoreReader(folder / "store"))


def test_runs_are_told_newest_first_with_what_they_made_and_failed_at(
    tmp_path: Path, kept: SqliteStore
) -> None:
    first, second = ran(kept, "a", 1), ran(kept, "a", 2)
    skeleton = program(2)
    made = frozenset(list(skeleton.nodes)[:2])
    kept.recall(second, flags(skeleton, made.__contains__), {node_id("bad"): "it is wrong"})
    runs = past_of(tmp_path).runs("a")
    assert [run.number for run in runs] == [second, first]
    assert runs[0].made == made
    assert runs[0].failures == {node_id("bad"): "it is wrong"}
    assert runs[0].graph.skeleton
    assert list(runs[0].graph.skeleton.nodes) == list(skeleton.nodes)
    assert runs[1].made == frozenset()
    assert past_of(tmp_path).runs("b") == []


def test_the_graphs_of_the_last_programs_of_each_document_are_kept(
    tmp_path: Path, kept: SqliteStore
) -> None:
    ran(kept, "other", 0)
    for number in range(KEPT_GRAPHS + 4):
        ran(kept, "a", number)
        ran(kept, "a", number)
    past = past_of(tmp_path)
    assert len({run.graph.key for run in past.runs("a")}) == KEPT_GRAPHS
    assert [run.graph.key for run in past.runs("other")] == [key_of(program(0))]
    rows = StoreReader(tmp_path / "store").rows("SELECT count(*) FROM graph")
    assert rows == [(KEPT_GRAPHS + 1,)]


def test_graphs_take_what_they_may_and_all_are_told_all_the_same(
    tmp_path: Path, kept: SqliteStore
) -> None:
    for number in range(KEPT_GRAPHS):
        ran(kept, "a", number)
    reader = StoreReader(tmp_path / "store")
    whole = Past(reader)
    told = [run.graph.key for run in whole.runs("a")]
    for most in (0, whole.bytes // 2, whole.bytes - 1):
        past = Past(reader, most)
        for _ in range(2):
            assert [run.graph.key for run in past.runs("a")] == told
            assert past.runs("a")[-1].graph.skeleton
        assert 0 < past.bytes <= max(most, whole.bytes // KEPT_GRAPHS + 100)


def test_a_graph_that_is_known_is_not_packed_again(kept: SqliteStore) -> None:
    ran(kept, "a", 1)
    run = kept.begin_run("b", "digest")

    def content() -> bytes:
        raise AssertionError("it is known")

    kept.draw(run, key_of(program(1)), content)


def test_a_damaged_graph_is_no_past(tmp_path: Path, kept: SqliteStore) -> None:
    run = kept.begin_run("a", "digest")
    kept.draw(run, "key", lambda: b"damaged")
    (found,) = past_of(tmp_path).runs("a")
    assert found.graph.skeleton is None
    assert found.made == frozenset()


def test_clearing_forgets_the_past(tmp_path: Path, kept: SqliteStore) -> None:
    ran(kept, "a", 1)
    assert kept.trimmer
    kept.trimmer.clear()
    assert past_of(tmp_path).runs("a") == []


def test_how_quick_primitives_were_is_told_by_the_voxel(tmp_path: Path, kept: SqliteStore) -> None:
    kept.record([finished(f"i{n}", indexed_image(n)) for n in range(3)])
    rate = past_of(tmp_path).rates()["test.made"]
    assert (rate.seconds, rate.count) == (0.25 / (4 * 5 * 6), 3)
