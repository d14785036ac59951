"""Calls SimpleITK's functions with values of the language, checked before they reach C++.

The kernels are this module's attributes, made when they are first asked for: ``Median_0`` is the
first form of ``Median`` in the table that ships.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np
import SimpleITK

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.simpleitk.described import Argument, Described, Form, shipped_table
from voxlogica_core.primitives.sitk_images import (
    geometry_of,
    one_thread,
    reason,
    to_sitk,
    voxels_of,
)
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK, Kind

_EXACT = 2**24
"""Whole numbers beyond are not all exact in float32."""
_KINDS: Mapping[str, Kind] = {str(kind): kind for kind in (IMAGE, MASK, LABELS, COLOUR)}


@cache
def __getattr__(name: str) -> Callable[..., object]:
    function, _, number = name.rpartition("_")
    described = _functions().get(function)
    if described is None or not number.isdigit() or int(number) >= len(described.forms):
        raise AttributeError(f"there is no {name} here")
    return _Call(described, described.forms[int(number)])


@cache
def _functions() -> Mapping[str, Described]:
    return {function.name: function for function in shipped_table().functions}


@dataclass(frozen=True, slots=True)
class _Call:
    """A function in one of its forms."""

    function: Described
    form: Form

    def __call__(self, *values: object) -> object:
        given = iter(values)
        images = [each for each in _flat(values) if isinstance(each, Image)]
        dimension = images[0].geometry.dimension if images else 3
        arguments = [
            self._handed(a, next(given, a.default) if a.is_shown else None, dimension)
            for a in self.form.arguments
        ]
        result = self._called(arguments)
        return self._value(result, images)

    def _handed(self, argument: Argument, value: object, dimension: int) -> object:
        try:
            return handed(argument, value, dimension)
        except _Unfit as problem:
            name, wanted = self.function.name, str(problem)
            raise DataError(f"{name} wants {wanted} as `{argument.name}`", argument.name) from None

    def _called(self, arguments: Sequence[object]) -> object:
        function = getattr(SimpleITK, self.function.name)
        try:
            with one_thread() if self.function.is_serial else nullcontext():
                return function(*arguments)
        except (RuntimeError, TypeError, ValueError, OverflowError, NotImplementedError) as error:
            why = reason(RuntimeError(str(error)))
            raise DataError(f"SimpleITK's {self.function.name} refused this: {why}") from None

    def _value(self, result: object, images: Sequence[Image]) -> object:
        match result:
            case SimpleITK.Image():
                wanted = self.form.result
                kind = images[0].kind if wanted == "first" else _KINDS[wanted]
                return self._image(result, kind, images)
            case tuple() | list():
                return tuple(float(each) for each in cast("Sequence[float]", result))
            case _:
                return result

    def _image(self, result: SimpleITK.Image, kind: Kind, images: Sequence[Image]) -> Image:
        grid, voxels = geometry_of(result), voxels_of(result)
        if kind == COLOUR and voxels.ndim == grid.dimension:
            voxels = voxels[..., np.newaxis]  # vectors of one component come without their axis
        voxels = _voxels_of_kind(self.function.name, voxels, kind)
        if self.form.is_same_grid and images:
            if images[0].geometry.difference(grid):
                raise DataError(
                    f"{self.function.name} changed the grid with these arguments, which it is not "
                    "known to do; leave them at their defaults"
                )
            grid = images[0].geometry
        return Image(kind, voxels, grid)


def handed(argument: Argument, value: object, dimension: int) -> object:
    """Return a value of the language as the C++ side wants it."""
    return _HANDED[argument.codec](argument, value, dimension)


class _Unfit(Exception):
    """A value does not fit its parameter; the message says what was wanted and what came."""


def _image(argument: Argument, value: object, dimension: int) -> object:
    del argument, dimension
    return to_sitk(cast("Image", value))


def _images(argument: Argument, value: object, dimension: int) -> object:
    del dimension
    found = cast("Sequence[Image]", value)
    if not found:
        raise _Unfit("at least one image, not an empty sequence,")
    return [_image(argument, each, 0) for each in found]


def _number(argument: Argument, value: object, dimension: int) -> object:
    del argument, dimension
    return float(cast("float", value))


def _whole(argument: Argument, value: object, dimension: int) -> object:
    del dimension
    number = float(cast("float", value))
    if number != number or number % 1 or not argument.low <= number <= argument.high:
        bounds = f"a whole number from {argument.low} to {argument.high}"
        raise _Unfit(f"{bounds}, not {number:g},")
    return int(number)


def _plain(argument: Argument, value: object, dimension: int) -> object:
    del argument, dimension
    return value


def _choice(argument: Argument, value: object, dimension: int) -> object:
    del dimension
    if value not in argument.choices:
        known = ", ".join(f'"{each}"' for each in argument.choices)
        raise _Unfit(f'one of {known}, not "{value}",')
    owner = getattr(SimpleITK, argument.owner) if argument.owner else SimpleITK
    return getattr(owner, str(value))


def _numbers(argument: Argument, value: object, dimension: int) -> list[float]:
    """Return a vector: as many numbers as axes, in the order x, y, z; one number stands for all."""
    items = value if isinstance(value, tuple) else (value,) * max(dimension, 3)
    numbers = [float(each) for each in cast("Sequence[float]", items)]
    if argument.default and len(numbers) < dimension:
        raise _Unfit(f"{dimension} numbers, one an axis, or one for all, not {len(numbers)},")
    return numbers


def _wholes(argument: Argument, value: object, dimension: int) -> object:
    return [_whole(argument, each, 0) for each in _numbers(argument, value, dimension)]


def _truths(argument: Argument, value: object, dimension: int) -> object:
    return [bool(each) for each in _numbers(argument, value, dimension)]


def _points(argument: Argument, value: object, dimension: int) -> object:
    within = Argument(argument.name, "whole", low=0, high=2**32 - 1)
    points = [
        [_whole(within, each, 0) for each in point]
        for point in cast("Sequence[Sequence[float]]", value)
    ]
    if any(len(point) != dimension for point in points):
        raise _Unfit(f"voxels of {dimension} whole numbers each, like [[10, 20, 30]],")
    return points


def _pairs(argument: Argument, value: object, dimension: int) -> object:
    del argument, dimension
    pairs = cast("Sequence[Sequence[float]]", value)
    if any(len(pair) != 2 for pair in pairs):
        raise _Unfit("pairs of numbers, like [[1, 2], [3, 0]],")
    return {float(old): float(new) for old, new in pairs}


def _fixed(argument: Argument, value: object, dimension: int) -> object:
    del value
    if argument.default == "Transform":
        return SimpleITK.Transform(dimension, SimpleITK.sitkIdentity)
    name = str(argument.default)
    return int(name) if name.isdigit() else getattr(SimpleITK, name)


_HANDED: Mapping[str, Callable[[Argument, object, int], object]] = {
    "image": _image,
    "images": _images,
    "number": _number,
    "whole": _whole,
    "truth": _plain,
    "text": _plain,
    "choice": _choice,
    "numbers": _numbers,
    "wholes": _wholes,
    "truths": _truths,
    "points": _points,
    "pairs": _pairs,
    "fixed": _fixed,
}


def _flat(values: Sequence[object]) -> Sequence[object]:
    """Return the values, and the items of those that are sequences."""
    items = [value if isinstance(value, tuple) else (value,) for value in values]
    return [each for some in items for each in cast("tuple[object, ...]", some)]


def _voxels_of_kind(name: str, voxels: Voxels, kind: Kind) -> Voxels:
    """Return what SimpleITK gave as voxels of a kind of the language; never by rounding twice."""
    if kind == MASK:
        if voxels.size and (voxels.max() > 1 or voxels.min() < 0):
            raise DataError(
                f"{name} of masks gave other values than 0 and 1, so this is no mask; give it "
                "images: booleanToNumber(1, mask)"
            )
        return voxels.astype(bool)
    if kind == LABELS:
        return _as_labels(name, voxels)
    if kind == IMAGE and voxels.dtype.kind in "iu" and _beyond(voxels):
        raise DataError(f"{name} gave whole numbers beyond {_EXACT}, not exact in an image")
    if kind == IMAGE or voxels.dtype.name not in ("uint8", "uint16"):
        return voxels.astype(np.float32)
    return voxels


def _as_labels(name: str, voxels: Voxels) -> Voxels:
    if voxels.dtype.name in ("uint8", "uint16", "uint32"):
        return voxels
    low, high = (int(voxels.min()), int(voxels.max())) if voxels.size else (0, 0)
    if low < 0 or high >= 2**32:
        raise DataError(f"{name} gave {low if low < 0 else high}, which is no label")
    return voxels.astype(np.uint32)


def _beyond(voxels: Voxels) -> bool:
    extremes: tuple[Any, ...] = (voxels.min(), voxels.max()) if voxels.size else ()
    return any(abs(int(each)) > _EXACT for each in extremes)
