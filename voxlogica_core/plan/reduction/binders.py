"""Expressions that bind names: `let`, `for`, `filter`, `fold`. A loop is one node, however long."""

from voxlogica_core.errors import DataError
from voxlogica_core.plan.node import Array, LoopOperation, NodeId
from voxlogica_core.plan.nodes.substitute import close
from voxlogica_core.plan.reduction.keys import declared_key, formal_key
from voxlogica_core.plan.reduction.meaning import (
    UNKNOWN,
    Closure,
    Definition,
    Entry,
    Meaning,
    Scope,
    Unknown,
)
from voxlogica_core.plan.reduction.reducing import Reducing
from voxlogica_core.plan.reduction.trampoline import Steps
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import ANY, BOOL, sequence


def let(reducer: Reducing, expression: tree.Let, scope: Scope) -> Steps[Meaning]:
    """Reduce ``let name = value in body``; the value is reduced where it stands, once."""
    name = expression.name
    definition = Definition(name.text, "let", name.span, scope.file.path, root=scope.root)
    if expression.formals:
        value: Meaning = Closure(name.text, expression.formals, expression.value, scope, definition)
        yield check_function(reducer, value)
    else:
        value = yield reducer.meaning(expression.value, scope)
    reducer.note(name.span, value, scope)
    inner = scope.inner({declared_key(name, expression.formals): Entry(value, definition)})
    return (yield reducer.meaning(expression.body, inner))


def loop(reducer: Reducing, expression: tree.For | tree.Filter, scope: Scope) -> Steps[Meaning]:
    """Reduce ``for`` and ``filter``; the body is looked at even where the source is unknown."""
    source: NodeId | Unknown = yield reducer.node(expression.source, scope)
    checked = sequence_of(reducer, source, expression.source.span, scope)
    item = _item(reducer, checked)
    name = expression.name
    definition = Definition(name.text, "loop variable", name.span, scope.file.path, root=scope.root)
    reducer.note(name.span, item, scope)
    inner = scope.inner({name.text: Entry(item, definition)})
    body = expression.body if isinstance(expression, tree.For) else expression.predicate
    result: NodeId | Unknown = yield reducer.node(body, inner)
    if isinstance(checked, Unknown) or isinstance(result, Unknown):
        return checked if isinstance(checked, Unknown) else result
    operation = "map" if isinstance(expression, tree.For) else "filter"
    return closed_loop(reducer, operation, result, item, checked, expression.span, scope)


def fold(reducer: Reducing, expression: tree.Fold, scope: Scope) -> Steps[Meaning]:
    """Reduce ``fold function [initial] source``: left to right, what came before on the left."""
    initial: NodeId | Unknown | None = None
    if expression.initial is not None:
        initial = yield reducer.node(expression.initial, scope)
    source: NodeId | Unknown = yield reducer.node(expression.source, scope)
    function: Meaning = yield reducer.names.meaning(expression.function, 2, scope)
    checked = sequence_of(reducer, source, expression.source.span, scope)
    if isinstance(checked, Unknown) or isinstance(initial, Unknown):
        return UNKNOWN
    table = reducer.table
    item = _item(reducer, checked)
    before = table.variable(table.kind(item if initial is None else initial))
    meaning: Meaning = yield reducer.apply(function, (before, item), expression.span, scope)
    body = reducer.value_of(meaning, expression.span, scope)
    if isinstance(body, Unknown):
        return body
    closed, kind = close(table, body, (item, before)), table.kind(body)
    try:
        node = table.fold(closed, initial, checked, kind)
    except DataError as problem:  # what an item reads cannot be read
        return reducer.refused(problem, expression.span, scope)
    reducer.place(node, expression.span, scope)
    return node


def map_over(
    reducer: Reducing, function: Meaning, source: NodeId, span: Span, scope: Scope
) -> Steps[Meaning]:
    """Reduce ``map(function, source)``: the same node as ``for x in source do function(x)``."""
    item = _item(reducer, source)
    meaning: Meaning = yield reducer.apply(function, (item,), span, scope)
    body = reducer.value_of(meaning, span, scope)
    if isinstance(body, Unknown):
        return body
    return closed_loop(reducer, "map", body, item, source, span, scope)


def sequence_of(
    reducer: Reducing, node: NodeId | Unknown, span: Span, scope: Scope
) -> NodeId | Unknown:
    """Return a node that is a sequence; report one that cannot be."""
    if isinstance(node, Unknown):
        return node
    kind = reducer.table.kind(node)
    if kind == ANY or kind.item is not None:
        return node
    message = f"a sequence is wanted here, such as range(0, 10) or [a, b]; this is a {kind}"
    return reducer.failure("type-mismatch", message, span, scope)


def closed_loop(
    reducer: Reducing,
    operation: LoopOperation,
    body: NodeId,
    item: NodeId,
    source: NodeId,
    span: Span,
    scope: Scope,
) -> NodeId | Unknown:
    """Return the loop with `body` closed over `item`."""
    table = reducer.table
    if operation == "filter" and table.kind(body) not in (BOOL, ANY):
        message = f"filter keeps the items for which its body is true; this is {table.kind(body)}"
        return reducer.failure("type-mismatch", message, span, scope)
    kind = sequence(table.kind(body)) if operation == "map" else table.kind(source)
    try:
        node = table.loop(operation, close(table, body, (item,)), source, kind)
    except DataError as problem:  # what an item reads cannot be read
        return reducer.refused(problem, span, scope)
    reducer.place(node, span, scope)
    if isinstance(made := table[node], Array):  # a loop that reads is the list of its items
        for each in made.items:
            reducer.place(each, span, scope)
    return node


def check_function(reducer: Reducing, function: Closure) -> Steps[None]:
    """Reduce a body with unknown arguments: what is wrong whatever they are, is found here.

    All functions share these arguments, so that what one calls with its own is applied once: of
    functions calling functions 60 levels deep each is looked at once, not once for each above it.
    """
    scope = function.scope
    entries: dict[str, Entry] = {}
    for position, formal in enumerate(function.formals):
        variable = reducer.table.anything(position)
        definition = Definition(
            formal.text, "parameter", formal.span, scope.file.path, root=scope.root
        )
        entries[formal_key(formal)] = Entry(variable, definition)
        reducer.note(formal.span, variable, scope)
    yield reducer.meaning(function.body, scope.inner(entries))


def _item(reducer: Reducing, source: NodeId | Unknown) -> NodeId:
    kind = ANY if isinstance(source, Unknown) else reducer.table.kind(source).item or ANY
    return reducer.table.variable(kind)
