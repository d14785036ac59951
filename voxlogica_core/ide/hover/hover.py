"""Hover: what an expression is, what is known of its value, and its picture. Computes nothing.

In this order: name and type with the value of a scalar; status with time and size; value, or
picture and numbers of an image; documentation; what is to do for it; node id.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.hover.documentation import documentation
from voxlogica_core.ide.hover.identity import identity
from voxlogica_core.ide.hover.portrait import fields, numbers, picture, scalar
from voxlogica_core.ide.hover.titles import documented, functions_of, missing, title_of
from voxlogica_core.ide.lookup import declared_at, use_at, value_at
from voxlogica_core.ide.status.known import word_for
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.status import SIGNS, Activity, Demanded, Status
from voxlogica_core.ide.status.worth import node_called, worth
from voxlogica_core.ide.wording import code, duration, grid, size
from voxlogica_core.plan.node import Literal, Node, NodeId, inputs_of, is_closed
from voxlogica_core.store.record import Missing, Preview, Record
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import IMAGE_LIKE

LONGEST = 97_000
"""Characters; Visual Studio Code cuts hovers at 100,000."""

LARGEST_PICTURE = 60_000
"""Characters of a picture as it stands in the text."""

_SHORTEST = 1e-6  # seconds

_TO_DO = ("to do", "not needed")

Outlook = Callable[[Node], str]
"""Says what is to do for a value that is not at hand, and what that costs."""


@dataclass(frozen=True, slots=True)
class Form:
    """What whoever shows the hover can show: Markdown or plain text, pictures, links to commands.

    Parameters
    ----------
    links
        Whether the commands of the editor extension can be linked to.
    """

    markdown: bool = True
    pictures: bool = False
    links: bool = False


@dataclass(frozen=True, slots=True)
class Hover:
    """A text about the place `span`."""

    span: Span
    text: str


def no_outlook(node: Node) -> str:
    """Say nothing of what is to do."""
    del node
    return ""


def hover(
    analysis: Analysis,
    offset: int,
    memory: Memory,
    activity: Activity,
    form: Form,
    outlook: Outlook = no_outlook,
    demanded: Callable[[], Demanded] | None = None,
) -> Hover | None:
    """Return what is to be said about the smallest expression at `offset`.

    Parameters
    ----------
    demanded
        Gives what a run would need, where somebody knows it already.
    """
    use = use_at(analysis, offset)
    found = value_at(analysis, offset)
    declared = declared_at(analysis, offset)
    if not (found or use or declared or missing(analysis, offset)):
        return None
    name = NodeId(found.meaning) if found and isinstance(found.meaning, str) else None
    if declared and declared.name.text not in analysis.plan.declarations:
        name = None  # a function: the value round its name is another's
    node = node_called(analysis, name) if name else None
    span = use.span if use else declared.name.span if declared else found.span if found else None
    title = title_of(analysis, use, declared, found.span if found else None)
    records = memory.lookup([node.id, *inputs_of(node)]) if node else {}
    about = _About(analysis, memory, activity, form, records)
    known = node if node and is_closed(node) else None
    word = word_for(analysis, known, memory, activity, demanded) if known else "unknown"
    sections = [
        about.heading(title, functions_of(analysis, use), node),
        *(about.value(known, word) if known else [] if node else [missing(analysis, offset)]),
        documentation(documented(use, declared), markdown=form.markdown),
        outlook(known) if known and word in _TO_DO and known.id not in records else "",
        about.identity(known.id, title) if known else "",
    ]
    return Hover(span or Span(offset, offset), _joined(sections))


@dataclass(frozen=True, slots=True)
class _About:
    analysis: Analysis
    memory: Memory
    activity: Activity
    form: Form
    records: Mapping[NodeId, Record]

    def heading(self, title: str, functions: list[str], node: Node | None) -> str:
        """Return name, kind and the value of a scalar; signatures before them."""
        lines = list(functions)
        if node and title:
            value = scalar(self._value(node)) if is_closed(node) else ""
            lines.append(
                f"{title} : {node.kind}{f' = {value}' if value not in ('', title) else ''}"
            )
        elif title and not functions:
            lines.append(title)
        return code("\n".join(lines), markdown=self.form.markdown)

    def value(self, node: Node, word: Status) -> Iterator[str]:
        """Yield status, the fields of a record, picture and numbers."""
        record = self.records.get(node.id)
        if not isinstance(node, Literal):
            yield self._status(node, word, record)
        if node.kind not in IMAGE_LIKE:
            yield fields(self._value(node), markdown=self.form.markdown)
            return
        preview = self.memory.preview(node.id)
        if preview and self.form.pictures and self.form.markdown:
            yield picture(preview.png)
        yield self._numbers(record, preview)

    def identity(self, node: NodeId, title: str) -> str:
        """Return the id of a node, and what else is the same node."""
        form = self.form
        return identity(self.analysis, node, title, markdown=form.markdown, links=form.links)

    def _value(self, node: Node) -> object:
        found = worth(self.analysis, node, self.records, self.memory)
        return None if isinstance(found, Missing) else found

    def _status(self, node: Node, word: Status, record: Record | None) -> str:
        parts = [f"{SIGNS[word]} {word}"]
        if word == "failed":
            parts = [f"{parts[0]}: {self.activity.failed[node.id]}"]
        elif node.id in self.analysis.plan.deferred:
            parts = [f"{parts[0]} until a run has computed the path of a file"]
        elif record:
            times = [duration(record.seconds)] if record.seconds >= _SHORTEST else []
            parts += [*times, size(record.nbytes)]
        return " · ".join(parts)

    def _numbers(self, record: Record | None, preview: Preview | None) -> str:
        if record is None or record.geometry is None:
            return ""
        lengths, spacing = grid(record.geometry)
        lines = [f"{lengths} voxels of {spacing}"]
        if preview:
            lines += numbers(record, preview.statistics)
        return (" · " if self.form.markdown else "\n").join(lines)


def _joined(sections: Iterable[str]) -> str:
    """Join what there is to say; where it is too long, without the picture, then cut."""
    kept = [
        section
        for section in sections
        if section and not (section.startswith("![") and len(section) > LARGEST_PICTURE)
    ]
    text = "\n\n".join(kept)
    if len(text) > LONGEST:
        text = "\n\n".join(section for section in kept if not section.startswith("!["))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
