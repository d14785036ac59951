"""The manual of the editor: what it says while a program is read and written."""

from pathlib import Path

import pytest

from tests.support.drawing import Sight, sights
from tests.support.helping import shown

_PAGES = sorted((Path(__file__).parents[1] / "mdtest" / "assistance").glob("*.md"))


def _every_sight() -> list[object]:
    return [pytest.param(s, id=f"{p.stem}: {s.title}") for p in _PAGES for s in sights(p)]


@pytest.mark.parametrize("sight", _every_sight())
def test_an_editor_says_what_the_manual_says(sight: Sight) -> None:
    assert sight.seen, "a block `text` with what is said is wanted behind the program"
    assert shown(sight) == sight.seen
