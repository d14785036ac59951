"""Retracing: a statement whose names have other values, of the same kinds, made without reading it.

What reducing a plain statement comes to is a trace: primitives applied to what its names mean, to
its constants and to one another. An edit far up gives many statements other inputs and the same
trace. Whatever cannot be told to come out as in a reduction is left to one.
"""

from collections.abc import Hashable
from typing import TYPE_CHECKING

from voxlogica_core.errors import DataError
from voxlogica_core.plan.node import Apply, Literal, NodeId, Read, free_of, loose_of
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.reduction.meaning import Builtin, Declared, Meaning
from voxlogica_core.plan.reduction.unit import Lookup, Step, Unit
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.walk import nodes

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.unit import Origin

_PLAIN = (
    tree.Print,
    tree.Save,
    tree.Name,
    tree.Operator,
    tree.Group,
    tree.Infix,
    tree.Call,
    tree.Identifier,
    tree.NumberLiteral,
    tree.StringLiteral,
    tree.BoolLiteral,
)
"""Forms that come to nothing but applications, whatever the values are."""

_Moved = dict[NodeId, NodeId]
"""What each node of a statement is now. Where one node would become two, there is no answer."""


def retraced(table: NodeTable, old: Unit, lookups: dict[Lookup, Hashable]) -> Unit | None:
    """Return a statement as reducing it would find it now; None where only that can tell.

    Parameters
    ----------
    table
        Holds the nodes, the old ones too.
    lookups
        What its names mean now.
    """
    if old.is_volatile or old.findings or old.loads:
        return None
    if old.is_plain is None:
        old.is_plain = _is_plain(old.statement)
    if not old.is_plain:
        return None
    moved: _Moved = {}
    if not _look_up(table, old, lookups, moved):
        return None
    steps = _followed(table, old, moved)
    return None if steps is None else _moved_unit(old, lookups, steps, moved)


def _is_plain(statement: tree.Statement) -> bool:
    return all(_is_plain_node(node) for node in nodes(statement))


def _is_plain_node(node: object) -> bool:
    match node:
        case tree.Declaration(formals=formals):
            return formals is None
        case tree.Argument(name=name):
            return name is None
        case _:
            return isinstance(node, _PLAIN)


def _look_up(table: NodeTable, old: Unit, lookups: dict[Lookup, Hashable], moved: _Moved) -> bool:
    """Take over what names mean now; return whether all are values or primitives."""
    for lookup, before in old.lookups.items():
        now = lookups[lookup]
        if before is None and now is None:
            continue  # a dotted operator, of which only the one without dots is known
        if not isinstance(before, str) or not isinstance(now, str):
            return False
        if before not in table:  # a primitive, by its qualified name
            if now != before:
                return False
        elif now not in table or not _move(table, moved, NodeId(before), NodeId(now)):
            return False
    return True


def _followed(table: NodeTable, old: Unit, moved: _Moved) -> list[Step] | None:
    """Apply what was applied, to what the inputs are now; None where that has no answer."""
    found: list[Step] = []
    for primitive, inputs, node in old.steps:
        fresh, given = node, [moved.get(name) for name in inputs]
        known = [name for name in given if name is not None]
        if len(known) < len(given):
            return None
        if primitive is not None and known != inputs:
            try:
                fresh = table.apply(primitive, known)
            except DataError:
                return None
        if not _move(table, moved, node, fresh):
            return None
        found.append((primitive, known, fresh))
    return found


def _move(table: NodeTable, moved: _Moved, before: NodeId, now: NodeId) -> bool:
    known = moved.get(before)
    if known is not None:
        return known == now
    moved[before] = now
    return before == now or _are_alike(table, before, now)


def _are_alike(table: NodeTable, one: NodeId, other: NodeId) -> bool:
    """Return whether reducing does the same with two nodes: it cannot tell them apart."""
    first, second = table[one], table[other]
    if type(first) is not type(second) or not isinstance(first, Apply | Literal | Read):
        return False
    kind = first.kind
    if kind != second.kind or kind.item or kind.name in ("any", "record"):
        return False
    if table.deferred and (one in table.deferred or other in table.deferred):
        return False
    return free_of(first) == free_of(second) and loose_of(first) == loose_of(second)


def _moved_unit(
    old: Unit, lookups: dict[Lookup, Hashable], steps: list[Step], moved: _Moved
) -> Unit | None:
    """Return the statement with all its nodes moved; None where one came from elsewhere."""
    expressions = old.expressions.copy()  # most are the same: no span of these is hashed
    for span, meaning in old.expressions.items():
        now = moved.get(meaning) if type(meaning) is str else _now(meaning, moved)
        if now is None:
            return None
        if now is not meaning:
            expressions[span] = now
    places: dict[NodeId, Origin] = {}
    for node, origin in old.places.items():
        if node not in moved:
            return None
        places.setdefault(moved[node], origin)
    unit = Unit(
        old.statement,
        old.root,
        lookups=lookups,
        keys=old.keys,
        expressions=expressions,
        references=old.references,
        places=places,
        is_gridless=old.is_gridless,
        steps=steps,
        is_plain=True,
    )
    if old.applied is not None:
        label, value = (_now(meaning, moved) for meaning in old.applied)
        if label is None or value is None:
            return None
        unit.applied = label, value
    if (declared := old.declared) is not None:
        meaning = None if declared.meaning is None else _now(declared.meaning, moved)
        if meaning is None:
            return None
        unit.declared = Declared(
            declared.statement, old.root, declared.definition, declared.key, meaning, is_active=True
        )
    return unit


def _now(meaning: Meaning, moved: _Moved) -> Meaning | None:
    if isinstance(meaning, str):
        return moved.get(meaning)
    return meaning if isinstance(meaning, Builtin) else None
