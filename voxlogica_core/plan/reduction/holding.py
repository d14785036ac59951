"""What is held on to: the nodes that statements and functions lead to. Makes and drops none."""

from collections.abc import Iterable, Iterator

from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.reduction.meaning import Closure, FileScope, Scope
from voxlogica_core.plan.reduction.unit import Unit


def held(units: Iterable[Unit], files: Iterable[FileScope]) -> set[NodeId]:
    """Return the nodes that statements lead to, and those that files do, by way of functions too.

    Names of primitives may be among them.
    """
    found: set[NodeId] = set()
    others: list[object] = []
    for unit in units:
        found.update(unit.places)
        found.update(unit.loads)
        others += unit.expressions.values()
        others += unit.lookups.values()
        others += unit.applied or ()
        if unit.declared is not None:
            others.append(unit.declared.meaning)
        for _, inputs, node in unit.steps:
            found.add(node)
            found.update(inputs)
    _follow(others, files, found)
    return found


def _follow(meanings: list[object], files: Iterable[FileScope], found: set[NodeId]) -> None:
    """Add the nodes that meanings are, or lead to by the scopes of functions."""
    known: set[int] = set()
    waiting = [each for file in files for each in _meanings(file, known)] + meanings
    while waiting:
        meaning = waiting.pop()
        if isinstance(meaning, str):
            found.add(NodeId(meaning))
        elif isinstance(meaning, Closure):
            waiting += _seen(meaning.scope, known)


def _seen(scope: Scope | None, known: set[int]) -> Iterator[object]:
    """Yield the meanings of all names in a scope that have one already."""
    if scope is not None and scope.file.path is not None:  # the program's are those of its units
        yield from _meanings(scope.file, known)
    while scope is not None and id(scope) not in known:
        known.add(id(scope))
        yield from (entry.meaning for entry in scope.names.values())
        scope = scope.outer


def _meanings(file: FileScope, known: set[int]) -> Iterator[object]:
    if id(file) in known:
        return
    known.add(id(file))
    yield from (declared.meaning for own in file.declared.values() for _, declared in own)
    for _, imported in file.imports:
        yield from _meanings(imported, known)
