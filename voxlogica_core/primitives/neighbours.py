"""Near and interior: what a mask and its neighbours say; adjacency is 8 in 2-D and 26 in 3-D.

Outside the image is false for `near` and true for `interior`, so ``interior(a) == !near(!a)``.
"""

from voxlogica_core.primitives import boxes
from voxlogica_core.primitives.declare import Mask, primitive

NAMESPACE = "vox1"


@primitive("near", version=1, cost=0.3)
def near(a: Mask) -> Mask:
    """Mark a mask and its neighbours: ``near(m) & !m`` is the rim just outside m.

    Parameters
    ----------
    a
        The mask. Voxels are neighbours when they share a face, an edge or a corner.
    """
    return a.mask(boxes.near(a.voxels))


@primitive("interior", version=1, cost=0.3)
def interior(a: Mask) -> Mask:
    """Keep the voxels whose neighbours are all in the mask: ``m & !interior(m)`` is its surface.

    Parameters
    ----------
    a
        The mask. Voxels are neighbours when they share a face, an edge or a corner; what lies
        outside the image counts as marked.
    """
    return a.mask(boxes.interior(a.voxels))
