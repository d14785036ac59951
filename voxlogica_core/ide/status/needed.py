"""What a run of a program would need now, and what a value is assembled from. Computes nothing."""

from collections.abc import Mapping

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.foresight import inside
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.status import Demanded, demand
from voxlogica_core.ide.status.worth import node_called
from voxlogica_core.plan.node import Array, Node, NodeId, inputs_of


def needed(
    analysis: Analysis, memory: Memory, below: Mapping[NodeId, Node] | None = None
) -> Demanded:
    """Return the nodes that reaching all goals would need.

    Parameters
    ----------
    below
        What `below_goals` returns, where somebody has asked that already.
    """
    nodes = below_goals(analysis) if below is None else below
    return demand(analysis.plan, memory.lookup(nodes), inside(analysis, memory), nodes)


def below_goals(analysis: Analysis) -> dict[NodeId, Node]:
    """Return all that goals are made of, in any order: sooner found than the whole plan."""
    look = analysis.nodes.__getitem__
    stack = [n for goal in analysis.plan.goals for n in (goal.label, goal.value) if n is not None]
    found: dict[NodeId, Node] = {}
    while stack:
        name = stack.pop()
        if name not in found:
            node = found[name] = look(name)
            stack += inputs_of(node)
    return found


def items_below(analysis: Analysis, node: Node) -> dict[NodeId, Node]:
    """Return the items of a sequence that is written out, and the items of these."""
    found: dict[NodeId, Node] = {}
    stack = [node]
    while stack:
        now = stack.pop()
        for name in now.items if isinstance(now, Array) else ():
            item = node_called(analysis, name)
            if item is not None and name not in found:
                found[name] = item
                stack.append(item)
    return found
