"""Pictures: small enough, in physical proportions, with colours everyone can tell apart."""

from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as Picture

from tests.support.stores import every_image, random_image
from voxlogica_core.store.preview import LARGEST, centre_of, picture, preview, window_of
from voxlogica_core.values.geometry import Geometry, plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK

Pixels = npt.NDArray[np.uint8]


def opened(png: bytes) -> Picture.Image:
    return Picture.open(BytesIO(png))


def pixels(png: bytes) -> Pixels:
    return np.asarray(opened(png).convert("RGB"))


def ball(size: int, centre: tuple[int, int, int], radius: int) -> npt.NDArray[np.bool_]:
    z, y, x = np.ogrid[:size, :size, :size]
    distance = (z - centre[0]) ** 2 + (y - centre[1]) ** 2 + (x - centre[2]) ** 2
    return distance <= radius**2


def coloured(png: bytes) -> npt.NDArray[np.bool_]:
    values = pixels(png).astype(int)
    return np.ptp(values, axis=2) > 30


@pytest.mark.parametrize("image", every_image(), ids=lambda i: f"{i.kind}-{i.geometry.dimension}")
def test_every_image_has_a_picture_with_a_palette(image: Image) -> None:
    shown = opened(picture(image))
    assert (shown.format, shown.mode) == ("PNG", "P")


def test_noise_makes_a_smaller_picture_instead_of_a_larger_file() -> None:
    noise = np.random.default_rng(0).normal(0, 1, (160, 250, 250)).astype(np.float32)
    png = picture(Image(IMAGE, noise, plain_geometry((250, 250, 160))))
    assert len(png) <= LARGEST
    assert opened(png).size[0] > 250


def test_a_volume_shows_three_slices_in_physical_proportions() -> None:
    grid = plain_geometry((20, 40, 10), (2.0, 1.0, 6.0))  # 40 × 40 × 60 mm
    png = picture(Image(IMAGE, np.ones(grid.shape, np.float32), grid))
    width, height = opened(png).size
    gaps = width - 3 * height * 40 / 60
    assert height == 256
    assert 0 < gaps < 40


