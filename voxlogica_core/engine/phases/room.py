"""Room: what a run holds for later tasks, and what of it goes to the disk when that is too much.

Nobody can use a value that went: who computes with a value holds it, and takes it before that from
the disk if it has to.
"""

from collections.abc import Callable, Collection
from typing import TypeGuard

from voxlogica_core.engine.phases.share import Share
from voxlogica_core.engine.steps.step import TaskKey
from voxlogica_core.engine.workers.scratch import Scratch
from voxlogica_core.engine.workers.worker import TaskResult
from voxlogica_core.plan.node import NodeId
from voxlogica_core.system import give_memory_back_always
from voxlogica_core.values.image import Image

_PART = 4
"""Held values may take a quarter of the budget: writing takes another, the tasks that run the rest,
and half of what is held may be wanted at once."""

_WORTH_SPILLING = 2**16
"""Bytes: writing and reading less takes longer than its room is worth."""


class Room:
    """The memory of one run, from its first task to its last.

    Parameters
    ----------
    budget
        Bytes the process may take.
    share
        Counts what all runs of the engine hold.
    scratch
        Where values go that have no room.
    threads
        Tasks that are done at a time, however many are begun.
    """

    def __init__(self, budget: int, share: Share, scratch: Scratch, threads: int) -> None:
        self._limit = budget // _PART
        self._threads = threads
        self._share = share
        self._scratch = scratch
        self._held: dict[TaskKey, TaskResult] = {}
        self._largest = 0
        self.peak = 0
        self._is_full = False
        self._is_frugal = False

    def hold(self, result: TaskResult) -> None:
        """Note that a result is held for later tasks."""
        self._share.hold(result)
        self.peak = max(self.peak, self._share.nbytes)
        if large := sum(value.nbytes for value in _large(result)):
            self._held[result.key] = result
            self._largest = max(self._largest, large)

    def release(self, key: TaskKey, nodes: Collection[NodeId]) -> None:
        """Note that a result is not needed any more."""
        self._held.pop(key, None)
        self._share.release(list(nodes))

    @property
    def is_tight(self) -> bool:
        """Whether more is held than there is room for."""
        return self._share.nbytes > self._limit

    def width(self, wanted: int) -> int:
        """Return how many tasks may be begun: what they make will want room, too."""
        left = max(self._limit - self._share.nbytes, 0)
        fitting = left // self._largest if self._largest else wanted
        return min(wanted, max(fitting, self._threads))

    def make(self, next_use: Callable[[TaskKey], float]) -> None:
        """Put on the disk what is needed last, until the rest has room.

        Parameters
        ----------
        next_use
            Of a task whose result is held: how soon it is needed; what is needed now, 0 or less.
        """
        if not self.is_tight or self._is_full:
            return
        if not self._is_frugal:
            self._is_frugal = True
            give_memory_back_always()
        uses = {key: next_use(key) for key in self._held}
        for key in sorted(uses, key=lambda key: (-uses[key], key)):
            if not self.is_tight or uses[key] <= 0:
                break
            self._spill(key)

    def _spill(self, key: TaskKey) -> None:
        result = self._held[key]
        for node, value in list(result.values.items()):
            if _is_large(value):
                try:
                    result.spilled[node] = self._scratch.put(value)
                except OSError:  # a full disk: go on with more memory than was wanted
                    self._is_full = True
                    return
                del result.values[node]
                self._share.release([node])
        del self._held[key]


def _large(result: TaskResult) -> list[Image]:
    return [value for value in result.values.values() if _is_large(value)]


def _is_large(value: object) -> TypeGuard[Image]:
    return isinstance(value, Image) and value.nbytes >= _WORTH_SPILLING
