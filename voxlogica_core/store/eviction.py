"""Which payloads go when the store is too large: one pure rule. Removes nothing."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from voxlogica_core.plan.node import NodeId

RUNS_LEFT_ALONE = 5
"""Goals of this many last runs go after everything else."""

ROOM = 0.9
"""Share of the limit that is left full, so that the next value does not evict again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A value in a payload file.

    Parameters
    ----------
    size
        Bytes of the file.
    last_used
        When a run last used it, in seconds since 1970.
    """

    node: NodeId
    size: int
    last_used: float


def evicted(
    kept: Iterable[Kept],
    excess: int,
    *,
    recent_goals: AbstractSet[NodeId],
    held: AbstractSet[NodeId],
) -> list[Kept]:
    """Return which payloads go to free at least `excess` bytes, first who goes first.

    The least recently used go first, goals of recent runs last, what somebody holds never; so it
    may be that less is freed. Of equally old ones the larger goes first.

    Parameters
    ----------
    kept
        All that may go.
    excess
        Bytes to free.
    recent_goals
        Goals of the last runs.
    held
        Nodes whose values somebody is about to read.
    """
    free = (each for each in kept if each.node not in held)
    order = sorted(free, key=lambda k: (k.node in recent_goals, k.last_used, -k.size, k.node))
    gone: list[Kept] = []
    for each in order:
        if excess <= 0:
            break
        gone.append(each)
        excess -= each.size
    return gone
