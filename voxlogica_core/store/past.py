"""The past: what the last runs of a document consisted of, made and failed at. Holds no values."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice
from statistics import median

from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.skeleton import Skeleton, flagged, unpacked
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.rows import geometry_from_text

KEPT_GRAPHS = 6
"""Different graphs of a document that are remembered; those of earlier runs are let go."""

_LONGEST_MESSAGE = 500  # characters
_LARGEST_GRAPH = 1_000_000  # bytes; readers take no larger cells; 100,000 nodes and more
_UNPACKED = 80  # bytes a packed one becomes when all of it is looked at, as measured
_MOST_RUNS = 50  # looked at, until their graphs are `KEPT_GRAPHS` different ones

_OLD = """UPDATE run SET graph = NULL, made = NULL
    WHERE document = (SELECT document FROM run WHERE number = ?1) AND graph IS NOT NULL
    AND graph NOT IN (
        SELECT graph FROM run
        WHERE document = (SELECT document FROM run WHERE number = ?1) AND graph IS NOT NULL
        GROUP BY graph ORDER BY max(number) DESC LIMIT ?2)"""
_UNUSED = "DELETE FROM graph WHERE key NOT IN (SELECT graph FROM run WHERE graph IS NOT NULL)"
_RUNS = """SELECT number, outcome, made, graph FROM run
    WHERE document = ? AND graph IS NOT NULL ORDER BY number DESC LIMIT ?"""
_CONTENT = "SELECT content FROM graph WHERE key = ?"
_FAILURES = "SELECT node, message FROM failure WHERE run = ?"


_RATES = """SELECT n.primitive, n.seconds, n.geometry,
        (SELECT max(i.geometry) FROM dependency d JOIN node i ON i.id = d.input
         WHERE d.node = n.number AND i.geometry IS NOT NULL)
    FROM node n WHERE n.seconds > 0 ORDER BY n.number DESC LIMIT 1000"""


_NEWEST = "SELECT max(number) FROM node"


@dataclass(frozen=True, slots=True)
class Rate:
    """How quick a primitive was: the median over what was recorded last, in seconds a voxel."""

    seconds: float
    count: int


@dataclass(frozen=True)
class PastRun:
    """A run of a document.

    Parameters
    ----------
    number
        Later runs have larger ones.
    outcome
        How it ended; empty where it was killed, or goes on.
    """

    number: int
    outcome: str
    graph: "Graph"
    flags: bytes | None
    failures: Mapping[NodeId, str]

    @cached_property
    def made(self) -> frozenset[NodeId]:
        """The nodes of its plan that had values when it ended."""
        skeleton = self.graph.skeleton
        return flagged(skeleton, self.flags) if self.flags and skeleton else frozenset()


@dataclass(frozen=True)
class Graph:
    """What a plan consisted of, read when it is first asked for."""

    key: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes it takes once it is unpacked, about."""
        return _UNPACKED * len(self.content)

    @cached_property
    def skeleton(self) -> Skeleton | None:
        """What the plan consisted of; None if what was noted is damaged."""
        return unpacked(self.content)


class Past:
    """Answers what the last runs of documents were.

    Every method may be called from any thread.

    Parameters
    ----------
    most
        Bytes of graphs that are kept for the next question; the newest one is kept in any case.
    """

    def __init__(self, reader: StoreReader, most: int = 2**25) -> None:
        self._reader = reader
        self._most = most
        self._graphs: dict[str, Graph] = {}
        self._rates: tuple[object, dict[str, Rate]] = (None, {})

    @property
    def bytes(self) -> int:
        """Bytes that the graphs take which are kept, about."""
        return sum(graph.size for graph in self._graphs.values())

    def runs(self, document: str) -> Sequence[PastRun]:
        """Return the last runs of a document that anything is known of, the newest first."""
        known = dict(self._graphs)
        found: list[PastRun] = []
        for number, outcome, made, key in self._reader.rows(_RUNS, [document, _MOST_RUNS]):
            graph = known.get(key) or self._graph(str(key))
            if graph is not None:
                known[graph.key] = graph
                flags = made if isinstance(made, bytes) else None
                failures = self._failures(number) if not found else {}
                found.append(PastRun(int(number), str(outcome or ""), graph, flags, failures))
        self._graphs = self._affordable(found)
        return found

    def _affordable(self, runs: Sequence[PastRun]) -> dict[str, Graph]:
        """Return the graphs of the newest runs, as many as there is room for."""
        graphs = {run.graph.key: run.graph for run in runs}
        taken = list(accumulate(graph.size for graph in graphs.values()))
        count = max(1, sum(size <= self._most for size in taken))
        return dict(islice(graphs.items(), count))

    def rates(self) -> dict[str, Rate]:
        """Return how quick primitives were with images, by qualified name."""
        newest = self._reader.rows(_NEWEST)
        if newest != self._rates[0]:
            self._rates = (newest, self._measured())
        return self._rates[1]

    def _measured(self) -> dict[str, Rate]:
        found: dict[str, list[float]] = {}
        grids: dict[object, int] = {}
        for primitive, seconds, own, given in self._reader.rows(_RATES):
            for text in (own, given):
                if text not in grids:
                    grids[text] = _voxels(text)
            voxels = max(grids[own], grids[given])
            if voxels and isinstance(seconds, float):
                found.setdefault(str(primitive), []).append(seconds / voxels)
        return {name: Rate(median(each), len(each)) for name, each in found.items()}

    def _graph(self, key: str) -> Graph | None:
        rows = self._reader.rows(_CONTENT, [key])
        is_there = bool(rows) and isinstance(rows[0][0], bytes)
        return Graph(key, rows[0][0]) if is_there else None

    def _failures(self, run: int) -> dict[NodeId, str]:
        rows = self._reader.rows(_FAILURES, [run])
        return {NodeId(n.hex()): str(message) for n, message in rows if isinstance(n, bytes)}


def _voxels(text: object) -> int:
    """Return how many voxels the grid has that was written `text`; 0 where there is none."""
    if not isinstance(text, str):
        return 0
    try:
        return geometry_from_text(text).voxel_count
    except ValueError:
        return 0


def draw(connection: sqlite3.Connection, run: int, key: str, content: bytes | None) -> None:
    """Note the graph of a run, inside a write transaction; let go what no late run needs.

    Parameters
    ----------
    content
        None where `key` is known.
    """
    if content is not None and len(content) <= _LARGEST_GRAPH:
        connection.execute("INSERT OR REPLACE INTO graph VALUES (?, ?)", (key, content))
    connection.execute("UPDATE run SET graph = ? WHERE number = ?", (key, run))
    if content is not None:
        connection.execute(_OLD, (run, KEPT_GRAPHS))
        connection.execute(_UNUSED)


def recall(
    connection: sqlite3.Connection, run: int, made: bytes, failures: Mapping[NodeId, str]
) -> None:
    """Note what a run made and failed at, inside a write transaction."""
    connection.execute("UPDATE run SET made = ? WHERE number = ?", (made, run))
    rows = [(run, bytes.fromhex(n), text[:_LONGEST_MESSAGE]) for n, text in failures.items()]
    connection.executemany("INSERT OR REPLACE INTO failure VALUES (?, ?, ?)", rows)
