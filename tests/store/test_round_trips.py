"""What goes into a store comes out of it, to the last bit."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.stores import GRID, every_image, finished, node_id, random_image
from voxlogica_core.store.plain import plain_text, plain_value
from voxlogica_core.store.record import MISSING, InFile, Inline, NotKept, Plain
from voxlogica_core.store.sqlite import SqliteStore, open_store
from voxlogica_core.store.store import Store
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE, MASK, NUMBER, sequence

PLAIN: list[Plain] = [
    0.1,
    -0.0,
    5e-324,
    1.7976931348623157e308,
    math.inf,
    -math.inf,
    math.nan,
    True,
    False,
    None,
    "",
    "Zürich 脑 🧠 \x00 \ud800",
    (),
    (1.0, (True, "a", ()), None),
    {"dice": 0.5, "name": "left", "parts": (1.0, 2.0)},
    tuple(float(i) for i in range(20_000)),
    "long " * 10_000,
]


def value_of(store: Store, name: object) -> object:
    record = store.lookup([node_id(name)])[node_id(name)]
    return store.value(record)


def same(first: object, second: object) -> bool:
    return repr(first) == repr(second)  # tells -0.0 from 0.0, true from 1, and equates nan


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: repr(value)[:20])
def test_a_value_without_images_comes_back_exactly(store: Store, value: Plain) -> None:
    store.record([finished("a", value, keep=False)])
    assert same(value_of(store, "a"), value)


@pytest.mark.parametrize("image", every_image(), ids=lambda i: f"{i.kind}-{i.voxels.dtype}")
def test_an_image_comes_back_bit_by_bit(store: Store, image: Image) -> None:
    store.record([finished("a", image)])
    back = value_of(store, "a")
    assert isinstance(back, Image)
    assert (back.kind, back.geometry, back.voxels.dtype) == (
        image.kind,
        image.geometry,
        image.voxels.dtype,
    )
    assert np.array_equal(back.voxels, image.voxels)


def test_the_bits_of_special_floats_in_an_image_survive(store: Store) -> None:
    voxels = np.array([[math.nan, math.inf], [-math.inf, -0.0]], np.float32)
    store.record([finished("a", Image(IMAGE, voxels, plain_geometry((2, 2))))])
    back = value_of(store, "a")
    assert isinstance(back, Image)
    assert back.voxels.tobytes() == voxels.tobytes()


@pytest.mark.parametrize("count", [1, 7, 8, 9])
def test_masks_of_any_size_come_back(store: Store, count: int) -> None:
    voxels = np.arange(count)[None] % 3 == 0
    store.record([finished("a", Image(MASK, voxels, plain_geometry((count, 1))))])
    back = value_of(store, "a")
    assert isinstance(back, Image)
    assert np.array_equal(back.voxels, voxels)


def test_an_image_whose_array_is_a_view_comes_back(store: Store) -> None:
    turned = random_image(IMAGE, "float32").voxels[::-1, :, ::2]
    grid = plain_geometry(turned.shape[::-1])
    store.record([finished("a", Image(IMAGE, turned, grid))])
    back = value_of(store, "a")
    assert isinstance(back, Image)
    assert np.array_equal(back.voxels, turned)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
@settings(max_examples=100, deadline=None)
def test_plain_text_reads_back_as_the_same_value(value: Plain) -> None:
    assert same(plain_value(plain_text(value)), value)


@pytest.mark.parametrize("text", ["", "[", "{]", "[" * 100_000, "nul"])
def test_damaged_text_is_missing(text: str) -> None:
    assert plain_value(text) is MISSING


def test_a_value_that_is_none_is_not_an_absent_one(store: Store) -> None:
    store.record(
        [finished("none", None), finished("absent", random_image(IMAGE, "float32"), keep=False)]
    )
    assert value_of(store, "none") is None
    assert value_of(store, "absent") is MISSING


def test_an_image_not_worth_keeping_is_known_with_its_grid_and_cost(store: Store) -> None:
    image = random_image(IMAGE, "float32")
    store.record([finished("a", image, keep=False)])
    record = store.lookup([node_id("a")])[node_id("a")]
    assert record.stored == NotKept()
    assert not record.is_kept
    assert (record.kind, record.geometry, record.nbytes) == (IMAGE, GRID, image.nbytes)
    assert (record.primitive, record.version, record.seconds) == ("test.made", "1", 0.25)


def test_a_sequence_of_images_is_known_but_its_items_are_nodes_of_their_own(store: Store) -> None:
    images = (random_image(IMAGE, "float32"),)
    store.record([finished("a", images, kind=sequence(IMAGE))])
    record = store.lookup([node_id("a")])[node_id("a")]
    assert record.kind == sequence(IMAGE)
    assert store.value(record) is MISSING


def test_making_a_kept_value_again_without_keeping_it_loses_nothing(store: Store) -> None:
    image = random_image(MASK, "bool")
    store.record([finished("a", image)])
    store.record([finished("a", image, keep=False)])
    assert isinstance(value_of(store, "a"), Image)


def test_a_known_value_can_be_kept_later(store: Store) -> None:
    image = random_image(MASK, "bool")
    store.record([finished("a", image, keep=False)])
    store.record([finished("a", image)])
    assert isinstance(value_of(store, "a"), Image)


def test_only_what_is_known_is_found(store: Store) -> None:
    store.record([finished(i, float(i)) for i in range(1200)])
    found = store.lookup([node_id(i) for i in range(600, 1800)])
    assert found.keys() == {node_id(i) for i in range(600, 1200)}
    of_many = store.lookup([node_id(i) for i in range(900, 1600)])
    assert of_many.keys() == {node_id(i) for i in range(900, 1200)}
    assert store.lookup([]) == {}


def test_records_outlive_the_process_that_made_them(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    first.record([finished("a", 1.5), finished("b", random_image(MASK, "bool", 4))])
    first.close()
    second = open_store(tmp_path)
    assert value_of(second, "a") == 1.5
    back = value_of(second, "b")
    second.close()
    assert isinstance(back, Image)
    assert np.array_equal(back.voxels, random_image(MASK, "bool", 4).voxels)


def test_small_values_stand_in_their_record_and_large_ones_in_a_file(kept: SqliteStore) -> None:
    kept.record([finished("small", 1.0), finished("large", (0.5,) * 10_000)])
    records = kept.lookup([node_id("small"), node_id("large")])
    assert isinstance(records[node_id("small")].stored, Inline)
    assert isinstance(records[node_id("large")].stored, InFile)
    assert records[node_id("small")].kind == NUMBER


def test_a_mask_takes_less_than_half_a_bit_a_voxel(kept: SqliteStore) -> None:
    z, y, x = np.ogrid[:60, :60, :60]
    ball = (z - 30) ** 2 + (y - 28) ** 2 + (x - 31) ** 2 < 400
    kept.record([finished("a", Image(MASK, ball, plain_geometry((60, 60, 60))))])
    stored = kept.lookup([node_id("a")])[node_id("a")].stored
    assert isinstance(stored, InFile)
    assert stored.size * 8 <= 0.5 * ball.size
