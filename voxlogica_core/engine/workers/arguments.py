"""Arguments: which overload is meant by the values that came, and the values as it wants them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from voxlogica_core.errors import DataError, GeometryMismatch
from voxlogica_core.plan.nodes.misfit import Misfit
from voxlogica_core.plan.signature import Overload, Parameter, Primitive
from voxlogica_core.primitives.kernels import Kernel, kernel
from voxlogica_core.store.record import Value
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import (
    ANY,
    BOOL,
    IMAGE,
    LABELS,
    NUMBER,
    RECORD,
    SCALARS,
    STRING,
    Kind,
    join,
    sequence,
)

Argument = Value | Geometry
"""What a kernel may be given: a value, or the grid of one."""

_SCALAR_KINDS: Mapping[type, Kind] = {float: NUMBER, int: NUMBER, bool: BOOL, str: STRING}
_OURS = "voxlogica_core.primitives."
THREADED = ("voxlogica_core.primitives.filters", "voxlogica_core.primitives.simpleitk.")
"""Modules whose kernels are SimpleITK's: it has threads of its own."""
_LARGEST_EXACT = 2**24
"""Integers beyond are not exact in float32."""


@dataclass(frozen=True, slots=True)
class Call:
    """A kernel, and how to prepare its arguments.

    Parameters
    ----------
    one_grid
        Names of the parameters if all image arguments must share one grid, else empty.
    as_image
        Positions of labels that stand where an image is wanted.
    is_alone
        Whether the thread that calls the kernel does all of its work and waits for nothing.
    """

    kernel: Kernel
    one_grid: tuple[str, ...]
    as_image: tuple[int, ...]
    is_alone: bool

    def prepared(self, arguments: Sequence[Argument]) -> Sequence[Argument]:
        """Return the arguments as the kernel wants them.

        Raises
        ------
        GeometryMismatch
            Images that must share a grid do not.
        """
        if self.one_grid:
            _check_one_grid(self.one_grid, arguments)
        if not self.as_image:
            return arguments
        return [_as_image(a) if i in self.as_image else a for i, a in enumerate(arguments)]


class Calls:
    """Finds the call that is meant; remembers the answer by the kinds of the arguments."""

    def __init__(self, primitives: Mapping[str, Primitive]) -> None:
        self._primitives = primitives
        self._known: dict[tuple[object, ...], Call] = {}
        self._of_scalars: dict[tuple[object, ...], Call] = {}

    def find(self, qualified: str, arguments: Sequence[Argument]) -> Call:
        """Return what to call for these arguments.

        Raises
        ------
        DataError
            No overload takes values of these kinds.
        """
        types = (qualified, *map(type, arguments))
        if (call := self._of_scalars.get(types)) is not None:
            return call
        kinds = tuple([kind_of(argument) for argument in arguments])
        call = self._known.get((qualified, kinds))
        if call is None:
            call = _chosen(self._primitives[qualified], kinds)
            self._known[qualified, kinds] = call
        if all(type(argument) in _SCALAR_KINDS for argument in arguments):
            self._of_scalars[types] = call
        return call


def kind_of(value: Argument) -> Kind:
    """Return the kind of a value; a grid counts as the image it was taken from."""
    if found := _SCALAR_KINDS.get(type(value)):
        return found
    match value:
        case Image():
            return value.kind
        case Geometry():
            return IMAGE
        case tuple():
            return sequence(_kind_of_items(value))
        case Mapping():
            return RECORD
        case _:
            return ANY


def value_from(result: object) -> Value:
    """Return what a kernel gave as a value of the language: floats, tuples, plain dicts."""
    if type(result) is float:  # the usual case
        return result
    match result:
        case bool() | str() | None | Image() if type(result) in _PLAIN_TYPES:
            return result
        case np.bool_():
            return bool(result)
        case int() | float() | np.integer() | np.floating():
            return float(result)
        case str():
            return str(result)
        case Mapping():
            entries = cast("Mapping[str, object]", result)
            return cast("Value", {str(name): value_from(each) for name, each in entries.items()})
        case list() | tuple():
            return tuple(value_from(item) for item in cast("Sequence[object]", result))
        case _:
            raise TypeError(f"a kernel gave a {type(result).__name__}, which is no value")


def image_bytes(arguments: Sequence[Argument]) -> int:
    """Return how much memory the images among arguments take."""
    nbytes = 0
    for argument in arguments:
        if type(argument) is Image:
            nbytes += argument.voxels.nbytes
    return nbytes


_PLAIN_TYPES = frozenset({bool, str, type(None), Image})


def _kind_of_items(items: Sequence[Value]) -> Kind:
    types = set(map(type, items))
    if len(types) == 1 and (only := _SCALAR_KINDS.get(next(iter(types)))):
        return only
    kinds = list(dict.fromkeys(kind_of(item) for item in items))
    kind = kinds[0] if kinds else ANY
    for other in kinds[1:]:
        kind = join(kind, other)
    return kind


def _chosen(primitive: Primitive, kinds: Sequence[Kind]) -> Call:
    fitting = primitive.fitting(kinds)
    if not fitting:
        raise Misfit(primitive, kinds)
    exact = [overload for overload in fitting if _is_exact(overload, kinds)]
    overload = (exact or fitting)[0]
    parameters = [_parameter(overload, index) for index in range(len(kinds))]
    as_image = tuple(
        index
        for index, (parameter, kind) in enumerate(zip(parameters, kinds, strict=True))
        if kind == LABELS and not {LABELS, ANY} & set(parameter.kinds) and not parameter.is_grid
    )
    names = tuple(parameter.name for parameter in parameters)
    on_one_grid = overload.grid == "same" and not SCALARS.issuperset(kinds)
    names = names if on_one_grid else ()
    return Call(kernel(overload), names, as_image, _is_alone(overload.module))


def _is_alone(module: str) -> bool:
    return module.startswith(_OURS) and not module.startswith(THREADED)


def _is_exact(overload: Overload, kinds: Sequence[Kind]) -> bool:
    return all(kind in _parameter(overload, i).kinds for i, kind in enumerate(kinds))


def _parameter(overload: Overload, index: int) -> Parameter:
    return overload.parameters[min(index, len(overload.parameters) - 1)]


def _check_one_grid(names: Sequence[str], arguments: Sequence[Argument]) -> None:
    first: tuple[str, Geometry] | None = None
    for name, argument in zip(names, arguments, strict=True):
        for grid in _grids(argument):
            if first is None:
                first = (name, grid)
            elif grid is not first[1] and (difference := first[1].difference(grid)):
                raise GeometryMismatch(
                    f"`{first[0]}` and `{name}` must have the same grid, but they differ in "
                    f"{difference}; bring one to the other: resampleTo(image, reference, "
                    '"linear"), or "nearest" for masks and labels',
                    name,
                )


def _grids(argument: Argument) -> list[Geometry]:
    match argument:
        case Image():
            return [argument.geometry]
        case Geometry():
            return [argument]
        case tuple():
            return [item.geometry for item in argument if isinstance(item, Image)]
        case _:
            return []


def _as_image(argument: Argument) -> Argument:
    if not isinstance(argument, Image):
        return argument
    if argument.voxels.size and int(argument.voxels.max()) > _LARGEST_EXACT:
        raise DataError(
            "labels beyond 16777216 are not exact as an image; an operation on labels is wanted"
        )
    return argument.image(argument.voxels.astype(np.float32))
