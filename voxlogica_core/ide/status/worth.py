"""What a node is worth, as far as it stands in the text or in the store. Computes nothing."""

from collections.abc import Mapping

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.plan.node import Array, Literal, Node, NodeId, is_closed
from voxlogica_core.store.record import MISSING, Inline, Missing, Record, Value
from voxlogica_core.values.kind import IMAGE_LIKE


def node_called(analysis: Analysis, name: NodeId) -> Node | None:
    """Return a node that an expression means or a goal needs."""
    return analysis.nodes.get(name) or analysis.plan.nodes.get(name)


def worth(
    analysis: Analysis,
    node: Node,
    records: Mapping[NodeId, Record],
    memory: Memory,
    deepest: int = 20,
) -> Value | Missing:
    """Return a value without images: `MISSING` for images, and where it is not at hand.

    Parameters
    ----------
    records
        What is known of the node itself; more is asked of `memory` for the items of a sequence.
    deepest
        Sequences in sequences that are looked into.
    """
    if isinstance(node, Literal):
        return node.value
    if not is_closed(node) or (node.kind.item or node.kind) in IMAGE_LIKE:
        return MISSING
    record = records.get(node.id)
    if record and isinstance(record.stored, Inline):
        return record.stored.value
    if not isinstance(node, Array) or not deepest:
        return MISSING
    known = memory.lookup(node.items)
    found = (node_called(analysis, item) for item in node.items)
    values = [worth(analysis, n, known, memory, deepest - 1) if n else MISSING for n in found]
    present = tuple(value for value in values if not isinstance(value, Missing))
    return present if len(present) == len(values) else MISSING
