"""Headers of image files, read without an image library, against what SimpleITK wrote."""

from pathlib import Path

import pytest
import SimpleITK as sitk

from voxlogica_core.plan.outside.headers import grid_of_file, kind_of_file
from voxlogica_core.values.kind import COLOUR, IMAGE


def _image(size: tuple[int, ...], spacing: float = 1.0, origin: float = 0.0) -> sitk.Image:
    image = sitk.Image(list(size), sitk.sitkUInt8)
    image.SetSpacing([spacing] * len(size))
    image.SetOrigin([origin] * len(size))
    return image


def _written(image: sitk.Image, path: Path) -> str:
    sitk.WriteImage(image, str(path))
    return str(path)


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_equal_grids_are_told_from_others(tmp_path: Path, ending: str) -> None:
    plain = _written(_image((4, 5, 6)), tmp_path / f"plain{ending}")
    bright = _written(_image((4, 5, 6)) + 7, tmp_path / f"bright{ending}")
    others = [
        _image((4, 5, 7)),
        _image((4, 5, 6), spacing=1.5),
        _image((4, 5, 6), origin=3.0),
    ]
    grid = grid_of_file(plain)
    assert grid is not None
    assert grid == grid_of_file(bright)
    for number, other in enumerate(others):
        assert grid != grid_of_file(_written(other, tmp_path / f"other{number}{ending}"))


def test_pictures_are_colour_or_not(tmp_path: Path) -> None:
    grey = _written(_image((4, 5)), tmp_path / "grey.png")
    coloured = sitk.Compose(_image((4, 5)), _image((4, 5)), _image((4, 5)))
    colour = _written(coloured, tmp_path / "colour.png")
    assert kind_of_file(grey) == IMAGE
    assert kind_of_file(colour) == COLOUR
    assert grid_of_file(grey) == grid_of_file(colour) is not None


@pytest.mark.parametrize("content", [b"", b"text", b"\x1f\x8b", b"\x1f\x8b\x08\x00garbage"])
def test_what_is_no_image_has_no_grid(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.nii.gz"
    path.write_bytes(content)
    assert grid_of_file(str(path)) is None
    assert grid_of_file(str(tmp_path / "nowhere.nii")) is None
