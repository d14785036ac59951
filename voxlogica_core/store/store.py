"""The store as its users see it, and the one that forgets: `MemoryStore`."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.plain import is_plain
from voxlogica_core.store.record import (
    MISSING,
    NOT_KEPT,
    Finished,
    Inline,
    Missing,
    Preview,
    Record,
    SourceFile,
    Value,
)
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.sides import Orientation


class Values(Protocol):
    """Where the values of records are."""

    def value(self, record: Record) -> Value | Missing:
        """Return the value of a record; `MISSING` if it is not kept, was lost or was damaged."""
        ...


class Store(Protocol):
    """What is known about nodes, by id. Every method may be called from any thread."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should be told about this store, such as that it cannot be written."""
        ...

    @property
    def orientation(self) -> Orientation | None:
        """How pictures made for it are turned; None: as `default_orientation` says."""
        ...

    @property
    def claims_file(self) -> Path | None:
        """Where engines claim what they compute; None where no other engine can be."""
        ...

    def holding(self, nodes: Collection[NodeId]) -> AbstractContextManager[None]:
        """Keep the values of `nodes` from being evicted by this store while it lasts."""
        ...

    def lookup(self, ids: Iterable[NodeId]) -> dict[NodeId, Record]:
        """Return the records of those of `ids` that are known."""
        ...

    def value(self, record: Record) -> Value | Missing:
        """Return the value of a record; `MISSING` if it is not kept, was lost or was damaged."""
        ...

    def record(self, batch: Sequence[Finished]) -> None:
        """Record nodes that have run: when it returns, a kill of this process loses none.

        Raises
        ------
        StoreError
            The disk is full or not writable. Nothing of the batch is recorded.
        """
        ...

    def illustrate(self, previews: Mapping[NodeId, Preview]) -> None:
        """Record pictures and statistics of nodes that are recorded; `StoreError` as above."""
        ...

    def preview(self, node: NodeId) -> Preview | None:
        """Return picture and statistics of a node, if there are any."""
        ...

    def begin_run(self, document: str, program: str) -> int:
        """Note that a run of `document` begins, by the digest of its program; return its number."""
        ...

    def seen(
        self,
        run: int,
        declarations: Mapping[str, NodeId],
        goals: Sequence[tuple[str, NodeId]] = (),
    ) -> None:
        """Note which node each declaration and goal (by label) of a run is."""
        ...

    def read_from(self, sources: Mapping[NodeId, SourceFile]) -> None:
        """Note which files nodes are read from."""
        ...

    def draw(self, run: int, key: str, content: Callable[[], bytes]) -> None:
        """Note what the plan of a run consists of; `content` is asked for if `key` is new."""
        ...

    def end_run(self, run: int, outcome: str, used: Iterable[NodeId] = ()) -> None:
        """Note how a run ended and which recorded nodes it used."""
        ...

    def recall(self, run: int, made: bytes, failures: Mapping[NodeId, str]) -> None:
        """Note which nodes of its plan had values when a run ended, and which failed and why."""
        ...

    def digest_memo(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """Return the digest of a file, if it was remembered and the file is what it was."""
        ...

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        """Remember the digest of a file."""
        ...

    def close(self) -> None:
        """Release files and locks; the store is not used afterwards."""
        ...


MEMORY_LIMIT = 2**29
"""Bytes of images that a store in memory keeps when nobody says otherwise."""


class MemoryStore:
    """A store that lives as long as the process: for ``--no-cache``, and for tests.

    Values are held by reference. It keeps what `Finished.keep` asks for, as any other store does;
    when images take more than the limit, those go first that came first.

    Parameters
    ----------
    limit
        Bytes of images.
    orientation
        How pictures are turned.
    """

    def __init__(self, limit: int = MEMORY_LIMIT, orientation: Orientation | None = None) -> None:
        self.orientation: Orientation | None = orientation
        self._limit = limit
        self._images: dict[NodeId, int] = {}
        self._nbytes = 0
        self._records: dict[NodeId, Record] = {}
        self._previews: dict[NodeId, Preview] = {}
        self._digests: dict[tuple[str, int, int, int], str] = {}
        self._runs = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing to tell."""
        return ()

    @property
    def claims_file(self) -> Path | None:
        """None: no other process sees this store."""
        return None

    def holding(self, nodes: Collection[NodeId]) -> AbstractContextManager[None]:
        """Do nothing: nothing is ever evicted."""
        del nodes
        return nullcontext()

    def lookup(self, ids: Iterable[NodeId]) -> dict[NodeId, Record]:
        """Return the records of those of `ids` that are known."""
        records = self._records
        return {node: records[node] for node in ids if node in records}

    def value(self, record: Record) -> Value | Missing:
        """Return the value of a record; `MISSING` if it is not kept."""
        stored = record.stored
        return stored.value if isinstance(stored, Inline) else MISSING

    def record(self, batch: Sequence[Finished]) -> None:
        """Record nodes that have run."""
        for item in batch:
            known = self._records.get(item.id)
            if known is None or not known.is_kept or is_kept(item):
                record = self._records[item.id] = _record(item)
                if record.is_kept and isinstance(item.value, Image):
                    self._make_room(item.id, record.nbytes)

    def _make_room(self, node: NodeId, nbytes: int) -> None:
        self._nbytes += nbytes - self._images.pop(node, 0)
        self._images[node] = nbytes
        while self._nbytes > self._limit and len(self._images) > 1:
            oldest = next(iter(self._images))
            self._nbytes -= self._images.pop(oldest)
            self._records[oldest] = replace(self._records[oldest], stored=NOT_KEPT)

    def illustrate(self, previews: Mapping[NodeId, Preview]) -> None:
        """Record pictures and statistics of nodes that are recorded."""
        self._previews.update(previews)

    def preview(self, node: NodeId) -> Preview | None:
        """Return picture and statistics of a node, if there are any."""
        return self._previews.get(node)

    def begin_run(self, document: str, program: str) -> int:
        """Return the number of a new run."""
        del document, program
        self._runs += 1
        return self._runs

    def seen(
        self,
        run: int,
        declarations: Mapping[str, NodeId],
        goals: Sequence[tuple[str, NodeId]] = (),
    ) -> None:
        """Forget it: there is no history in memory."""

    def read_from(self, sources: Mapping[NodeId, SourceFile]) -> None:
        """Forget it: there is no history in memory."""

    def draw(self, run: int, key: str, content: Callable[[], bytes]) -> None:
        """Forget it: there is no history in memory."""

    def end_run(self, run: int, outcome: str, used: Iterable[NodeId] = ()) -> None:
        """Forget it: there is no history in memory."""

    def recall(self, run: int, made: bytes, failures: Mapping[NodeId, str]) -> None:
        """Forget it: there is no history in memory."""

    def digest_memo(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """Return the digest of a file, if it was remembered and the file is what it was."""
        return self._digests.get((path, size, mtime_ns, inode))

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        """Remember the digest of a file."""
        self._digests[path, size, mtime_ns, inode] = digest

    def close(self) -> None:
        """Let go of everything."""
        self._records.clear()
        self._previews.clear()


def is_kept(item: Finished) -> bool:
    """Return whether a node's value is recorded with it.

    Values without images always are; images when the engine says so; sequences that hold images
    never, as their items are nodes of their own.
    """
    return is_plain(item.value) or (item.keep and isinstance(item.value, Image))


def grid_of(value: Value) -> Geometry | None:
    """Return the grid of an image; None for everything else."""
    return value.geometry if isinstance(value, Image) else None


def bytes_of(value: Value) -> int:
    """Return the size of a value in memory, roughly for all but images."""
    match value:
        case Image():
            return value.nbytes
        case str():
            return 8 + len(value)
        case tuple():
            return 8 + sum(bytes_of(item) for item in value)
        case Mapping():
            entries = cast("Mapping[str, Value]", value)
            return 8 + sum(bytes_of(name) + bytes_of(item) for name, item in entries.items())
        case _:
            return 8


def _record(item: Finished) -> Record:
    return Record(
        item.id,
        item.primitive,
        item.version,
        item.kind,
        grid_of(item.value),
        bytes_of(item.value),
        item.seconds,
        time.time(),
        Inline(item.value) if is_kept(item) else NOT_KEPT,
    )
