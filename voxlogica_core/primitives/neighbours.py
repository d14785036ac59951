"""Near and interior: what a mask and its neighbours say; adjacency is 8 in 2-D and 26 in 3-D.

A box of 3 voxels a side is separable: one pass of shifted copies for each axis. Outside the image
is false for `near` and true for `interior`, so ``interior(a) == !near(!a)``.
"""

import numpy as np

from voxlogica_core.primitives.declare import Mask, primitive
from voxlogica_core.values.image import Voxels

NAMESPACE = "vox1"


@primitive("near", version=1, cost=0.8)
def near(a: Mask) -> Mask:
    """Mark a mask and its neighbours: ``near(m) & !m`` is the rim just outside m.

    Parameters
    ----------
    a
        The mask. Voxels are neighbours when they share a face, an edge or a corner.
    """
    return a.mask(spread(a.voxels, np.bitwise_or))


@primitive("interior", version=1, cost=0.8)
def interior(a: Mask) -> Mask:
    """Keep the voxels whose neighbours are all in the mask: ``m & !interior(m)`` is its surface.

    Parameters
    ----------
    a
        The mask. Voxels are neighbours when they share a face, an edge or a corner; what lies
        outside the image counts as marked.
    """
    return a.mask(spread(a.voxels, np.bitwise_and))


def spread(voxels: Voxels, operation: np.ufunc) -> Voxels:
    """Return each voxel combined with its neighbours by `operation`, in new memory.

    Parameters
    ----------
    voxels
        bool, any number of axes.
    operation
        ``np.bitwise_or`` or ``np.bitwise_and``.
    """
    result = voxels
    for axis in range(voxels.ndim):
        before, result = result, result.copy()
        lower = (slice(None),) * axis + (slice(None, -1),)
        upper = (slice(None),) * axis + (slice(1, None),)
        operation(result[upper], before[lower], out=result[upper])
        operation(result[lower], before[upper], out=result[lower])
    return result
