"""Operator sequences that earlier versions read differently: which operators may be regrouped.

An operator is associative if it is one of a few primitives, or a function of the user's that does
nothing but call one (``let &(a, b) = and(a, b)``, as old programs have it).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from voxlogica_core.plan.reduction.meaning import Builtin, Closure, Scope
from voxlogica_core.plan.reduction.reducing import Reducing
from voxlogica_core.plan.reduction.trampoline import Steps
from voxlogica_core.syntax import readings, tree
from voxlogica_core.syntax.fixity import ApplyInfix, Resolution

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.meaning import Meaning

_ASSOCIATIVE = frozenset({"and", "or", "add", "multiply"})
_LONGEST_CHAIN_OF_NAMES = 10


def compared(
    reducer: Reducing,
    expression: tree.Infix,
    resolution: Resolution,
    is_prefix: Callable[[str], bool],
    scope: Scope,
) -> Steps[Resolution]:
    """Return `resolution`, with a diagnostic if the reading its file is suspected of differs."""
    suspected = scope.file.reading.suspected
    if suspected is None:
        return resolution
    associative: dict[str, str] = {}
    infix = [step.operator for step in resolution.steps if type(step) is ApplyInfix]
    for operator in {o.text: o for o in infix if not o.extras}.values():
        kind: str | None = yield from _associative(reducer, operator, scope)
        if kind is not None:
            associative[operator.text] = kind
    found = readings.difference(expression, is_prefix, resolution, suspected, associative)
    if found is None:
        return resolution
    return replace(resolution, diagnostics=(*resolution.diagnostics, found))


def _associative(
    reducer: Reducing, name: tree.Name | tree.Operator, scope: Scope
) -> Steps[str | None]:
    """Return the associative primitive that an operator comes down to, None if to none."""
    for _ in range(_LONGEST_CHAIN_OF_NAMES):
        meaning: Meaning = yield from reducer.names.meaning(name, 2, scope)
        match meaning:
            case Builtin(primitive):
                return primitive.name if primitive.name in _ASSOCIATIVE else None
            case Closure(formals=(first, second), body=body):
                called = _called(body, first.text, second.text)
                if called is None:
                    return None
                name, scope = called, meaning.scope
            case _:
                return None
    return None


def _called(body: tree.Expression, first: str, second: str) -> tree.Name | tree.Operator | None:
    """Return what a body applies to the two parameters in order, if it does nothing else."""
    match body:
        case tree.Call(
            function,
            (
                tree.Argument(None, tree.Name(text=one)),
                tree.Argument(None, tree.Name(text=other)),
            ),
        ) if (one, other) == (first, second):
            return function
        case tree.Infix(
            (tree.Name(text=one), tree.Operator(extras=()) as operator, tree.Name(text=other))
        ) if (one, other) == (first, second):
            return operator
        case _:
            return None
