"""Arguments: named ones are put at their places before a function sees them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from voxlogica_core.plan.meaning import (
    UNKNOWN,
    Builtin,
    Closure,
    Definition,
    Meaning,
    Unknown,
    function_name,
)
from voxlogica_core.plan.scope import Scope
from voxlogica_core.syntax import tree

if TYPE_CHECKING:
    from voxlogica_core.plan.reducer import Reducer


def arranged(
    reducer: "Reducer",
    function: Meaning,
    call: tree.Call,
    meanings: Sequence[Meaning],
    scope: Scope,
) -> Sequence[Meaning] | Unknown:
    """Return the arguments of a call in the order of the parameters."""
    if all(argument.name is None for argument in call.arguments):
        return meanings
    formals = parameter_names(function, len(meanings))
    if formals is None:
        return UNKNOWN
    slots: dict[str, Meaning] = {}
    for position, (argument, meaning) in enumerate(zip(call.arguments, meanings, strict=True)):
        name = argument.name.text if argument.name else _positional(formals, position)
        if problem := _misplaced(name, formals, slots):
            return reducer.failure("wrong-arity", problem, argument.span, scope)
        if argument.name and isinstance(function, Closure):
            formal = function.formals[formals.index(name)]
            reducer.names.refer(argument.name.span, parameter(function.definition, formal), scope)
        slots[name] = meaning
    given = [name for name in formals if name in slots]
    if given != formals[: len(given)]:
        missing = next(name for name in formals if name not in slots)
        message = f"`{function_name(function)}` wants an argument for `{missing}` too"
        return reducer.failure("wrong-arity", message, call.span, scope)
    return [slots[name] for name in given]


def parameter(function: Definition, formal: tree.Identifier) -> Definition:
    """Return where a parameter of a function is named."""
    return Definition(formal.text, "parameter", formal.span, function.path, root=function.root)


def parameter_names(function: Meaning, count: int) -> list[str] | None:
    """Return the names of the parameters that a call with `count` arguments may fill."""
    match function:
        case Closure(formals=formals):
            return [formal.text for formal in formals]
        case Builtin(primitive):
            fitting = [o for o in primitive.overloads if o.required <= count <= len(o.parameters)]
            best = fitting[0] if fitting else primitive.overloads[0]
            return [parameter.name for parameter in best.parameters]
        case _:
            return None


def _positional(formals: Sequence[str], position: int) -> str:
    return formals[position] if position < len(formals) else ""


def _misplaced(name: str, formals: Sequence[str], slots: dict[str, Meaning]) -> str | None:
    if not name:
        return f"{len(formals)} arguments are wanted, more came"
    if name not in formals:
        return f"there is no parameter `{name}`; there are {', '.join(formals)}"
    if name in slots:
        return f"`{name}` is given twice"
    return None
