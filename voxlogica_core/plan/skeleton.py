"""Skeletons: the nodes and names of a plan as few bytes, and back. For history, never for values.

Ids are not written: they follow from what is, so nobody can write a skeleton in which a node has
the id of another.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import Any, cast

from voxlogica_core.plan import digest
from voxlogica_core.plan.node import (
    Apply,
    Array,
    Bound,
    Fold,
    Hole,
    Literal,
    Loop,
    Node,
    NodeId,
    OriginOf,
    Read,
    Variable,
    inputs_of,
)
from voxlogica_core.plan.plan import Plan
from voxlogica_core.values.kind import ANY

_VERSION = 1
_LARGEST = 1 << 26  # bytes, unpacked: what claims to be more is none of ours

Fields = list[Any]
"""A node as JSON: a letter, and what it is made of; nodes are called by their number."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What a plan consisted of.

    Parameters
    ----------
    nodes
        Inputs before users; the kinds of those that are applied are not known.
    declarations
        Name to node.
    goals
        Label (empty where it does not stand in the program) and node, in order of text.
    files
        Names, without folders, of the files that were read.
    """

    nodes: Mapping[NodeId, Node]
    declarations: Mapping[str, NodeId]
    goals: Sequence[tuple[str, NodeId]]
    files: Mapping[NodeId, str]


def skeleton_of(plan: Plan) -> Skeleton:
    """Return the skeleton of a plan."""
    goals = [(_label(plan, g.label), g.value) for g in plan.goals if g.value is not None]
    files = {node: PurePath(path).name for node, path in plan.sources.items()}
    return Skeleton(plan.nodes, plan.declarations, goals, files)


def key_of(skeleton: Skeleton) -> str:
    """Return a digest that is the same for equal skeletons."""
    named = [sorted(skeleton.declarations.items()), list(skeleton.goals)]
    files = sorted((n, name) for n, name in skeleton.files.items() if n in skeleton.nodes)
    return sha256(json.dumps([_VERSION, *named, files]).encode()).hexdigest()


def packed(skeleton: Skeleton) -> bytes:
    """Return a skeleton as bytes."""
    number: dict[NodeId, int] = {}
    rows: list[Fields] = []
    for name, node in skeleton.nodes.items():
        rows.append(_fields(node, number))
        number[name] = len(rows) - 1
    whole = {
        "version": _VERSION,
        "nodes": rows,
        "declarations": {name: number[node] for name, node in skeleton.declarations.items()},
        "goals": [[label, number[node]] for label, node in skeleton.goals],
        "files": [[number[node], name] for node, name in skeleton.files.items() if node in number],
    }
    return zlib.compress(json.dumps(whole, separators=(",", ":")).encode(), 1)


def unpacked(content: bytes) -> Skeleton | None:
    """Return the skeleton that `packed` wrote, None if that was damaged."""
    try:
        text = zlib.decompressobj().decompress(content, _LARGEST)
        whole = cast("dict[str, Any]", json.loads(text))
        rows = cast("list[Fields]", whole["nodes"])
        ids = _ids(rows)
        return Skeleton(
            _Unpacked(rows, ids),
            {str(name): ids[number] for name, number in whole["declarations"].items()},
            [(str(label), ids[number]) for label, number in whole["goals"]],
            {ids[number]: str(name) for number, name in whole["files"]},
        )
    except (zlib.error, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None
    except RecursionError:  # brackets within brackets: none of ours either
        return None


class _Unpacked(Mapping[NodeId, Node]):
    """Nodes of a skeleton, each made when it is asked for: few ever are."""

    def __init__(self, rows: Sequence[Fields], ids: Sequence[NodeId]) -> None:
        self._rows = rows
        self._ids = ids
        self._number = dict(zip(ids, range(len(ids)), strict=True))
        self._made: dict[NodeId, Node] = {}

    def __getitem__(self, name: NodeId) -> Node:
        if (made := self._made.get(name)) is None:
            fields = self._rows[self._number[name]]
            made = self._made[name] = _node(fields, self._ids.__getitem__)
        return made

    def __contains__(self, name: object) -> bool:
        return name in self._number

    def __iter__(self) -> Iterator[NodeId]:
        return iter(self._number)

    def __len__(self) -> int:
        return len(self._number)


def flags(skeleton: Skeleton, chosen: Callable[[NodeId], bool]) -> bytes:
    """Return which nodes of a skeleton are chosen, a bit each in order of nodes."""
    text = "".join("1" if chosen(node) else "0" for node in skeleton.nodes)
    return zlib.compress(text.encode(), 1)


def flagged(skeleton: Skeleton, content: bytes) -> frozenset[NodeId]:
    """Return the nodes that `flags` chose; none if that was damaged."""
    try:
        text = zlib.decompressobj().decompress(content, _LARGEST)
    except zlib.error:
        return frozenset()
    return frozenset(n for n, bit in zip(skeleton.nodes, text, strict=False) if bit == ord("1"))


def _label(plan: Plan, node: NodeId | None) -> str:
    found = plan.nodes.get(node) if node is not None else None
    return str(found.value) if isinstance(found, Literal) else ""


def _fields(node: Node, number: Mapping[NodeId, int]) -> Fields:
    inputs = [number[given] for given in inputs_of(node)]
    match node:
        case Literal(value=value):
            return ["=", value]
        case Apply():
            return ["a", node.primitive, node.version, int(node.commutes), *inputs]
        case Read():
            return ["r", node.decoder, node.version, node.digest]
        case Array():
            return ["[", *inputs]
        case Loop():
            return [node.operation, *inputs]
        case Fold():
            return ["fold", *inputs]
        case Bound():
            return ["v", node.index]
        case OriginOf():
            return ["g", *inputs]
        case Hole() | Variable():
            return ["h"]


def _ids(rows: Sequence[Fields]) -> list[NodeId]:
    """Return the ids of nodes; those that are applied, nearly all, without making the node."""
    ids: list[NodeId] = []
    begins: dict[tuple[str, str], bytes] = {}
    for fields in rows:
        if fields[0] != "a":
            ids.append(_node(fields, ids.__getitem__).id)
            continue
        key = (fields[1], fields[2])
        if (begin := begins.get(key)) is None:
            begin = begins[key] = digest.applying(*key)
        ids.append(digest.applied_id(begin, [ids[number] for number in fields[4:]]))
    return ids


def _node(fields: Fields, at: Callable[[int], NodeId]) -> Node:
    match fields:
        case ["=", bool() | str() | float() as value]:
            return Literal(digest.literal_id(value), value)
        case ["a", str() as primitive, str() as version, commutes, *numbers]:
            inputs = tuple(at(number) for number in numbers)
            name = digest.apply_id(primitive, version, inputs)
            return Apply(name, primitive, version, inputs, ANY, bool(commutes))
        case ["r", str() as decoder, str() as version, str() as content]:
            name = digest.read_id(decoder, version, content)
            return Read(name, decoder, version, content, ANY)
        case ["[", *numbers]:
            items = tuple(at(number) for number in numbers)
            return Array(digest.array_id(items), items, ANY)
        case [("map" | "filter") as operation, body, source]:
            name = digest.loop_id(operation, at(body), at(source))
            return Loop(name, operation, at(body), at(source), ANY)
        case ["fold", body, source, *rest]:
            initial = at(rest[0]) if rest else None
            name = digest.fold_id(at(body), initial, at(source))
            return Fold(name, at(body), initial, at(source), ANY)
        case ["v", int() as index]:
            return Bound(digest.bound_id(index), index)
        case ["g", number]:
            return OriginOf(digest.origin_id(at(number)), at(number))
        case ["h"]:
            return Hole(digest.hole_id())
        case _:
            raise ValueError("a node of no known form")
