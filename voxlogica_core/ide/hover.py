"""Hover: what an expression is, what is known of its value, and its picture. Computes nothing.

In this order: name and type with the value of a scalar; status with time and size; picture and
numbers of an image; documentation; node id.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.documentation import documentation
from voxlogica_core.ide.lookup import declarations, declared_at, use_at, value_at
from voxlogica_core.ide.memory import Memory
from voxlogica_core.ide.portrait import numbers, picture
from voxlogica_core.ide.status import Activity, Status, demand, status
from voxlogica_core.ide.titles import documented, functions_of, missing, title_of
from voxlogica_core.ide.wording import duration, grid, shortened, size
from voxlogica_core.plan.node import Literal, Node, NodeId, inputs_of, is_closed
from voxlogica_core.store.record import Inline, Preview, Record
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import IMAGE_LIKE
from voxlogica_core.values.written import written

LONGEST = 97_000
"""Characters; Visual Studio Code cuts hovers at 100,000."""

_LONGEST_VALUE = 300

_SIGNS: Mapping[Status, str] = {
    "kept": "✓",
    "known": "✓",
    "to do": "○",
    "reading input": "…",
    "queued": "◔",
    "running": "◑",
    "failed": "✗",
    "blocked": "✗",
    "not needed": "–",
    "unknown": "–",
}


@dataclass(frozen=True, slots=True)
class Form:
    """What whoever shows the hover can show: Markdown or plain text, pictures or none."""

    markdown: bool = True
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Hover:
    """A text about the place `span`."""

    span: Span
    text: str


def hover(
    analysis: Analysis, offset: int, memory: Memory, activity: Activity, form: Form
) -> Hover | None:
    """Return what is to be said about the smallest expression at `offset`."""
    use = use_at(analysis, offset)
    found = value_at(analysis, offset)
    declared = declared_at(analysis, offset)
    if not (found or use or declared or missing(analysis, offset)):
        return None
    node = NodeId(found.meaning) if found and isinstance(found.meaning, str) else None
    if declared and declared.name.text not in analysis.plan.declarations:
        node = None  # a function: the value round its name is another's
    span = use.span if use else declared.name.span if declared else found.span if found else None
    about = _About(analysis, memory, activity, form)
    title = title_of(analysis, use, declared, found.span if found else None)
    sections = [
        about.heading(title, functions_of(analysis, use), node),
        *(about.value(node) if node else [missing(analysis, offset)]),
        documentation(documented(use, declared), markdown=form.markdown),
        *(about.identity(node, title) if node else ()),
    ]
    return Hover(span or Span(offset, offset), _joined(sections))


@dataclass(frozen=True, slots=True)
class _About:
    analysis: Analysis
    memory: Memory
    activity: Activity
    form: Form

    def heading(self, title: str, functions: list[str], node: NodeId | None) -> str:
        """Return name, kind and the value of a scalar; signatures before them."""
        lines = list(functions)
        if node and title:
            value = self._scalar(node)
            kind = self.analysis.nodes[node].kind if node in self.analysis.nodes else ""
            lines.append(f"{title} : {kind}{f' = {value}' if value not in ('', title) else ''}")
        elif title and not functions:
            lines.append(title)
        text = "\n".join(lines)
        return f"```imgql\n{text}\n```" if self.form.markdown and text else text

    def value(self, node: NodeId) -> Iterator[str]:
        """Yield status, picture and numbers."""
        found = self._node(node)
        if found is None or not is_closed(found):
            return
        record = self._record(node)
        if not isinstance(found, Literal):
            yield self._status(found, record)
        preview = self.memory.preview(node) if found.kind in IMAGE_LIKE else None
        if preview and self.form.pictures and self.form.markdown:
            yield picture(preview.png)
        yield self._numbers(record, preview)

    def identity(self, node: NodeId, title: str) -> Iterator[str]:
        """Yield the node id, and the declarations that are the same node."""
        found = self._node(node)
        if found is None or not is_closed(found):
            return
        quote = "`" if self.form.markdown else ""
        same = self._namesakes(node, title)
        note = f" · same node as {same}" if same else ""
        if self.form.markdown:
            yield "---"
        yield _lines([f"node {quote}{node[:12]}{quote}{note}", f"{quote}{node}{quote}"], self.form)

    def _namesakes(self, node: NodeId, title: str) -> str:
        plan, source = self.analysis.plan, self.analysis.source
        named = [
            f"line {source.line_of(s.name.span.start) + 1} ({s.name.text})"
            for s in declarations(self.analysis)
            if plan.declarations.get(s.name.text) == node and s.name.text != title
        ]
        return ", ".join(named[:3])

    def _node(self, node: NodeId) -> Node | None:
        return self.analysis.nodes.get(node) or self.analysis.plan.nodes.get(node)

    def _record(self, node: NodeId) -> Record | None:
        return self.memory.lookup([node]).get(node)

    def _scalar(self, node: NodeId) -> str:
        found = self._node(node)
        if isinstance(found, Literal):
            return _short_value(found.value)
        if found is None or not is_closed(found):
            return ""
        record = self._record(node)
        if record and isinstance(record.stored, Inline) and record.kind not in IMAGE_LIKE:
            return _short_value(record.stored.value)
        return ""

    def _status(self, node: Node, record: Record | None) -> str:
        plan = self.analysis.plan
        records = self.memory.lookup([node.id, *inputs_of(node)])
        demanded = frozenset[NodeId]()
        if record is None and node.id in plan.nodes:
            records |= self.memory.lookup(plan.nodes)
            demanded = demand(plan, records)
        word = status(
            node,
            nodes={**plan.nodes, **self.analysis.nodes},
            records=records,
            activity=self.activity,
            demanded=demanded,
        )
        parts = [f"{_SIGNS[word]} {word}"]
        if word == "failed":
            parts = [f"{parts[0]}: {self.activity.failed[node.id]}"]
        elif record:
            parts += [duration(record.seconds), size(record.nbytes)]
        return " · ".join(parts)

    def _numbers(self, record: Record | None, preview: Preview | None) -> str:
        if record is None or record.geometry is None:
            return ""
        lengths, spacing = grid(record.geometry)
        lines = [f"{lengths} voxels of {spacing}"]
        if preview:
            lines += numbers(record, preview.statistics)
        return _lines(lines, self.form)


def _short_value(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else written(value)
    return shortened(text, _LONGEST_VALUE)


def _lines(lines: Iterable[str], form: Form) -> str:
    return ("  \n" if form.markdown else "\n").join(lines)


def _joined(sections: Iterable[str]) -> str:
    """Join what there is to say; where it is too long, without the picture, then cut."""
    kept = [section for section in sections if section]
    text = "\n\n".join(kept)
    if len(text) > LONGEST:
        text = "\n\n".join(section for section in kept if not section.startswith("![preview]"))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
