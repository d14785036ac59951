"""Where names lead: to a place in a program, to a file, or to a page about what has no place."""

from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import statements_at, value_at
from voxlogica_core.ide.navigation.occurrences import name_at
from voxlogica_core.plan.outside.shipped import library, shipped_namespace, shipped_namespaces
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.plan.signature import Catalogue, Primitive
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import Kind


@dataclass(frozen=True, slots=True)
class Destination:
    """A place: `path` None is the program itself; `whole` is what is declared there."""

    span: Span
    path: str | None = None
    whole: Span | None = None


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file named in the program, as it is written there."""

    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page about a primitive, a namespace of them, or a kind of value: none has a program."""

    subject: Primitive | Kind | str


@dataclass(frozen=True, slots=True)
class Lead:
    """What stands at `origin`, and where it leads."""

    origin: Span
    to: Destination | NamedFile | Page


def definition(analysis: Analysis, offset: int, catalogue: Catalogue) -> Lead | None:
    """Return where what stands at `offset` was given its meaning."""
    for statement in statements_at(analysis, offset):
        if isinstance(statement, tree.Import) and offset in statement.target.span:
            return Lead(statement.target.span, imported(statement.target.value, catalogue))
    name = name_at(analysis, offset)
    match name and name.target:
        case Definition(span=span, path=path):
            whole = _whole(analysis, span) if path is None else None
            place: Destination | Page = Destination(span, path, whole)
        case Primitive() as primitive:
            place = Page(primitive)
        case None:
            return None
    return Lead(name.span, place) if name else None


def type_definition(analysis: Analysis, offset: int) -> Lead | None:
    """Return the page about the kind of value that stands at `offset`."""
    found = value_at(analysis, offset)
    node = analysis.nodes.get(found.meaning) if found and isinstance(found.meaning, str) else None
    return Lead(found.span, Page(node.kind)) if found and node else None


def imported(name: str, catalogue: Catalogue) -> Destination | NamedFile | Page:
    """Return where an import leads, by what it names."""
    start = Span(0, 0)
    if name in ("stdlib", "stdlib.imgql"):
        return Destination(start, library()[0][0].path)
    if name in shipped_namespaces():
        return Destination(start, shipped_namespace(name)[0].path)
    return Page(name) if name in catalogue.namespaces() else NamedFile(name)


def _whole(analysis: Analysis, name: Span) -> Span | None:
    """Return the statement in which a name is given its meaning."""
    around = (s.span for s in statements_at(analysis, name.start) if name.start < s.span.end)
    return next(around, None)
