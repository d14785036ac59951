"""What operations mean, by plain Python and numpy: for programs that are made up."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.support.oracles import components, near

_COMBINED = {"+": np.add, "-": np.subtract, "*": np.multiply}


def as_float32(value: Any) -> Any:
    """Return a number as it meets an image."""
    return np.float32(value) if isinstance(value, float) else value


def combined(operator: str, left: Any, right: Any) -> Any:
    """Return two images, or an image and a number, added, subtracted or multiplied."""
    with np.errstate(all="ignore"):
        return _COMBINED[operator](left, right)


def total(values: Sequence[float]) -> float:
    """Return the sum of a sequence."""
    return summed(0.0, values)


def count(values: Sequence[float]) -> float:
    """Return the length of a sequence."""
    return float(len(values))


def volume(voxels: Any) -> float:
    """Return how many voxels a mask has."""
    return float(voxels.sum())


def is_more(left: float, right: float) -> bool:
    """Compare two numbers."""
    return left > right


def chosen(is_so: Any, first: Any, second: Any) -> Any:
    """Return one of two values."""
    return first if is_so else second


def ratio(left: float, right: float) -> float:
    """Divide."""
    return left / right


def opposite(mask: Any) -> Any:
    """Return the voxels outside."""
    return ~mask


def plus(left: float, right: float) -> float:
    """Add."""
    return left + right


def minus(left: float, right: float) -> float:
    """Subtract."""
    return left - right


def times(left: float, right: float) -> float:
    """Multiply."""
    return left * right


def both(left: Any, right: Any) -> Any:
    """Return the voxels of both masks."""
    return left & right


def either(left: Any, right: Any) -> Any:
    """Return the voxels of any of two masks."""
    return left | right


def without(left: Any, right: Any) -> Any:
    """Return the voxels of the first mask that the second has not."""
    return left & ~right


def reached(region: Any, target: Any) -> Any:
    """Return the components of a region that hold a target."""
    return through(target, region)


def inside(mask: Any) -> Any:
    """Return the voxels whose neighbours are all in the mask."""
    return ~near(~mask)


def summed(start: float, items: Sequence[float]) -> float:
    """Add items to a number from first to last."""
    for item in items:
        start = start + item
    return start


def through(target: Any, region: Any) -> Any:
    """Return the components of a region that hold a target."""
    numbers = components(region)
    return np.isin(numbers, np.unique(numbers[target & region])) & region
