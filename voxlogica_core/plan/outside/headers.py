"""What the first bytes of an image file tell: colour or not, and its grid. Decodes no voxels.

The editor needs both without any image library. Only what is certain is told: an unknown format has
no grid here, and two files whose headers differ may still lie on one grid.
"""

import gzip
import struct
import zlib
from pathlib import PurePath

from voxlogica_core.values.kind import ANY, COLOUR, IMAGE, Kind

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_COLOURED = frozenset({2, 3, 6})  # true colour, palette, true colour with alpha
_PICTURES = frozenset({".jpg", ".jpeg", ".bmp", ".tif", ".tiff"})
_NIFTI_LENGTH = 348
_NIFTI_MAGIC = (b"n+1\0", b"ni1\0")
# Of a NIfTI-1 header: sizes, voxel spacing, and both ways to place the grid in space.
_NIFTI_GRID = ((40, 56), (76, 108), (252, 328))


def kind_of_file(path: str) -> Kind:
    """Return the kind of value that reading a file gives, as far as its header tells."""
    if PurePath(path).suffix.lower() in _PICTURES:
        return ANY
    head = _head(path)
    if head.startswith(_PNG) and len(head) >= 26:
        return COLOUR if head[25] in _PNG_COLOURED else IMAGE
    return IMAGE


def grid_of_file(path: str) -> bytes | None:
    """Return bytes that are equal only for files on one grid; None where the header is unknown."""
    head = _head(path)
    if head.startswith(_PNG) and len(head) >= 24:
        return b"png" + head[16:24]
    if head.startswith(b"\x1f\x8b"):
        head = _unpacked(path)
    if len(head) >= _NIFTI_LENGTH and head[344:348] in _NIFTI_MAGIC:
        return b"nifti" + b"".join(head[start:end] for start, end in _NIFTI_GRID)
    return None


def size_of_grid(grid: bytes) -> tuple[int, ...]:
    """Return the number of voxels along each axis that `grid_of_file` found; empty if unclear.

    Axes of one voxel at the end do not count: a slice is written with and without.
    """
    if grid.startswith(b"png"):
        size = struct.unpack(">2I", grid[3:11])
    elif grid.startswith(b"nifti"):
        dimensions = grid[5:21]
        order = "<" if 1 <= struct.unpack("<h", dimensions[:2])[0] <= 7 else ">"
        count, *lengths = struct.unpack(f"{order}8h", dimensions)
        size = tuple(lengths[:count]) if 1 <= count <= 7 else ()
    else:
        return ()
    while size and size[-1] == 1:
        size = size[:-1]
    return size


def _head(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_NIFTI_LENGTH)
    except OSError:
        return b""


def _unpacked(path: str) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read(_NIFTI_LENGTH)
    except (OSError, EOFError, zlib.error):
        return b""
