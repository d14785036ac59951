"""The names that can be written at a place: local, declared above, imported, importable."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.writing.cursor import Cursor
from voxlogica_core.ide.writing.proposal import Proposal
from voxlogica_core.plan.outside.shipped import library
from voxlogica_core.plan.reduction.keys import is_operator
from voxlogica_core.plan.reduction.names import ALWAYS
from voxlogica_core.plan.signature import Catalogue, Primitive, Result
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.placing import rooted
from voxlogica_core.text.diagnostic import at_top
from voxlogica_core.values.kind import Kind


def locals_of(where: Cursor) -> Iterator[Proposal]:
    """Yield parameters and other local names, the nearest first."""
    for name in reversed(where.local):
        yield Proposal(name, "local", "here")


def declared(
    analysis: Analysis, offset: int, fits: Callable[[str], bool], most: int
) -> Iterator[Proposal]:
    """Yield the nearest `most` of what the file declares above and `fits`, the nearest first."""
    distance = 0
    placed = rooted(analysis.program.statements)
    last = bisect_right(placed, offset, key=lambda pair: pair[0].span.start + pair[1])
    for index in range(last - 1, -1, -1):
        statement, moved = placed[index]
        if statement.span.start + moved < offset < statement.span.end + moved + 1:
            continue  # a value is not made of itself
        if distance == most:
            return
        if any(fits(name.text) for name in _names(statement)):
            distance += 1
            yield from _of_statement(statement, analysis, distance)


def imported(analysis: Analysis, offset: int) -> Iterator[Proposal]:
    """Yield what the files declare that are imported above."""
    for file in analysis.references.files(offset):
        for key in sorted(file.names()):
            found = file.find(key)
            if found is not None and not is_operator(found.definition.name):
                yield from _named(found.statement, ())


@cache
def shipped() -> tuple[Proposal, ...]:
    """Return what the standard library declares."""
    return tuple(
        proposal
        for _, parsed in library()
        for statement in parsed.program.statements
        if isinstance(statement, tree.Declaration) and not is_operator(statement.name.text)
        for proposal in _named(statement, ())
    )


def primitives(analysis: Analysis, where: Cursor, catalogue: Catalogue) -> Iterator[Proposal]:
    """Yield primitives: those in scope by their names, the others with the import they need.

    The others come with the first letter: before it they would be too many.
    """
    typed = analysis.source.text[where.word.start : where.word.end]
    in_scope = {*ALWAYS, *analysis.references.namespaces(where.word.start)}
    for primitive in catalogue:
        space = primitive.namespace
        if is_operator(primitive.name):
            continue
        if space in in_scope and "." not in typed:
            yield _primitive(primitive, primitive.name)
        elif typed and "." not in typed:
            yield _primitive(primitive, primitive.name, must_import=True)
        elif typed and space == typed.partition(".")[0]:
            yield _primitive(primitive, primitive.qualified, must_import=space not in in_scope)


def _primitive(primitive: Primitive, name: str, *, must_import: bool = False) -> Proposal:
    kinds: list[Result] = [overload.result for overload in primitive.overloads]
    return Proposal(
        name,
        "primitive",
        " · ".join(filter(None, (_results(kinds), f"import {primitive.namespace}" * must_import))),
        edits=(at_top(f'import "{primitive.namespace}"\n'),) if must_import else (),
        kinds=tuple(k for k in kinds if isinstance(k, Kind))
        if all(isinstance(k, Kind) for k in kinds)
        else (),
        primitive=primitive.qualified,
    )


def _results(kinds: Sequence[Result]) -> str:
    known = dict.fromkeys(str(kind) for kind in kinds if isinstance(kind, Kind))
    return f"→ {' | '.join(known)}" if known else ""


def _names(statement: tree.Statement) -> tuple[tree.Identifier, ...]:
    match statement:
        case tree.Declaration(name=name) | tree.Load(name=name):
            return (name,)
        case tree.Broken(names=names):
            return names
        case _:
            return ()


def _of_statement(
    statement: tree.Statement, analysis: Analysis, distance: int
) -> Iterator[Proposal]:
    match statement:
        case tree.Declaration() | tree.Load() if not is_operator(statement.name.text):
            node = analysis.plan.declarations.get(statement.name.text)
            kinds = (analysis.plan.nodes[node].kind,) if node else ()
            yield from _named(statement, kinds, distance)
        case tree.Broken(names=names):
            for name in names:
                yield Proposal(name.text, "value", "broken", distance=distance)
        case _:
            pass


def _named(
    statement: tree.Declaration | tree.Load, kinds: tuple[Kind, ...], distance: int = 0
) -> Iterator[Proposal]:
    name, text = statement.name.text, statement.documentation
    formals = statement.formals if isinstance(statement, tree.Declaration) else None
    if formals is not None:
        called = f"{name}({', '.join(formal.text for formal in formals)})"
        yield Proposal(name, "function", called, text, distance=distance)
    else:
        detail = str(kinds[0]) if kinds else ""
        yield Proposal(name, "value", detail, text, kinds=kinds, distance=distance)
