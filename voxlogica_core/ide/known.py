"""What is known of the value at a place, as JSON: for viewers. Computes nothing."""

import json
from base64 import b64encode

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.hover import Memory
from voxlogica_core.ide.lookup import Found, declared_at, use_at, value_at
from voxlogica_core.ide.status import Activity, Status, demand, status
from voxlogica_core.plan.meaning import Definition
from voxlogica_core.plan.node import Array, Literal, Node, NodeId, inputs_of, is_closed
from voxlogica_core.store.record import Inline, Record
from voxlogica_core.values.kind import IMAGE_LIKE
from voxlogica_core.values.written import json_able


def node_of(analysis: Analysis, offset: int) -> Node | None:
    """Return the node of the smallest expression or the declaration at `offset`, if it is closed.

    The name of a function has none, nor has the inside of a function or loop.
    """
    found = value_at(analysis, offset)
    declared = declared_at(analysis, offset)
    if declared and declared.name.text not in analysis.plan.declarations:
        return None
    node = found.meaning if found else None
    known = _node(analysis, NodeId(node)) if isinstance(node, str) else None
    return known if known is not None and is_closed(known) else None


def word_for(analysis: Analysis, node: Node, memory: Memory, activity: Activity) -> Status:
    """Return the status of a node at a place of the text."""
    plan = analysis.plan
    records = memory.lookup([node.id, *inputs_of(node), *plan.nodes])
    return status(
        node,
        nodes={**plan.nodes, **analysis.nodes},
        records=records,
        activity=activity,
        demanded=demand(plan, records),
    )


def known_at(
    analysis: Analysis, offset: int, memory: Memory, activity: Activity
) -> dict[str, object] | None:
    """Return what is known of the value at `offset`, None where no value stands.

    The keys are ``name`` (where it is one), ``type``, ``node``, ``status``, ``value`` (scalars and
    sequences of them), ``statistics`` and ``preview`` (PNG in Base64); what is not known is null.
    """
    node = node_of(analysis, offset)
    if node is None:
        return None
    record = memory.lookup([node.id]).get(node.id)
    preview = memory.preview(node.id) if node.kind in IMAGE_LIKE else None
    name = _name(analysis, offset, value_at(analysis, offset))
    return {
        **({"name": name} if name else {}),
        "type": str(node.kind),
        "node": node.id,
        "status": word_for(analysis, node, memory, activity),
        "value": _value(analysis, node, record, memory),
        "statistics": json.loads(preview.statistics.to_json()) if preview else None,
        "preview": b64encode(preview.png).decode() if preview else None,
    }


def _node(analysis: Analysis, node: NodeId) -> Node | None:
    return analysis.nodes.get(node) or analysis.plan.nodes.get(node)


def _name(analysis: Analysis, offset: int, found: Found | None) -> str | None:
    """Return the name that stands at `offset` for the whole value, None for other expressions."""
    if declared := declared_at(analysis, offset):
        return declared.name.text
    use = use_at(analysis, offset)
    if use and found and use.span == found.span and isinstance(use.target, Definition):
        return analysis.source.text[use.span.start : use.span.end]
    return None


def _value(analysis: Analysis, node: Node, record: Record | None, memory: Memory) -> object:
    """Return a value without images as JSON, None where it is not at hand."""
    if isinstance(node, Literal):
        return json_able(node.value)
    if record and isinstance(record.stored, Inline) and node.kind not in IMAGE_LIKE:
        return json_able(record.stored.value)
    if not isinstance(node, Array) or (node.kind.item or node.kind) in IMAGE_LIKE:
        return None
    found = [_node(analysis, item) for item in node.items]
    records = memory.lookup(node.items)
    values = [
        _value(analysis, item, records.get(item.id), memory) if item else None for item in found
    ]
    return None if None in values else values
