"""Calls primitives at their edges: wrong sizes, extreme numbers, empty images; says how each ended.

``python -m tests.support.edges vox1.near simpleitk.Median`` writes, before each call, what it is
about to do, and afterwards how it ended: a parent that reads this knows which call killed it.
"""

import itertools
import resource
import signal
import sys
from collections.abc import Iterator, Sequence

import numpy as np

from voxlogica_core.engine.workers.arguments import Calls
from voxlogica_core.errors import DataError
from voxlogica_core.plan.signature import Overload, Parameter, Primitive
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import COLOUR, IMAGE, IMAGE_LIKE, LABELS, MASK, Kind

_SIZES = [(6, 5, 4), (1, 1, 1), (7, 6), (1, 4, 1)]
_NUMBERS = [1.0, 0.0, -1.0, 2.5, 1e300, float("nan"), float("inf"), 4294967296.0]
_MEMORY = 4 * 2**30
_SECONDS = 120  # kernels that are compiled for the first time take some of it


def main() -> None:
    """Call every primitive that is named."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    catalogue = read_catalogue()
    calls = Calls(catalogue.primitives)
    for name in sys.argv[1:]:
        for text, given in cases(catalogue.primitives[name]):
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
            signal.alarm(_SECONDS)  # ends the process: the call takes for ever
            sys.stdout.write(f"  {_ending(calls, name, given)}\n")


def cases(primitive: Primitive) -> Iterator[tuple[str, list[object]]]:
    """Yield calls of a primitive, and what they are in words."""
    for overload in primitive.overloads:
        for size, other in ((0, 0), (1, 1), (2, 2), (0, 3), (0, 2)):
            given = _given(overload, _SIZES[size], _SIZES[other], 1.0, odd=size == 1)
            yield f"{primitive.qualified} {_SIZES[size]} {_SIZES[other]}", given
        for place, number in itertools.product(_numeric(overload), _NUMBERS):
            given = _given(overload, _SIZES[0], _SIZES[0], 1.0, odd=False)
            given[place] = number
            yield f"{primitive.qualified} argument {place} {number}", given
        yield f"{primitive.qualified} texts", ["text" for _ in overload.parameters]


def _numeric(overload: Overload) -> list[int]:
    return [i for i, p in enumerate(overload.parameters) if Kind("number") in p.kinds]


def _given(
    overload: Overload,
    size: Sequence[int],
    other: Sequence[int],
    number: float,
    *,
    odd: bool,
) -> list[object]:
    """Return arguments; the first image has one size, the others another one."""
    given: list[object] = []
    for parameter in overload.parameters:
        is_first = not any(isinstance(each, Image) for each in given)
        given.append(_argument(parameter, size if is_first else other, number, odd=odd))
    return given


def _argument(parameter: Parameter, size: Sequence[int], number: float, *, odd: bool) -> object:
    if parameter.default is not None:
        return parameter.default
    kind = parameter.kinds[0]
    if parameter.is_grid:
        return plain_geometry(size)
    return _value(kind, size, number, odd=odd)


def _value(kind: Kind, size: Sequence[int], number: float, *, odd: bool) -> object:
    if kind.item:
        return (_value(kind.item, size, number, odd=odd),)
    if kind in IMAGE_LIKE:
        return _image(kind, size, odd=odd)
    match kind.name:
        case "number":
            return number
        case "bool":
            return True
        case "string":
            return "nearest"
        case "record":
            return {"a": 1.0}
        case _:
            return number


def _image(kind: Kind, size: Sequence[int], *, odd: bool) -> Image:
    grid = plain_geometry(size)
    ramp = np.arange(np.prod(size), dtype=np.float32).reshape(grid.shape)
    match kind:
        case _ if kind == MASK:
            return Image(MASK, np.zeros(grid.shape, bool) if odd else ramp % 3 == 0, grid)
        case _ if kind == LABELS:
            return Image(LABELS, (ramp % 4).astype(np.uint16), grid)
        case _ if kind == COLOUR:
            return Image(COLOUR, np.stack([ramp, ramp, ramp], axis=-1), grid)
        case _:
            values = np.full(grid.shape, np.nan, np.float32) if odd else ramp
            return Image(IMAGE, values, grid)


def _ending(calls: Calls, name: str, given: list[object]) -> str:
    try:
        call = calls.find(name, given)  # pyright: ignore[reportArgumentType]
        call.kernel(*call.prepared(given))  # pyright: ignore[reportArgumentType]
    except DataError:
        return "refused"
    except Exception as error:  # noqa: BLE001  (whatever it is, the parent is told its name)
        return f"fault {type(error).__name__}: {error}"
    return "value"


if __name__ == "__main__":
    main()
