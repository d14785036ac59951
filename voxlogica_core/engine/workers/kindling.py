"""Kindling: loads what nearly every run needs while nobody waits for one. Computes nothing of use.

Importing this imports numpy and SimpleITK: 0.3 s, and the kernels' machine code 0.05 s.
"""

from collections.abc import Callable

import numpy as np

from voxlogica_core.primitives import (
    comparison,
    components,
    distance,
    filters,
    image_files,
    measures,
    neighbours,
    percentiles,
    totals,
)
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

MODULES = (comparison, filters, image_files, measures, neighbours, totals)
"""Imported, no more."""


def kindle(is_idle: Callable[[], bool]) -> None:
    """Call the usual compiled kernels on a small image.

    Parameters
    ----------
    is_idle
        Asked before each kernel: once a run has begun, that is served first.
    """
    voxels = np.arange(27, dtype=np.float32).reshape(3, 3, 3)
    image = Image(IMAGE, voxels, plain_geometry((3, 3, 3)))
    mask = image.mask(image.voxels > 13)
    usual: list[Callable[[], object]] = [
        lambda: components.largest_components(mask),
        lambda: distance.signed_distance(mask),
        lambda: neighbours.near(mask),
        lambda: components.through(mask, mask),
        lambda: distance.smoothen(mask, 1.0),
        lambda: distance.within(1.0, mask),
        lambda: percentiles.percentile_ranks(image, mask, 0.5),
    ]
    for call in usual:
        if not is_idle():
            return
        call()
