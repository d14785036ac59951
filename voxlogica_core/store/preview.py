"""Previews: a value as a small picture (PNG, at most 45 kB) with its statistics. Stores nothing.

A volume becomes three orthogonal slices through the centre of what is interesting, in physical
proportions, with orientation letters; a plane picture becomes itself, smaller. A mask is laid in
orange over its background, or over black.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from voxlogica_core.store.orientation import VIEWS, View, cut, turn_of
from voxlogica_core.store.record import Preview
from voxlogica_core.store.statistics import sample, statistics
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK

LARGEST = 45_000
"""Bytes of a picture; as text in a hover it grows by a third."""

_EDGE = 256  # pixels of the longest side of a slice
_SIZES = (1.0, 0.8, 0.6, 0.4)  # tried in turn until the picture is small enough
_GREYS = 48
_GAP = 4
_SMALLEST_LETTERED = 40  # pixels of a slice that still gets letters
_BLEND = 0.55

# Okabe and Ito, "Color universal design" (2008): told apart by everyone; the first is for masks.
_COLOURS = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)
_INK = _GREYS * (1 + len(_COLOURS))
_PAPER = _INK + 1

Indices = npt.NDArray[np.uint8]
