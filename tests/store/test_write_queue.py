"""The write queue: nothing is lost, nothing grows without limit, no disk ends a run."""

import threading
from collections.abc import Mapping, Sequence

import pytest

from tests.support.processes import PATIENCE
from tests.support.stores import finished, indexed_image, node_id, random_image
from voxlogica_core.errors import StoreError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import Finished, Preview
from voxlogica_core.store.store import MemoryStore, Store
from voxlogica_core.store.writing import WriteQueue
from voxlogica_core.values.kind import IMAGE


class SlowStore(MemoryStore):
    """Waits for permission before it records anything."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.allowed = threading.Event()
        self.batches: list[int] = []

    def record(self, batch: Sequence[Finished]) -> None:
        self.entered.set()
        self.allowed.wait()
        self.batches.append(len(batch))
        super().record(batch)


class FullStore(MemoryStore):
    """Cannot record anything."""

    def __init__(self) -> None:
        super().__init__()
        self.tries = 0

    def record(self, batch: Sequence[Finished]) -> None:
        self.tries += 1
        raise StoreError("the disk is full: make room")


class StoreWithoutPictures(MemoryStore):
    """Records nodes, but no previews."""

    def illustrate(self, previews: Mapping[NodeId, Preview]) -> None:
        raise StoreError("no room for pictures")


class BrokenStore(MemoryStore):
    """Has a bug."""

    def record(self, batch: Sequence[Finished]) -> None:
        raise KeyError("a bug")


def test_all_that_is_handed_over_is_recorded(store: Store) -> None:
    queue = WriteQueue(store, 2**20)
    for index in range(3000):
        queue.put(finished(index, float(index)))
    queue.flush()
    records = store.lookup(node_id(index) for index in range(3000))
    assert [store.value(records[node_id(i)]) for i in range(3000)] == [
        float(i) for i in range(3000)
    ]
    queue.close()


def test_named_images_get_a_picture_and_others_do_not(store: Store) -> None:
    queue = WriteQueue(store, 2**20)
    queue.put(finished("named", indexed_image(1), named=True, keep=False))
    queue.put(finished("nameless", indexed_image(2)))
    queue.put(finished("number", 1.0, named=True))
    queue.flush()
    queue.close()
    preview = store.preview(node_id("named"))
    assert preview is not None
    assert preview.png.startswith(b"\x89PNG")
    assert preview.statistics.mean == 1.0
    assert store.preview(node_id("nameless")) is None
    assert store.preview(node_id("number")) is None


def test_nodes_that_are_the_very_same_image_all_get_its_picture(store: Store) -> None:
    queue = WriteQueue(store, 2**24)
    image = indexed_image(1)
    for name in ("a", "b", "c"):
        queue.put(finished(name, image, named=True, keep=False))
    queue.close()
    pictures = [store.preview(node_id(name)) for name in ("a", "b", "c")]
    assert pictures[0] is not None
    assert pictures == pictures[:1] * 3


def test_closing_records_what_is_left() -> None:
    store = SlowStore()
    queue = WriteQueue(store, 2**20)
    queue.put(finished("a", 1.0))
    queue.put(finished("b", indexed_image(1), named=True))
    store.allowed.set()
    queue.close()
    assert store.lookup([node_id("a"), node_id("b")]).keys() == {node_id("a"), node_id("b")}
    assert store.preview(node_id("b"))


def test_what_waits_is_recorded_in_one_transaction() -> None:
    store = SlowStore()
    queue = WriteQueue(store, 2**20)
    queue.put(finished("first", 0.0))
    store.entered.wait()
    for index in range(50):
        queue.put(finished(index, float(index)))
    store.allowed.set()
    queue.close()
    assert store.batches == [1, 50]


def test_who_hands_over_more_than_the_limit_waits() -> None:
    store = SlowStore()
    image = random_image(IMAGE, "float32")
    queue = WriteQueue(store, int(1.5 * image.nbytes))
    queue.put(finished("a", image))
    handed_over = threading.Event()

    def hand_over() -> None:
        queue.put(finished("b", image))
        handed_over.set()

    thread = threading.Thread(target=hand_over)
    thread.start()
    store.entered.wait()
    assert not handed_over.wait(0.05)
    store.allowed.set()
    assert handed_over.wait(PATIENCE)
    thread.join()
    queue.close()
    assert len(store.lookup([node_id("a"), node_id("b")])) == 2


def test_a_value_larger_than_the_limit_is_let_in_alone(store: Store) -> None:
    queue = WriteQueue(store, 1)
    for name in ("a", "b"):
        queue.put(finished(name, random_image(IMAGE, "float32"), named=True))
    queue.close()
    assert len(store.lookup([node_id("a"), node_id("b")])) == 2
    assert store.preview(node_id("b"))


def test_a_full_disk_is_told_once_and_never_ends_the_run() -> None:
    store = FullStore()
    settled: list[NodeId] = []
    queue = WriteQueue(store, 100, settled.extend)
    for index in range(20):
        queue.put(finished(index, "text" * 100, named=True))
    queue.flush()
    assert queue.problem == "the disk is full: make room"
    assert store.tries == 1
    assert settled == [node_id(index) for index in range(20)]
    queue.close()


def test_pictures_that_cannot_be_stored_are_a_problem_but_values_stay() -> None:
    store = StoreWithoutPictures()
    queue = WriteQueue(store, 2**20)
    queue.put(finished("a", indexed_image(1), named=True))
    queue.flush()
    queue.close()
    assert queue.problem == "no room for pictures"
    assert store.lookup([node_id("a")])


def test_a_node_is_settled_after_it_is_recorded(store: Store) -> None:
    seen: list[bool] = []
    queue = WriteQueue(store, 2**20, lambda ids: seen.append(len(store.lookup(ids)) == len(ids)))
    for index in range(10):
        queue.put(finished(index, float(index)))
    queue.close()
    assert seen
    assert all(seen)


def test_a_closed_queue_takes_nothing() -> None:
    queue = WriteQueue(MemoryStore(), 2**20)
    queue.close()
    with pytest.raises(StoreError, match="closed"):
        queue.put(finished("a", 1.0))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_in_the_thread_blocks_nobody() -> None:
    settled: list[NodeId] = []
    queue = WriteQueue(BrokenStore(), 10, settled.extend)
    for index in range(5):
        queue.put(finished(index, "text" * 100))
    queue.flush()
    queue.close()
    assert queue.problem is not None
    assert set(settled) == {node_id(index) for index in range(5)}
