"""Links: the files and libraries that a program names. Opens none and looks for none."""

from collections.abc import Iterator
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.navigation.navigate import Destination, NamedFile, Page, imported
from voxlogica_core.plan.node import Literal, NodeId
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.walk import nodes
from voxlogica_core.text.span import Span


@dataclass(frozen=True, slots=True)
class Link:
    """A path in quotes, and where it leads; `path` is that of an input that was found."""

    span: Span
    to: Destination | NamedFile | Page


def links(analysis: Analysis, catalogue: Catalogue) -> list[Link]:
    """Return the links of a program, in order of text; each is the text between the quotes."""
    found: list[Link] = []
    for unit, by in analysis.references.units():
        statement = unit.statement
        if isinstance(statement, tree.Import):
            to = imported(statement.target.value, catalogue)
            found.append(Link(_inside(statement.target.span.shifted(by)), to))
        elif isinstance(statement, tree.Save):
            found += _output(analysis, unit, statement, by)
        if unit.loads:
            found += _inputs(unit, by)
    return sorted(found, key=lambda link: link.span)


def _inputs(unit: Unit, by: int) -> Iterator[Link]:
    """Yield the texts in a statement that name a file which is read."""
    for node in nodes(unit.statement):
        match node:
            case tree.Load(name=tree.Identifier(span=span), path=tree.StringLiteral() as path):
                read = unit.expressions.get(span)
            case tree.Call(
                arguments=(tree.Argument(value=tree.StringLiteral() as path), *_), span=span
            ):
                read = unit.expressions.get(span)
            case _:
                continue
        source = unit.loads.get(NodeId(read)) if isinstance(read, str) else None
        if source is not None:
            yield Link(_inside(path.span.shifted(by)), Destination(Span(0, 0), source))


def _output(analysis: Analysis, unit: Unit, statement: tree.Save, by: int) -> Iterator[Link]:
    """Yield the path that a `save` writes, if it is known."""
    label = statement.label
    meaning = unit.expressions.get(label.span)
    node = analysis.nodes.get(NodeId(meaning)) if isinstance(meaning, str) else None
    if isinstance(label, tree.StringLiteral) and isinstance(node, Literal):
        yield Link(_inside(label.span.shifted(by)), NamedFile(str(node.value)))


def _inside(span: Span) -> Span:
    return Span(span.start + 1, max(span.start + 1, span.end - 1))
