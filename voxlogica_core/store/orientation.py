"""How a volume lies in the patient: its slices turned the way scans are read. Draws nothing.

Physical axes are those of ITK and DICOM: x to the patient's left, y to the back (posterior), z to
the head (superior). Oblique volumes are turned to the nearest of the 48 ways a box can lie.
In the radiological convention the patient's right is on the left of the picture, in the
neurological one on its right. Views from the side are the same in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Voxels
from voxlogica_core.values.sides import Orientation

Letters = tuple[str, str, str, str]
"""What is at the left, right, top and bottom of a picture."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Turns the axes of an array into (superior, posterior, left), each growing that way.

    Parameters
    ----------
    axes
        For superior, posterior and left: the axis of the array that is nearest.
    flips
        For each of them: whether that axis runs the other way.
    """

    axes: tuple[int, int, int]
    flips: tuple[bool, bool, bool]

    def apply(self, voxels: Voxels) -> Voxels:
        """Return a view of an array (z, y, x[, component]), turned."""
        rest = range(3, voxels.ndim)
        steps = tuple(slice(None, None, -1 if flip else 1) for flip in self.flips)
        return voxels.transpose(*self.axes, *rest)[steps]

    def lengths(self, geometry: Geometry) -> tuple[float, ...]:
        """Return the extent of a grid along superior, posterior and left, mm."""
        extent = [n * step for n, step in zip(geometry.size, geometry.spacing, strict=True)][::-1]
        return tuple(extent[axis] for axis in self.axes)


@dataclass(frozen=True, slots=True)
class View:
    """One of the three pictures of a volume.

    Parameters
    ----------
    axis
        Axis of the turned volume that it cuts: 0 axial, 1 coronal, 2 sagittal.
    flip_rows
        Whether rows run upwards: the head is on top.
    flip_columns
        Whether columns run to the left: the patient's left is on the left.
    letters
        What is at the left, right, top and bottom of the picture.
    """

    axis: int
    flip_rows: bool
    flip_columns: bool
    letters: Letters


def views(orientation: Orientation) -> tuple[View, View, View]:
    """Return the axial, coronal and sagittal view of a volume."""
    is_turned = orientation == "neurological"
    left, right = ("L", "R") if is_turned else ("R", "L")
    return (
        View(0, flip_rows=False, flip_columns=is_turned, letters=(left, right, "A", "P")),
        View(1, flip_rows=True, flip_columns=is_turned, letters=(left, right, "S", "I")),
        View(2, flip_rows=True, flip_columns=False, letters=("A", "P", "S", "I")),
    )


def turn_of(direction: Sequence[float]) -> Turn:
    """Return how a volume with this row-major direction matrix is turned."""
    matrix = np.nan_to_num(np.asarray(direction, np.float64)).reshape(3, 3)
    nearness = np.abs(matrix)
    # Image axis (0 is x) for each of left, posterior and superior, so that the three fit best.
    fits = {axes: sum(nearness[range(3), axes]) for axes in permutations(range(3))}
    left, posterior, superior = max(fits, key=lambda axes: fits[axes])
    return Turn(
        axes=(2 - superior, 2 - posterior, 2 - left),
        flips=(
            bool(matrix[2, superior] < 0),
            bool(matrix[1, posterior] < 0),
            bool(matrix[0, left] < 0),
        ),
    )


def cut(turned: Voxels, view: View, index: int) -> Voxels:
    """Return one slice of a turned volume as the rows and columns of a picture."""
    rows = turned[(slice(None),) * view.axis + (index,)]  # np.take would copy the whole volume
    rows = rows[::-1] if view.flip_rows else rows
    return rows[:, ::-1] if view.flip_columns else rows
