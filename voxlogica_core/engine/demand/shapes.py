"""Shapes: what a node is made of, as far as a run knows by now. Finds nothing out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from voxlogica_core.engine.outcome import Blocked, Trouble
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.plan.node import NodeId


@dataclass(slots=True)
class Kernel:
    """A kernel makes it from its inputs.

    Never changed. A frozen one takes three times as long to make, and there is one a node.
    """

    inputs: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class Sequenced:
    """It is the sequence of these nodes."""

    items: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """It has the value of another node."""

    node: NodeId


@dataclass(frozen=True, slots=True)
class Waits:
    """Values are needed before this can be said.

    Parameters
    ----------
    needs
        Nodes to compute first.
    may_use
        Nodes whose values may be wanted then: not to be let go if they are there.
    """

    needs: tuple[NodeId, ...]
    may_use: tuple[NodeId, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """It can have no value."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Partitioned:
    """It is what these make, one after the other; of a fold, what the only one makes."""

    parts: tuple[Partition, ...]
    is_fold: bool = False


Shape: TypeAlias = Kernel | Sequenced | Alias | Partitioned | Waits | Broken


class NotYet(Exception):
    """Values are needed before a node can be told; `Structure` catches it."""

    def __init__(self, needs: Sequence[NodeId], may_use: Sequence[NodeId] = ()) -> None:
        self.waits = Waits(tuple(needs), tuple(may_use))


class Never(Exception):
    """A node that another one is made of has no value; `Structure` catches it."""

    def __init__(self, by: NodeId, trouble: Trouble) -> None:
        self.by, self.cause = by, trouble
        self.trouble = trouble if isinstance(trouble, Blocked) else Blocked(by)
