"""Inlay hints: behind each declaration what it is, and what is known of it. Computes nothing.

The text hangs on the value alone, not on who is asking or where the cursor is, so that it stays
while something else is typed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.hover.portrait import scalar
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.status import SIGNS, Activity
from voxlogica_core.ide.status.worth import node_called, worth
from voxlogica_core.ide.wording import duration, shortened
from voxlogica_core.plan.node import Literal, Node, NodeId, is_closed
from voxlogica_core.store.record import Missing, Record
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.placing import rooted
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import ANY, IMAGE_LIKE

_LONGEST_VALUE = 40
_SHORTEST = 0.001  # seconds worth telling
_WRITTEN_OUT = tree.NumberLiteral | tree.StringLiteral | tree.BoolLiteral


@dataclass(frozen=True, slots=True)
class Hint:
    """A text that is shown behind the program text at `offset`."""

    offset: int
    text: str


def hints(analysis: Analysis, visible: Span, memory: Memory, activity: Activity) -> list[Hint]:
    """Return the hints of the declarations that end in `visible`, one a line at most."""
    found = list(_declared(analysis, visible))
    records = memory.lookup([node.id for _, node in found])
    lines: dict[int, Hint] = {}
    for end, node in found:
        text = _text(analysis, end, node, records, memory, activity)
        lines.setdefault(analysis.source.line_of(end), Hint(end, text))
    return list(lines.values())


def _declared(analysis: Analysis, visible: Span) -> Iterator[tuple[int, Node]]:
    """Yield where each declaration ends, and its node; what says itself what it is, is left out."""
    for statement, moved in rooted(analysis.program.statements):
        end = statement.span.end + moved
        if not visible.start <= end <= visible.end:
            continue
        match statement:
            case tree.Declaration(formals=None) if not isinstance(statement.value, _WRITTEN_OUT):
                pass
            case tree.Load():
                pass
            case _:
                continue
        meaning = analysis.expressions.around(statement.name.span.start + moved).get(
            statement.name.span.shifted(moved)
        )
        node = node_called(analysis, NodeId(meaning)) if isinstance(meaning, str) else None
        if node is not None and is_closed(node) and node.kind != ANY:
            yield end, node


def _text(
    analysis: Analysis,
    end: int,
    node: Node,
    records: Mapping[NodeId, Record],
    memory: Memory,
    activity: Activity,
) -> str:
    parts = [str(node.kind)]
    value = "" if node.kind in IMAGE_LIKE else _value(analysis, node, records, memory)
    if value:
        parts[0] += "" if _is_written_there(analysis, end, value) else f" = {value}"
    if isinstance(node, Literal):
        return parts[0]
    record = records.get(node.id)
    parts.append(_status(node.id, record, activity))
    if record and record.seconds >= _SHORTEST:
        parts.append(duration(record.seconds))
    return " ".join(part for part in parts if part)


def _is_written_there(analysis: Analysis, end: int, value: str) -> bool:
    """Return whether the program says the value itself, at the end of the declaration."""
    return analysis.source.text[end - len(value) : end] == value


def _value(analysis: Analysis, node: Node, records: Mapping[NodeId, Record], memory: Memory) -> str:
    found = worth(analysis, node, records, memory)
    return "" if isinstance(found, Missing) else shortened(scalar(found), _LONGEST_VALUE)


def _status(node: NodeId, record: Record | None, activity: Activity) -> str:
    if node in activity.running:
        return SIGNS["running"]
    if node in activity.failed or node in activity.blocked:
        return SIGNS["failed"]
    if node in activity.queued:
        return SIGNS["queued"]
    return SIGNS["kept"] if record else ""
