"""Application: functions to arguments, operators to operands, each piece of work once."""

from collections.abc import Sequence

from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.reduction import binders, conditionals, reading, readings
from voxlogica_core.plan.reduction.arguments import arranged, parameter
from voxlogica_core.plan.reduction.keys import formal_key, stripped
from voxlogica_core.plan.reduction.meaning import (
    UNKNOWN,
    Builtin,
    Closure,
    Entry,
    Meaning,
    Scope,
    SpecialForm,
    Unknown,
    identity,
)
from voxlogica_core.plan.reduction.reducing import Reducing
from voxlogica_core.plan.reduction.trampoline import Steps
from voxlogica_core.plan.reduction.unit import Application
from voxlogica_core.syntax import fixity, tree
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import ANY, IMAGE_LIKE

_REPEATED = 5
"""Findings that another call with the same arguments repeats."""


def infix(reducer: Reducing, expression: tree.Infix, scope: Scope) -> Steps[Meaning]:
    """Reduce a flat sequence of operands and operators, in the order precedence gives."""

    def is_prefix(name: str) -> bool:
        return reducer.names.is_unary(name, scope)

    resolution = fixity.resolve(expression, is_prefix, scope.file.reading.precedence)
    resolution = yield from readings.compared(reducer, expression, resolution, is_prefix, scope)
    for found in resolution.diagnostics:
        reducer.findings.report(
            found.code, found.message, found.span, scope, severity=found.severity, fixes=found.fixes
        )
    if any(found.severity == "error" for found in resolution.diagnostics):
        yield from _looked_at(reducer, expression, scope)
        return UNKNOWN
    stack: list[Meaning] = []
    for step in resolution.steps:
        match step:
            case fixity.Push(operand):
                stack.append((yield reducer.meaning(operand, scope)))
                continue
            case fixity.ApplyPrefix(operator, span):
                operands = [stack.pop()]
            case fixity.ApplyInfix(operator, span):
                right = stack.pop()
                operands = [stack.pop(), right]
                for extra in operator.extras:
                    operands.append((yield reducer.meaning(extra.value, scope)))
        result: Meaning = yield from _operation(reducer, operator, operands, span, scope)
        reducer.note(span, result, scope)
        stack.append(result)
    return stack[0]


def _looked_at(reducer: Reducing, expression: tree.Infix, scope: Scope) -> Steps[None]:
    """Look at the parts of a sequence that cannot be read: each of them may still be told of."""
    before: tree.Expression | None = None
    for item in expression.items:
        if isinstance(item, tree.Operator):
            is_prefix = before is None or isinstance(before, tree.Operator)
            reducer.names.mention(item, 1 if is_prefix else 2, scope)
        else:
            yield reducer.meaning(item, scope)
        before = item


def call(reducer: Reducing, expression: tree.Call, scope: Scope) -> Steps[Meaning]:
    """Reduce a call by name."""
    count = len(expression.arguments)
    function: Meaning = yield from reducer.names.meaning(expression.function, count, scope)
    meanings: list[Meaning] = []
    for argument in expression.arguments:
        if conditionals.is_spared(reducer, function, expression.arguments, meanings):
            with reducer.findings.softened():
                meanings.append((yield from _argument(reducer, function, argument, scope)))
        else:
            meanings.append((yield from _argument(reducer, function, argument, scope)))
    ordered = arranged(reducer, function, expression, meanings, scope)
    if isinstance(ordered, Unknown):
        return ordered
    if not ordered and isinstance(function, str):
        return function  # f() and f are the same for a declaration without parameters
    return (yield from reducer.apply(function, ordered, expression.span, scope))


def _argument(
    reducer: Reducing, function: Meaning, argument: tree.Argument, scope: Scope
) -> Steps[Meaning]:
    if isinstance(argument.value, tree.Operator):
        arity = 1 if function == SpecialForm("map") else 2
        return (yield from reducer.names.meaning(argument.value, arity, scope))
    return (yield reducer.meaning(argument.value, scope))


