"""Keeping a store within its limit: payloads removed, their records kept. Chooses nothing.

Payloads are renamed into place and removed under the lock of a write transaction alone. So a file
without a record is one that a killed process left, and nobody removes what another has just put
there. A kill between the two leaves a record without its file, which is a miss.
"""

import threading
from collections import Counter
from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.eviction import ROOM, RUNS_LEFT_ALONE, Kept, evicted
from voxlogica_core.store.files import payload_nodes, remove_payload, sweep
from voxlogica_core.store.writer import Writer

if TYPE_CHECKING:
    import sqlite3

_SIZES = "SELECT coalesce(sum(size), 0) FROM node WHERE codec IS NOT NULL"
_KEPT = "SELECT lower(hex(id)), size, last_used FROM node WHERE codec IS NOT NULL"
_FORGET = "UPDATE node SET codec = NULL, checksum = NULL, size = NULL WHERE id = ?"
_RECORDED = "SELECT lower(hex(id)) FROM node WHERE codec IS NOT NULL AND id BETWEEN ? AND ?"
_GOALS = f"""
SELECT DISTINCT lower(hex(node)) FROM seen WHERE role = 'goal'
AND run IN (SELECT number FROM run ORDER BY number DESC LIMIT {RUNS_LEFT_ALONE})
"""
_TABLES = (
    "preview",
    "dependency",
    "node",
    "seen",
    "failure",
    "run",
    "graph",
    "source",
    "input_file",
)
_LOOKS = 50  # how often the whole store is added up while one limit's worth is written


@dataclass(frozen=True, slots=True)
class Freed:
    """How many values were removed, and the bytes that are free again."""

    values: int = 0
    size: int = 0


class Trimmer:
    """Keeps the payloads of one store below a limit.

    Parameters
    ----------
    writer
        The store's.
    limit
        Bytes of all payload files.
    """

    def __init__(self, writer: Writer, limit: int) -> None:
        self.limit = limit
        self._writer = writer
        self._layout = writer.layout
        self._held: Counter[NodeId] = Counter()
        self._holding = threading.Lock()
        self._total: int | None = None
        self._unseen = 0

    @contextmanager
    def holding(self, nodes: Collection[NodeId]) -> Generator[None]:
        """Spare the values of `nodes` while somebody is about to read them."""
        with self._holding:
            self._held.update(nodes)
        try:
            yield
        finally:
            with self._holding:
                self._held.subtract(nodes)
                self._held = +self._held

    def wrote(self, size: int) -> None:
        """Take note that payloads of `size` bytes were recorded; remove others if need be.

        What other processes write is seen when the whole is added up: at the limit, and after
        each fiftieth part of it.
        """
        self._unseen += size
        if self._total is None or self._unseen > self.limit // _LOOKS:
            self._look()
        self.settle()

    def settle(self) -> None:
        """Remove values if there is more than the limit by what is known; asks nothing."""
        if (self._total or 0) + self._unseen > self.limit:
            self.trim(self.limit)

    def trim(self, limit: int) -> Freed:
        """Remove values, least recently used first, until nine tenths of `limit` are left full.

        Nothing is removed while they take no more than `limit`.
        """
        with self._writer.transaction() as connection:
            total = int(connection.execute(_SIZES).fetchone()[0])
            gone: list[Kept] = []
            if total > limit:
                gone = self._chosen(connection, total - int(limit * ROOM))
            connection.executemany(_FORGET, [(bytes.fromhex(each.node),) for each in gone])
            for each in gone:
                remove_payload(self._layout, each.node)
        freed = sum(each.size for each in gone)
        self._total, self._unseen = total - freed, 0
        return Freed(len(gone), freed)

    def collect(self) -> Freed:
        """Remove payload files that no record names."""
        count = freed = 0
        for first in range(256):
            sizes = [size for _, size in self._strays(first)]
            count += len(sizes)
            freed += sum(sizes)
        return Freed(count, freed)

    def sweep(self) -> int | None:
        """Remove half-written files if nobody else has the store open; return the bytes freed."""
        if not self._writer.isolate():
            return None
        try:
            return sweep(self._layout)
        finally:
            self._writer.settle()

    def clear(self) -> Freed:
        """Forget everything; the database stays, as others may have it open."""
        count = freed = 0
        with self._writer.transaction() as connection:
            for table in _TABLES:
                connection.execute(f"DELETE FROM {table}")
            for first in range(256):
                for node, size in list(payload_nodes(self._layout, first)):
                    remove_payload(self._layout, node)
                    count += 1
                    freed += size
        self._writer.compact()
        self._total, self._unseen = 0, 0
        return Freed(count, freed)

    def _look(self) -> None:
        with self._writer.transaction() as connection:
            self._total = int(connection.execute(_SIZES).fetchone()[0])
        self._unseen = 0

    def _chosen(self, connection: "sqlite3.Connection", excess: int) -> list[Kept]:
        kept = [Kept(NodeId(n), size, used) for n, size, used in connection.execute(_KEPT)]
        goals = frozenset(NodeId(node) for (node,) in connection.execute(_GOALS))
        with self._holding:
            held = frozenset(self._held)
        return evicted(kept, excess, recent_goals=goals, held=held)

    def _strays(self, first: int) -> list[tuple[NodeId, int]]:
        """Remove and return the payloads without a record whose ids begin with one byte."""
        bounds = (bytes([first]) + bytes(31), bytes([first]) + bytes([255] * 31))
        with self._writer.transaction() as connection:
            known = {node for (node,) in connection.execute(_RECORDED, bounds)}
            strays = [each for each in payload_nodes(self._layout, first) if each[0] not in known]
            for node, _ in strays:
                remove_payload(self._layout, node)
        return strays
