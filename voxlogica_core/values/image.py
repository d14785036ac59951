"""Images in memory: an array of voxels and the grid it lives on. The one value with numpy in it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK, Kind
from voxlogica_core.values.written import written

Voxels = npt.NDArray[Any]

_DTYPES: dict[Kind, frozenset[str]] = {
    IMAGE: frozenset({"float32"}),
    MASK: frozenset({"bool"}),
    LABELS: frozenset({"uint8", "uint16", "uint32"}),
    COLOUR: frozenset({"uint8", "uint16", "float32"}),
}


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """An image, mask, label map or colour image.

    Parameters
    ----------
    kind
        `IMAGE` (float32 voxels), `MASK` (bool), `LABELS` (unsigned integers, 0 background) or
        `COLOUR` (a last axis of components).
    voxels
        Array in the order (z,) y, x[, component]; never written to after it is made.
    geometry
        The grid; its `shape` is the shape of `voxels` without components.
    """

    kind: Kind
    voxels: Voxels
    geometry: Geometry

    def __post_init__(self) -> None:
        if self.voxels.dtype.name not in _DTYPES[self.kind]:
            raise TypeError(f"{self.kind} cannot have {self.voxels.dtype} voxels")
        spatial = self.voxels.shape[:-1] if self.kind == COLOUR else self.voxels.shape
        if spatial != self.geometry.shape:
            raise TypeError(f"voxels {spatial} do not fit the grid {self.geometry.shape}")

    def __repr__(self) -> str:
        return written(self)

    @property
    def nbytes(self) -> int:
        """Size of the voxels in bytes."""
        return self.voxels.nbytes

    def mask(self, voxels: Voxels) -> "Image":
        """Return a mask on the same grid."""
        return Image(MASK, voxels, self.geometry)

    def image(self, voxels: Voxels) -> "Image":
        """Return a scalar image on the same grid, its voxels rounded once to float32."""
        return Image(IMAGE, voxels.astype(np.float32, copy=False), self.geometry)

    def labels(self, voxels: Voxels) -> "Image":
        """Return a label map on the same grid."""
        return Image(LABELS, voxels, self.geometry)
