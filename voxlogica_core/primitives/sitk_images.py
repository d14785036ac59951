"""Images to and from SimpleITK, voxels and grid; the one place that knows both."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
import SimpleITK

from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import COLOUR, MASK

_DEFAULT_IS_CHANGED = threading.Lock()  # guards SimpleITK's state, not ours

# ITK's warnings go to standard error from native code; what matters is raised or noted instead.
SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)


def to_sitk(image: Image) -> SimpleITK.Image:
    """Return a SimpleITK image with the voxels and grid of `image`; masks become uint8 0 and 1."""
    voxels = image.voxels.view(np.uint8) if image.kind == MASK else image.voxels
    result = SimpleITK.GetImageFromArray(voxels, isVector=image.kind == COLOUR)
    result.SetSpacing(image.geometry.spacing)
    result.SetOrigin(image.geometry.origin)
    result.SetDirection(image.geometry.direction)
    return result


def voxels_of(image: SimpleITK.Image) -> Voxels:
    """Return a copy of the voxels of a SimpleITK image, components last."""
    return SimpleITK.GetArrayFromImage(image)


def geometry_of(image: SimpleITK.Image) -> Geometry:
    """Return the grid of a SimpleITK image."""
    return Geometry(
        tuple(image.GetSize()),
        tuple(image.GetSpacing()),
        tuple(image.GetOrigin()),
        tuple(image.GetDirection()),
    )


@contextmanager
def one_thread() -> Generator[None, None, None]:
    """Let filters that begin in here, and those they are made of, use one thread each.

    A composite filter hands its own number of threads to none of its parts: they take the
    process's default. As that belongs to all, only one caller at a time is let in.
    """
    with _DEFAULT_IS_CHANGED:
        before = SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads()
        SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
        try:
            yield
        finally:
            SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(before)


def reason(error: RuntimeError) -> str:
    """Return the last line of a SimpleITK error, which says what went wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].removeprefix("sitk::ERROR: ") if lines else "SimpleITK gave no reason"
