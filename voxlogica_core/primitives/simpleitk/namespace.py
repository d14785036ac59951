"""The primitives of the `simpleitk` namespace, made from the table that ships."""

from collections.abc import Iterator, Mapping

from voxlogica_core.plan.signature import Overload, Parameter, Primitive, Result
from voxlogica_core.primitives.simpleitk.described import (
    Argument,
    Codec,
    Described,
    Form,
    shipped_table,
)
from voxlogica_core.values.kind import (
    BOOL,
    COLOUR,
    IMAGE,
    LABELS,
    MASK,
    NUMBER,
    STRING,
    Kind,
    sequence,
)
from voxlogica_core.values.versions import installed_version

NAMESPACE = "simpleitk"
_MODULE = "voxlogica_core.primitives.simpleitk.calls"
_KINDS: Mapping[str, Kind] = {str(kind): kind for kind in (IMAGE, MASK, LABELS, COLOUR, STRING)}
_KINDS_OF: Mapping[Codec, tuple[Kind, ...]] = {
    "number": (NUMBER,),
    "whole": (NUMBER,),
    "truth": (BOOL,),
    "text": (STRING,),
    "choice": (STRING,),
    "numbers": (sequence(NUMBER), NUMBER),
    "wholes": (sequence(NUMBER), NUMBER),
    "truths": (sequence(BOOL), BOOL),
    "points": (sequence(sequence(NUMBER)),),
    "pairs": (sequence(sequence(NUMBER)),),
}
_SAID: Mapping[Codec, str] = {
    "whole": "a whole number from {0.low} to {0.high}",
    "choice": "one of {1}",
    "numbers": "a number for each axis, x first, or one for all",
    "wholes": "a whole number from {0.low} to {0.high} for each axis, x first, or one for all",
    "truths": "true or false for each axis, x first, or one for all",
    "points": "voxels by their indices from 0, x first: [[10, 20, 30]]",
    "pairs": "pairs of an old and a new value: [[1, 2], [3, 0]]",
}


def simpleitk_primitives() -> Iterator[Primitive]:
    """Yield every function of SimpleITK that is offered, as a primitive."""
    table = shipped_table()
    version = installed_version("SimpleITK") or table.version  # whose numbers they will be
    for function in table.functions:
        overloads = tuple(
            _overload(function, form, number) for number, form in enumerate(function.forms)
        )
        yield Primitive(function.name, NAMESPACE, version, overloads)


def left_out() -> Mapping[str, str]:
    """Return why other functions of SimpleITK are not offered, by name."""
    return shipped_table().left_out


def _overload(function: Described, form: Form, number: int) -> Overload:
    shown = [argument for argument in form.arguments if argument.is_shown]
    return Overload(
        parameters=tuple(_parameter(argument) for argument in shown),
        result=_result(form),
        module=_MODULE,
        function=f"{function.name}_{number}",
        grid="same" if form.is_same_grid else "new",
        cost=function.cost,
        documentation=_documentation(function),
        least=form.least,
    )


def _parameter(argument: Argument) -> Parameter:
    return Parameter(
        argument.name, _kinds(argument), argument.default, documentation=_said(argument)
    )


def _kinds(argument: Argument) -> tuple[Kind, ...]:
    kinds = tuple(_KINDS[name] for name in argument.kinds)
    match argument.codec:
        case "image":
            return kinds
        case "images":
            return tuple(sequence(kind) for kind in kinds)
        case codec:
            return _KINDS_OF[codec]


def _result(form: Form) -> Result:
    match form.result:
        case "first":
            first = next(argument for argument in form.arguments if argument.is_shown)
            return "item" if first.codec == "images" else "first"
        case "numbers":
            return sequence(NUMBER)
        case name:
            return _KINDS[name]


def _documentation(function: Described) -> str:
    return (
        f"{function.documentation}\n\nSimpleITK's {function.name}, {shipped_table().version}; "
        "its parameters, their order and their defaults are SimpleITK's."
    )


def _said(argument: Argument) -> str:
    names = ", ".join(f'"{name}"' for name in argument.choices)
    return _SAID.get(argument.codec, "").format(argument, names)
