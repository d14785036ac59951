"""Small images for tests: from arrays, at random, and the hypothesis strategies for them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import COLOUR, IMAGE, MASK

SPACINGS = [(1.0, 1.0, 1.0), (0.88, 0.88, 3.3), (0.1, 0.1, 0.1), (0.9, 0.7, 1.2)]
"""Along x, y, z, in mm."""


def mask(voxels: npt.ArrayLike, spacing: Sequence[float] | None = None) -> Image:
    """Return a mask of an array in the order (z,) y, x."""
    marks = np.asarray(voxels, bool)
    return Image(MASK, marks, plain_geometry(marks.shape[::-1], spacing))


def image(voxels: npt.ArrayLike, spacing: Sequence[float] | None = None) -> Image:
    """Return a scalar image of an array in the order (z,) y, x."""
    values = np.asarray(voxels, np.float32)
    return Image(IMAGE, values, plain_geometry(values.shape[::-1], spacing))


def colour(voxels: npt.NDArray[Any]) -> Image:
    """Return a colour image of an array in the order (z,) y, x, component."""
    return Image(COLOUR, voxels, plain_geometry(voxels.shape[-2::-1]))


def random_masks(count: int, seed: int = 0) -> list[Image]:
    """Return masks of 2 and 3 dimensions, axes of length 1, all fillings and spacings."""
    random = np.random.default_rng(seed)
    found: list[Image] = []
    for number in range(count):
        dimension = 2 + number % 2
        shape = random.integers(1, 9, dimension)
        filling = random.choice([0.0, 0.05, 0.3, 0.7, 1.0])
        spacing = SPACINGS[number % len(SPACINGS)][:dimension]
        found.append(mask(random.random(shape) < filling, spacing))
    return found


@st.composite
def masks(draw: st.DrawFn) -> Image:
    """Draw a mask of 2 or 3 dimensions."""
    shape = draw(arrays.array_shapes(min_dims=2, max_dims=3, min_side=1, max_side=6))
    spacing = draw(st.sampled_from(SPACINGS))
    return mask(draw(arrays.arrays(np.bool_, shape)), spacing[: len(shape)])


@st.composite
def pairs_of_masks(draw: st.DrawFn) -> tuple[Image, Image]:
    """Draw two masks on one grid."""
    first = draw(masks())
    second = draw(arrays.arrays(np.bool_, first.voxels.shape))
    return first, first.mask(second)
