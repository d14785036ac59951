"""The language manual as tests: Markdown with programs and, on their lines, what to expect.

A block marked ``imgql`` is one program. A line may end in a comment that says what is expected
of it::

    let a = 1 + 1     // value: 2
    let b = 2         // same node as: a
    let c = a > b     // type: bool
    let d = nothing   // error: [unbound-name]
    print "x" 1/3     // value: 0.3333333333333333

Errors and warnings that no line expects fail the test; hints and information need not be named.
A program that expects what only a run can tell (``[run-failed]``, ``[blocked]``) is run.
A block marked ``imgql file=name`` is no test but a file that the programs below it may import, and
one marked ``image file=name`` an image that they may load: a digit a voxel, a line a row.
``imgql set=name=value`` is a program run with ``--set``. A program may hold ``<CURSOR>`` in one
place; each line of the block marked ``hover`` below it stands in the hover there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from tests.support.cursors import CURSOR
from tests.support.running import goal_values, node_value, run_program, trouble_of
from voxlogica_core.cli.constants import constants_of
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.findings import shown_diagnostics
from voxlogica_core.ide.hover.hover import Form, hover
from voxlogica_core.ide.status.status import NOTHING
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.values.written import written

_FENCE = re.compile(
    r"^```(?P<language>imgql|image|hover)(?: file=(?P<file>\S+))?(?P<settings>(?: set=\S+)*)\n"
    r"(?P<text>.*?)^```$",
    re.M | re.S,
)
_HEADING = re.compile(r"^#+ (.*)$", re.M)
_FINDING = re.compile(r"\[([a-z0-9-]+)\]")
_EXPECTED = re.compile(
    r"//\s*(?P<what>error|warning|hint|information|value|type|same node as|other node than):"
    r"\s*(?P<text>.*)$"
)
_WHILE_RUNNING = frozenset({"run-failed", "blocked"})
_NAME = re.compile(r"^\s*(?:let\s+|load\s+)?(?P<name>[^\s(=]+)")


@dataclass(frozen=True)
class Case:
    """One program of the manual."""

    title: str
    text: str
    files: dict[str, str] = field(default_factory=dict[str, str])
    images: dict[str, str] = field(default_factory=dict[str, str])
    settings: tuple[str, ...] = ()
    hover: tuple[str, ...] = ()


def cases(page: Path) -> Iterator[Case]:
    """Return the programs of a page, each with the files above it."""
    text = page.read_text("utf-8")
    files: dict[str, str] = {}
    images: dict[str, str] = {}
    seen: dict[str, int] = {}
    for fence in _FENCE.finditer(text):
        if fence["language"] == "hover":
            continue
        if fence["file"]:
            kept = images if fence["language"] == "image" else files
            kept[fence["file"]] = fence["text"]
            continue
        headings = _HEADING.findall(text[: fence.start()])
        title = headings[-1] if headings else page.stem
        seen[title] = seen.get(title, 0) + 1
        after = _FENCE.search(text, fence.end())
        below = after["text"] if after and after["language"] == "hover" else ""
        settings = tuple(each.removeprefix("set=") for each in fence["settings"].split())
        yield Case(
            f"{title} ({seen[title]})",
            fence["text"],
            dict(files),
            dict(images),
            settings,
            tuple(below.splitlines()),
        )


def written_out(case: Case, folder: Path) -> None:
    """Write the files that a program may import and load."""
    for name, text in case.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    for name, rows in case.images.items():
        voxels = np.array([[int(digit) for digit in row] for row in rows.split()], np.uint8)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        sitk.WriteImage(sitk.GetImageFromArray(voxels), str(folder / name))


def check(case: Case, folder: Path) -> None:
    """Analyse and run one program of the manual and compare every line with what it expects."""
    written_out(case, folder)
    path = folder / "manual.imgql"
    text = case.text.replace(CURSOR, "")
    path.write_text(text, "utf-8")
    source = SourceText(text, str(path))
    world = FileSystem(str(folder))
    settings = constants_of(case.settings)
    analysis = analyse(source, catalogue=read_catalogue(), world=world, settings=settings)
    _check_hover(analysis, case)
    lines = text.splitlines()
    expected = {number: found for number, line in enumerate(lines) for found in _expected(line)}
    _check_findings(analysis, expected)
    for number, (what, text) in expected.items():
        name = _name(lines[number])
        match what:
            case "type":
                assert str(_node(analysis, name).kind) == text, lines[number]
            case "same node as":
                assert _node(analysis, name).id == _node(analysis, text).id, lines[number]
            case "other node than":
                assert _node(analysis, name).id != _node(analysis, text).id, lines[number]
            case "value":
                assert _value(analysis, number, name) == text, lines[number]
            case _:
                pass


def _check_hover(analysis: Analysis, case: Case) -> None:
    assert bool(case.hover) == (CURSOR in case.text)
    if case.hover:
        at = case.text.index(CURSOR)
        shown = hover(analysis, at, MemoryStore(), NOTHING, Form(markdown=False))
        assert shown is not None
        assert [line for line in case.hover if line not in shown.text] == [], shown.text


def _expected(line: str) -> Iterator[tuple[str, str]]:
    if match := _EXPECTED.search(line):
        yield match["what"], match["text"].strip()


def _name(line: str) -> str:
    match = _NAME.match(line)
    return match["name"] if match else ""


def _node(analysis: Analysis, name: str):
    return analysis.plan.nodes[analysis.plan.declarations[name]]


def _check_findings(analysis: Analysis, expected: dict[int, tuple[str, str]]) -> None:
    severities = ("error", "warning", "hint", "information")
    wanted = {
        (number, severity, code)
        for number, (severity, text) in expected.items()
        if severity in severities
        for code in _FINDING.findall(text)
    }
    runs = any(code in _WHILE_RUNNING for _, _, code in wanted)
    activity = trouble_of(run_program(analysis)) if runs else NOTHING
    diagnostics = shown_diagnostics(analysis, activity) if runs else analysis.diagnostics
    found = {
        (analysis.source.line_of(d.span.start), d.severity, d.code)
        for d in diagnostics
        if d.path is None
    }
    loud = {one for one in found if one[1] in ("error", "warning")}
    assert loud <= wanted, f"not expected: {loud - wanted}; {analysis.diagnostics}"
    assert wanted <= found, f"missing: {wanted - found}; found: {found}"


def _value(analysis: Analysis, number: int, name: str) -> str:
    if name in ("print", "save"):
        statements = [
            s for s in analysis.program.statements if type(s).__name__ in ("Print", "Save")
        ]
        for statement, value in zip(statements, goal_values(analysis), strict=True):
            if analysis.source.line_of(statement.span.start) == number:
                return written(value)
        raise AssertionError(f"no goal on line {number + 1}")
    return written(node_value(analysis, analysis.plan.declarations[name]))
