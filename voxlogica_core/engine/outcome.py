"""Outcomes: what became of a node in a run. Light: the editor reads them too."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from voxlogica_core.plan.node import NodeId

How = Literal["computed", "reused", "rematerialised"]
"""`reused`: the store had the value; `rematerialised`: known, made again as it was not kept."""


@dataclass(frozen=True, slots=True)
class Done:
    """The node has its value.

    Parameters
    ----------
    seconds
        What it cost in this run; 0 where it was reused.
    """

    seconds: float
    how: How


@dataclass(frozen=True, slots=True)
class Failed:
    """The node has no value, and why; never stored.

    Parameters
    ----------
    primitive
        What was computed, by its unqualified name.
    argument
        Name of the parameter at fault, when one is.
    message
        What was wanted, what came, what to do.
    """

    primitive: str
    argument: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """The node needs one that failed.

    Parameters
    ----------
    by
        The node that failed.
    place
        Where in sequences it was met, from the outermost one in: indices from 0.
    """

    by: NodeId
    place: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The run ended before the node was computed."""


Outcome: TypeAlias = Done | Failed | Blocked | Cancelled
Trouble: TypeAlias = Failed | Blocked | Cancelled
"""Every outcome without a value."""


def word_of(outcome: Outcome) -> str:
    """Return how a node ended, in the words of all reports."""
    match outcome:
        case Done(how=how):
            return how
        case Failed():
            return "failed"
        case Blocked():
            return "blocked"
        case Cancelled():
            return "cancelled"


def seconds_of(outcome: Outcome) -> float:
    """Return what a node took to compute."""
    return outcome.seconds if isinstance(outcome, Done) else 0.0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many nodes of a run ended how; cancelled ones are not counted."""

    computed: int = 0
    reused: int = 0
    rematerialised: int = 0
    failed: int = 0
    blocked: int = 0
