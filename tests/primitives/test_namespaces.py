"""The namespaces that are imported by name: arrays, geom, strings, test."""

import logging
import math
from typing import Any

import numpy as np
import pytest

from tests.support import phantoms
from tests.support.engines import plan_of
from voxlogica_core.engine.engine import Engine
from voxlogica_core.errors import DataError
from voxlogica_core.primitives import label_scores, measures, shapes, strings, trials
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.overlays import overlay
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.values.kind import LABELS

FOUND = phantoms.image([[0, 1, 1], [2, 2, 0]])
TRUTH = phantoms.image([[0, 1, 2], [2, 1, 0]])
BLANK = shapes.blank(9.0, 11.0, 0.0)


def labels(image: Any) -> Any:
    return image.labels(image.voxels.astype(np.uint8))


@pytest.mark.parametrize("given", [(FOUND, TRUTH), (labels(FOUND), labels(TRUTH))])
def test_scores_of_labels_on_an_example(given: tuple[Any, Any]) -> None:
    assert label_scores.dice_score(*given) == 0.5
    assert label_scores.f1_score(*given, 2.0) == 0.5
    assert label_scores.jaccard_index(*given, 1.0) == 1 / 3
    assert label_scores.precision(*given, 1.0) == 0.5
    assert label_scores.recall(*given, 2.0) == 0.5
    assert label_scores.pixel_accuracy(*given) == 4 / 6
    assert label_scores.confusion_matrix(*given) == [[2, 0, 0], [0, 1, 1], [0, 1, 1]]


def test_scores_of_masks_are_the_measures() -> None:
    for a in phantoms.random_masks(12):
        b = a.mask(~a.voxels[::-1])
        assert label_scores.dice_score(a, b) == measures.dice(a, b)
        assert label_scores.jaccard_index(a, b) == measures.jaccard(a, b)
        (both_out, found_only), (truth_only, both_in) = _padded(label_scores.confusion_matrix(a, b))
        assert both_in == np.count_nonzero(a.voxels & b.voxels)
        assert found_only == np.count_nonzero(a.voxels & ~b.voxels)
        assert truth_only == np.count_nonzero(~a.voxels & b.voxels)
        assert both_out == np.count_nonzero(~a.voxels & ~b.voxels)


def _padded(matrix: Any) -> Any:
    return matrix if len(matrix) == 2 else [[matrix[0][0], 0], [0, 0]]


def test_scores_of_a_label_that_is_nowhere() -> None:
    assert label_scores.dice_score(FOUND, TRUTH, 9.0) == 1
    assert label_scores.jaccard_index(FOUND, TRUTH, 9.0) == 1
    with pytest.raises(DataError, match="label 9 found, and none is"):
        label_scores.precision(FOUND, TRUTH, 9.0)
    with pytest.raises(DataError, match="a truth with a voxel of label 9"):
        label_scores.recall(FOUND, TRUTH, 9.0)


@pytest.mark.parametrize("wrong", [0.5, -1, np.nan, np.inf, 1001])
def test_a_confusion_matrix_wants_labels(wrong: float) -> None:
    with pytest.raises(DataError, match="whole numbers from 0 to 1000") as caught:
        label_scores.confusion_matrix(FOUND, phantoms.image([[wrong, 1, 1], [0, 0, 0]]))
    assert caught.value.argument == "g"


def test_voxels_of_one_value_are_counted_and_marked() -> None:
    tenth = phantoms.image([[0.1, 0.2]])
    assert label_scores.count_pixels(tenth, 0.1) == 1
    assert label_scores.threshold_equal(tenth, 0.1).voxels.tolist() == [[True, False]]
    large = labels(FOUND).labels(np.full((2, 3), 2**24 + 1, np.uint32))
    assert (large.kind, label_scores.count_pixels(large, 2.0**24)) == (LABELS, 0)
    assert label_scores.count_pixels(phantoms.mask([[1, 0]]), 1.0) == 1


def test_statistics_of_an_image() -> None:
    found = label_scores.array_stats(phantoms.image([[1, 2, 3]]))
    assert found == {"min": 1, "max": 3, "mean": 2, "stdev": 1, "count": 3}
    assert label_scores.array_stats(phantoms.image([[7]]))["stdev"] == 0
    broken = label_scores.array_stats(phantoms.image([[np.nan, 1]]))
    assert math.isnan(broken["mean"])  # type: ignore[arg-type]
    assert broken["count"] == 2
    infinite = label_scores.array_stats(phantoms.image([[np.inf, 1]]))
    assert infinite["max"] == math.inf


def test_images_are_compared_voxel_by_voxel() -> None:
    same = label_scores.compare_arrays(FOUND, labels(FOUND))
    assert same == {"equal": True, "differing": 0, "max_difference": 0}
    found = label_scores.compare_arrays(FOUND, TRUTH)
    assert found == {"equal": False, "differing": 2, "max_difference": 1}
    with_nan = phantoms.image([[np.nan, np.inf]])
    assert label_scores.compare_arrays(with_nan, with_nan)["equal"] is True
    gap = label_scores.compare_arrays(with_nan, phantoms.image([[1, np.inf]]))["max_difference"]
    assert math.isnan(gap)  # type: ignore[arg-type]
    unsigned = [labels(phantoms.image([[v]])) for v in (1, 3)]
    assert label_scores.compare_arrays(*unsigned)["max_difference"] == 2


