"""Arguments: named ones are put at their places before a function sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxlogica_core.plan.reduction.meaning import (
    Builtin,
    Closure,
    Definition,
    Form,
    Meaning,
    Scope,
    SpecialForm,
    Unknown,
    function_name,
)
from voxlogica_core.plan.reduction.reducing import Reducing
from voxlogica_core.plan.signature import Overload, Parameter
from voxlogica_core.syntax import tree
from voxlogica_core.values.kind import ANY

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxlogica_core.plan.node import NodeId


@dataclass(frozen=True, slots=True)
class _Formal:
    """A place for an argument; `standing_in` makes what stands there when it is left out."""

    name: str
    standing_in: "Callable[[], NodeId] | None" = None


def arranged(
    reducer: Reducing,
    function: Meaning,
    call: tree.Call,
    meanings: Sequence[Meaning],
    scope: Scope,
) -> Sequence[Meaning] | Unknown:
    """Return the arguments of a call in the order of the parameters."""
    if all(argument.name is None for argument in call.arguments):
        return meanings
    ways = _ways(reducer, function)
    if not ways:
        return meanings  # of no function: what applies it will say so
    found = [_filled(formals, call, meanings) for formals, _ in ways]
    fitting = [
        given
        for given, (_, overload) in zip(found, ways, strict=True)
        if not isinstance(given, _Misplaced) and _takes(reducer, overload, given)
    ]
    if isinstance(function, Closure):
        _refer(reducer, function, call, scope)
    good = fitting or [given for given in found if not isinstance(given, _Misplaced)]
    if good:
        return good[0]
    worst = max((g for g in found if isinstance(g, _Misplaced)), key=lambda g: g.place)
    span = call.span if worst.place == len(meanings) else call.arguments[worst.place].span
    message = worst.message.replace("this function", f"`{function_name(function)}`")
    return reducer.failure("wrong-arity", message, span, scope)


@dataclass(frozen=True, slots=True)
class _Misplaced:
    """Why arguments do not fit into their places, and how many did."""

    place: int
    message: str


def _ways(reducer: Reducing, function: Meaning) -> list[tuple[list[_Formal], Overload | None]]:
    """Return the lists of places that a call may fill: one, or one for each overload."""
    match function:
        case Closure(formals=formals):
            return [([_Formal(formal.text) for formal in formals], None)]
        case Builtin(primitive):
            return [
                ([_formal(reducer, each) for each in overload.parameters], overload)
                for overload in primitive.overloads
            ]
        case SpecialForm(name):
            return [([_standing(reducer, *formal) for formal in _FORMALS[name]], None)]
        case _:
            return []


_FORMALS: Mapping[Form, Sequence[tuple[str, str | bool | None]]] = {
    "map": [("f", None), ("xs", None)],
    "load": [("path", None)],
    "dir": [("root", None), ("glob", "*"), ("recursive", False), ("full", False)],
    "sequence": [],
    "ifB": [("c", None), ("t", None), ("e", None)],
    "ifN": [("c", None), ("t", None), ("e", None)],
}
"""Names and defaults of the parameters of what the reducer itself carries out."""


def _standing(reducer: Reducing, name: str, default: str | bool | None) -> _Formal:
    return _Formal(name, None if default is None else lambda: reducer.literal(default))


def _formal(reducer: Reducing, parameter: Parameter) -> _Formal:
    if parameter.default is None:
        return _Formal(parameter.name)
    return _Formal(parameter.name, lambda: reducer.table.default(parameter))


def _filled(
    formals: Sequence[_Formal], call: tree.Call, meanings: Sequence[Meaning]
) -> list[Meaning] | _Misplaced:
    """Return the arguments in order, those left out between them at their defaults."""
    names = [formal.name for formal in formals]
    slots: dict[str, Meaning] = {}
    for position, (argument, meaning) in enumerate(zip(call.arguments, meanings, strict=True)):
        name = argument.name.text if argument.name else _positional(names, position)
        if problem := _misplaced(name, names, slots):
            return _Misplaced(position, problem)
        slots[name] = meaning
    ordered: list[Meaning] = []
    for formal in formals[: 1 + max(names.index(name) for name in slots)]:
        if formal.name in slots:
            ordered.append(slots[formal.name])
        elif formal.standing_in:
            ordered.append(formal.standing_in())
        else:
            message = f"this function wants an argument for `{formal.name}` too"
            return _Misplaced(len(meanings), message)
    return ordered


def _takes(reducer: Reducing, overload: Overload | None, given: Sequence[Meaning]) -> bool:
    kinds = [reducer.table.kind(each) if isinstance(each, str) else ANY for each in given]
    return overload is None or overload.takes(kinds)


def _refer(reducer: Reducing, function: Closure, call: tree.Call, scope: Scope) -> None:
    """Note what the names of arguments refer to."""
    formals = {formal.text: formal for formal in function.formals}
    for argument in call.arguments:
        if argument.name and argument.name.text in formals:
            meant = parameter(function.definition, formals[argument.name.text])
            reducer.names.refer(argument.name.span, meant, scope)


def parameter(function: Definition, formal: tree.Identifier) -> Definition:
    """Return where a parameter of a function is named."""
    return Definition(formal.text, "parameter", formal.span, function.path, root=function.root)


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
