"""How values are written for people and for JSON: one way for print, labels and hovers."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.kind import Kind


@runtime_checkable
class Pictured(Protocol):
    """An image, as far as its summary needs it; keeps numpy out of this file."""

    @property
    def kind(self) -> Kind:
        """Kind of the image."""
        ...

    @property
    def geometry(self) -> Geometry:
        """Grid of the image."""
        ...


@dataclass(frozen=True, slots=True)
class Gap:
    """Stands for an item without a value in a sequence that is printed or saved all the same."""


def written(value: object) -> str:
    """Return a value as ``print`` writes it: texts bare at the top, quoted in sequences."""
    return value if isinstance(value, str) else _inner(value)


def written_number(number: float) -> str:
    """Return a number as Python's shortest form without a trailing ``.0``; ``-0`` is 0."""
    if math.isnan(number) or math.isinf(number):
        return repr(float(number))
    if number == 0:
        return "0"
    if float(number).is_integer() and abs(number) < 1e16:
        return str(int(number))
    return repr(float(number))


def json_able(value: object) -> object:
    """Return a value as JSON can carry it.

    Images as their summary, nan and inf as texts, null where an item has no value.
    """
    match value:
        case bool() | str() | None:
            return value
        case Gap():
            return None
        case int() | float():
            return _json_number(float(value))
        case Mapping():
            return {written(key): json_able(item) for key, item in value.items()}
        case Sequence():
            return [json_able(item) for item in value]
        case _:
            return written(value)


def _json_number(number: float) -> int | float | str:
    if math.isnan(number) or math.isinf(number):
        return repr(number)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _inner(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "none"
        case Gap():
            return "failed"
        case int() | float():
            return written_number(float(value))
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            pairs = (f"{written(key)}: {_inner(item)}" for key, item in value.items())
            return "{" + ", ".join(pairs) + "}"
        case Pictured():
            return _summary(value)
        case Sequence():
            return "[" + ", ".join(_inner(item) for item in value) + "]"
        case _:
            return str(value)


def _summary(image: Pictured) -> str:
    size = "×".join(str(length) for length in image.geometry.size)
    spacing = "×".join(f"{length:g}" for length in image.geometry.spacing)
    return f"<{image.kind} {size}, {spacing} mm>"