def apply_closure(
    reducer: Reducing, function: Closure, arguments: Sequence[Meaning], span: Span, scope: Scope
) -> Steps[Meaning]:
    """Apply a function of the user's, once for each list of arguments."""
    if len(arguments) != len(function.formals):
        count = len(function.formals)
        noun = "argument" if count == 1 else "arguments"
        message = f"`{function.name}` wants {count} {noun}, {len(arguments)} came"
        return reducer.failure("wrong-arity", message, span, scope)
    key = (function, *(identity(argument) for argument in arguments))
    if key in reducer.applications:
        known = reducer.applications[key]
        if known is None:
            message = f"`{function.name}` is applied again while it is being applied"
            return reducer.failure("recursive-call", message, span, scope)
        reducer.findings.repeat(known.found, span, scope)
        reducer.unit.is_volatile |= known.is_volatile
        if isinstance(known.meaning, str):
            reducer.place(known.meaning, span, scope)
        return known.meaning
    reducer.applications[key] = None
    mark = reducer.findings.mark()
    was_volatile, reducer.unit.is_volatile = reducer.unit.is_volatile, False
    entries = {
        formal_key(formal): Entry(argument, parameter(function.definition, formal))
        for formal, argument in zip(function.formals, arguments, strict=True)
    }
    inside = function.scope.applied(entries, scope.calling(function.name, span))
    result: Meaning = yield reducer.meaning(function.body, inside)
    found = reducer.findings.since(mark) if isinstance(result, Unknown) else ()
    is_volatile = reducer.unit.is_volatile
    reducer.applications[key] = Application(result, found[:_REPEATED], is_volatile)
    reducer.unit.is_volatile |= was_volatile
    return result


def apply_form(
    reducer: Reducing, form: SpecialForm, arguments: Sequence[Meaning], span: Span, scope: Scope
) -> Steps[Meaning]:
    """Apply a function that only the reducer can carry out."""
    if form.name == "map":
        if len(arguments) != 2:
            message = f"`map` wants 2 arguments, a function and a sequence; {len(arguments)} came"
            return reducer.failure("wrong-arity", message, span, scope)
        source = reducer.value_of(arguments[1], span, scope)
        checked = binders.sequence_of(reducer, source, span, scope)
        if isinstance(checked, Unknown):
            return checked
        return (yield binders.map_over(reducer, arguments[0], checked, span, scope))
    if form.name in conditionals.CONDITIONALS:
        return conditionals.conditional(reducer, form, arguments, span, scope)
    nodes: list[NodeId] = []
    for argument in arguments:
        node = reducer.value_of(argument, span, scope)
        if isinstance(node, Unknown):
            return node
        nodes.append(node)
    match form.name:
        case "load":
            return reading.load(reducer, nodes, span, scope)
        case "dir":
            return reading.listing(reducer, nodes, span, scope)
        case _:
            return reducer.table.array(nodes)


def apply_value(
    reducer: Reducing, node: NodeId, arguments: Sequence[Meaning], span: Span, scope: Scope
) -> Meaning:
    """Answer to a call of something that is no function."""
    if reducer.table.kind(node) == ANY:
        return UNKNOWN  # a parameter whose argument is unknown: settled where it is given
    message = f"only functions take arguments ({len(arguments)} here); this is a "
    return reducer.failure("type-mismatch", message + str(reducer.table.kind(node)), span, scope)


def _operation(
    reducer: Reducing,
    operator: tree.Operator,
    operands: list[Meaning],
    span: Span,
    scope: Scope,
) -> Steps[Meaning]:
    function: Meaning = yield from reducer.names.meaning(operator, len(operands), scope)
    if isinstance(function, Builtin) and stripped(operator.text) != operator.text:
        values = [reducer.value_of(operand, span, scope) for operand in operands]
        if problem := _wrong_side(reducer, operator.text, values):
            return reducer.failure("type-mismatch", problem, operator.span, scope)
        operands = list[Meaning](values)
    return (yield from reducer.apply(function, operands, span, scope))


def _wrong_side(
    reducer: Reducing, operator: str, operands: Sequence[NodeId | Unknown]
) -> str | None:
    """Say what is wrong with a dotted operator: the dot is on the side of the scalar."""
    if len(operands) != 2:
        return None
    for side, dotted, operand in (
        ("left", operator.startswith("."), operands[0]),
        ("right", operator.endswith("."), operands[1]),
    ):
        if isinstance(operand, Unknown) or reducer.table.kind(operand) == ANY:
            continue
        kind = reducer.table.kind(operand)
        if dotted and kind in IMAGE_LIKE:
            return f"the dot of `{operator}` wants a number on the {side}, this is {kind}"
        if not dotted and kind not in IMAGE_LIKE:
            return f"`{operator}` has no dot on the {side}: it wants an image there, this is {kind}"
    return None
