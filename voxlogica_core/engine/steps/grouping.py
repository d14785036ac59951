"""Grouping: which steps become one task. Pure and deterministic; writes no tasks down.

A task costs about a millisecond and a hop between dependent tasks six, a step inside a task some
microseconds. So light steps ride along with the step that uses them, chains become one task, and
tiny tasks that do not wait for each other are put together.

A step joins the task of its users only if all of them lie in that one task. Hence nothing but the
last step of a task has users outside, and the graph of tasks has no cycle. It joins

- when it is light together with all that only it needs, as long as a task has not too many such
  riders: a sequence of a thousand light images is made by many tasks, a part of them at a time, or
- when it is the last thing its task would wait for anyway: everything else that the task needs
  from outside is there, on a machine with threads enough, before this step could begin.
"""

from collections.abc import Sequence
from math import frexp, fsum

from voxlogica_core.engine.steps.step import Step, inputs_of_step
from voxlogica_core.plan.node import NodeId

LIGHT = 0.020
"""Seconds of expected work that are worth a task of their own."""
RIDERS = 0.020
"""Seconds of light steps that a task takes along."""
SHORT = 0.000_05
"""A step that takes less is nearly all Python, of which one thread does as much as many."""
_ENDLESS = 1e30
"""Seconds."""


def grouped(graph: "Graph", threads: int) -> list[list[int]]:
    """Return the steps of each task, by position, inputs before users in each.

    Parameters
    ----------
    graph
        All steps.
    threads
        How many tasks can run at a time.
    """
    return [sorted(steps) for steps in _batched(graph, _rooted(graph), threads)]


class Graph:
    """Steps by position, with who uses whom, and when each could begin and end at best."""

    def __init__(self, steps: Sequence[Step], seconds: Sequence[float]) -> None:
        self.position = {step.id: index for index, step in enumerate(steps)}
        self.seconds = seconds
        self.given = [inputs_of_step(step) for step in steps]
        self.inputs = [self._positions(given) for given in self.given]
        self.users: list[list[int]] = [[] for _ in steps]
        self.start: list[float] = []
        self.end: list[float] = []
        self.cone: list[float] = []
        self.share: list[float] = []
        for index, inputs in enumerate(self.inputs):
            for given in inputs:
                self.users[given].append(index)
        for inputs, own in zip(self.inputs, seconds, strict=True):
            start, cone, share = 0.0, own, own if own >= SHORT else 0.0
            for given in inputs:
                start = max(start, self.end[given])
                if len(self.users[given]) == 1:
                    cone += self.cone[given]
                    share += self.share[given]
            self.start.append(start)
            self.end.append(start + own)
            self.cone.append(cone)
            self.share.append(share)

    def _positions(self, given: Sequence[NodeId]) -> list[int]:
        position = self.position
        if len(given) == 1:  # half of all steps, and the rest of this is slow for them
            return [position[given[0]]] if given[0] in position else []
        return [position[node] for node in dict.fromkeys(given) if node in position]

    def is_light(self, index: int) -> bool:
        """Return whether a step and all that only it needs are less than a task's worth."""
        return self.cone[index] < LIGHT


def _rooted(graph: Graph) -> list[int]:
    """Return for each step the step that ends its task."""
    count = len(graph.inputs)
    root = list(range(count))
    waits = [0.0] * count
    riders = _Riders(graph)
    for index in reversed(range(count)):
        users = graph.users[index]
        roots = {root[user] for user in users}
        if len(roots) == 1:
            (only,) = roots
            if riders.takes(index, only) or _is_last(graph, index, users, waits[only]):
                root[index] = only
        own = root[index]
        waits[own] = max(waits[own], _other_ends(graph, index))
        for other in roots - {own}:
            waits[other] = max(waits[other], graph.end[index])
    return root


class _Riders:
    """Which light steps ride along with the task of their users; asked users before inputs."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._seconds = [0.0] * len(graph.inputs)
        self._is_paid = [False] * len(graph.inputs)

    def takes(self, index: int, root: int) -> bool:
        """Return whether a step rides along with the task that ends with `root`."""
        graph = self._graph
        if not graph.is_light(index):
            return False
        users = graph.users[index]
        if len(users) > 1 or not self._is_paid[users[0]]:
            seconds = self._seconds[root] + graph.share[index]
            if seconds > RIDERS:
                self._is_paid[index] = True  # it begins a task of its own, with all that it needs
                return False
            self._seconds[root] = seconds
        self._is_paid[index] = True
        return True


def _is_last(graph: Graph, index: int, users: Sequence[int], waits: float) -> bool:
    return graph.start[index] >= waits and any(
        index == _latest(graph, graph.inputs[user]) for user in users
    )


def _latest(graph: Graph, inputs: Sequence[int]) -> int | None:
    heavy = [given for given in inputs if not graph.is_light(given)]
    return max(heavy, key=lambda given: (graph.end[given], given), default=None)


def _other_ends(graph: Graph, index: int) -> float:
    """Return when the heavy inputs of a step are there, but for the last of them."""
    inputs = graph.inputs[index]
    latest = _latest(graph, inputs)
    heavy = (given for given in inputs if given != latest and not graph.is_light(given))
    return max((graph.end[given] for given in heavy), default=0.0)


def _batched(graph: Graph, root: Sequence[int], threads: int) -> list[list[int]]:
    """Return the steps of each task, tiny tasks of one level put together.

    Only those that wait for about as much, or what is had soon would wait for what takes long.
    """
    members: dict[int, list[int]] = {}
    for index, end in enumerate(root):
        members.setdefault(end, []).append(index)
    levels: dict[int, int] = {}
    price: dict[int, float] = {}
    tiny: dict[tuple[int, int], list[int]] = {}
    groups: list[list[int]] = []
    for end in sorted(members):
        steps = members[end]
        outside = {root[n] for index in steps for n in graph.inputs[index]} - {end}
        levels[end] = 1 + max((levels[other] for other in outside), default=-1)
        seconds = sum(graph.seconds[index] for index in steps)
        price[end] = price_of(seconds, [price[other] for other in outside])
        if seconds < LIGHT:
            tiny.setdefault((levels[end], _magnitude(price[end])), []).append(end)
        else:
            groups.append(steps)
    for ends in tiny.values():
        groups += _filled(graph, [members[end] for end in ends], threads)
    return groups


def price_of(seconds: float, needed: Sequence[float]) -> float:
    """Return what a task and all it waits for take; what several wait for counts several times."""
    return min(seconds + fsum(needed), _ENDLESS)


def _magnitude(price: float) -> int:
    """Return which power of two a price is near; there is nothing below `LIGHT`."""
    return max(0, frexp(price / LIGHT)[1])


def _filled(graph: Graph, tiny: Sequence[list[int]], threads: int) -> list[list[int]]:
    """Put tiny tasks together, in order, leaving something to do for every thread."""
    total = sum(graph.seconds[index] for steps in tiny for index in steps)
    enough = min(LIGHT, total / threads)
    groups: list[list[int]] = []
    filled = enough
    for steps in tiny:
        if filled >= enough:
            groups.append([])
            filled = 0.0
        groups[-1] += steps
        filled += sum(graph.seconds[index] for index in steps)
    return groups
