"""Caution: what the next process is told after one has crashed. Pure; starts and reads nothing.

A kernel that crashes takes its process with it, and whatever ran beside it. What may have been at
fault is computed once more with nothing beside it; what crashes alone has failed. Everything else
begins again by itself.
"""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from voxlogica_core.engine.crashes.flight import Aboard, Record
from voxlogica_core.plan.node import NodeId
from voxlogica_core.system import ExitCode

_UNEXPLAINED = 3
"""Crashes in which nothing was being computed, after which a run is given up."""


@dataclass(frozen=True, slots=True)
class Caution:
    """How a process is to compute.

    Parameters
    ----------
    failed
        Nodes that are not tried, with the reason.
    alone
        Nodes that are computed while nothing else is.
    everything_alone
        Whether one kernel runs at a time.
    lean
        Whether the memory budget is half of what it would be.
    crashes
        Processes that ended before.
    unexplained
        How many of them were computing nothing.
    restarted
        Nodes that ran when a process ended, were not at fault and begin again.
    """

    failed: Mapping[NodeId, str] = field(default_factory=dict[NodeId, str])
    alone: frozenset[NodeId] = frozenset()
    everything_alone: bool = False
    lean: bool = False
    crashes: int = 0
    unexplained: int = 0
    restarted: int = 0

    @property
    def is_hopeless(self) -> bool:
        """Whether to try again is of no use."""
        return self.unexplained >= _UNEXPLAINED


CAREFREE = Caution()
"""No process has crashed."""


def after(caution: Caution, code: ExitCode, left: Record) -> Caution:
    """Return how to go on after a process that was told `caution` has ended.

    Parameters
    ----------
    left
        What it was computing.
    """
    was_killed = code == -signal.SIGKILL
    suspects = _by_size(left.aboard) if was_killed else left.aboard
    caution = replace(caution, crashes=caution.crashes + 1, lean=caution.lean or was_killed)
    if not suspects:
        return replace(caution, unexplained=caution.unexplained + 1)
    nodes = list(dict.fromkeys(aboard.node for aboard in suspects))
    first = nodes[0]
    if caution.everything_alone or (len(nodes) == 1 and first in caution.alone):
        message = _killed() if was_killed else _crashed(code)
        return replace(
            caution,
            failed={**caution.failed, first: message},
            everything_alone=caution.everything_alone or caution.crashes > 2,
            restarted=caution.restarted + len(nodes) - 1,
        )
    tried = nodes[:1] if was_killed else nodes
    return replace(
        caution,
        alone=caution.alone | frozenset(tried),
        everything_alone=caution.crashes > 2,
        restarted=caution.restarted + len(nodes),
    )


def signal_name(code: ExitCode) -> str:
    """Return how a process ended, in a word."""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code}"


def _by_size(aboard: Sequence[Aboard]) -> tuple[Aboard, ...]:
    """Return first who was given most; among equals, who computed longest."""
    return tuple(sorted(aboard, key=lambda each: (-each.nbytes, each.since)))


def _crashed(code: ExitCode) -> str:
    return (
        f"crashed: it ended the process that computed it ({signal_name(code)}), also when nothing "
        "else ran; all else went on, and the next run tries it again"
    )


def _killed() -> str:
    return (
        "out of memory? The system ended the process that computed it, also when nothing else ran "
        "and with half the memory budget; smaller images, or more memory, are wanted"
    )
