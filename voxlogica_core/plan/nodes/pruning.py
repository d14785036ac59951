"""Pruning: a table without the nodes that nobody needs any more. Knows no statements."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from voxlogica_core.plan.node import NodeId, inputs_of
from voxlogica_core.plan.nodes.table import NodeTable

if TYPE_CHECKING:
    from voxlogica_core.plan.node import Node


def pruned(table: NodeTable, roots: Iterable[NodeId]) -> NodeTable:
    """Return a table of what `roots` are made of; the table itself stays as it is.

    So whoever looks at nodes of an earlier version of a text still finds them.
    """
    kept: dict[NodeId, Node] = {}
    stack = [root for root in roots if root in table]
    look = table.node
    while stack:
        name = stack.pop()
        if name not in kept:
            node = kept[name] = look(name)
            stack += inputs_of(node)
    return table.with_nodes(kept)
