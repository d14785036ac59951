"""The plan: nodes, goals and declarations, and the thread that leads back to the text."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import Node, NodeId
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.text.span import Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node was written first.

    Parameters
    ----------
    span, path
        The expression, and its file (None: the program itself).
    call
        The call in the program that led there, when the expression stands in a function.
    calls
        The calls in the program, the innermost first, when all that led there stand in it.
    """

    span: Span
    path: str | None = None
    call: Span | None = None
    calls: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a program means.

    Parameters
    ----------
    nodes
        Every node a goal or declaration needs, open ones included, inputs before users.
    goals
        In source order.
    declarations
        Name to node of each top-level declaration that is a value; the last one of a name.
    sources
        Where the bytes of a `Read` are found.
    places
        Where a node was written first.
    deferred
        Nodes that hang on a path which only a run can tell: their ids are not final, nothing is
        stored under them.
    catalogue
        The primitives it was made with.
    """

    nodes: Mapping[NodeId, Node]
    goals: tuple[Goal, ...]
    declarations: Mapping[str, NodeId]
    sources: Mapping[NodeId, str]
    places: Mapping[NodeId, Place]
    deferred: AbstractSet[NodeId] = frozenset()
    catalogue: Catalogue | None = field(default=None, compare=False, repr=False)
