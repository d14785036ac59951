"""The write queue: values are recorded behind the computation's back, and drawn after that.

Nothing here decides what is kept. A disk that is full or cannot be written never ends a run: the
queue then stops storing and says so once.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from voxlogica_core.errors import StoreError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import Finished
from voxlogica_core.store.store import Store, bytes_of
from voxlogica_core.values.image import Image

_LARGEST_BATCH = 2000  # nodes a transaction: 25 ms, so that others get their turn
_LARGEST_BATCH_BYTES = 2**26  # of values, so that the first of them need not wait for the last

_THREADS = 2
"""One records at a time; at the end of a run, when only pictures are left, both draw."""

_Waiting = tuple[Finished, int, int]  # with the bytes it holds, and its number


class WriteQueue:
    """Records what has run, in threads of its own: one batch at a time, in order.

    Parameters
    ----------
    store
        Where to.
    limit
        Bytes that may wait; who hands over more is made to wait. One value is always let in.
    settled
        Called by a thread of the queue with the ids of each batch once it is recorded (or never
        will be, see `problem`): the moment to give back claims on them. It must not raise.
    """

    def __init__(
        self,
        store: Store,
        limit: int,
        settled: Callable[[Sequence[NodeId]], None] | None = None,
    ) -> None:
        self.problem: str | None = None
        self._store = store
        self._limit = limit
        self._settled = settled
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._handed = 0
        self._open: set[int] = set()
        self._recording = False
        self._pictures: deque[_Waiting] = deque()
        self._drawing: dict[int, list[_Waiting]] = {}
        self._closing = False
        self._ended = False
        self._state = threading.Condition()
        self._threads = [
            threading.Thread(target=self._run, name="write queue", daemon=True)
            for _ in range(_THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, item: Finished) -> None:
        """Hand over a node that has run; waits while too many bytes are on their way."""
        size = bytes_of(item.value)
        with self._state:
            if self._closing:
                raise StoreError("the write queue is closed; nothing more can be recorded")
            self._state.wait_for(lambda: self._has_room(size))
            if not self._ended:
                self._handed += 1
                self._open.add(self._handed)
                self._waiting.append((item, size, self._handed))
                self._bytes += size
                self._state.notify_all()
                return
        self._settle([item.id])

    def flush(self) -> None:
        """Wait until all that was handed over by now is recorded, pictures included."""
        with self._state:
            last = self._handed
            self._state.wait_for(lambda: min(self._open, default=last + 1) > last)

    def close(self) -> None:
        """Record what is left, then end the threads; the store stays open."""
        with self._state:
            self._closing = True
            self._state.notify_all()
        for thread in self._threads:
            thread.join()

    def _has_room(self, size: int) -> bool:
        return not self._bytes or self._bytes + size <= self._limit or self._ended

    def _run(self) -> None:
        is_done = False
        try:
            while self._work():
                pass
            is_done = True
        finally:
            if not is_done:
                self._break()

    def _break(self) -> None:
        """Let everybody go: there is a bug of ours, and nothing more is kept."""
        with self._state:
            self.problem = self.problem or "the write queue broke: results are not kept"
            left = [item.id for item, *_ in self._waiting]
            self._ended = True
            self._waiting.clear()
            self._pictures.clear()
            self._open.clear()
            self._bytes, self._recording = 0, False
            self._state.notify_all()
        self._settle(left)

    def _work(self) -> bool:
        """Wait for something to do and do it; return False when there will be no more."""
        with self._state:
            self._state.wait_for(lambda: self._may_record() or self._pictures or self._is_over())
            if self._ended:
                return False
            batch = self._batch() if self._may_record() else []
            picture = self._pictures.popleft() if self._pictures and not batch else None
            is_drawn = picture is not None and self._joins(picture)
            self._recording = self._recording or bool(batch)
        if batch:
            self._have_done(self._record(batch), recorded=True)
        elif picture and not is_drawn:
            self._have_done(self._illustrate(picture), recorded=False)
        return bool(batch or picture)

    def _joins(self, picture: _Waiting) -> bool:
        """Whether the very image is being drawn: ``intensity(t1)`` is t1 itself."""
        same = self._drawing.setdefault(_picture_key(picture), [])
        same.append(picture)
        return len(same) > 1

    def _have_done(self, done: Sequence[_Waiting], *, recorded: bool) -> None:
        with self._state:
            if not self._ended:
                self._bytes -= sum(size for _, size, _ in done)
                self._open.difference_update(number for *_, number in done)
                self._recording = self._recording and not recorded
            self._state.notify_all()

    def _may_record(self) -> bool:
        return bool(self._waiting) and not self._recording

    def _is_over(self) -> bool:
        return self._ended or (self._closing and not self._waiting)

    def _batch(self) -> list[_Waiting]:
        """Take what is waiting, as much as makes a transaction."""
        batch: list[_Waiting] = []
        taken = 0
        while self._waiting and len(batch) < _LARGEST_BATCH and taken < _LARGEST_BATCH_BYTES:
            batch.append(self._waiting.popleft())
            taken += batch[-1][1]
        return batch

    def _record(self, batch: Sequence[_Waiting]) -> Sequence[_Waiting]:
        """Record a batch; return what is let go of, which is all but what will be drawn."""
        try:
            if self.problem is None:
                self._store.record([item for item, *_ in batch])
        except StoreError as error:
            self.problem = str(error)
        finally:
            self._settle([item.id for item, *_ in batch])
        drawn = [each for each in batch if self._is_drawn(each[0])]
        with self._state:
            self._pictures.extend(drawn)
        later = {number for *_, number in drawn}
        return [each for each in batch if each[2] not in later]

    def _is_drawn(self, item: Finished) -> bool:
        return item.named and isinstance(item.value, Image) and self.problem is None

    def _illustrate(self, picture: _Waiting) -> Sequence[_Waiting]:
        """Draw an image, once for all nodes that are the very same; return these."""
        item, drawn = picture[0], None
        if self.problem is None and isinstance(item.value, Image):
            # 12 ms to import, needed once a picture is drawn: by now somebody else computes
            from voxlogica_core.store.preview import preview  # noqa: PLC0415

            background = item.background() if item.background else None
            drawn = preview(item.value, background, self._store.orientation)
        with self._state:
            same = self._drawing.pop(_picture_key(picture))
        if drawn is not None:
            try:
                self._store.illustrate({each.id: drawn for each, *_ in same})
            except StoreError as error:
                self.problem = str(error)
        return same

    def _settle(self, ids: Sequence[NodeId]) -> None:
        if self._settled is not None:
            self._settled(ids)


def _picture_key(waiting: _Waiting) -> int:
    """Return what is the same for the same picture, as long as its image is held."""
    item, _, number = waiting
    return id(item.value) if item.background is None else -number
