"""What is known of the value at a place, as JSON: for viewers. Computes nothing."""

import json
from base64 import b64encode
from collections.abc import Callable

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import Found, declared_at, use_at, value_at
from voxlogica_core.ide.status.foresight import looked_into
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.needed import items_below, needed
from voxlogica_core.ide.status.status import Activity, Demanded, Status, status
from voxlogica_core.ide.status.worth import node_called, worth
from voxlogica_core.plan.node import Apply, Node, NodeId, Read, is_closed
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.store.record import Missing
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
    known = node_called(analysis, NodeId(node)) if isinstance(node, str) else None
    return known if known is not None and is_closed(known) else None


def word_for(
    analysis: Analysis,
    node: Node,
    memory: Memory,
    activity: Activity,
    demanded: Callable[[], Demanded] | None = None,
) -> Status:
    """Return the status of a closed node; what runs need is asked for only where it matters.

    Parameters
    ----------
    demanded
        Gives what a run would need, where somebody knows it already.
    """
    items = items_below(analysis, node)
    records = memory.lookup(dict.fromkeys((node.id, *items)))
    record, wanted = records.get(node.id), Demanded()
    if record is None or not (record.is_kept or _is_plain(node, analysis)):
        wanted = demanded() if demanded else needed(analysis, memory)
    return status(
        node,
        nodes=items,
        records=records,
        activity=activity,
        demanded=wanted,
        deferred=analysis.plan.deferred,
    )


def _is_plain(node: Node, analysis: Analysis) -> bool:
    """Return whether a kernel makes a node: it is at hand where it is kept, and nowhere else."""
    primitives = looked_into(analysis.catalogue)
    return isinstance(node, Read) or (isinstance(node, Apply) and node.primitive not in primitives)


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
    value = worth(analysis, node, memory.lookup([node.id]), memory)
    preview = memory.preview(node.id) if node.kind in IMAGE_LIKE else None
    name = _name(analysis, offset, value_at(analysis, offset))
    return {
        **({"name": name} if name else {}),
        "type": str(node.kind),
        "node": node.id,
        "status": word_for(analysis, node, memory, activity),
        "value": None if isinstance(value, Missing) else json_able(value),
        "statistics": json.loads(preview.statistics.to_json()) if preview else None,
        "preview": b64encode(preview.png).decode() if preview else None,
    }


def _name(analysis: Analysis, offset: int, found: Found | None) -> str | None:
    """Return the name that stands at `offset` for the whole value, None for other expressions."""
    if declared := declared_at(analysis, offset):
        return declared.name.text
    use = use_at(analysis, offset)
    if use and found and use.span == found.span and isinstance(use.target, Definition):
        return analysis.source.text[use.span.start : use.span.end]
    return None
