"""The wishes of a run that are still open, and how the others ended. Decides no order of work."""

import os
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import cast

from voxlogica_core.engine.demand.structure import Structure
from voxlogica_core.engine.goals import (
    GoalResult,
    Wish,
    resolved,
    side_text,
    split,
    told,
    told_in_part,
)
from voxlogica_core.engine.outcome import Blocked, Done, Failed, Trouble
from voxlogica_core.engine.phases.source_order import SourceOrder
from voxlogica_core.engine.steps.operand import Items, Joined, Operand, leaves
from voxlogica_core.engine.steps.step import Deliver
from voxlogica_core.engine.workers.worker import Report, TaskResult
from voxlogica_core.plan.node import Literal, NodeId
from voxlogica_core.plan.plan import Plan
from voxlogica_core.store.record import MISSING, Missing, Value
from voxlogica_core.values.kind import IMAGE_LIKE

_LIBRARIES = ("SimpleITK", "numpy")
_REPLACED = (
    "{} is a file that the program reads: saving would replace it, and the next run would read "
    "something else; choose another name"
)


class Wishlist:
    """Goals on their way to results.

    Parameters
    ----------
    plan, structure
        What is run, and what its nodes are made of.
    values, troubles
        What the run has learnt of nodes; they grow.
    folder
        Where relative paths of saves begin.
    wanted
        What is asked for.
    sources
        Where inputs are found; grows too.
    """

    def __init__(
        self,
        plan: Plan,
        structure: Structure,
        values: Mapping[NodeId, Value],
        troubles: Mapping[NodeId, Trouble],
        folder: Path,
        wanted: Sequence[Wish],
        sources: Mapping[NodeId, str],
    ) -> None:
        self._plan = plan
        self._sources = sources
        self._structure = structure
        self._table = structure.table
        self._values = values
        self._troubles = troubles
        self._folder = folder
        self.open = list(wanted)
        self.left_to_others: dict[NodeId, list[Wish]] = {}
        self.results: dict[tuple[int, int], GoalResult] = {}
        self.order = SourceOrder(self.results)
        self._delivering: dict[NodeId, Wish] = {}
        self._operands: Mapping[NodeId, Operand] = {}

    def split(self) -> None:
        """Make one wish an item of those whose label and value are sequences, where known."""
        still: list[Wish] = []
        for wish in self.open:
            match split(wish, self._structure):
                case str() as message:
                    self._end(wish, Failed(wish.kind, None, message))
                case None:
                    still.append(wish)
                case several:
                    still += several
                    if several != [wish]:
                        self.order.has_items(wish.place[0], len(several))
        self.open = still

    def questions(self) -> set[NodeId]:
        """Return the nodes whose values say where to save, and what the items of wishes are."""
        asked: set[NodeId] = set()
        for wish in self.open:
            if self._waits_for_items(wish):
                asked.update(self._structure.asks(wish.label))
                asked.update(self._structure.asks(wish.value))
            elif self._label(wish) is MISSING and wish.label not in self._troubles:
                asked.add(wish.label)
        return asked

    def deliveries(
        self, operands: Mapping[NodeId, Operand], lasts: Callable[[NodeId], bool]
    ) -> list[Deliver]:
        """Return steps for the wishes whose value can be made and whose label is known.

        Parameters
        ----------
        operands
            How values are put together, of the nodes that can be made by now.
        lasts
            Whether the value of a node can be had after the run.
        """
        self._operands = operands
        self._delivering = {}
        steps: list[Deliver] = []
        saves = any(wish.kind == "save" for wish in self.open)
        read = {os.path.realpath(path) for path in self._sources.values()} if saves else set[str]()
        for wish in self.open:
            if wish.value not in operands or self._waits_for_items(wish):
                continue
            label = self._label(wish)
            if wish.label in self._troubles:
                self._end(wish, Blocked(wish.label))
            elif label is MISSING:
                continue
            elif wish.kind == "save" and not isinstance(label, str):
                self._end(wish, Failed("save", None, f"a path is wanted as label, {label} came"))
            elif (
                wish.kind == "save" and os.path.realpath(resolved(str(label), self._folder)) in read
            ):
                self._end(wish, Failed("save", None, _REPLACED.format(label)))
            else:
                self._delivering[wish.name] = wish
                step = self._delivery(wish, operands[wish.value], label)
                is_passing = wish.kind == "keep" and not all(map(lasts, leaves(step.operands)))
                steps.append(replace(step, passing=True) if is_passing else step)
        return steps

    def undelivered(self) -> set[NodeId]:
        """Return the values of wishes that wait for something other than their value."""
        delivered = {wish.place for wish in self._delivering.values()}
        return {wish.value for wish in self.open if wish.place not in delivered}

    def goal_nodes(self) -> frozenset[NodeId]:
        """Return the nodes whose values are asked for, under every name they have.

        The items of a sequence that was asked for by itself are among them: it is kept as they are.
        """
        nodes = {wish.value for wish in self.open}
        same = [self._operands.get(node) for node in nodes]
        parts = (self._operands.get(wish.value) for wish in self.open if wish.kind == "keep")
        items = leaves(tuple(part for part in parts if isinstance(part, Items)))
        return frozenset([*nodes, *items, *(node for node in same if isinstance(node, str))])

    def take(self, report: Report, result: TaskResult) -> bool:
        """Take the report of a step; return whether it was one of a wish."""
        wish = self._delivering.get(report.node)
        if wish is None:
            return False
        label, value = self._label_text(wish), result.delivered.get(report.node)
        if isinstance(report.outcome, Done):
            notes = "; ".join(report.notes)
            found = GoalResult(wish.kind, label, value, wish.value, "done", notes)
            self.results[wish.place] = found
        elif gaps := result.gaps.get(report.node):
            self.results[wish.place] = told_in_part(wish, label, value, gaps, self._troubles)
        else:
            self._end(wish, report.outcome)
        return True

    def value(self, node: NodeId) -> Value | Missing:
        """Return the value of a node that was asked for, if the store does not keep it."""
        for result in self.results.values():
            if result.kind == "keep" and result.node == node and result.value is not None:
                return cast("Value", result.value)
        return MISSING

    def close(self) -> None:
        """Forget the wishes that have their result."""
        self.open = [wish for wish in self.open if wish.place not in self.results]

    def leave_to_others(self, nodes: Set[NodeId]) -> None:
        """Put aside the wishes for nodes that another engine is about to compute."""
        still: list[Wish] = []
        for wish in self.open:
            found = nodes & set(self._nodes_of(wish))
            if found:
                self.left_to_others.setdefault(min(found), []).append(wish)
            else:
                still.append(wish)
        self.open = still

    def resume(self) -> None:
        """Take up again what was left to others."""
        self.open += [wish for wishes in self.left_to_others.values() for wish in wishes]
        self.left_to_others = {}

    def end(self, trouble: Trouble) -> None:
        """End every open wish."""
        for wish in self.open:
            self._end(wish, trouble)
        self.close()

    def _waits_for_items(self, wish: Wish) -> bool:
        return wish.is_whole and self._table.kind(wish.label).item is not None

    def _label(self, wish: Wish) -> Value | Missing:
        if wish.kind == "keep":
            return None
        found = self._table[wish.label]
        if isinstance(found, Literal):
            return found.value
        return self._values.get(wish.label, MISSING)

    def _label_text(self, wish: Wish) -> str | None:
        label = self._label(wish)
        return None if label is MISSING or label is None else str(label)

    def _delivery(self, wish: Wish, operand: Operand, label: Value) -> Deliver:
        path, side = None, ""
        value = self._structure.final(wish.value)
        kind = self._table.kind(value)
        if wish.kind == "save":
            path = resolved(str(label), self._folder)
            if kind in IMAGE_LIKE:
                side = side_text(value, self._plan, self._sources, self._table, _LIBRARIES)
        is_another = isinstance(operand, str) and operand != value
        assembled = is_another or isinstance(operand, Items | Joined)
        assembled = assembled and value not in self._table.deferred
        return Deliver(
            wish.name, wish.kind, value, kind, (operand,), path, side, assembled=assembled
        )

    def _nodes_of(self, wish: Wish) -> list[NodeId]:
        same = self._operands.get(wish.value)
        return [wish.value, *([same] if isinstance(same, str) else [])]

    def _end(self, wish: Wish, trouble: Trouble) -> None:
        asked = self._nodes_of(wish)
        label = self._label_text(wish)
        self.results[wish.place] = told(wish, label, trouble, self._troubles, asked)
