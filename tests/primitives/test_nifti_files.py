"""NIfTI files that ITK alone would misread: packed ones beside others, numbers that are none."""

import gzip
import struct
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import SimpleITK as sitk

from voxlogica_core.errors import FileError
from voxlogica_core.primitives.image_files import read_image

_VALUES = np.array([1.0, np.nan, np.inf, -np.inf, 0.0, 3.0, 1e30, -4.0])


def _nifti(values: np.ndarray, slope: float, intercept: float, order: Literal["<", ">"]) -> bytes:
    """Return a file of 4×2×1 voxels."""
    header = bytearray(352)
    struct.pack_into(order + "i", header, 0, 348)
    struct.pack_into(order + "8h", header, 40, 3, 4, 2, 1, 1, 1, 1, 1)
    code = {"float32": 16, "float64": 64, "int16": 4}[values.dtype.name]
    struct.pack_into(order + "2h", header, 70, code, 8 * values.itemsize)
    struct.pack_into(order + "9f", header, 76, *[1.0] * 8, 352.0)
    struct.pack_into(order + "2f", header, 112, slope, intercept)
    struct.pack_into(order + "2h", header, 252, 0, 1)
    struct.pack_into(order + "12f", header, 280, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    header[344:348] = b"n+1\0"
    return bytes(header) + values.astype(values.dtype.newbyteorder(order)).tobytes()


@pytest.mark.parametrize("other", [".nii", ".hdr"])
def test_a_packed_file_is_read_itself_whatever_is_beside_it(tmp_path: Path, other: str) -> None:
    for value, name in ((2.0, "b.nii.gz"), (1.0, f"a{other}")):
        voxels = np.full((4, 5, 6), value, np.float32)
        sitk.WriteImage(sitk.GetImageFromArray(voxels), str(tmp_path / name))
    (tmp_path / "b.nii.gz").rename(tmp_path / "a.nii.gz")
    assert read_image(str(tmp_path / "a.nii.gz")).image.voxels.max() == 2.0
    assert read_image(str(tmp_path / f"a{other}")).image.voxels.max() == 1.0


@pytest.mark.parametrize("beside", ["a.nii", "a.nii.gz", None])
def test_a_header_without_its_voxels_is_refused(tmp_path: Path, beside: str | None) -> None:
    ones = sitk.GetImageFromArray(np.ones((2, 3, 4), np.float32))
    sitk.WriteImage(ones, str(tmp_path / "a.hdr"))
    (tmp_path / "a.img").unlink()
    if beside:
        sitk.WriteImage(ones, str(tmp_path / "b.nii.gz"))
        (tmp_path / "b.nii.gz").rename(tmp_path / beside)
    with pytest.raises(FileError, match="the other one is wanted beside it"):
        read_image(str(tmp_path / "a.hdr"))


def test_a_relative_path_and_a_link_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sitk.WriteImage(sitk.GetImageFromArray(np.ones((2, 3, 4), np.float32)), "a.nii.gz")
    Path("link.nii.gz").symlink_to("a.nii.gz")
    for name in ("a.nii.gz", "link.nii.gz"):
        assert read_image(name).image.voxels.min() == 1.0


def test_what_cannot_be_read_is_named_by_its_own_path(tmp_path: Path) -> None:
    path = tmp_path / "a.nii.gz"
    content = bytearray(_nifti(_VALUES, 1.0, 0.0, "<"))
    struct.pack_into("<h", content, 70, 1536)  # floats of 128 bits, which ITK does not read
    path.write_bytes(gzip.compress(bytes(content)))
    with pytest.raises(FileError) as caught:
        read_image(str(path))
    assert str(path) in str(caught.value)
    assert "image.nii.gz" not in str(caught.value)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("slope", "intercept", "zero"),
    [(1, 0, 0), (0, 0, 0), (2, 5, 5), (np.nan, 3, 3), (0, 7, 7), (1, np.nan, 0)],
)
@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_numbers_that_are_none_are_told_as_itk_reads_them(
    tmp_path: Path,
    dtype: str,
    order: Literal["<", ">"],
    slope: float,
    intercept: float,
    zero: float,
    suffix: str,
) -> None:
    path = tmp_path / f"a{suffix}"
    content = _nifti(_VALUES.astype(dtype), slope, intercept, order)
    path.write_bytes(gzip.compress(content) if suffix == ".nii.gz" else content)
    loaded = read_image(str(path))
    assert loaded.image.voxels.ravel()[1:5].tolist() == [zero] * 4
    assert "NaN and infinity were read as 0, in 3 voxels" in loaded.notes


def test_of_finite_numbers_nothing_is_told(tmp_path: Path) -> None:
    for dtype in ("float32", "int16"):
        values = np.array([0, 1, 2, 3, 4, 5, 6, 7], dtype)
        (tmp_path / "a.nii").write_bytes(_nifti(values, 0.0, 0.0, "<"))
        notes = read_image(str(tmp_path / "a.nii")).notes
        assert not any("NaN" in note for note in notes)
