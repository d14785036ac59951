"""Images that belong on top of each other, for whoever shows them."""

from voxlogica_core.primitives.declare import (
    Anything,
    Colour,
    Items,
    Labels,
    Mask,
    ScalarImage,
    primitive,
)

NAMESPACE = "default"


@primitive("overlay", version=1, cost=0.01)
def overlay(
    base: ScalarImage | Mask | Labels | Colour, *layers: ScalarImage | Mask | Labels | Colour
) -> Items[Anything]:
    """Lay images on top of each other for a viewer: ``overlay(flair, tumour, brain)``.

    Parameters
    ----------
    base
        The image at the bottom.
    *layers
        What lies above it, from bottom to top, on the same grid.

    Returns
    -------
    sequence
        `base` and the layers, as they are.
    """
    return (base, *layers)
