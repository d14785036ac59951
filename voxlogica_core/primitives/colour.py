"""Colour images and their components."""

import numpy as np

from voxlogica_core.primitives.declare import (
    Colour,
    Mask,
    Number,
    ScalarImage,
    primitive,
)
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import COLOUR

NAMESPACE = "vox1"
LUMINANCE = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709


@primitive("intensity", version=1, cost=7)
def intensity(img: ScalarImage | Colour) -> ScalarImage:
    """Return how bright each voxel is: ``intensity(photograph) > 120``.

    Parameters
    ----------
    img
        An image, returned as it is, or a colour image.

    Returns
    -------
    image
        With three or more components 0.2126 R + 0.7152 G + 0.0722 B, computed in float64 and
        rounded once to float32 (ITU-R BT.709); with two the first.
    """
    if img.kind != COLOUR:
        return img
    if img.voxels.shape[-1] < len(LUMINANCE):
        return img.image(np.ascontiguousarray(img.voxels[..., 0]))
    red, green, blue = (img.voxels[..., i].astype(np.float64) for i in range(3))
    return img.image(LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue)


@primitive("red", version=1, cost=0.7)
def red(img: ScalarImage | Colour) -> ScalarImage:
    """Return the first component: ``red(photograph) > 120``; of a grey image the image itself."""
    return _component(img, 0)


@primitive("green", version=1, cost=0.7)
def green(img: ScalarImage | Colour) -> ScalarImage:
    """Return the second component: ``green(photograph) > 120``; of a grey image itself."""
    return _component(img, 1)


@primitive("blue", version=1, cost=0.7)
def blue(img: ScalarImage | Colour) -> ScalarImage:
    """Return the third component: ``blue(photograph) > 120``; of a grey image the image itself."""
    return _component(img, 2)


@primitive("alpha", version=1, cost=0.4)
def alpha(img: ScalarImage | Colour) -> ScalarImage:
    """Return the fourth component: ``alpha(photograph) == 0``; 255 everywhere if there is none."""
    if img.kind == COLOUR and img.voxels.shape[-1] > 3:
        return img.image(np.ascontiguousarray(img.voxels[..., 3]))
    return img.image(np.full(img.geometry.shape, np.float32(255)))


@primitive("rgb", version=1, cost=2)
def rgb(r: ScalarImage, g: ScalarImage, b: ScalarImage) -> Colour:
    """Make a colour image of three images: ``rgb(img, img, img)`` is grey.

    Parameters
    ----------
    r, g, b
        Red, green and blue; 0 to 255 where it is to be saved as a picture.
    """
    return _coloured(r.voxels, g.voxels, b.voxels, like=r)


@primitive("rgba", version=1, cost=3)
def rgba(r: ScalarImage, g: ScalarImage, b: ScalarImage, a: ScalarImage) -> Colour:
    """Make a colour image of four images: ``rgba(img, img, img, constant(128))`` is half clear.

    Parameters
    ----------
    r, g, b, a
        Red, green, blue and opacity; 0 to 255 where it is to be saved as a picture.
    """
    return _coloured(r.voxels, g.voxels, b.voxels, a.voxels, like=r)


@primitive("overlayColor", version=1, cost=3.2)
def overlay_colour(m: Mask, img: ScalarImage | Colour, r: Number, g: Number, b: Number) -> Colour:
    """Paint a mask on an image: ``overlayColor(tumour, img, 255, 0, 0)`` shows it in red.

    Parameters
    ----------
    m
        Where to paint; the fourth component of `img`, if any, stays as it is.
    img
        What to paint on; a grey image is given three equal components first.
    r, g, b
        The colour, 0 to 255 where it is to be saved as a picture.
    """
    if img.kind == COLOUR and img.voxels.shape[-1] >= 3:
        voxels = img.voxels.astype(np.float32)
    else:
        voxels = np.repeat(intensity(img).voxels[..., np.newaxis], 3, axis=-1)
    for component, value in enumerate((r, g, b)):
        voxels[..., component][m.voxels] = np.float32(value)
    return Image(COLOUR, voxels, img.geometry)


def _component(img: Image, component: int) -> Image:
    if img.kind == COLOUR and img.voxels.shape[-1] > max(component, 2):
        return img.image(np.ascontiguousarray(img.voxels[..., component]))
    return intensity(img)


def _coloured(*components: Voxels, like: Image) -> Image:
    return Image(COLOUR, np.stack(components, axis=-1), like.geometry)