def test_a_circle_holds_the_voxels_within_its_radius() -> None:
    for cx, cy, r in ((5.0, 4.0, 3.0), (0.0, 8.5, 2.5), (-3.0, 2.0, 3.0), (50.0, 50.0, 1.0)):
        y, x = np.indices(BLANK.voxels.shape)
        inside = (x - cx) ** 2 + (y - cy) ** 2 <= r * r
        assert np.array_equal(shapes.circle(BLANK, cx, cy, r, 2.0).voxels, inside * 2.0)


def test_a_polygon_of_four_sides_stands_on_a_corner() -> None:
    y, x = np.indices(BLANK.voxels.shape)
    diamond = abs(x - 5) + abs(y - 4) <= 3
    assert np.array_equal(shapes.regular_polygon(BLANK, 5.0, 4.0, 3.0, 4.0, 1.0).voxels, diamond)


@pytest.mark.parametrize("sides", [3.0, 5.0, 6.0, 12.0, 1000.0])
def test_a_polygon_lies_in_its_circle_and_touches_the_top(sides: float) -> None:
    canvas = shapes.blank(41.0, 41.0, -1.0)
    polygon = shapes.regular_polygon(canvas, 20.0, 20.0, 15.0, sides, 3.0).voxels
    circle = shapes.circle(canvas, 20.0, 20.0, 15.0, 3.0).voxels
    assert polygon[5, 20] == 3
    assert (polygon[4] == -1).all()
    assert (circle[polygon == 3] == 3).all()
    assert np.array_equal(polygon, polygon[:, ::-1])
    assert (polygon == 3).sum() < (circle == 3).sum()


@pytest.mark.parametrize(
    ("draw", "argument"),
    [
        (lambda: shapes.blank(0.0, 3.0), "h"),
        (lambda: shapes.blank(3.0, 2.5), "w"),
        (lambda: shapes.blank(1e5, 1e5), "w"),
        (lambda: shapes.blank(math.nan, 2.0), "h"),
        (lambda: shapes.circle(BLANK, 1.0, 1.0, 0.0, 1.0), "r"),
        (lambda: shapes.circle(BLANK, math.inf, 1.0, 1.0, 1.0), "cx"),
        (lambda: shapes.circle(phantoms.image(np.zeros((2, 2, 2))), 1.0, 1.0, 1.0, 1.0), "img"),
        (lambda: shapes.regular_polygon(BLANK, 1.0, 1.0, 1.0, 2.0, 1.0), "sides"),
        (lambda: shapes.regular_polygon(BLANK, 1.0, 1.0, 1.0, 3.5, 1.0), "sides"),
        (lambda: strings.replace("a", "", "b"), "old"),
        (lambda: strings.split("a", ""), "separator"),
        (lambda: strings.text_from("a", 0.5), "a"),
        (lambda: strings.text_from_to("a", 0.0, math.inf), "b"),
        (lambda: trials.fibonacci(-1.0), "n"),
        (lambda: trials.fibonacci(1477.0), "n"),
        (lambda: trials.timewaste(0.0, 1.0), "size"),
        (lambda: trials.timewaste(1.0, 1e9), "iterations"),
    ],
)
def test_wrong_arguments_are_named(draw: Any, argument: str) -> None:
    with pytest.raises(DataError, match="want") as caught:
        draw()
    assert caught.value.argument == argument


def test_texts_are_cut_by_code_points() -> None:
    assert strings.text_from("naïve", -2.0) == "ve"
    assert strings.text_from_to("naïve", 1.0, -1.0) == "aïv"
    assert strings.text_from_to("ab", 1.0, 1e12) == "b"
    assert strings.characters("naïve") == 5


def test_fibonacci_numbers_are_exact_and_then_nearest() -> None:
    assert [trials.fibonacci(float(n)) for n in range(8)] == [0, 1, 1, 2, 3, 5, 8, 13]
    assert trials.fibonacci(78.0) == 8944394323791464
    assert math.isfinite(trials.fibonacci(1476.0))


def test_wasted_time_gives_the_same_number_again() -> None:
    assert trials.timewaste(1.0, 0.0) == 0.5
    assert trials.timewaste(1.0, 1.0) == 0.925
    assert trials.timewaste(20.0, 30.0) == trials.timewaste(20.0, 30.0)


def test_impure_says_each_time_it_runs_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    plan = plan_of('let a = impure(3)\nprint "a" a\nprint "b" a + 1\nprint "c" test.impure(3)')
    with (
        caplog.at_level(logging.WARNING, "voxlogica.test"),
        Engine(MemoryStore(), read_catalogue(), threads=1) as engine,
    ):
        for _ in range(2):
            assert [result.value for result in engine.run(plan).wait().results] == [3, 4, 3]
    assert [r.message for r in caplog.records if r.name == "voxlogica.test"] == ["test.impure ran"]


def test_an_overlay_holds_its_images_from_bottom_to_top() -> None:
    mask = phantoms.mask([[1, 0, 1], [0, 0, 0]])
    assert overlay(FOUND, mask, TRUTH) == (FOUND, mask, TRUTH)
    assert overlay(FOUND) == (FOUND,)
