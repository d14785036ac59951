"""Why a value is not at hand, and what of it is to do. Says what is certain, guesses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal as OneOf

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.hover import Memory
from voxlogica_core.ide.status import Activity, Status, status
from voxlogica_core.plan.node import Array, Literal, Node, NodeId, inputs_of, is_closed
from voxlogica_core.store.record import Record

Reason = OneOf["kept", "known, value not kept", "never computed", "failed before"]
MOST = 20
"""Missing nodes that are told; the first ones are where work begins."""


@dataclass(frozen=True, slots=True)
class Why:
    """What is known of one node.

    Parameters
    ----------
    missing
        Nodes that must be made before it, itself included, inputs before users.
    """

    node: NodeId
    status: Status
    reason: Reason
    missing: tuple[NodeId, ...]


def why(analysis: Analysis, node: Node, memory: Memory, activity: Activity) -> Why:
    """Return why the value of a closed node is at hand or is not."""
    nodes = {**analysis.plan.nodes, **analysis.nodes}
    records = memory.lookup(_below(node, nodes))
    missing = _missing(node, nodes, records)
    word = status(
        node, nodes=nodes, records=records, activity=activity, demanded=frozenset(missing)
    )
    return Why(node.id, word, _reason(node.id, missing, records, activity), missing)


def _reason(
    node: NodeId,
    missing: tuple[NodeId, ...],
    records: Mapping[NodeId, Record],
    activity: Activity,
) -> Reason:
    if node in activity.failed:
        return "failed before"
    if node not in missing:
        return "kept"
    return "known, value not kept" if node in records else "never computed"


def _missing(
    node: Node, nodes: Mapping[NodeId, Node], records: Mapping[NodeId, Record]
) -> tuple[NodeId, ...]:
    """Return the closed nodes from `node` down to what is at hand, inputs before users."""
    found: dict[NodeId, None] = {}
    stack: list[tuple[Node, bool]] = [(node, False)]
    seen: set[NodeId] = set()
    while stack:
        now, is_left = stack.pop()
        if is_left:
            if is_closed(now) and not _is_whole(now, found):
                found[now.id] = None
        elif now.id not in seen and not _is_at_hand(now, records):
            seen.add(now.id)
            stack.append((now, True))
            stack += [(nodes[given], False) for given in reversed(inputs_of(now)) if given in nodes]
    return tuple(found)


def _is_whole(node: Node, missing: Mapping[NodeId, None]) -> bool:
    """Return whether a node is a sequence all items of which are at hand."""
    return isinstance(node, Array) and not any(item in missing for item in node.items)


def _is_at_hand(node: Node, records: Mapping[NodeId, Record]) -> bool:
    record = records.get(node.id)
    return isinstance(node, Literal) or (record is not None and record.is_kept)


def _below(node: Node, nodes: Mapping[NodeId, Node]) -> list[NodeId]:
    found: dict[NodeId, None] = {node.id: None}
    stack = [node]
    while stack:
        fresh = [given for given in inputs_of(stack.pop()) if given not in found]
        found.update(dict.fromkeys(fresh))
        stack += [nodes[given] for given in fresh if given in nodes]
    return list(found)
