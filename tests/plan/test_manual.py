"""The language manual: every program in it means what its lines say."""

from pathlib import Path

import pytest

from tests.support.mdtest import Case, cases, check

_PAGES = Path(__file__).parents[1] / "mdtest"
_ROOMS = ("plan", "dialects")


def _every_case() -> list[object]:
    pages = sorted(page for room in _ROOMS for page in (_PAGES / room).glob("*.md"))
    return [pytest.param(c, id=f"{p.stem}: {c.title}") for p in pages for c in cases(p)]


@pytest.mark.parametrize("case", _every_case())
def test_the_manual_holds(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
