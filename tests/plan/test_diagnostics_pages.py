"""Every diagnostic has a page: what it means, a program that meets it, one that does not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mdtest import Case, cases, check

_ROOT = Path(__file__).parents[2]
_PAGES = sorted((_ROOT / "docs" / "diagnostics").glob("*.md"))
_SOURCES = sorted((_ROOT / "voxlogica_core").rglob("*.py"))

_TELLING = frozenset({"Diagnostic", "report", "failure", "ReadProblem"})
"""Functions whose first argument is the code of a diagnostic."""

_NEVER_SHOWN = frozenset({"reading-input"})
"""Says to the reducer that a file's digest is not there yet; the user sees a status instead."""

_WITHOUT_A_PROGRAM = frozenset({"input-changed"})
"""A program alone cannot meet it: somebody has to write a file while it runs."""


def _codes(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if (
                name in _TELLING
            ):
                yield from _texts(first)
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value="code"), last]):
                yield from _texts(last)
            case ast.Assign(targets=[ast.Attribute(attr="code")], value=value):
                yield from _texts(value)
            case _:
                pass


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body)
            yield from _texts(other)
        case _:
            pass


_EMITTED = frozenset(code for file in _SOURCES for code in _codes(file)) - _NEVER_SHOWN


def _programs() -> list[object]:
    return [
        pytest.param(case, id=f"{page.stem}: {case.title}")
        for page in _PAGES
        for case in cases(page)
    ]


def test_codes_are_found_in_the_source() -> None:
    assert {"syntax", "type-mismatch", "wrong-arity", "no-value", "unreadable-image"} <= _EMITTED
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in _EMITTED)


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {page.stem for page in _PAGES} == _EMITTED


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_page_names_its_code_says_what_it_means_and_how_to_cure_it(page: Path) -> None:
    title, _, meaning, *rest = page.read_text("utf-8").splitlines()
    assert title == f"# {page.stem}"
    assert 30 <= len(meaning) <= 120
    assert meaning.endswith(".")
    assert rest.count("## Cure") == 1


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_page_shows_a_program_that_meets_it_and_a_cured_one(page: Path) -> None:
    wrong, cured = page.read_text("utf-8").split("## Cure")
    if page.stem not in _WITHOUT_A_PROGRAM:
        assert f"[{page.stem}]" in wrong
    assert "```imgql\n" in cured
    assert f"[{page.stem}]" not in cured


@pytest.mark.parametrize("case", _programs())
def test_the_programs_of_the_pages_mean_what_they_say(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
