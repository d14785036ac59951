"""The documentation is true: programs, commands, modules, settings and links in every page."""

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from tests.support.primitive_pages import FOLDER, pages
from voxlogica_core import configuration
from voxlogica_core.api import analyse
from voxlogica_core.cli.main import voxlogica
from voxlogica_core.configuration import NAME

_ROOT = Path(__file__).parents[2]
_PAGES = sorted(
    [
        *_ROOT.glob("*.md"),
        *(_ROOT / "docs").rglob("*.md"),
        *(_ROOT / "examples").rglob("*.md"),
    ]
)
_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
_UNREAD = frozenset({"file-not-found", "unreadable-image", "import-not-found", "empty-listing"})
"""Of programs whose images and imports are the reader's own."""


def _name(path: Path) -> str:
    return str(path.relative_to(_ROOT))


@pytest.fixture(params=_PAGES, ids=_name)
def page(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def _blocks(page: Path, *languages: str) -> Iterator[str]:
    for language, block in _BLOCK.findall(page.read_text("utf-8")):
        if language in languages:
            yield block


def _outside_blocks(page: Path) -> str:
    return _BLOCK.sub("", page.read_text("utf-8"))


def test_links_lead_somewhere(page: Path) -> None:
    for first, second in _LINK.findall(_outside_blocks(page)):
        link: str = first or second
        if "://" in link or link.startswith(("mailto:", "command:")):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), link
        if anchor:
            assert anchor in _anchors(target), link


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_programs_of_pages_are_right(page: Path) -> None:
    if page.parent.name == "diagnostics":
        return  # wrong on purpose, and run by tests/plan/test_diagnostics_pages.py
    for block in _blocks(page, "imgql"):
        errors = [e for e in analyse(block, _ROOT / "page.imgql").errors if e.code not in _UNREAD]
        assert not errors, f"{block}\n{errors[0].message}"


def test_python_of_pages_compiles(page: Path) -> None:
    for block in _blocks(page, "python"):
        assert ast.parse(block).body


def test_commands_of_pages_exist_with_their_options(page: Path) -> None:
    for line in _called(page):
        words = shlex.split(line.split("|")[0].split("<")[0].split(">")[0], comments=True)[1:]
        group, rest = voxlogica, words
        while isinstance(group, click.Group) and rest and not rest[0].startswith("-"):
            if (found := _command(group, rest[0])) is None:
                break
            group, rest = found, rest[1:]
        assert group is not voxlogica or not words or words[0].startswith("-"), line
        options = {o for p in group.params for o in (*p.opts, *p.secondary_opts)}
        given = {w.split("=")[0] for w in rest if w.startswith("--")}
        assert given <= options | {"--help"}, line


def _called(page: Path) -> Iterator[str]:
    """Yield the calls of the command line in a page, in blocks and between backticks."""
    for block in _blocks(page, "", "sh", "console", "bash"):
        for line in block.splitlines():
            if found := re.match(r"(?:\$ )?(?:\S*/bin/)?(voxlogica(?: .*)?)$", line.strip()):
                yield found.group(1)
    for call in re.findall(r"`(voxlogica [a-z][^`]*)`", _outside_blocks(page).replace("\n", " ")):
        yield re.sub(r"[\[\]…]|\\\|--\w+", " ", call)


def _command(group: click.Group, word: str) -> click.Command | None:
    return group.get_command(click.Context(group), word)


def test_settings_of_the_page_are_those_of_the_code() -> None:
    page = (_ROOT / "docs" / "settings.md").read_text("utf-8")
    names = set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE))
    assert NAME in page
    code = Path(configuration.__file__).read_text("utf-8")
    assert names == set(re.findall(r'^    "([a-z-]+)": \(', code, re.MULTILINE))


@cache
def _variables() -> frozenset[str]:
    sources = [
        *(_ROOT / "voxlogica_core").rglob("*.py"),
        *(_ROOT / "server" / "voxlogica_server").rglob("*.py"),
    ]
    texts = "\n".join(source.read_text("utf-8") for source in sources)
    return frozenset(re.findall(r"\bVOXLOGICA_[A-Z_]+\b", texts))


def test_variables_of_pages_are_read_by_the_code(page: Path) -> None:
    named = set(re.findall(r"(?<!_)\bVOXLOGICA_[A-Z_]+\b", page.read_text("utf-8")))
    assert named <= _variables()


def test_the_reference_of_primitives_is_fresh() -> None:
    kept = {page.name: page.read_text("utf-8") for page in FOLDER.glob("*.md")}
    assert kept == pages(), "`make docs` writes the pages anew"


def test_every_command_is_told_of_in_the_readme() -> None:
    told = (_ROOT / "README.md").read_text("utf-8")
    for name in voxlogica.list_commands(click.Context(voxlogica)):
        assert f"`voxlogica {name}" in told, name


def test_every_capability_names_tests_that_exist() -> None:
    page = (_ROOT / "docs" / "capabilities.md").read_text("utf-8")
    rows = re.findall(r"^\| ([A-Z]?\d+) \|.*\| ([^|]+) \|$", page, re.MULTILINE)
    assert len(rows) == 26 + 8 + 15
    for row, shown in rows:
        named = re.findall(r"`(tests/[^`:]+)(?:::(\w+))?`", shown)
        assert named, row
        for file, test in named:
            assert (_ROOT / file).is_file(), file
            assert not test or f"def {test}(" in (_ROOT / file).read_text("utf-8"), test


def test_every_example_that_a_page_runs_is_there(page: Path) -> None:
    for line in _called(page):
        for example in re.findall(r"\bexamples/[\w/]+\.imgql", line):
            assert (_ROOT / example).is_file(), line
