"""Trees and diagnostics of text that an edit further up has moved: the same, elsewhere."""

from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, cast, get_args

from voxlogica_core.syntax import tree
from voxlogica_core.syntax.tree import Statement
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.span import Span

_NODES = (
    *get_args(tree.Statement),
    *get_args(tree.Expression),
    tree.Identifier,
    tree.Argument,
    tree.Mention,
)
_VALUES = {node: attrgetter(*(field.name for field in fields(node))) for node in _NODES}
"""The values of all fields of a node, in order; every class has more than one."""

_ROOM = 100
"""Levels of a tree that are moved by recursion; nobody but machines nests deeper."""


def moved_statement(statement: Statement, by: int) -> Statement:
    """Return `statement` with every span moved; without recursion, however deep it is."""
    return statement if by == 0 else _moved(statement, by, _ROOM)


def moved_diagnostic(found: Diagnostic, by: int) -> Diagnostic:
    """Return `found` with every span moved."""
    if by == 0:
        return found
    related = tuple(replace(each, span=each.span.shifted(by)) for each in found.related)
    fixes = tuple(
        replace(fix, edits=tuple(replace(e, span=e.span.shifted(by)) for e in fix.edits))
        for fix in found.fixes
    )
    return replace(found, span=found.span.shifted(by), related=related, fixes=fixes)


def _moved(node: Any, by: int, room: int) -> Any:
    """Return a node moved; calls itself only as deep as there is `room`."""
    if room == 0:
        return _moved_deep(node, by)
    values: list[Any] = []
    for value in _VALUES[type(node)](node):
        kind: type[Any] = type(value)
        if kind is Span:
            values.append(Span(value.start + by, value.end + by))
        elif kind is tuple:
            values.append(tuple([_moved(each, by, room - 1) for each in value]))
        elif kind in _VALUES:
            values.append(_moved(value, by, room - 1))
        else:
            values.append(value)
    return type(node)(*values)


def _moved_deep(root: Any, by: int) -> Any:
    """Return a node moved, without recursion; takes three times as long as `_moved`."""
    order: list[Any] = [root]
    for node in order:  # it grows on the way: parents before their parts
        for value in _VALUES[type(node)](node):
            if type(value) in _VALUES:
                order.append(value)
            elif type(value) is tuple:
                order.extend(cast("tuple[Any, ...]", value))
    done: dict[int, Any] = {}
    for node in reversed(order):
        values = [_moved_value(value, done, by) for value in _VALUES[type(node)](node)]
        done[id(node)] = type(node)(*values)
    return done[id(root)]


def _moved_value(value: Any, done: dict[int, Any], by: int) -> Any:
    if type(value) is Span:
        return value.shifted(by)
    if type(value) is tuple:
        return tuple(done[id(each)] for each in cast("tuple[object, ...]", value))
    return done[id(value)] if type(value) in _VALUES else value
