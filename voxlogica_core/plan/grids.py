"""Grids for goals: an image that met no other takes the only grid the program loads."""

from typing import TYPE_CHECKING

from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import NodeId, Read
from voxlogica_core.plan.scope import FileScope, Scope
from voxlogica_core.plan.substitute import substitute
from voxlogica_core.plan.table import HOLE
from voxlogica_core.syntax import tree
from voxlogica_core.values.kind import IMAGE_LIKE

if TYPE_CHECKING:
    from voxlogica_core.plan.reducer import Reducer


class Grids:
    """Gives geometry-free goals and declarations the grid of the program's loads."""

    def __init__(self, reducer: "Reducer") -> None:
        self._reducer = reducer
        self._loads = [
            node
            for node in reducer.sources
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
        sources, world = self._reducer.sources, self._reducer.world
        grids = {world.grid(sources[node]) for node in self._loads}
        return len(grids) == 1 and None not in grids

    def settled(self, goal: Goal, statement: tree.Print | tree.Save) -> Goal:
        """Return a goal whose value has a grid, or one with a problem, reported."""
        table = self._reducer.table
        if goal.value is None or goal.label is None:
            return goal
        label, value = self.with_default(goal.label), self.with_default(goal.value)
        if not table.is_free(value) and not table.is_free(label):
            return Goal(goal.kind, label, value)
        count = len(self._loads)
        loads = "loads no image" if count == 0 else f"loads {count} images on different grids"
        message = (
            f"this has no grid of its own and the program {loads}: "
            "name the image whose grid is meant, as in border(image)"
        )
        span = statement.value.span
        scope = Scope(FileScope(None, ""), 0)
        self._reducer.failure("no-reference-image", message, span, scope)
        return Goal(goal.kind, goal.label, None, message)
