import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from voxlogica_core.engine.workers.viewing import write_view
from voxlogica_core.values.geometry import Geometry, plain_geometry
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK

GRID = Geometry((4, 3, 2), (1.0, 2.0, 3.0), (10.0, -20.0, 30.0), (0, 1, 0, -1, 0, 0, 0, 0, 1))


def ramp(dtype: str) -> Voxels:
    return np.arange(24).reshape(2, 3, 4).astype(dtype)


@pytest.mark.parametrize(
    ("image", "suffix"),
    [
        (Image(IMAGE, ramp("float32") / np.float32(3), GRID), ".nii"),
        (Image(MASK, ramp("uint8") % 2 == 0, GRID), ".nii.gz"),
        (Image(LABELS, ramp("uint16"), GRID), ".nii.gz"),
    ],
)
def test_scalar_images_are_written_bit_by_bit_with_their_grid(
    image: Image, suffix: str, tmp_path: Path
) -> None:
    view = write_view(image, "ab", tmp_path)
    assert view["file"] == str(tmp_path / f"ab{suffix}")
    read = sitk.ReadImage(str(view["file"]))
    assert np.array_equal(sitk.GetArrayFromImage(read), image.voxels.astype(image.voxels.dtype))
    assert np.allclose(read.GetOrigin(), GRID.origin)
    assert np.allclose(read.GetSpacing(), GRID.spacing)
    assert np.allclose(read.GetDirection(), GRID.direction)
    assert json.loads((tmp_path / "ab.json").read_text()) == json.loads(json.dumps(view))


@pytest.mark.parametrize(
    ("voxels", "dtype"),
    [
        (ramp("float32"), "uint8"),
        (ramp("float32") * 100, "uint16"),
        (ramp("float32") * 10000, "float32"),
        (ramp("float32") - 1, "float32"),
        (ramp("float32") / 2, "float32"),
        (np.where(ramp("float32") == 3, np.nan, ramp("float32")), "float32"),
        (np.where(ramp("float32") == 3, np.inf, ramp("float32")), "float32"),
    ],
)
def test_whole_numbers_take_as_few_bytes_as_hold_them(
    voxels: Voxels, dtype: str, tmp_path: Path
) -> None:
    view = write_view(Image(IMAGE, voxels.astype("float32"), GRID), "ab", tmp_path)
    read = np.fromfile(str(view["file"]), dtype, offset=352)  # SimpleITK reads no infinite numbers
    assert (view["kind"], view["bytes"]) == ("image", 352 + 24 * read.itemsize)
    assert np.array_equal(read.astype("float32"), voxels.reshape(-1), equal_nan=True)


def test_a_colour_image_has_three_bytes_a_voxel_and_its_grid(tmp_path: Path) -> None:
    voxels = np.random.default_rng(1).integers(0, 255, (2, 3, 4, 3)).astype(np.uint8)
    view = write_view(Image(COLOUR, voxels, GRID), "ab", tmp_path)
    read = sitk.ReadImage(str(view["file"]))
    assert np.array_equal(sitk.GetArrayFromImage(read), voxels)
    assert np.allclose(read.GetOrigin(), GRID.origin)
    assert np.allclose(read.GetSpacing(), GRID.spacing)
    assert np.allclose(read.GetDirection(), GRID.direction)


@pytest.mark.parametrize(("dtype", "largest"), [("uint16", 65535), ("float32", 8.0)])
def test_colours_of_other_types_become_what_a_screen_shows(
    dtype: str, largest: float, tmp_path: Path
) -> None:
    voxels = np.zeros((2, 2, 3), dtype)
    voxels[0, 1] = largest
    view = write_view(Image(COLOUR, voxels, plain_geometry((2, 2))), "ab", tmp_path)
    shown = sitk.GetArrayFromImage(sitk.ReadImage(str(view["file"]))).reshape(2, 2, 3)
    assert shown[0, 1].tolist() == [255, 255, 255]
    assert shown[1, 0].tolist() == [0, 0, 0]


def test_images_of_a_sequence_get_a_file_each_and_a_long_one_is_cut(tmp_path: Path) -> None:
    image = Image(MASK, np.ones((2, 2), bool), plain_geometry((2, 2)))
    view = write_view((image,) * 70, "ab", tmp_path)
    assert view["count"] == 70
    items = view["items"]
    assert isinstance(items, list)
    assert len(items) == 64
    assert len(list(tmp_path.glob("*.nii.gz"))) == 64


def test_numbers_and_records_are_told_as_they_are(tmp_path: Path) -> None:
    assert write_view(({"a": 1.0}, {"a": 2.5}), "ab", tmp_path) == {
        "form": "value",
        "value": [{"a": 1}, {"a": 2.5}],
    }
    assert not list(tmp_path.glob("*.nii*"))


def test_the_statistics_are_those_of_all_voxels(tmp_path: Path) -> None:
    image = Image(IMAGE, ramp("float32"), GRID)
    statistics = write_view(image, "ab", tmp_path)["statistics"]
    assert isinstance(statistics, dict)
    assert (statistics["minimum"], statistics["maximum"], statistics["voxels"]) == (0, 23, 23)
    assert statistics["volume"] == 23 * 6.0
    assert write_view(replace(image, voxels=image.voxels + 1), "cd", tmp_path)["form"] == "image"
