"""Image files out of the ordinary: right, or a clear error. Headers are written byte by byte."""

import locale
import os
import shutil
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from PIL import Image as Picture

from voxlogica_core.errors import FileError, InputChanged
from voxlogica_core.plan.outside.input_files import digest_of
from voxlogica_core.primitives.colour import alpha, intensity
from voxlogica_core.primitives.image_files import read_image, write_image
from voxlogica_core.values.kind import COLOUR, IMAGE

COUNT = np.arange(24)
STRAIGHT = "1 0 0 0 1 0 0 0 1"
SHEARED = "1 0 0 0.5 1 0 0 0 1"


def nifti(
    path: Path,
    size: Sequence[int] = (4, 3, 2),
    order: str = "<",
    steps: Sequence[float] = (0.5, 2.0, 3.0),
    lean: float = 0.0,
) -> str:
    """Write a NIfTI-1 file of int16 that counts, with an affine map to space."""
    header = bytearray(352)
    struct.pack_into(order + "i", header, 0, 348)
    struct.pack_into(order + "8h", header, 40, *([len(size), *size] + [1] * 7)[:8])
    struct.pack_into(order + "2h", header, 70, 4, 16)
    struct.pack_into(order + "8f", header, 76, *([1.0, *steps] + [1.0] * 7)[:8])
    struct.pack_into(order + "f", header, 108, 352)
    header[123] = 2  # mm
    struct.pack_into(order + "h", header, 254, int(any(steps)))
    rows = (steps[0], lean, 0, -1, 0, steps[1], 0, -2, 0, 0, steps[2], -3)
    struct.pack_into(order + "12f", header, 280, *rows)
    header[344:348] = b"n+1\0"
    voxels = np.arange(abs(int(np.prod(size)))).astype(f"{order}i2")
    path.write_bytes(bytes(header) + voxels.tobytes())
    return str(path)


def meta(
    path: Path, directions: str = STRAIGHT, elsewhere: str = "LOCAL", msb: bool = False
) -> str:
    """Write a MetaImage of 4×3×2 int16 that counts."""
    text = (
        f"ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = {msb}\n"
        f"TransformMatrix = {directions}\nOffset = 0 0 0\nElementSpacing = 1 1 1\n"
        f"DimSize = 4 3 2\nElementType = MET_SHORT\nElementDataFile = {elsewhere}\n"
    )
    voxels = COUNT.astype(">i2" if msb else "<i2").tobytes()
    path.write_bytes(text.encode() + (voxels if elsewhere == "LOCAL" else b""))
    return str(path)


def nrrd(path: Path, second_axis: str = "(0,1,0)", data: str = "") -> str:
    """Write an NRRD of 4×3×2 big-endian int16 that counts."""
    text = (
        "NRRD0004\ntype: short\ndimension: 3\nsizes: 4 3 2\nspace: left-posterior-superior\n"
        f"space directions: (1,0,0) {second_axis} (0,0,1)\nspace origin: (0,0,0)\n"
        f"endian: big\nencoding: raw\n{data}\n"
    )
    path.write_bytes(text.encode() + COUNT.astype(">i2").tobytes())
    return str(path)


def slices(
    folder: Path,
    heights: Sequence[float],
    series: str = "1.2.3",
    shift: float = 0.0,
    width: int = 4,
) -> str:
    """Write DICOM slices of 3 rows whose voxels are their height, names in reverse order."""
    folder.mkdir(exist_ok=True)
    for number, height in enumerate(heights):
        voxels = np.full((3, width), int(height), np.int16)
        image = SimpleITK.GetImageFromArray(voxels[np.newaxis])
        image.SetSpacing((0.5, 2.0, 3.0))
        for tag, text in {
            "0008|0060": "MR",
            "0020|000d": "1.2.9",
            "0020|000e": series,
            "0008|0018": f"{series}.{number}",
            "0020|0013": str(number),
            "0020|0032": f"{-10 + shift * number}\\20\\{height}",
            "0020|0037": "1\\0\\0\\0\\1\\0",
        }.items():
            image.SetMetaData(tag, text)
        writer = SimpleITK.ImageFileWriter()
        writer.KeepOriginalImageUIDOn()
        writer.SetFileName(str(folder / f"{series}-{99 - number}.dcm"))
        kept = locale.setlocale(locale.LC_ALL)
        writer.Execute(image)
        locale.setlocale(locale.LC_ALL, kept)  # writing DICOM (reading does not) leaves "C" behind
    return str(folder)


