"""Filters that are SimpleITK's: thresholds, gradients, bias fields, resampling."""

import numpy as np
import SimpleITK

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import (
    Colour,
    Labels,
    Mask,
    Number,
    ScalarImage,
    Text,
    primitive,
)
from voxlogica_core.primitives.sitk_images import one_thread, to_sitk, voxels_of
from voxlogica_core.values.image import Image

NAMESPACE = "vox1"
METHODS = {"linear": SimpleITK.sitkLinear, "nearest": SimpleITK.sitkNearestNeighbor}


@primitive("otsu", version=1, cost=15)
def otsu(img: ScalarImage, m: Mask, bins: Number) -> Mask:
    """Mark the bright of the two classes of voxels in a mask: ``otsu(img, brain, 128)``.

    Parameters
    ----------
    img
        The image.
    m
        The voxels that are divided in two.
    bins
        Number of bins of the histogram, a whole number from 2.

    Returns
    -------
    mask
        The voxels of `m` above the threshold with the largest variance between the classes
        (Otsu 1979), as SimpleITK's OtsuThreshold with a mask; empty if `m` is.

    Raises
    ------
    DataError
        `bins` is no whole number from 2, or there is a NaN or infinity inside `m`.
    """
    if not 2 <= bins < 2**31 or bins != int(bins):
        raise DataError(f"otsu wants a whole number of bins from 2, and {bins:g} came", "bins")
    if not m.voxels.any():
        return m
    if not np.isfinite(img.voxels[m.voxels]).all():
        raise DataError("otsu wants numbers, and there is a NaN or infinity inside the mask", "img")
    chooser = SimpleITK.OtsuThresholdImageFilter()
    chooser.SetInsideValue(0)
    chooser.SetOutsideValue(1)
    chooser.SetMaskValue(1)
    chooser.SetNumberOfHistogramBins(int(bins))
    return m.mask(voxels_of(chooser.Execute(to_sitk(img), to_sitk(m))).astype(bool) & m.voxels)


@primitive("gradient", version=1, cost=25)
def gradient(img: ScalarImage) -> ScalarImage:
    """Measure how steep an image is: ``gradient(img) > 50`` marks edges.

    Parameters
    ----------
    img
        The image.

    Returns
    -------
    image
        Magnitude of the gradient per mm from central differences, voxels outside repeating the
        edge; SimpleITK's GradientMagnitude.
    """
    return img.image(voxels_of(SimpleITK.GradientMagnitude(to_sitk(img))))


@primitive("n4", version=2, cost=100000)
def n4(img: ScalarImage, m: Mask) -> ScalarImage:
    """Remove slow changes of brightness: ``n4(t1, t1 > 0)``.

    Parameters
    ----------
    img
        The image.
    m
        The voxels from which the bias is estimated.

    Returns
    -------
    image
        SimpleITK's N4BiasFieldCorrection with its defaults (Tustison et al., IEEE TMI 29(6),
        2010), on one thread, so that the result does not depend on their number.

    Raises
    ------
    DataError
        `m` is empty, or the image is too small for the method.
    """
    if not m.voxels.any():
        raise DataError("n4 wants a mask with a voxel, and an empty one came", "m")
    corrector = SimpleITK.N4BiasFieldCorrectionImageFilter()
    try:
        with one_thread():
            return img.image(voxels_of(corrector.Execute(to_sitk(img), to_sitk(m))))
    except RuntimeError as error:
        raise DataError(f"SimpleITK's N4 refused this image: {error}", "img") from None


@primitive("resampleTo", version=1, grid="new", cost=30)
def resample_image(
    img: ScalarImage, reference: ScalarImage | Mask | Labels | Colour, method: Text
) -> ScalarImage:
    """Bring an image onto the grid of another: ``resampleTo(flair, t1, "linear")``.

    Parameters
    ----------
    img
        The image.
    reference
        An image whose grid to take; its voxels do not matter.
    method
        ``"linear"`` or ``"nearest"``; masks and labels only ``"nearest"``.

    Returns
    -------
    image
        Of the kind of `img`, on the grid of `reference`; 0 where `img` has no voxel.

    Raises
    ------
    DataError
        `method` is another, or the images have different numbers of dimensions.
    """
    return _resampled(img, reference, method, tuple(METHODS))


@primitive("resampleTo", version=1, grid="new", cost=30)
def resample_mask(img: Mask, reference: ScalarImage | Mask | Labels | Colour, method: Text) -> Mask:
    """Bring a mask onto the grid of an image: ``resampleTo(m, t1, "nearest")``."""
    return _resampled(img, reference, method, ("nearest",))


@primitive("resampleTo", version=1, grid="new", cost=30)
def resample_labels(
    img: Labels, reference: ScalarImage | Mask | Labels | Colour, method: Text
) -> Labels:
    """Bring labels onto the grid of an image: ``resampleTo(lcc(m), t1, "nearest")``."""
    return _resampled(img, reference, method, ("nearest",))


@primitive("resampleTo", version=1, grid="new", cost=30)
def resample_colour(
    img: Colour, reference: ScalarImage | Mask | Labels | Colour, method: Text
) -> Colour:
    """Bring a colour image onto the grid of an image: ``resampleTo(photo, map, "linear")``."""
    return _resampled(img, reference, method, tuple(METHODS))


def _resampled(image: Image, reference: Image, method: str, allowed: tuple[str, ...]) -> Image:
    if method not in allowed:
        wanted = " or ".join(f'"{name}"' for name in allowed)
        raise DataError(
            f'resampleTo wants {wanted} for a {image.kind}, and "{method}" came', "method"
        )
    grid = reference.geometry
    if grid.dimension != image.geometry.dimension:
        raise DataError(
            f"resampleTo wants images of as many dimensions, and {image.geometry.dimension} and "
            f"{grid.dimension} came; slice_image makes a 2-D image of a volume",
            "reference",
        )
    resampler = SimpleITK.ResampleImageFilter()
    resampler.SetSize(grid.size)
    resampler.SetOutputSpacing(grid.spacing)
    resampler.SetOutputOrigin(grid.origin)
    resampler.SetOutputDirection(grid.direction)
    resampler.SetInterpolator(METHODS[method])
    voxels = voxels_of(resampler.Execute(to_sitk(image)))
    return Image(image.kind, voxels.astype(image.voxels.dtype, copy=False), grid)
