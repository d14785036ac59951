"""Pages about a node: what it is, why it is to be computed, what it is made of. Markdown."""

from collections.abc import Mapping, Sequence

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.reasons import because
from voxlogica_core.ide.forecast.why import Why
from voxlogica_core.ide.hover.portrait import fields, numbers, scalar
from voxlogica_core.ide.status.known import word_for
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.status import SIGNS, Activity
from voxlogica_core.ide.status.worth import node_called, worth
from voxlogica_core.ide.wording import code, count, duration, grid, shortened, size
from voxlogica_core.plan.node import (
    Apply,
    Array,
    Fold,
    Literal,
    Loop,
    Node,
    NodeId,
    Read,
    inputs_of,
)
from voxlogica_core.store.record import Missing, Record
from voxlogica_core.values.kind import IMAGE_LIKE

_MOST = 500
"""Nodes that a plan shows."""

_SHORT = 12


def node_page(analysis: Analysis, node: Node, memory: Memory, activity: Activity) -> str:
    """Return the page of a node: kind, status, value, inputs, where it was written."""
    records = memory.lookup([node.id, *inputs_of(node)])
    record = records.get(node.id)
    names = [name for name, other in analysis.plan.declarations.items() if other == node.id]
    inputs = [node_called(analysis, given) for given in inputs_of(node)]
    parts = [
        f"# {', '.join(names) or described(node)}",
        f"`{node.id}`",
        f"{node.kind} · {described(node)} · {_status(analysis, node, memory, activity)}",
        _written(analysis, node),
        *_value(analysis, node, records, memory),
        _cost(record),
        "## Made of" if inputs else "",
        _rows([given for given in inputs if given], records),
    ]
    return _joined(parts)


def why_page(analysis: Analysis, why: Why, memory: Memory) -> str:
    """Return the page that says why the value of a node is to be computed, and what for."""
    node = node_called(analysis, why.node)
    missing = [node_called(analysis, name) for name in why.missing[:_MOST]]
    at_hand = "its value is at hand: nothing is to be computed"
    reason = because(analysis, why.cause) if why.cause else at_hand
    more = len(why.missing) - _MOST
    records = memory.lookup(why.missing[:_MOST])
    parts = [
        f"# Why {_title(analysis, node)}",
        f"`{why.node}`",
        f"Because {reason}." if why.cause else f"{reason[0].upper()}{reason[1:]}.",
        f"{count(why.others)} other differences are below it." if why.others else "",
        f"## To compute: {count(len(why.missing))}" if why.missing else "",
        _rows([found for found in missing if found], records),
        f"… and {count(more)} more" if more > 0 else "",
    ]
    return _joined(parts)


def plan_page(analysis: Analysis, node: Node, memory: Memory, activity: Activity) -> str:
    """Return the page with all that a node is made of, inputs before users."""
    below = _below(analysis, node)
    records = memory.lookup([found.id for found in below])
    shown, known = below[-_MOST:], count(sum(found.id in records for found in below))
    word = _status(analysis, node, memory, activity)
    parts = [
        f"# Plan of {_title(analysis, node)}",
        f"`{node.id}`",
        f"{count(len(below))} nodes, {known} of them known · {word}",
        _rows(shown, records),
        f"… and {count(len(below) - _MOST)} more above" if len(below) > _MOST else "",
    ]
    return _joined(parts)


def described(node: Node) -> str:
    """Return what a node does, in a word or two."""
    match node:
        case Literal(value=value):
            return shortened(scalar(value), 40)
        case Apply(primitive=primitive):
            return primitive
        case Read(decoder=decoder):
            return f"read by {decoder}"
        case Array(items=items):
            return f"sequence of {count(len(items))}"
        case Loop(operation=operation):
            return f"{operation} loop"
        case Fold():
            return "fold"
        case _:
            return "variable"


def _title(analysis: Analysis, node: Node | None) -> str:
    if node is None:
        return "this value"
    names = (name for name, other in analysis.plan.declarations.items() if other == node.id)
    return next(names, described(node))


def _status(analysis: Analysis, node: Node, memory: Memory, activity: Activity) -> str:
    word = word_for(analysis, node, memory, activity)
    reason = f": {activity.failed[node.id]}" if word == "failed" else ""
    return f"{SIGNS[word]} {word}{reason}"


def _written(analysis: Analysis, node: Node) -> str:
    place = analysis.plan.places.get(node.id)
    if place is None or place.path is not None:
        return ""
    span, source = place.call or place.span, analysis.source
    text = shortened(source.text[span.start : span.end], 200)
    return f"Line {source.line_of(span.start) + 1}:\n\n{code(text, markdown=True)}"


def _value(
    analysis: Analysis, node: Node, records: Mapping[NodeId, Record], memory: Memory
) -> list[str]:
    if node.kind not in IMAGE_LIKE:
        value = worth(analysis, node, records, memory)
        found = None if isinstance(value, Missing) else value
        return [code(scalar(found), markdown=True), fields(found, markdown=True)]
    record, preview = records.get(node.id), memory.preview(node.id)
    if record is None or record.geometry is None:
        return []
    lengths, spacing = grid(record.geometry)
    lines = [f"{lengths} voxels of {spacing}"]
    lines += numbers(record, preview.statistics) if preview else ()
    return ["  \n".join(lines)]


def _cost(record: Record | None) -> str:
    if record is None:
        return ""
    return f"It took {duration(record.seconds)} and holds {size(record.nbytes)}."


def _rows(nodes: Sequence[Node], records: Mapping[NodeId, Record]) -> str:
    """Return nodes as a table."""
    if not nodes:
        return ""
    lines = ["| node | what | kind | took |", "|:--|:--|:--|--:|"]
    for node in nodes:
        record = records.get(node.id)
        took = duration(record.seconds) if record else ""
        what = described(node).replace("|", "\\|")
        lines.append(f"| `{node.id[:_SHORT]}` | {what} | {node.kind} | {took} |")
    return "\n".join(lines)


def _below(analysis: Analysis, node: Node) -> list[Node]:
    found: list[Node] = []
    seen: set[NodeId] = set()
    stack = [(node, False)]
    while stack:
        now, is_left = stack.pop()
        if is_left:
            found.append(now)
        elif now.id not in seen:
            seen.add(now.id)
            stack.append((now, True))
            inputs = (node_called(analysis, given) for given in reversed(inputs_of(now)))
            stack += [(given, False) for given in inputs if given is not None]
    return found


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
