"""Fixes: each one that a diagnostic of the manual or of its page offers makes it go away."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.cursors import CURSOR
from tests.support.mdtest import Case, cases, written_out
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.diagnostic import Diagnostic, Fix
from voxlogica_core.text.source_text import SourceText

_ROOT = Path(__file__).parents[2]
_PAGES = [
    *(_ROOT / "tests" / "mdtest").rglob("*.md"),
    *(_ROOT / "docs" / "diagnostics").glob("*.md"),
]

FIXED = frozenset(
    {
        "ambiguous-dot",
        "glued-operator",
        "live-escape",
        "mixed-operators",
        "not-imported",
        "reads-differently-in-voxlogica-1",
        "reads-differently-in-voxlogica-2",
        "unbound-name",
        "unterminated-string",
    }
)
"""Codes that offer fixes in the manual; one that is missing here offers them without a test."""


def _all_cases() -> list[object]:
    found = ((page, case) for page in sorted(_PAGES) for case in cases(page))
    return [pytest.param(case, id=f"{page.stem}: {case.title}") for page, case in found]


def _analysed(text: str, folder: Path) -> Analysis:
    source = SourceText(text, str(folder / "manual.imgql"))
    return analyse(source, catalogue=read_catalogue(), world=FileSystem(str(folder)))


def _applied(text: str, fix: Fix) -> str:
    for edit in sorted(fix.edits, key=lambda e: e.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _count(analysis: Analysis, found: Diagnostic) -> int:
    wanted = (found.code, found.message)
    return sum((each.code, each.message) == wanted for each in analysis.diagnostics)


@pytest.mark.parametrize("case", _all_cases())
def test_a_fix_makes_its_diagnostic_go_away(case: Case, tmp_path: Path) -> None:
    text = case.text.replace(CURSOR, "")
    written_out(replace(case, text=text), tmp_path)
    analysis = _analysed(text, tmp_path)
    offered = [(f, fix) for f in analysis.diagnostics if f.path is None for fix in f.fixes]
    assert {found.code for found, _ in offered} <= FIXED
    for found, fix in offered:
        mended = _analysed(_applied(text, fix), tmp_path)
        assert _count(mended, found) < _count(analysis, found), (found, fix)


def test_every_code_with_fixes_is_met_in_the_manual() -> None:
    text = "\n".join(page.read_text("utf-8") for page in _PAGES)
    assert {code for code in FIXED if f"[{code}]" in text} == FIXED
