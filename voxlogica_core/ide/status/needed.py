"""What a run of a program would need now, and what a value is assembled from. Computes nothing."""

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.foresight import inside
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.status import Demanded, demand
from voxlogica_core.ide.status.worth import node_called
from voxlogica_core.plan.node import Array, Node, NodeId


def needed(analysis: Analysis, memory: Memory) -> Demanded:
    """Return the nodes that reaching all goals would need."""
    plan = analysis.plan
    return demand(plan, memory.lookup(plan.nodes), inside(analysis, memory))


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
