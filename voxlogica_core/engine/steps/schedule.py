"""Schedule: cuts steps into tasks for Dask. Pure and deterministic; runs nothing.

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

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from voxlogica_core.engine.outcome import Trouble
from voxlogica_core.engine.steps.step import Step, Task, TaskKey, inputs_of_step
from voxlogica_core.plan.node import NodeId

LIGHT = 0.020
"""Seconds of expected work that are worth a task of their own."""
RIDERS = 0.020
"""Seconds of light steps that a task takes along."""
SHORT = 0.000_05
"""A step that takes less is nearly all Python, of which one thread does as much as many."""


@dataclass(frozen=True, slots=True)
class Work:
    """Steps to cut, and what is around them.

    Parameters
    ----------
    steps
        Inputs before users.
    seconds
        Expected time of each.
    pins
        Nodes whose values must leave their task.
    at_hand
        Values that earlier tasks hold, by node.
    troubles
        Nodes that have no value.
    named, goals
        Nodes that are values of declarations and of goals.
    """

    steps: Sequence[Step]
    seconds: Sequence[float]
    pins: Collection[NodeId] = ()
    at_hand: Mapping[NodeId, TaskKey] = field(default_factory=dict[NodeId, TaskKey])
    troubles: Mapping[NodeId, Trouble] = field(default_factory=dict[NodeId, Trouble])
    named: frozenset[NodeId] = frozenset()
    goals: frozenset[NodeId] = frozenset()


def cut(work: Work, threads: int, name: Callable[[int], TaskKey]) -> list[Task]:
    """Return the steps of `work` as tasks, those waited for before those waiting.

    Parameters
    ----------
    threads
        How many tasks can run at a time.
    name
        Names the tasks.
    """
    graph = _Graph(work)
    groups = _batched(graph, _grouped(graph), threads)
    return _Writer(work, graph, groups, name).tasks()


class _Graph:
    """Steps by position, with who uses whom, and when each could begin and end at best."""

    def __init__(self, work: Work) -> None:
        self.position = {step.id: index for index, step in enumerate(work.steps)}
        self.seconds = work.seconds
        self.given = [inputs_of_step(step) for step in work.steps]
        self.inputs = [self._positions(given) for given in self.given]
        self.users: list[list[int]] = [[] for _ in work.steps]
        self.start: list[float] = []
        self.end: list[float] = []
        self.cone: list[float] = []
        self.share: list[float] = []
        for index, inputs in enumerate(self.inputs):
            for given in inputs:
                self.users[given].append(index)
        for inputs, seconds in zip(self.inputs, work.seconds, strict=True):
            start, cone, share = 0.0, seconds, seconds if seconds >= SHORT else 0.0
            for given in inputs:
                start = max(start, self.end[given])
                if len(self.users[given]) == 1:
                    cone += self.cone[given]
                    share += self.share[given]
            self.start.append(start)
            self.end.append(start + seconds)
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


def _grouped(graph: _Graph) -> list[int]:
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

    def __init__(self, graph: _Graph) -> None:
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


def _is_last(graph: _Graph, index: int, users: Sequence[int], waits: float) -> bool:
    return graph.start[index] >= waits and any(
        index == _latest(graph, graph.inputs[user]) for user in users
    )


def _latest(graph: _Graph, inputs: Sequence[int]) -> int | None:
    heavy = [given for given in inputs if not graph.is_light(given)]
    return max(heavy, key=lambda given: (graph.end[given], given), default=None)


def _other_ends(graph: _Graph, index: int) -> float:
    """Return when the heavy inputs of a step are there, but for the last of them."""
    inputs = graph.inputs[index]
    latest = _latest(graph, inputs)
    heavy = (given for given in inputs if given != latest and not graph.is_light(given))
    return max((graph.end[given] for given in heavy), default=0.0)


def _batched(graph: _Graph, root: Sequence[int], threads: int) -> list[list[int]]:
    """Return the steps of each task, tiny tasks of one level put together."""
    members: dict[int, list[int]] = {}
    for index, end in enumerate(root):
        members.setdefault(end, []).append(index)
    levels: dict[int, int] = {}
    tiny: dict[int, list[int]] = {}
    groups: list[list[int]] = []
    for end in sorted(members):
        steps = members[end]
        outside = {root[n] for index in steps for n in graph.inputs[index]} - {end}
        levels[end] = 1 + max((levels[other] for other in outside), default=-1)
        if sum(graph.seconds[index] for index in steps) < LIGHT:
            tiny.setdefault(levels[end], []).append(end)
        else:
            groups.append(steps)
    for ends in tiny.values():
        groups += _filled(graph, [members[end] for end in ends], threads)
    return groups


def _filled(graph: _Graph, tiny: Sequence[list[int]], threads: int) -> list[list[int]]:
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


class _Writer:
    """Writes groups of steps down as tasks."""

    def __init__(
        self,
        work: Work,
        graph: _Graph,
        groups: Sequence[list[int]],
        name: Callable[[int], TaskKey],
    ) -> None:
        self._work = work
        self._graph = graph
        self._groups = [sorted(steps) for steps in groups]
        self._group_of = {i: g for g, steps in enumerate(self._groups) for i in steps}
        self._name = name
        self._levels: dict[int, int] = {}
        self._urgency: dict[int, float] = {}

    def tasks(self) -> list[Task]:
        """Return the tasks, those waited for first."""
        needs = [self._needed(group) for group in range(len(self._groups))]
        order = self._order(needs)
        for group in order:
            self._levels[group] = 1 + max((self._levels[n] for n in needs[group]), default=-1)
        for group in reversed(order):
            below = self._urgency.setdefault(group, 0.0) + self._seconds(group)
            self._urgency[group] = below
            for other in needs[group]:
                self._urgency[other] = max(self._urgency.get(other, 0.0), below)
        return [self._task(group) for group in order]

    def _needed(self, group: int) -> list[int]:
        inputs = (n for index in self._groups[group] for n in self._graph.inputs[index])
        found = dict.fromkeys(self._group_of[given] for given in inputs)
        return [other for other in found if other != group]

    def _order(self, needs: Sequence[Sequence[int]]) -> list[int]:
        """Return the groups so that none stands before one it needs."""
        done: set[int] = set()
        order: list[int] = []
        for first in sorted(range(len(needs)), key=lambda group: self._groups[group][-1]):
            stack = [first]
            while stack:
                group = stack[-1]
                missing = [other for other in needs[group] if other not in done]
                if group in done:
                    stack.pop()
                elif missing:
                    stack.extend(reversed(missing))
                else:
                    done.add(group)
                    order.append(group)
        return order

    def _seconds(self, group: int) -> float:
        return sum(self._graph.seconds[index] for index in self._groups[group])

    def _task(self, group: int) -> Task:
        work = self._work
        indices = self._groups[group]
        steps = tuple(work.steps[index] for index in indices)
        own = {step.id for step in steps}
        inputs = [self._graph.given[index] for index in indices]
        outside = dict.fromkeys(n for given in inputs for n in given if n not in own)
        exports = frozenset(
            work.steps[index].id
            for index in indices
            if work.steps[index].id in work.pins
            or any(self._group_of[user] != group for user in self._graph.users[index])
        )
        return Task(
            key=self._name(group),
            steps=steps,
            imports=tuple((n, self._maker(n)) for n in outside if n not in work.troubles),
            exports=exports,
            drops=drops_of(inputs, exports),
            troubles=tuple((n, work.troubles[n]) for n in outside if n in work.troubles),
            named=work.named & own,
            goals=work.goals & own,
            seconds=self._seconds(group),
            urgency=self._urgency[group],
            level=self._levels[group],
        )

    def _maker(self, node: NodeId) -> TaskKey:
        if (key := self._work.at_hand.get(node)) is not None:
            return key
        return self._name(self._group_of[self._graph.position[node]])


def drops_of(
    inputs: Sequence[Sequence[NodeId]], exports: frozenset[NodeId]
) -> tuple[tuple[NodeId, ...], ...]:
    """Return for each step the values that no later step needs."""
    gone: set[NodeId] = set()
    drops: list[tuple[NodeId, ...]] = []
    for given in reversed(inputs):
        last = [node for node in dict.fromkeys(given) if node not in gone and node not in exports]
        gone.update(last)
        drops.append(tuple(last))
    return tuple(reversed(drops))
