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
        Node of the label: a text, or a sequence of texts, one an item of the value. None where it
        could not be made out.
    value
        Node of the value; None where an error stands in the way.
    problem
        That error in words.
    """

    kind: GoalKind
    label: NodeId | None
    value: NodeId | None
    problem: str = ""
