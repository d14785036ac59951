"""Grids for goals: an image that met no other takes the only grid the program loads."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import NodeId, Read
from voxlogica_core.plan.nodes.substitute import substitute
from voxlogica_core.plan.nodes.table import HOLE
from voxlogica_core.plan.reduction.meaning import Scope, Unknown
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.syntax import tree
from voxlogica_core.values.kind import IMAGE_LIKE

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.reducer import Reducer


class Grids:
    """Gives geometry-free goals and declarations the grid of the program's loads.

    Parameters
    ----------
    sources
        Where the files are that the program reads, by node.
    """

    def __init__(self, reducer: "Reducer", sources: Mapping[NodeId, str]) -> None:
        self._reducer = reducer
        self._sources = sources
        self._loads = [
            node
            for node in self._sources
            if isinstance(found := reducer.table[node], Read) and found.kind in IMAGE_LIKE
        ]

    def with_default(self, node: NodeId) -> NodeId:
        """Return the node with the program's grid where it has none, if there is just one."""
        if not self._reducer.table.is_free(node) or not self._agree():
            return node
        return substitute(self._reducer.table, node, {HOLE.id: self._loads[0]})

    def _agree(self) -> bool:
        """Return whether all loads are known to lie on one grid."""
        if len(self._loads) < 2:
            return bool(self._loads)
        sources, world = self._sources, self._reducer.world
        grids = {world.grid(sources[node]) for node in self._loads}
        return len(grids) == 1 and None not in grids

    def goal(self, unit: Unit) -> Goal:
        """Return the goal of a statement; one whose value has no grid has a problem, reported."""
        statement = unit.statement
        assert isinstance(statement, tree.Print | tree.Save)
        assert unit.applied is not None
        kind = "print" if isinstance(statement, tree.Print) else "save"
        label, value = unit.applied
        causes = [m.cause for m in (value, label) if isinstance(m, Unknown)]
        if causes:
            problem = next(filter(None, causes), "an error stands in the way")
            return Goal(kind, NodeId(label) if isinstance(label, str) else None, None, problem)
        assert isinstance(label, str)
        assert isinstance(value, str)
        return self._settled(Goal(kind, NodeId(label), NodeId(value)), statement, unit)

    def _settled(self, goal: Goal, statement: tree.Print | tree.Save, unit: Unit) -> Goal:
        table = self._reducer.table
        assert goal.label is not None
        assert goal.value is not None
        label, value = self.with_default(goal.label), self.with_default(goal.value)
        if not table.is_free(value) and not table.is_free(label):
            return Goal(goal.kind, label, value)
        count = len(self._loads)
        loads = "loads no image" if count == 0 else f"loads {count} images on different grids"
        message = (
            f"this has no grid of its own and the program {loads}: "
            "name the image whose grid is meant, as in border(image)"
        )
        scope = Scope(unit.root)
        self._reducer.failure("no-reference-image", message, statement.value.span, scope)
        return Goal(goal.kind, goal.label, None, message)
