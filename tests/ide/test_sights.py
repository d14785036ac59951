"""The manual of the editor: what a user sees of navigation, structure, colours and formatting."""

from pathlib import Path

import pytest

from tests.support.drawing import Sight, shown, sights

_PAGES = sorted((Path(__file__).parents[1] / "mdtest" / "navigation").glob("*.md"))


def _every_sight() -> list[object]:
    return [pytest.param(s, id=f"{p.stem}: {s.title}") for p in _PAGES for s in sights(p)]


@pytest.mark.parametrize("sight", _every_sight())
def test_an_editor_shows_what_the_manual_says(sight: Sight) -> None:
    assert sight.seen, "a block `text` with what is seen is wanted behind the program"
    assert shown(sight) == sight.seen
