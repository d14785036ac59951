"""The `simpleitk` namespace: its table is SimpleITK's own truth, and calls give its own numbers."""

import re
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest
import SimpleITK

from tests.support.programs import LOADS, analysed
from voxlogica_core.errors import DataError
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.kernels import kernel
from voxlogica_core.primitives.simpleitk.described import Default, Described, shipped_table, written
from voxlogica_core.primitives.simpleitk.signatures import (
    NotOffered,
    documentation,
    functions,
    signatures,
)
from voxlogica_core.primitives.simpleitk.trying import samples
from voxlogica_core.primitives.sitk_images import to_sitk, voxels_of
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE, LABELS, MASK, Kind

TABLE = shipped_table()
OTHER = TABLE.version != SimpleITK.Version_VersionString()
GIVEN = samples()


def called(name: str, *arguments: object, kinds: Sequence[Kind] | None = None) -> object:
    """Call the first form that takes arguments of these kinds."""
    primitive = read_catalogue().primitives[f"simpleitk.{name}"]
    found = kinds or [each.kind if isinstance(each, Image) else Kind("any") for each in arguments]
    return kernel(primitive.fitting(found)[0])(*arguments)


def image(name: str, *arguments: object, kinds: Sequence[Kind] | None = None) -> Image:
    found = called(name, *arguments, kinds=kinds)
    assert isinstance(found, Image)
    return found


@pytest.mark.skipif(OTHER, reason="the table is of another version than the installed SimpleITK")
def test_the_table_has_what_the_installed_version_documents() -> None:
    stale = [f.name for f in TABLE.functions if _shape(f) != _documented(f.name)]
    assert stale == []
    assert {f.name for f in TABLE.functions} | TABLE.left_out.keys() >= set(functions())


def _shape(function: Described) -> tuple[str, set[tuple[str, str, Default]]]:
    """Return what of a description does not come from trying the function."""
    arguments = {(a.name, a.codec, a.default) for form in function.forms for a in form.arguments}
    return function.documentation, arguments


def _documented(name: str) -> tuple[str, set[tuple[str, str, Default]]]:
    arguments = {(a.name, a.codec, a.default) for s in signatures(name) for a in s.arguments}
    return documentation(name), arguments


def test_the_table_is_read_as_it_was_written() -> None:
    assert '"BinaryThreshold"' in written(TABLE)
    assert len(TABLE.functions) > 250


def test_every_function_left_out_has_a_reason() -> None:
    assert all(len(reason) > 10 for reason in TABLE.left_out.values())
    assert "save" in TABLE.left_out["WriteImage"]


def test_a_function_with_a_transform_is_no_value() -> None:
    with pytest.raises(NotOffered, match="Transform"):
        signatures("TransformGeometry")


def test_a_threshold_gives_a_mask_until_its_answers_are_named() -> None:
    plain = image("BinaryThreshold", GIVEN["image"], 60.0, 200.0)
    named = image("BinaryThreshold", GIVEN["image"], 60.0, 200.0, 7.0, 2.0)
    theirs = voxels_of(SimpleITK.BinaryThreshold(to_sitk(GIVEN["image"]), 60, 200, 7, 2))
    assert (plain.kind, named.kind) == (MASK, LABELS)
    assert np.array_equal(named.voxels, theirs)
    assert np.array_equal(plain.voxels, theirs == 7)


def test_filters_of_masks_and_labels_keep_their_kind() -> None:
    grown = image("BinaryDilate", GIVEN["mask"], 2.0, kinds=[MASK, Kind("number")])
    theirs = SimpleITK.BinaryDilate(to_sitk(GIVEN["mask"]), [2, 2, 2])
    assert grown.kind == MASK
    assert np.array_equal(grown.voxels, voxels_of(theirs).astype(bool))
    assert image("Median", GIVEN["labels"]).kind == LABELS
    assert image("ConnectedComponent", GIVEN["mask"]).kind == LABELS


