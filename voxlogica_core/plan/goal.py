"""Goals: what a program asks for."""

from dataclasses import dataclass
from typing import Literal

from voxlogica_core.plan.node import NodeId

GoalKind = Literal["print", "save"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A print or a save, in source order.

    Parameters
    ----------
    label
        Node of the label: a text, or a sequence of texts, one an item of the value.
    value
        Node of the value.
    """

    kind: GoalKind
    label: NodeId
    value: NodeId
