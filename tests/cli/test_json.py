"""What commands print with --json is what the page about JSON says."""

import re
from pathlib import Path

import pytest

from tests.support.desk import Desk

_PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
_ROWS: list[tuple[str, str]] = re.findall(
    r"^\| `voxlogica ([^`]+)` \| (.+) \|$", _PAGE, re.MULTILINE
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("json"))
    (made.folder / "FILE").write_text('load i = "image.nii.gz"\nprint "x" max(i)\n')
    return made


@pytest.mark.parametrize(("call", "fields"), _ROWS, ids=[call for call, _ in _ROWS])
def test_the_fields_are_those_of_the_page_and_of_version_one(
    desk: Desk, call: str, fields: str
) -> None:
    found = desk.voxlogica(*call.split()).object
    assert list(found) == re.findall(r"`([^`]+)`", fields)
    assert found["version"] == 1
