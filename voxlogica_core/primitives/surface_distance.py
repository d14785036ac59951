"""How far apart the surfaces of two masks are."""

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Mask, Number, primitive
from voxlogica_core.primitives.distance import distance_outside
from voxlogica_core.primitives.neighbours import interior
from voxlogica_core.values.image import Image

NAMESPACE = "vox1"
SHARE = 0.95


@primitive("hd95", version=1, commutative=True, cost=35)
def hausdorff_95(a: Mask, b: Mask) -> Number:
    """Measure how far apart two masks are, in mm: ``hd95(mine, theirs)``.

    Returns
    -------
    number
        The larger of two 95th percentiles (linear interpolation): of the distances from the
        surface voxels of one mask, ``m & !interior(m)``, to the nearest one of the other. 0 if
        both are empty.

    Raises
    ------
    DataError
        One of the masks is empty, and so has no surface.
    """
    first, second = _surface(a), _surface(b)
    filled = [bool(first.voxels.any()), bool(second.voxels.any())]
    if filled == [False, False]:
        return 0.0
    for name, has_surface in zip("ab", filled, strict=True):
        if not has_surface:
            raise DataError(
                f"hd95 wants two masks with a surface; {name} has none: it is empty or everything",
                name,
            )
    return max(_percentile(first, second), _percentile(second, first))


def _surface(mask: Image) -> Image:
    return mask.mask(mask.voxels & ~interior(mask).voxels)


def _percentile(surface: Image, other: Image) -> float:
    distances = np.sort(distance_outside(other).voxels[surface.voxels].astype(np.float64))
    position = SHARE * (distances.size - 1)
    below = int(position)
    above = min(below + 1, distances.size - 1)
    step = distances[above] - distances[below]
    return float(distances[below] + step * (position - below))