def test_integers_vectors_and_names_reach_simpleitk_as_such() -> None:
    ours = image("BinaryDilate", GIVEN["mask"], (1.0, 2.0, 3.0), "sitkBox", 0.0, 1.0, False)
    theirs = SimpleITK.BinaryDilate(to_sitk(GIVEN["mask"]), [1, 2, 3], SimpleITK.sitkBox)
    assert np.array_equal(ours.voxels, voxels_of(theirs).astype(bool))


def test_a_seed_is_a_voxel() -> None:
    seeds = ((18.0, 17.0, 15.0),)
    ours = image("ConnectedThreshold", GIVEN["image"], seeds, 60.0, 500.0)
    theirs = SimpleITK.ConnectedThreshold(to_sitk(GIVEN["image"]), [(18, 17, 15)], 60, 500)
    assert ours.kind == MASK
    assert np.array_equal(ours.voxels, voxels_of(theirs).astype(bool))


def test_several_numbers_come_as_a_sequence() -> None:
    voxels = GIVEN["image"].voxels
    assert called("MinimumMaximum", GIVEN["image"]) == (float(voxels.min()), float(voxels.max()))


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("Median", ("image", 1.5), "`radius`.*1.5|whole number from 0.*1.5.*radius"),
        ("BinaryThreshold", ("image", 0.0, 1.0, 300.0, 0.0), "from 0 to 255, not 300"),
        ("BinaryThreshold", ("image", 0.0, 1.0, float("nan"), 0.0), "not nan"),
        ("BinaryDilate", ("mask", 1.0, "ball"), '"sitkBall".*not "ball"'),
        ("BinaryDilate", ("mask", (1.0, 1.0)), "3 numbers.*not 2"),
        ("ConnectedThreshold", ("image", ((1.0, 2.0),), 0.0, 1.0), "3 whole numbers each"),
        ("AdditiveGaussianNoise", ("image", 1.0, 0.0, 0.0), "from 1 to"),
        ("Add", ("mask", "mask"), "no mask; give it images"),
        ("Shrink", ("image", 0.0), "SimpleITK's Shrink refused this"),
    ],
)
def test_a_call_that_cannot_be_is_refused_by_name(
    name: str, arguments: tuple[object, ...], said: str
) -> None:
    given = [GIVEN.get(each, each) if isinstance(each, str) else each for each in arguments]
    with pytest.raises(DataError, match=said) as refusal:
        called(name, *given)
    assert name in str(refusal.value)


def test_noise_is_the_same_every_time() -> None:
    first, second = (image("AdditiveGaussianNoise", GIVEN["image"], 5.0) for _ in range(2))
    assert np.array_equal(first.voxels, second.voxels)
    assert not np.array_equal(first.voxels, GIVEN["image"].voxels)


def test_functions_that_depend_on_threads_get_one() -> None:
    serial = [function.name for function in TABLE.functions if function.is_serial]
    command = [sys.executable, "-m", "tests.support.simpleitk_digests"]
    one, five = (
        subprocess.run([*command, n, *serial], capture_output=True, text=True, check=True).stdout
        for n in ("1", "5")
    )
    assert one == five
    assert one.count("\n") == len(serial) >= 5


def test_named_arguments_fill_what_is_between_with_defaults() -> None:
    head = 'import "simpleitk"\n' + LOADS
    text = head + 'let b = BinaryThreshold(a, upperThreshold = 9)\nprint "v" volume(b)\n'
    same = head + 'let b = BinaryThreshold(a, 0, 9)\nprint "v" volume(b)\n'
    assert analysed(text).errors == analysed(same).errors
    ids = [analysed(each).plan.declarations["b"] for each in (text, same)]
    assert ids[0] == ids[1]


def test_wrong_kinds_are_found_while_typing() -> None:
    text = 'import "simpleitk"\nlet a = Median("text")\nlet b = WriteImage(a, "x.nii")\n'
    found = {d.code: d.message for d in analysed(text).diagnostics if d.severity == "error"}
    assert re.search("Median", found["type-mismatch"])
    assert 'save "name.nii.gz"' in found["not-available"]


def test_an_unknown_kind_of_result_is_never_static() -> None:
    kinds = {form.result for function in TABLE.functions for form in function.forms}
    assert kinds <= {"first", "image", "mask", "labels", "colour", "numbers", "string"}
    assert Kind("image") == IMAGE
