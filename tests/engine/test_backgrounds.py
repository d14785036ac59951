"""Backgrounds: the preview of a mask lies on the image that its grid comes from."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from PIL import Image as Picture

from tests.support.programs import analysed_file
from tests.support.running import run_program
from voxlogica_core.engine.workers.backgrounds import Backgrounds
from voxlogica_core.engine.workers.saving import ProgramFiles
from voxlogica_core.plan.node import Apply
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

_TEXT = 'load i = "image.nii"\nlet m = near(i > 30)\nlet n = 3 + volume(m)\nprint "n" n\n'


def _image(folder: Path) -> None:
    voxels = np.arange(64, dtype=np.float32).reshape(4, 4, 4)
    sitk.WriteImage(sitk.GetImageFromArray(voxels), str(folder / "image.nii"))


def test_the_background_of_a_mask_is_the_image_its_grid_comes_from(tmp_path: Path) -> None:
    _image(tmp_path)
    plan = analysed_file(_TEXT, tmp_path).plan
    backgrounds = Backgrounds(ProgramFiles(), plan)
    mask, number = (plan.nodes[plan.declarations[name]] for name in "mn")
    assert isinstance(mask, Apply)
    assert isinstance(number, Apply)
    behind = backgrounds.behind(mask)
    assert behind is not None
    image = behind()
    assert image is not None
    assert image.voxels.max() == 63


def test_an_image_that_the_run_holds_is_not_read_again(tmp_path: Path) -> None:
    _image(tmp_path)
    plan = analysed_file(_TEXT, tmp_path).plan
    mask = plan.nodes[plan.declarations["m"]]
    assert isinstance(mask, Apply)
    assert mask.origin is not None
    held = Image(IMAGE, np.zeros((4, 4, 4), np.float32), plain_geometry((4, 4, 4)))
    for is_held in (True, False):
        backgrounds = Backgrounds(ProgramFiles(), plan)
        backgrounds.note(mask.origin, replace(held) if is_held else _passing(held))
        behind = backgrounds.behind(mask)
        assert behind is not None
        image = behind()
        assert image is not None
        assert image.voxels.max() == (0 if is_held else 63)
        assert behind() is image


def _passing(image: Image) -> Image:
    return replace(image, voxels=image.voxels.copy())


def test_a_file_that_has_changed_gives_no_background(tmp_path: Path) -> None:
    _image(tmp_path)
    plan = analysed_file(_TEXT, tmp_path).plan
    (tmp_path / "image.nii").write_bytes(b"something else")
    mask = plan.nodes[plan.declarations["m"]]
    assert isinstance(mask, Apply)
    behind = Backgrounds(ProgramFiles(), plan).behind(mask)
    assert behind is not None
    assert behind() is None


def test_the_picture_of_a_mask_shows_more_than_the_mask(tmp_path: Path) -> None:
    _image(tmp_path)
    analysis = analysed_file(_TEXT, tmp_path)
    store = MemoryStore()
    run_program(analysis, store=store)
    preview = store.preview(analysis.plan.declarations["m"])
    assert preview is not None
    colours = Picture.open(BytesIO(preview.png)).convert("RGB").getcolors(100_000)
    assert colours is not None
    assert len(colours) > 20
