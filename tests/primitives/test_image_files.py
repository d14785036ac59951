"""Image files: round trips with their grid, and every way a file can be wrong."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK

from tests.support import phantoms
from voxlogica_core.errors import FileError, InputChanged
from voxlogica_core.plan.outside.input_files import digest_of
from voxlogica_core.primitives.colour import red
from voxlogica_core.primitives.image_files import read_image, write_image
from voxlogica_core.primitives.image_formats import PICTURES
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK

TURNED = (0.0, -1.0, 0.0, 0.6, 0.0, -0.8, 0.8, 0.0, 0.6)
GRID = Geometry((4, 3, 2), (0.9, 0.7, 1.2), (-10.0, 20.0, 5.5), TURNED)
VOXELS = np.linspace(-3, 1000, 24, dtype=np.float32).reshape(GRID.shape)
VOLUME = Image(IMAGE, VOXELS, GRID)
ANY_FORMAT = [".nii", ".nii.gz", ".mha", ".nrrd", ".seg.nrrd"]


def saved(image: Image, path: Path) -> str:
    assert write_image(image, str(path)) == ()
    return str(path)


def sitk_file(voxels: np.ndarray, path: Path) -> str:
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(voxels), str(path))
    return str(path)


@pytest.mark.parametrize("suffix", ANY_FORMAT)
def test_a_turned_volume_comes_back(tmp_path: Path, suffix: str) -> None:
    loaded = read_image(saved(VOLUME, tmp_path / f"a{suffix}"))
    assert loaded.notes == ()
    assert np.array_equal(loaded.image.voxels, VOXELS)
    assert loaded.image.geometry.difference(GRID) is None


@pytest.mark.parametrize("suffix", ANY_FORMAT)
def test_masks_and_labels_are_saved_small(tmp_path: Path, suffix: str) -> None:
    marks = Image(MASK, VOXELS > 500, GRID)
    labels = Image(LABELS, (VOXELS > 500).astype(np.uint32) * np.uint32(300), GRID)
    for image, pixel in ((marks, "8-bit unsigned integer"), (labels, "16-bit unsigned integer")):
        path = saved(image, tmp_path / f"a{suffix}")
        assert SimpleITK.ReadImage(path).GetPixelIDTypeAsString() == pixel
        assert np.array_equal(read_image(path).image.voxels, image.voxels)


def test_colours_keep_their_type(tmp_path: Path) -> None:
    voxels = np.arange(24, dtype=np.uint8).reshape((2, 4, 3))
    path = saved(phantoms.colour(voxels), tmp_path / "a.png")
    loaded = read_image(path).image
    assert (loaded.kind, loaded.voxels.dtype) == (COLOUR, np.uint8)
    assert np.array_equal(loaded.voxels, voxels)


def test_colours_of_other_types_become_float32(tmp_path: Path) -> None:
    image = SimpleITK.GetImageFromArray(np.full((2, 3, 4), -7, np.int16), isVector=True)
    SimpleITK.WriteImage(image, str(tmp_path / "a.mha"))
    loaded = read_image(str(tmp_path / "a.mha")).image
    assert (loaded.kind, loaded.voxels.dtype) == (COLOUR, np.float32)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif", ".tiff"])
def test_masks_in_pictures_are_black_and_white(tmp_path: Path, suffix: str) -> None:
    path = saved(phantoms.mask([[1, 0], [0, 0]]), tmp_path / f"a{suffix}")
    assert red(read_image(path).image).voxels.tolist() == [[255, 0], [0, 0]]


def test_numbers_in_pictures_are_rounded_half_even_and_clamped(tmp_path: Path) -> None:
    path = str(tmp_path / "a.png")
    notes = write_image(phantoms.image([[0.5, 1.5, -3, 300, np.nan, np.inf]]), path)
    assert "rounded and limited" in notes[0]
    assert read_image(path).image.voxels.tolist() == [[0, 2, 0, 255, 0, 255]]


def test_a_photograph_may_be_jpeg(tmp_path: Path) -> None:
    grey = phantoms.image(np.full((16, 16), 100))
    assert read_image(saved(grey, tmp_path / "a.jpg")).image.voxels.tolist() == grey.voxels.tolist()


def test_a_volume_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="slice_image"):
        write_image(VOLUME, str(tmp_path / "a.png"))


def test_jpeg_has_no_opacity(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="components, and 4 came"):
        write_image(phantoms.colour(np.zeros((2, 2, 4), np.uint8)), str(tmp_path / "a.jpg"))


@pytest.mark.parametrize("name", ["a.txt", "a", "a.gz"])
def test_an_unknown_extension_names_those_that_work(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match=r"\.nii\.gz.*\.png"):
        write_image(VOLUME, str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


def test_folders_are_created(tmp_path: Path) -> None:
    assert Path(saved(VOLUME, tmp_path / "new" / "deep" / "a.nii.gz")).is_file()


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.nii.gz"
    target.mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        write_image(VOLUME, str(target))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.nii.gz"]


def test_a_path_through_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be written"):
        write_image(VOLUME, str(tmp_path / "file" / "a.nii.gz"))


def test_the_digest_is_of_the_bytes_that_are_decoded(tmp_path: Path) -> None:
    path = saved(VOLUME, tmp_path / "a.nii")
    digest = digest_of(path)
    assert np.array_equal(read_image(path, digest).image.voxels, VOXELS)
    saved(Image(IMAGE, VOXELS + 1, GRID), tmp_path / "a.nii")
    with pytest.raises(InputChanged, match="run again"):
        read_image(path, digest)


def test_the_digest_of_two_files_tells_a_change_of_either(tmp_path: Path) -> None:
    path = sitk_file(VOXELS, tmp_path / "a.mhd")
    before = digest_of(path)
    raw = tmp_path / "a.raw"
    raw.write_bytes(b"\1" + raw.read_bytes()[1:])
    assert digest_of(path) != before
    sitk_file(VOXELS, tmp_path / "a.mhd")
    assert digest_of(path) == before


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.png", "a.mha", "a.dcm", "a"])
def test_a_text_is_no_image(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    path.write_text("this is a text, whatever its name says\n" * 20)
    with pytest.raises(FileError, match="image"):
        read_image(str(path))
    assert capfd.readouterr().err == ""


def test_a_missing_file_and_a_folder_are_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no file"):
        read_image(str(tmp_path / "a.nii"))
    with pytest.raises(FileError, match="is a folder"):
        read_image(str(tmp_path))
    with pytest.raises(FileError, match="there is no file"):
        digest_of(str(tmp_path / "a.nii"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read_is_said_in_words(tmp_path: Path) -> None:
    path = saved(VOLUME, tmp_path / "a.nii")
    os.chmod(path, 0)
    with pytest.raises(FileError, match="cannot be read"):
        read_image(path)


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz", ".mha", ".nrrd", ".png"])
def test_a_truncated_file_is_refused(
    tmp_path: Path, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.float32)
    path = Path(saved(phantoms.image(noise), tmp_path / f"a{suffix}"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FileError, match=r"cut off|cannot be read"):
        read_image(str(path))
    assert capfd.readouterr().err == ""


def test_gzip_in_two_members_is_read_whole(tmp_path: Path) -> None:
    content = Path(saved(VOLUME, tmp_path / "a.nii")).read_bytes()
    twice = tmp_path / "b.nii.gz"
    twice.write_bytes(gzip.compress(content[:400]) + gzip.compress(content[400:]))
    assert np.array_equal(read_image(str(twice)).image.voxels, VOXELS)


def test_a_volume_of_one_slice_is_read_as_two_dimensional(tmp_path: Path) -> None:
    flat = Image(IMAGE, VOXELS[:1], Geometry((4, 3, 1), (0.9, 0.7, 1.2), (1.0, 2.0, 3.0), TURNED))
    loaded = read_image(saved(flat, tmp_path / "a.nii"))
    assert loaded.image.geometry.size == (4, 3)
    assert loaded.image.geometry.spacing == pytest.approx((0.9, 0.7))
    assert np.array_equal(loaded.image.voxels, VOXELS[0])
    assert "4×3×1 was read as 4×3" in loaded.notes[0]


def test_the_flat_axis_may_be_any_but_two_are_kept(tmp_path: Path) -> None:
    upright = sitk_file(VOXELS[:, :1, :], tmp_path / "a.mha")
    assert read_image(upright).image.geometry.size == (4, 2)
    line = sitk_file(VOXELS[:1, :1, :], tmp_path / "b.mha")
    assert read_image(line).image.geometry.size == (4, 1)


def test_four_dimensions_are_refused_with_the_cure(tmp_path: Path) -> None:
    volumes = [SimpleITK.GetImageFromArray(VOXELS)] * 3
    path = tmp_path / "a.nii.gz"
    SimpleITK.WriteImage(SimpleITK.JoinSeries(volumes), str(path))
    with pytest.raises(FileError, match=r"4 dimensions.*one of its 3 volumes"):
        read_image(str(path))
    SimpleITK.WriteImage(SimpleITK.JoinSeries(volumes[:1]), str(path))
    assert read_image(str(path)).image.geometry.size == (4, 3, 2)


def test_a_lossy_load_tells_the_largest_change(tmp_path: Path) -> None:
    exact = sitk_file(np.array([[1.5, 2.0]]), tmp_path / "a.mha")
    assert read_image(exact).notes == ()
    rounded = sitk_file(np.array([[0.1, 2.0]]), tmp_path / "b.mha")
    change = float(np.float32(0.1)) - 0.1
    assert read_image(rounded).notes == (
        f"its float64 voxels were rounded to float32, by {change:g} at most",
    )
    large = sitk_file(np.array([[2**24 + 1, 2]], np.int32), tmp_path / "c.mha")
    assert "by 1 at most" in read_image(large).notes[0]


def test_complex_voxels_are_refused(tmp_path: Path) -> None:
    path = sitk_file(np.ones((2, 3), np.complex64), tmp_path / "a.nii")
    with pytest.raises(FileError, match="complex64 are not supported"):
        read_image(path)


def test_the_same_image_gives_the_same_packed_bytes_and_nothing_is_left_beside(
    tmp_path: Path,
) -> None:
    for name in ("one.nii.gz", "other.nii.gz"):
        write_image(VOLUME, str(tmp_path / name))
    assert (tmp_path / "one.nii.gz").read_bytes() == (tmp_path / "other.nii.gz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.nii.gz", "other.nii.gz"]


def test_on_a_full_disk_every_format_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    suffixes = [*ANY_FORMAT, *PICTURES]
    command = [sys.executable, "-m", "tests.support.full_disk", str(tmp_path), *suffixes]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.splitlines() == [f"{suffix} refused []" for suffix in suffixes]
