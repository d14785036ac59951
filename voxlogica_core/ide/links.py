"""Links: the files and libraries that a program names. Opens none and looks for none."""

from collections.abc import Iterator
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.navigate import Destination, NamedFile, Page, imported
from voxlogica_core.plan.node import Literal, NodeId
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.placing import rooted
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
    for index, (statement, _) in enumerate(rooted(analysis.program.statements)):
        match statement:
            case tree.Import():
                placed = analysis.program.statements[index]
                assert isinstance(placed, tree.Import)
                to = imported(placed.target.value, catalogue)
                found.append(Link(_inside(placed.target.span), to))
            case tree.Load() | tree.Declaration() | tree.Print():
                found += _inputs(analysis, index)
            case tree.Save():
                found += _outputs(analysis, index)
            case tree.Broken():
                pass
    return sorted(found, key=lambda link: link.span)


def _inputs(analysis: Analysis, index: int) -> Iterator[Link]:
    """Yield the texts in a statement that name a file which is read."""
    meanings, sources = analysis.expressions, analysis.plan.sources
    raw, by = rooted(analysis.program.statements)[index]
    if not isinstance(raw, tree.Load) and not any(isinstance(n, tree.Call) for n in nodes(raw)):
        return
    around = meanings.around(raw.span.start + by)
    for node in nodes(analysis.program.statements[index]):
        match node:
            case tree.Load(name=tree.Identifier(span=span), path=tree.StringLiteral() as path):
                read = around.get(span)
            case tree.Call(
                arguments=(tree.Argument(value=tree.StringLiteral() as path), *_), span=span
            ):
                read = around.get(span)
            case _:
                continue
        source = sources.get(NodeId(read)) if isinstance(read, str) else None
        if source is not None:
            yield Link(_inside(path.span), Destination(Span(0, 0), source))


def _outputs(analysis: Analysis, index: int) -> Iterator[Link]:
    """Yield the path that a `save` writes, if it is known."""
    statement = analysis.program.statements[index]
    assert isinstance(statement, tree.Save)
    yield from _inputs(analysis, index)
    label = statement.label
    meaning = analysis.expressions.around(statement.span.start).get(label.span)
    node = analysis.nodes.get(NodeId(meaning)) if isinstance(meaning, str) else None
    if isinstance(label, tree.StringLiteral) and isinstance(node, Literal):
        yield Link(_inside(label.span), NamedFile(str(node.value)))


def _inside(span: Span) -> Span:
    return Span(span.start + 1, max(span.start + 1, span.end - 1))
