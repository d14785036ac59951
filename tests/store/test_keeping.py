"""What is kept: all that is asked for, and images that are cheaper to read than to make."""

import pytest

from voxlogica_core.store.keeping import keeps, seconds_to_read
from voxlogica_core.values.kind import (
    BOOL,
    COLOUR,
    IMAGE,
    LABELS,
    MASK,
    NUMBER,
    RECORD,
    STRING,
    Kind,
    sequence,
)

VOLUME = 240 * 240 * 155


@pytest.mark.parametrize("kind", [IMAGE, MASK, LABELS, COLOUR, NUMBER])
def test_goals_are_always_kept(kind: Kind) -> None:
    assert keeps(kind, 0.0, 10**10, goal=True)


@pytest.mark.parametrize("kind", [NUMBER, BOOL, STRING, RECORD, sequence(NUMBER)])
def test_what_is_no_image_is_always_kept(kind: Kind) -> None:
    assert keeps(kind, 0.0, 8, goal=False)


def test_a_sum_of_images_is_made_again_and_a_distance_map_kept() -> None:
    assert not keeps(IMAGE, 0.003, 4 * VOLUME, goal=False)
    assert keeps(IMAGE, 0.390, 4 * VOLUME, goal=False)


def test_a_threshold_is_made_again_and_a_dilation_kept() -> None:
    assert not keeps(MASK, 0.0014, VOLUME, goal=False)
    assert keeps(MASK, 0.0049, VOLUME, goal=False)


def test_a_mask_is_read_faster_than_an_image_of_its_voxels() -> None:
    assert seconds_to_read(MASK, VOLUME) < seconds_to_read(IMAGE, 4 * VOLUME) / 5
