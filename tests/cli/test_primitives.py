"""``voxlogica primitives``: the list, one page, an operator, a slip of the keyboard."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from voxlogica_core.cli import exits
from voxlogica_core.cli.main import outcome
from voxlogica_core.cli.primitives import command
from voxlogica_core.primitives.catalogue import read_catalogue


def shown(*arguments: str) -> str:
    return CliRunner().invoke(command, arguments).output


def objects(*arguments: str) -> list[dict[str, Any]]:
    found = json.loads(shown(*arguments, "--json"))
    assert found["version"] == 1
    return found["primitives"]


def test_the_list_has_a_line_for_every_primitive_under_its_namespace() -> None:
    lines = shown().splitlines()
    assert "vox1" in lines
    assert 'strings  (import "strings")' in lines
    words = {line.split()[0] for line in lines if line.startswith("  ")}
    assert {primitive.name for primitive in read_catalogue()} <= words
    assert {"touch", "grow", "vol", "tpp"} <= words
    line = next(line for line in lines if line.startswith("  through "))
    assert line.endswith(
        "Keep the components of a region that hold a target: `through(seed, bright)`."
    )


def test_every_line_of_the_list_says_something() -> None:
    assert [entry["name"] for entry in objects() if not entry["summary"]] == []


def test_a_page_has_every_signature_and_the_whole_documentation() -> None:
    page = shown("percentiles")
    assert page.startswith("vox1.percentiles  (version 1)\n")
    assert "percentiles(img: image, m: mask, c: number = 0) → image" in page
    assert "Raises" in page
    assert "``" not in page


def test_a_name_may_be_qualified_an_operator_or_of_the_library() -> None:
    assert shown("strings.upper") == shown("upper")
    assert 'import "strings"' in shown("upper")
    assert "add(a: number, b: number) → number" in shown("+")
    assert "touch(a, b)" in shown("touch")


def test_json_holds_signatures_with_their_documentation() -> None:
    (found,) = objects("slice_image")
    assert (found["namespace"], found["needs_import"], found["version"]) == ("vox1", False, "1")
    assert [signature for signature, _ in found["calls"]][:1] == [
        "slice_image(img: image, axis: number, k: number) → image"
    ]
    assert all(text for _, text in found["calls"])


def test_an_unknown_name_is_wrong_usage_and_the_nearest_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert outcome(["primitives", "percentils"]) == exits.USAGE
    assert "did you mean percentiles" in capsys.readouterr().err
    assert outcome(["primitives", "qqqq"]) == exits.USAGE
    assert "lists them" in capsys.readouterr().err
