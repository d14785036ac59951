"""Geometry: the grid an image lives on. Pure Python, so that the editor can read it too."""

from collections.abc import Sequence
from dataclasses import dataclass

SPACING_TOLERANCE = 1e-4  # relative
ORIGIN_TOLERANCE = 1e-4  # of a voxel
DIRECTION_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Geometry:
    """Grid of an image, axes in the order x, y[, z] as SimpleITK has them.

    Parameters
    ----------
    size
        Number of voxels along each axis.
    spacing
        Distance between voxel centres along each axis, mm.
    origin
        Position of the first voxel's centre, mm.
    direction
        Row-major matrix whose columns are the directions of the axes.
    """

    size: tuple[int, ...]
    spacing: tuple[float, ...]
    origin: tuple[float, ...]
    direction: tuple[float, ...]

    @property
    def dimension(self) -> int:
        """Number of axes, 2 or 3."""
        return len(self.size)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the voxel array: the size in the order (z,) y, x."""
        return self.size[::-1]

    @property
    def voxel_count(self) -> int:
        """Number of voxels."""
        count = 1
        for length in self.size:
            count *= length
        return count

    @property
    def voxel_volume(self) -> float:
        """Volume of a voxel in mm³ (in 2-D its area in mm²)."""
        volume = 1.0
        for length in self.spacing:
            volume *= length
        return volume

    def difference(self, other: "Geometry") -> str | None:
        """Return what differs from `other` in words, or None where the grids agree."""
        if self.size != other.size:
            return f"size {_written(self.size)} and {_written(other.size)}"
        if not _close(self.spacing, other.spacing, [SPACING_TOLERANCE * s for s in self.spacing]):
            return f"spacing {_written(self.spacing)} and {_written(other.spacing)} mm"
        if not _close(self.origin, other.origin, [ORIGIN_TOLERANCE * s for s in self.spacing]):
            return f"origin {_written(self.origin)} and {_written(other.origin)} mm"
        bounds = [DIRECTION_TOLERANCE] * len(self.direction)
        if not _close(self.direction, other.direction, bounds):
            return f"direction {_written(self.direction)} and {_written(other.direction)}"
        return None


def plain_geometry(size: Sequence[int], spacing: Sequence[float] | None = None) -> Geometry:
    """Return a grid at the origin with identity directions, for pictures and tests.

    Parameters
    ----------
    size
        Number of voxels along x, y[, z].
    spacing
        Distance between voxel centres, mm; 1 by default.
    """
    n = len(size)
    identity = tuple(1.0 if row == column else 0.0 for row in range(n) for column in range(n))
    return Geometry(tuple(size), tuple(spacing or [1.0] * n), (0.0,) * n, identity)


def _close(first: Sequence[float], second: Sequence[float], bounds: Sequence[float]) -> bool:
    triples = zip(first, second, bounds, strict=True)
    return all(abs(a - b) <= bound for a, b, bound in triples)


def _written(numbers: Sequence[float]) -> str:
    return "×".join(f"{number:g}" for number in numbers)