def test_a_plane_picture_shows_itself_unturned() -> None:
    voxels = np.zeros((30, 60), np.float32)
    voxels[:15, :30] = 1
    shown = pixels(picture(Image(IMAGE, voxels, plain_geometry((60, 30)))))
    height, width, _ = shown.shape
    assert width == 2 * height
    assert shown[height // 4, width // 4, 0] == 255
    assert shown[3 * height // 4, width // 4, 0] == 0
    assert shown[height // 4, 3 * width // 4, 0] == 0


def test_a_large_plane_picture_is_scaled_down_and_a_small_one_enlarged() -> None:
    large = Image(IMAGE, np.zeros((600, 300), np.float32), plain_geometry((300, 600)))
    small = Image(IMAGE, np.zeros((4, 4), np.float32), plain_geometry((4, 4)))
    assert opened(picture(large)).size == (128, 256)
    assert opened(picture(small)).size == (32, 32)


def test_a_colour_picture_keeps_its_colours() -> None:
    voxels = np.zeros((40, 40, 3), np.uint8)
    voxels[:, :20] = (200, 30, 30)
    voxels[:, 20:] = (30, 30, 200)
    shown = pixels(picture(Image(COLOUR, voxels, plain_geometry((40, 40))))).astype(int)
    assert np.abs(shown[100, 20] - (200, 30, 30)).max() < 12
    assert np.abs(shown[100, 220] - (30, 30, 200)).max() < 12


def test_a_mask_lies_in_colour_on_its_background() -> None:
    grid = plain_geometry((40, 40, 40))
    mask = Image(MASK, ball(40, (20, 20, 20), 8), grid)
    below = Image(IMAGE, ball(40, (20, 20, 20), 16).astype(np.float32), grid)
    alone, over = picture(mask), picture(mask, below)
    assert coloured(alone).mean() == pytest.approx(coloured(over).mean(), abs=0.01)
    grey = ~coloured(over) & (pixels(over)[:, :, 0] > 200)
    assert grey.mean() > coloured(over).mean()


@pytest.mark.parametrize(
    "background",
    [
        random_image(IMAGE, "float32"),
        random_image(LABELS, "uint8", 0, plain_geometry((40, 40, 40))),
    ],
)
def test_a_background_that_does_not_fit_is_not_used(background: Image) -> None:
    mask = Image(MASK, ball(40, (20, 20, 20), 8), plain_geometry((40, 40, 40)))
    assert picture(mask, background) == picture(mask)


def test_labels_have_colours_of_their_own() -> None:
    voxels = np.zeros((10, 80), np.uint8)
    for label in range(8):
        voxels[:, 10 * label : 10 * label + 10] = label
    shown = pixels(picture(Image(LABELS, voxels, plain_geometry((80, 10)))))
    middles = {tuple(shown[16, 16 + 32 * label]) for label in range(8)}
    assert len(middles) == 8


def test_the_slices_go_through_the_centre_of_a_mask() -> None:
    assert centre_of(MASK, ball(60, (12, 30, 47), 5)) == (12, 30, 47)


def test_a_mask_in_two_parts_is_seen_in_every_slice() -> None:
    parts = ball(60, (10, 10, 10), 4) | ball(60, (50, 50, 50), 4)
    centre = centre_of(MASK, parts)
    assert all(np.take(parts, centre[axis], axis=axis).any() for axis in range(3))


def test_the_slices_go_through_what_differs_from_the_border() -> None:
    voxels = np.full((60, 60, 60), 1000.0, np.float32)
    voxels[ball(60, (12, 30, 47), 5)] = 0
    assert centre_of(IMAGE, voxels) == (12, 30, 47)


def test_the_centre_is_found_in_large_images_too() -> None:
    voxels = np.zeros((160, 160, 160), np.float32)
    voxels[ball(160, (40, 80, 121), 9)] = 5
    assert np.abs(np.subtract(centre_of(IMAGE, voxels), (40, 80, 121))).max() <= 2


def test_the_centre_of_a_volume_in_colour_is_found() -> None:
    voxels = np.zeros((30, 30, 30, 3), np.uint8)
    voxels[ball(30, (6, 15, 22), 3)] = (200, 0, 0)
    assert centre_of(COLOUR, voxels) == (6, 15, 22)


def test_an_empty_mask_is_cut_in_the_middle() -> None:
    assert centre_of(MASK, np.zeros((10, 20, 30), np.bool_)) == (5, 10, 15)


def test_the_window_leaves_out_the_extremes_and_is_never_empty() -> None:
    voxels = np.arange(10_000, dtype=np.float32).reshape(100, 100)
    grid = plain_geometry((100, 100))
    assert window_of(Image(IMAGE, voxels, grid)) == pytest.approx((100, 9900), abs=1)
    assert window_of(Image(IMAGE, np.full_like(voxels, 7), grid)) == (6, 8)
    one = np.zeros_like(voxels)
    one[0, 0] = 9
    assert window_of(Image(IMAGE, one, grid)) == (0, 9)
    assert window_of(Image(IMAGE, np.full_like(voxels, np.nan), grid)) == (0, 1)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_voxels_that_are_no_numbers_do_not_spoil_the_picture(value: float) -> None:
    voxels = np.random.default_rng(0).normal(0, 1, (20, 20, 20)).astype(np.float32)
    voxels[5, 5, 5] = value
    shown = preview(Image(IMAGE, voxels, plain_geometry((20, 20, 20))))
    assert 60 < pixels(shown.png)[:150].mean() < 200


_EXTREMES = np.array(
    [0, -0.0, 1, -1, 1e-45, -1e-45, 1e19, -1e19, 3.4e38, -3.4e38, np.nan, np.inf, -np.inf],
    np.float32,
)


@pytest.mark.parametrize("value", _EXTREMES)
def test_every_value_alone_makes_a_picture(value: np.float32) -> None:
    grid = plain_geometry((4, 5, 3))
    shown = preview(Image(IMAGE, np.full(grid.shape, value, np.float32), grid))
    assert shown.statistics.not_finite == (0 if np.isfinite(value) else 60)
    assert pixels(shown.png).size


def test_extreme_values_together_make_a_picture() -> None:
    chance = np.random.default_rng(1)
    grid = plain_geometry((4, 5, 3))
    for count in range(200):
        few = chance.choice(_EXTREMES, 1 + count % 4)
        voxels = chance.choice(few, grid.shape)
        shown = preview(Image(IMAGE, voxels, grid))
        assert shown.statistics.not_finite == np.count_nonzero(~np.isfinite(voxels)), few
        colours = Image(COLOUR, np.stack([voxels] * 3, axis=-1), grid)
        assert pixels(preview(colours).png).size, few


@pytest.mark.parametrize("size", [(1, 1, 1), (1, 1), (300, 1, 1), (1, 200, 3), (2000, 1)])
def test_thin_images_have_a_picture(size: tuple[int, ...]) -> None:
    grid = plain_geometry(size)
    assert opened(picture(Image(IMAGE, np.ones(grid.shape, np.float32), grid))).size[0] >= 1


def test_a_left_handed_volume_is_not_mirrored() -> None:
    voxels = np.zeros((20, 20, 20), np.bool_)
    voxels[5:15, 5:15, 2:6] = True  # towards the patient's left, as the x axis runs to the right
    direction = (-1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    grid = Geometry((20, 20, 20), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), direction)
    axial = coloured(picture(Image(MASK, voxels, grid)))[:, :160]
    columns = np.flatnonzero(axial.any(axis=0))
    assert columns.min() > 80
