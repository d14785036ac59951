"""Nodes: the vocabulary of a plan. Each is named by the SHA-256 of what it computes.

Open nodes, the insides of loops, hold variables. A `Variable` is a binder's name while the loop is
being reduced; `Bound` is the same after the loop is closed, counted from the innermost binder, so
that equal loops are equal whatever their variables were called. `HOLE` stands for the grid that a
geometry-free image (`border`, `tt`) has not met yet.
"""

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import NewType

from voxlogica_core.values.kind import ANY, BOOL, IMAGE, NUMBER, STRING, Kind

NodeId = NewType("NodeId", str)
"""SHA-256 of the canonical encoding, 64 hexadecimal digits."""

Scalar = float | bool | str
LoopOperation = OneOf["map", "filter"]
_KINDS: dict[type, Kind] = {bool: BOOL, str: STRING}  # of scalars, numbers aside


@dataclass(frozen=True, slots=True)
class Literal:
    """A scalar known while reducing."""

    id: NodeId
    value: Scalar

    @property
    def kind(self) -> Kind:
        """Kind of the value."""
        return _KINDS.get(type(self.value), NUMBER)


@dataclass(frozen=True, slots=True)
class Apply:
    """A primitive applied to inputs.

    `commutes` says that the inputs were sorted by id; `free` and `loose` tell open nodes: the
    variables in it, and one more than the largest index of a `Bound` that no loop in it binds.
    `origin` is the node its grid comes from, None where that is the node itself.
    """

    id: NodeId
    primitive: str
    version: str
    inputs: tuple[NodeId, ...]
    kind: Kind
    commutes: bool = False
    free: frozenset[NodeId] = frozenset()
    loose: int = 0
    origin: NodeId | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """Something read from outside, named by the digest of its bytes and by the decoder.

    Where the bytes are found is no part of it: see `Plan.sources`.
    """

    id: NodeId
    decoder: str
    version: str
    digest: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Array:
    """A sequence whose items are known."""

    id: NodeId
    items: tuple[NodeId, ...]
    kind: Kind
    free: frozenset[NodeId] = frozenset()
    loose: int = 0


@dataclass(frozen=True, slots=True)
class Loop:
    """A body for each item of a source; in the body, the item is `Bound` 0."""

    id: NodeId
    operation: LoopOperation
    body: NodeId
    source: NodeId
    kind: Kind
    free: frozenset[NodeId] = frozenset()
    loose: int = 0


@dataclass(frozen=True, slots=True)
class Fold:
    """The items of a source combined from left to right, beginning with `initial`.

    In the body, the item is `Bound` 0 and what came before it is `Bound` 1. Without `initial` the
    first item begins.
    """

    id: NodeId
    body: NodeId
    initial: NodeId | None
    source: NodeId
    kind: Kind
    free: frozenset[NodeId] = frozenset()
    loose: int = 0


@dataclass(frozen=True, slots=True)
class Bound:
    """The variable of the loop that is `index` loops further out."""

    id: NodeId
    index: int

    @property
    def kind(self) -> Kind:
        """Unknown: one `Bound` stands for items of any kind."""
        return ANY


@dataclass(frozen=True, slots=True)
class Variable:
    """A binder's variable while its body is being reduced; never part of a finished plan."""

    id: NodeId
    kind: Kind


@dataclass(frozen=True, slots=True)
class Hole:
    """The grid of a geometry-free image that has met no other image yet."""

    id: NodeId

    @property
    def kind(self) -> Kind:
        """An image, of which only the grid matters."""
        return IMAGE


@dataclass(frozen=True, slots=True)
class OriginOf:
    """The node that the grid of an open node comes from, found when that node is closed."""

    id: NodeId
    node: NodeId
    free: frozenset[NodeId] = frozenset()
    loose: int = 0

    @property
    def kind(self) -> Kind:
        """An image, of which only the grid matters."""
        return IMAGE


Node = Literal | Apply | Read | Array | Loop | Fold | Bound | Variable | Hole | OriginOf


def inputs_of(node: Node) -> tuple[NodeId, ...]:
    """Return the nodes that `node` is made of, in order."""
    if type(node) is Apply:  # nearly all are: matching the others first takes three times as long
        return node.inputs
    match node:
        case Array():
            return node.items
        case Loop():
            return (node.body, node.source)
        case Fold():
            rest = () if node.initial is None else (node.initial,)
            return (node.body, node.source, *rest)
        case OriginOf():
            return (node.node,)
        case _:
            return ()


def free_of(node: Node) -> frozenset[NodeId]:
    """Return the variables and the hole that `node` contains."""
    match node:
        case Variable() | Hole():
            return frozenset({node.id})
        case Apply() | Array() | Loop() | Fold() | OriginOf():
            return node.free
        case _:
            return frozenset()


def loose_of(node: Node) -> int:
    """Return one more than the largest `Bound` index that escapes `node`, 0 if none does."""
    match node:
        case Bound():
            return node.index + 1
        case Apply() | Array() | Loop() | Fold() | OriginOf():
            return node.loose
        case _:
            return 0


def is_closed(node: Node) -> bool:
    """Return whether the id of `node` is final: no variable, no hole, no loose index."""
    return not free_of(node) and not loose_of(node)
