"""What is in a store, for people: lists, sizes, origins. Light; reads no values, changes nothing.

Labels of goals and names of files are told only to who asks, and then without their folders:
people write names of patients into them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, cast

from voxlogica_core.errors import StoreError, UsageError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.reader import Answer, StoreReader
from voxlogica_core.store.record import InFile, Record, SourceFile
from voxlogica_core.store.rows import RECORD_COLUMNS, RowReader

if TYPE_CHECKING:
    from voxlogica_core.store.rows import Row

Order = Literal["used", "created", "size", "seconds"]

_ORDERS: dict[Order, str] = {
    "used": "last_used DESC",
    "created": "created DESC",
    "size": "coalesce(size, 0) DESC",
    "seconds": "seconds DESC",
}
_AMBIGUOUS = 5  # ids that are named when a prefix has several
_NAMES = """
SELECT name FROM seen WHERE node = ? AND role = ? GROUP BY name ORDER BY max(run) DESC, name
"""
_BELOW = """
WITH RECURSIVE below (id) AS (
    VALUES (?)
    UNION
    SELECT dependency.input FROM below
    JOIN node ON node.id = below.id JOIN dependency ON dependency.node = node.number
)
SELECT DISTINCT name, digest FROM below JOIN source ON node = below.id ORDER BY name, digest
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A node that is known, and how it was met.

    Parameters
    ----------
    last_used
        When a run last used it, in seconds since 1970.
    names
        Declarations that were this node, the latest first.
    labels
        Goals that were this node: file names of saves without their folders, labels of prints.
    """

    record: Record
    last_used: float
    names: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of the payload file; 0 where there is none."""
        return self.record.stored.size if isinstance(self.record.stored, InFile) else 0


@dataclass(frozen=True, slots=True)
class Total:
    """How many nodes of one kind are known, how many of them kept, and their bytes in files."""

    kind: str
    known: int
    kept: int
    size: int


def entries(
    reader: StoreReader, *, order: Order = "used", limit: int = -1, kind: str | None = None
) -> list[Entry]:
    """Return what is known, at most `limit` nodes (-1: all), of one kind or of all."""
    where, values = ("WHERE kind = ?", [kind]) if kind else ("", [])
    question = (
        f"SELECT {RECORD_COLUMNS}, last_used FROM node {where} "
        f"ORDER BY {_ORDERS[order]}, id LIMIT {int(limit)}"
    )
    rows = RowReader()
    return [
        Entry(record, row[-1], *_met(reader, record.id))
        for row in asked(reader, question, values)
        if (record := rows.record(cast("Row", row[:-1])))
    ]


def entry(reader: StoreReader, node: NodeId) -> Entry | None:
    """Return what is known of one node."""
    record = reader.lookup([node]).get(node)
    if record is None:
        return None
    used = asked(reader, "SELECT last_used FROM node WHERE id = ?", [bytes.fromhex(node)])
    return Entry(record, used[0][0], *_met(reader, node))


def inputs_of(reader: StoreReader, node: NodeId) -> list[NodeId]:
    """Return the nodes that a node was computed from, in order."""
    question = (
        "SELECT lower(hex(input)) FROM dependency JOIN node ON node = number "
        "WHERE id = ? ORDER BY position"
    )
    return [NodeId(name) for (name,) in asked(reader, question, [bytes.fromhex(node)])]


def files_below(reader: StoreReader, node: NodeId) -> list[SourceFile]:
    """Return the files that the value of a node was computed from.

    Found by the records of what it was computed from: a file is left out where nodes too quick to
    be worth a record lie between.
    """
    return [SourceFile(*row) for row in asked(reader, _BELOW, [bytes.fromhex(node)])]


def documents_of(reader: StoreReader, node: NodeId) -> list[str]:
    """Return the names, without folders, of the programs that a node was seen in."""
    question = (
        "SELECT document FROM seen JOIN run ON run = number WHERE node = ? "
        "GROUP BY document ORDER BY max(number) DESC"
    )
    rows = asked(reader, question, [bytes.fromhex(node)])
    return list(dict.fromkeys(PurePath(path).name for (path,) in rows if path))


def totals(reader: StoreReader) -> list[Total]:
    """Return how much there is of each kind, the largest first."""
    question = """
        SELECT kind, count(*), sum(codec IS NOT NULL OR inline IS NOT NULL),
               coalesce(sum(size), 0) AS bytes
        FROM node GROUP BY kind ORDER BY bytes DESC, kind
    """
    return [Total(*row) for row in asked(reader, question)]


def file_nodes(reader: StoreReader) -> list[NodeId]:
    """Return the nodes whose values are in payload files."""
    question = "SELECT lower(hex(id)) FROM node WHERE codec IS NOT NULL ORDER BY id"
    return [NodeId(name) for (name,) in asked(reader, question)]


def find(reader: StoreReader, prefix: str) -> NodeId:
    """Return the node whose id begins with `prefix`.

    Raises
    ------
    UsageError
        There is none, or more than one.
    """
    digits = prefix.lower()
    if not digits or len(digits) > 64 or not set(digits) <= set("0123456789abcdef"):
        raise UsageError(
            f"{prefix!r} is no node id: up to 64 hexadecimal digits are wanted, as "
            "`voxlogica cache list` shows them"
        )
    bounds = [bytes.fromhex(digits.ljust(64, end)) for end in "0f"]
    question = (
        "SELECT lower(hex(id)) FROM node WHERE id BETWEEN ? AND ? "
        f"ORDER BY id LIMIT {_AMBIGUOUS + 1}"
    )
    found = [NodeId(name) for (name,) in asked(reader, question, bounds)]
    if not found:
        raise UsageError(
            f"no node whose id begins with {prefix} is known here; "
            "`voxlogica cache list` shows those that are"
        )
    if len(found) > 1:
        some = ", ".join(name[: len(digits) + 8] for name in found[:_AMBIGUOUS])
        raise UsageError(f"several ids begin with {prefix}: {some}; write more digits")
    return found[0]


def check_database(reader: StoreReader) -> list[str]:
    """Return what is wrong with the database itself; nothing, when it is whole."""
    found = [str(row[0]) for row in asked(reader, "PRAGMA integrity_check")]
    return [complaint for complaint in found if complaint != "ok"]


def asked(
    reader: StoreReader, question: str, values: Sequence[bytes | str | int] = ()
) -> list[Answer]:
    """Return the rows that answer a question; an absent store gives none.

    Raises
    ------
    StoreError
        The store is there and cannot be read.
    """
    rows = reader.rows(question, values)
    if reader.problem:
        raise StoreError(f"{reader.problem}; `voxlogica run` moves a damaged one aside")
    return rows


def _met(reader: StoreReader, node: NodeId) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the declarations and the goals that a node was."""
    number = bytes.fromhex(node)
    names = [str(name) for (name,) in asked(reader, _NAMES, [number, "declaration"])]
    labels = [PurePath(str(name)).name for (name,) in asked(reader, _NAMES, [number, "goal"])]
    return tuple(dict.fromkeys(names)), tuple(dict.fromkeys(labels))