@pytest.mark.parametrize("order", ["<", ">"])
def test_either_order_of_bytes_is_read(tmp_path: Path, order: str) -> None:
    loaded = read_image(nifti(tmp_path / "a.nii", order=order))
    assert loaded.notes == ()
    assert loaded.image.voxels.ravel().tolist() == COUNT.tolist()
    assert loaded.image.geometry.spacing == (0.5, 2.0, 3.0)
    for path in (meta(tmp_path / "a.mha", msb=order == ">"), nrrd(tmp_path / "a.nrrd")):
        assert read_image(path).image.voxels.ravel().tolist() == COUNT.tolist()


def test_sheared_axes_are_refused(tmp_path: Path) -> None:
    for path in (
        nifti(tmp_path / "a.nii", lean=0.3),
        meta(tmp_path / "a.mha", SHEARED),
        nrrd(tmp_path / "a.nrrd", "(0.5,1,0)"),
    ):
        with pytest.raises(FileError, match=r"not at right angles.*resample it"):
            read_image(path)


@pytest.mark.parametrize("size", [(4,), (4, 3, 0), (-4, 3, 2)])
def test_a_header_of_an_impossible_size_is_broken(
    tmp_path: Path, size: tuple[int, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(FileError, match="broken.*" + "×".join(map(str, size))):
        read_image(nifti(tmp_path / "a.nii", size))
    assert capfd.readouterr().err == ""


def test_five_dimensions_are_refused_unless_all_but_three_are_flat(tmp_path: Path) -> None:
    assert read_image(nifti(tmp_path / "a.nii", (4, 3, 2, 1, 1))).image.geometry.size == (4, 3, 2)
    with pytest.raises(FileError, match="volumes as a file of its own"):
        read_image(nifti(tmp_path / "b.nii", (4, 3, 2, 1, 2)))


def test_voxels_without_a_size_are_told(tmp_path: Path) -> None:
    loaded = read_image(nifti(tmp_path / "a.nii", steps=(0.0, 0.0, 0.0)))
    assert "1 mm was taken" in loaded.notes[0]


@pytest.mark.parametrize("elsewhere", ["LIST", "none.raw", "a%02d.raw 1 2 1"])
def test_voxels_in_files_that_are_not_one_beside_the_header_are_refused(
    tmp_path: Path, elsewhere: str
) -> None:
    with pytest.raises(FileError, match="one file of that name is wanted beside it"):
        read_image(meta(tmp_path / "a.mhd", elsewhere=elsewhere))
    with pytest.raises(FileError, match="one file of that name is wanted beside it"):
        read_image(nrrd(tmp_path / "a.nhdr", data=f"data file: {elsewhere}\n"))


def test_voxels_beside_the_header_are_read_and_must_be_whole(tmp_path: Path) -> None:
    path = meta(tmp_path / "a.mhd", elsewhere="a.raw")
    (tmp_path / "a.raw").write_bytes(COUNT.astype("<i2").tobytes())
    assert read_image(path).image.voxels.ravel().tolist() == COUNT.tolist()
    (tmp_path / "a.raw").write_bytes(COUNT.astype("<i2").tobytes()[:-1])
    with pytest.raises(FileError, match=r"a\.raw is cut off.*48 bytes, and 47"):
        read_image(path)


def test_pictures_with_a_palette_are_read_in_colour(tmp_path: Path) -> None:
    picture = Picture.new("P", (3, 1))
    picture.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0])
    picture.putdata([0, 1, 2])
    for name in ("a.png", "a.bmp"):
        picture.save(tmp_path / name)
        image = read_image(str(tmp_path / name)).image
        assert image.kind == COLOUR
        assert image.voxels.tolist() == [[[0, 0, 0], [255, 0, 0], [0, 255, 0]]]
    picture.save(tmp_path / "b.png", transparency=1)
    opacity = alpha(read_image(str(tmp_path / "b.png")).image)
    assert opacity.voxels.tolist() == [[255, 0, 255]]


