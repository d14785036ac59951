"""Schedule: cuts steps into tasks for Dask. Pure and deterministic; runs nothing.

The longest path goes first, but for goals that cost nearly nothing: who waits, or ends the run
half-way, has them as soon as they can be had.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from voxlogica_core.engine.outcome import Trouble
from voxlogica_core.engine.steps.grouping import SHORT, Graph, grouped, price_of
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.engine.steps.step import Compute, Deliver, Step, Task, TaskKey
from voxlogica_core.plan.node import NodeId

PROMPT = 0.05
"""The part of a run that may go, out of turn, to tasks that reach goals."""


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

    def computed_goals(self) -> set[NodeId]:
        """Return the goals that kernels compute."""
        return {step.id for step in self.steps if isinstance(step, Compute)} & self.goals

    def seconds_to_share(self) -> float:
        """Return the expected time of the steps that threads can share; partitions are Python."""
        return sum(
            seconds
            for step, seconds in zip(self.steps, self.seconds, strict=True)
            if seconds >= SHORT and not isinstance(step, Partition)
        )


def cut(work: Work, threads: int, name: Callable[[int], TaskKey]) -> list[Task]:
    """Return the steps of `work` as tasks, those waited for before those waiting.

    Parameters
    ----------
    threads
        How many tasks can run at a time.
    name
        Names the tasks.
    """
    graph = Graph(work.steps, work.seconds)
    return _Writer(work, graph, grouped(graph, threads), name).tasks(threads)


class _Writer:
    """Writes groups of steps down as tasks."""

    def __init__(
        self,
        work: Work,
        graph: Graph,
        groups: Sequence[Sequence[int]],
        name: Callable[[int], TaskKey],
    ) -> None:
        self._work = work
        self._graph = graph
        self._groups = groups
        self._group_of = {i: g for g, steps in enumerate(self._groups) for i in steps}
        self._name = name
        self._levels: dict[int, int] = {}
        self._urgency: dict[int, float] = {}

    def tasks(self, threads: int) -> list[Task]:
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
        self._hasten(order, needs, threads)
        return [self._task(group) for group in order]

    def _hasten(self, order: Sequence[int], needs: Sequence[Sequence[int]], threads: int) -> None:
        """Put the cheapest goals, and all that they wait for, before everything else."""
        longest = max(self._urgency.values(), default=0.0)
        left = PROMPT * max(longest, sum(self._graph.seconds) / threads)
        price: dict[int, float] = {}
        for group in order:
            price[group] = price_of(self._seconds(group), [price[n] for n in needs[group]])
        goals = [group for group in order if self._reaches_goal(group)]
        prompt: set[int] = set()
        for goal in sorted(goals, key=price.__getitem__):
            if price[goal] > left:
                break
            added = _with_needs(goal, needs, prompt)
            left -= sum(self._seconds(group) for group in added)
            prompt |= added
        for group in prompt:
            self._urgency[group] += longest

    def _reaches_goal(self, group: int) -> bool:
        return any(isinstance(self._work.steps[i], Deliver) for i in self._groups[group])

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


def _with_needs(first: int, needs: Sequence[Sequence[int]], done: Collection[int]) -> set[int]:
    """Return a group and all that it waits for, but for those in `done`."""
    found: set[int] = set()
    stack = [first]
    while stack:
        group = stack.pop()
        if group not in found and group not in done:
            found.add(group)
            stack.extend(needs[group])
    return found


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
