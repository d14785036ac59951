"""Primitives that pass a gate of `gates.py`, so that a test says when each goes on."""

from time import sleep

import numpy as np

from tests.support.gates import GATES
from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Items, Number, ScalarImage, primitive
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

NAMESPACE = "gated"

_LONG_ENOUGH = 0.0005
"""Seconds, so that a number is recorded."""


def _pass(key: float) -> None:
    GATES.go_through(key)
    sleep(_LONG_ENOUGH)


@primitive("gate", version=1, cost=30_000)
def gate_numbers(key: Number, a: Items[Number]) -> Number:
    """Pass a gate; add the key to the sum of numbers."""
    _pass(key)
    return key + sum(a)


@primitive("quick", version=1, cost=1)
def quick_numbers(key: Number, a: Items[Number]) -> Number:
    """Pass a gate, though nobody expects it to take long."""
    _pass(key)
    return key + sum(a)


@primitive("refuse", version=1, cost=30_000)
def refuse_numbers(key: Number, a: Items[Number]) -> Number:
    """Pass a gate, then fail."""
    _pass(key)
    raise DataError(f"other numbers than {a} are wanted", "a")


@primitive("paint", version=1, grid="new", cost=30)
def paint_image(key: Number, a: Items[Number]) -> ScalarImage:
    """Pass a gate; make an image of the key and the sum of numbers."""
    _pass(key)
    voxels = np.full((8, 8, 8), key + sum(a), np.float32)
    return Image(IMAGE, voxels, plain_geometry((8, 8, 8)))


@primitive("tint", version=1, cost=30)
def tint_image(key: Number, a: ScalarImage) -> ScalarImage:
    """Pass a gate; add the key to each voxel."""
    _pass(key)
    return a.image(a.voxels + np.float32(key))


@primitive("look", version=1, cost=30)
def look_image(key: Number, a: ScalarImage) -> Number:
    """Pass a gate; say what the first voxel is, and add the key."""
    _pass(key)
    return key + float(a.voxels[0, 0, 0])
