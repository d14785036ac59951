"""Claims: which engine computes a node, of all that use one store. Asks no store, waits for nobody.

A claim is a lock on one byte of a file of the store, at an offset made from the node's id. The
system gives it back when its owner ends, however it ends. Claims are tried in sorted order and
given back together when one is refused, so that of several engines one always gets on; who waits
for a refused one is a thread that holds nothing.
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path

from voxlogica_core.errors import StoreError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.system import acquire, release, try_acquire

_DIGITS = 15  # of an id, 60 bits: offsets are signed 64-bit numbers


class Claims:
    """What one engine has claimed on one store.

    A node is claimed until its task has ended, and if a value was handed over to be recorded, until
    that is recorded.

    Parameters
    ----------
    path
        The file whose bytes are locked; None claims everything at once.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file = None if path is None else _opened(path)
        self._state = threading.Lock()
        self._running: set[NodeId] = set()
        self._recording: set[NodeId] = set()
        self._led: Counter[NodeId] = Counter()

    @property
    def are_needed(self) -> bool:
        """Whether there may be other engines on this store."""
        return self._file is not None

    def take(self, nodes: Collection[NodeId]) -> NodeId | None:
        """Claim all of `nodes` or none; return the first that another engine has."""
        if self._file is None:
            return None
        taken: list[NodeId] = []
        with self._state:
            for node in sorted(nodes):
                if self._has(node):
                    continue
                if not try_acquire(self._file, _offset(node)):
                    for each in taken:
                        release(self._file, _offset(each))
                    return node
                taken.append(node)
            self._running.update(nodes)
        return None

    def lead(self, goals: Collection[NodeId]) -> set[NodeId]:
        """Claim those of `goals` that no other engine has, until `led`; return the others."""
        refused: set[NodeId] = set()
        with self._state:
            for node in sorted(goals):
                if self._file is None or self._has(node) or try_acquire(self._file, _offset(node)):
                    self._led[node] += 1
                else:
                    refused.add(node)
        return refused

    def led(self, goals: Iterable[NodeId]) -> None:
        """Give back goals of a run that has ended."""
        with self._state:
            for node in goals:
                self._led[node] -= 1
                if not self._led[node]:
                    del self._led[node]
                    self._let_go(node)

    def handed_over(self, node: NodeId) -> None:
        """Keep the claim on a node until it is recorded, however its task ends."""
        with self._state:
            if node in self._running:
                self._recording.add(node)

    def ended(self, nodes: Iterable[NodeId]) -> None:
        """Give back what nobody records of a task that has ended."""
        self._give_back(nodes, self._running)

    def recorded(self, nodes: Iterable[NodeId]) -> None:
        """Give back what is recorded now, or never will be."""
        self._give_back(nodes, self._recording)

    def when_free(self, node: NodeId, then: Callable[[], None]) -> None:
        """Call `then`, in a thread that holds nothing, once nobody has claimed `node`."""
        assert self._path is not None
        thread = threading.Thread(
            target=_wait, args=(self._path, node, then), name="claim", daemon=True
        )
        thread.start()

    def close(self) -> None:
        """Give everything back."""
        with self._state:
            if self._file is not None:
                os.close(self._file)
            self._file = None

    def _has(self, node: NodeId) -> bool:
        return node in self._running or node in self._recording or node in self._led

    def _give_back(self, nodes: Iterable[NodeId], held: set[NodeId]) -> None:
        with self._state:
            for node in nodes:
                if node in held:
                    held.discard(node)
                    self._let_go(node)

    def _let_go(self, node: NodeId) -> None:
        if not self._has(node) and self._file is not None:
            release(self._file, _offset(node))


def _wait(path: Path, node: NodeId, then: Callable[[], None]) -> None:
    """Wait for a claim on an open file of its own: its end gives the claim back at once."""
    with suppress(StoreError):
        file = _opened(path)
        try:
            acquire(file, _offset(node))
        finally:
            os.close(file)
    then()


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}; make the store's folder writable, "
            "or choose another one with --store"
        ) from error


def _offset(node: NodeId) -> int:
    return int(node[:_DIGITS], 16)