def test_opacity_is_kept(tmp_path: Path) -> None:
    Picture.new("RGBA", (2, 1), (1, 2, 3, 4)).save(tmp_path / "a.png")
    image = read_image(str(tmp_path / "a.png")).image
    write_image(image, str(tmp_path / "b.png"))
    again = read_image(str(tmp_path / "b.png")).image
    assert again.voxels.tolist() == [[[1, 2, 3, 4]] * 2]
    expected = np.float32(0.2126 * 1 + 0.7152 * 2 + 0.0722 * 3)
    assert intensity(again).voxels.tolist() == [[expected] * 2]


def test_grey_with_opacity_is_refused_with_the_cure(tmp_path: Path) -> None:
    Picture.new("LA", (2, 1), (9, 4)).save(tmp_path / "a.png")
    with pytest.raises(FileError, match="save it as grey or as RGBA"):
        read_image(str(tmp_path / "a.png"))


def test_grey_of_one_and_of_sixteen_bits_is_read(tmp_path: Path) -> None:
    Picture.new("1", (2, 1), 1).save(tmp_path / "a.png")
    assert read_image(str(tmp_path / "a.png")).image.voxels.tolist() == [[255, 255]]
    Picture.new("I;16", (2, 1), 40000).save(tmp_path / "b.png")
    image = read_image(str(tmp_path / "b.png")).image
    assert (image.kind, image.voxels.tolist()) == (IMAGE, [[40000, 40000]])


def test_a_dicom_series_is_a_volume_in_the_order_of_its_places(tmp_path: Path) -> None:
    folder = slices(tmp_path / "series", [7, 1, 4])
    Path(folder, "notes.txt").write_text("no slice")
    loaded = read_image(folder)
    assert loaded.notes == ()
    assert loaded.image.voxels[:, 0, 0].tolist() == [1, 4, 7]
    assert loaded.image.geometry.size == (4, 3, 3)
    assert loaded.image.geometry.spacing == pytest.approx((0.5, 2.0, 3.0))
    assert loaded.image.geometry.origin == pytest.approx((-10, 20, 1))


def test_a_series_of_one_slice_and_its_file_are_one_image(tmp_path: Path) -> None:
    folder = slices(tmp_path / "series", [5])
    (file,) = Path(folder).iterdir()
    for path in (folder, str(file)):
        loaded = read_image(path)
        assert loaded.image.geometry.size == (4, 3)
        assert loaded.image.voxels.tolist() == [[5] * 4] * 3


def test_the_digest_of_a_series_tells_any_change(tmp_path: Path) -> None:
    folder = slices(tmp_path / "series", [1, 4, 7])
    digest = digest_of(folder)
    shutil.copytree(folder, tmp_path / "copy")
    assert digest_of(str(tmp_path / "copy")) == digest
    Path(folder, "notes.txt").write_text("no slice")
    assert digest_of(folder) == digest
    assert read_image(folder, digest).image.geometry.size == (4, 3, 3)
    Path(folder, "1.2.3-97.dcm").unlink()
    with pytest.raises(InputChanged, match="run again"):
        read_image(folder, digest)


def test_a_missing_slice_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"slices 2 and 3 .* are 6 mm apart, others 3 mm"):
        read_image(slices(tmp_path / "series", [1, 4, 10, 13]))


def test_slices_that_are_twice_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="several volumes in the folder"):
        read_image(slices(tmp_path / "series", [1, 1, 4, 4]))


def test_a_leaning_stack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"leans.*gantry"):
        read_image(slices(tmp_path / "series", [1, 4, 7], shift=0.5))


def test_slices_of_other_sizes_are_refused(tmp_path: Path) -> None:
    folder = slices(tmp_path / "series", [1, 4])
    slices(tmp_path / "other", [7], width=5)
    os.rename(tmp_path / "other" / "1.2.3-99.dcm", tmp_path / "series" / "z.dcm")
    with pytest.raises(FileError, match="differ in size"):
        read_image(folder)


def test_two_series_in_a_folder_are_refused_with_the_cure(tmp_path: Path) -> None:
    slices(tmp_path / "series", [1, 4])
    with pytest.raises(FileError, match=r"2 DICOM series.*folder of its own"):
        read_image(slices(tmp_path / "series", [7], series="1.2.4"))


def test_a_folder_without_slices_says_so(tmp_path: Path) -> None:
    for ask in (digest_of, read_image):
        with pytest.raises(FileError, match="is a folder without DICOM files"):
            ask(str(tmp_path))
