"""NIfTI files where ITK's reader needs a hand: packed ones beside others, numbers that are none."""

import math
import os
import struct
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

import numpy as np
from isal import igzip

from voxlogica_core.plan.outside.input_files import extension
from voxlogica_core.primitives.image_formats import nifti_header
from voxlogica_core.values.image import Voxels

_FLOATS = {16: "f4", 64: "f8"}  # by the code of the type in a header
_CHUNK = 2**22


@contextmanager
def apart(path: str) -> Generator[str]:
    """Have a path of a file under which ITK reads this file alone.

    Of ``a.nii.gz`` ITK reads the header, then takes the voxels of an ``a.nii`` that is beside it.
    """
    if extension(path) != ".nii.gz" or not os.path.exists(path[: -len(".gz")]):
        yield path
        return
    with TemporaryDirectory(prefix="voxlogica-") as folder:
        alone = Path(folder) / "image.nii.gz"
        alone.symlink_to(Path(path).absolute())
        yield str(alone)


def numbers_lost(path: str, voxels: Voxels) -> int:
    """Return how many voxels of a file are NaN or infinite: ITK has read these as 0.

    The file is read again only if there are voxels that may have been one of them.
    """
    found = nifti_header(path)
    if found is None:
        return 0
    order, header = found
    (kind,) = struct.unpack_from(order + "h", header, 70)
    if kind not in _FLOATS or not (voxels == _read_as(order, header)).any():
        return 0
    dtype = np.dtype(order + _FLOATS[kind])
    (start,) = struct.unpack_from(order + "f", header, 108)
    left, lost = voxels.size * dtype.itemsize, 0
    with _opened(path) as file:
        file.seek(int(start))
        while left and (chunk := file.read(min(left, _CHUNK))):
            left -= len(chunk)
            numbers = np.frombuffer(chunk, dtype)
            lost += numbers.size - int(np.count_nonzero(np.isfinite(numbers)))
    return lost


def _read_as(order: str, header: bytes) -> float:
    """Return the voxel that ITK makes of 0: the intercept, with or without a slope."""
    (intercept,) = struct.unpack_from(order + "f", header, 116)
    return intercept if math.isfinite(intercept) else 0.0


def _opened(path: str) -> BinaryIO:
    with open(path, "rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    return cast("BinaryIO", igzip.open(path, "rb")) if is_packed else open(path, "rb")
