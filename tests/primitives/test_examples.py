"""Every primitive's docstring opens with an example, which runs and gives what the text says.

An example stands between double backquotes before the first section; the names in it are those of
`PRELUDE`. Where the text goes on "is" and a value, that is the value of the example.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import SimpleITK

from tests.support.running import run_program
from voxlogica_core.engine.outcome import Done
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.node import NodeId, is_closed
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.values.written import written

PRELUDE = """
import "arrays"
import "geom"
import "strings"
import "test"
load flair = "volume.nii"
load photograph = "photograph.png"
let img = intensity(flair)
let t1 = img + 1
let t2 = img
let map = img
let brain = img > 1
let bright = img > 5
let grey = img > 6
let white = img > 7
let tumour = img > 4
let truth = img > 3
let mine = truth
let theirs = img > 4
let gtv = tumour
let background = !brain
let seed = border
let left = x < 40
let m = tumour
let a = tumour
let b = brain
let c = img
let r = img
let g = img
let photo = rgb(img, img, img)
let n = 3
let xs = [3, 1, 2, 5]
let ys = xs
"""
"""What examples may speak of."""

CONSTANTS = "voxlogica_core.primitives.constants"
"""Its examples may be images without a grid, which have no value by themselves."""
PERILS = "voxlogica_core.primitives.perils"
"""Its examples are not run: they end the process, or never end."""
_SECTION = re.compile(r"\n\n[A-Z][a-z]+\n-{3,}")
_EXAMPLE = re.compile(
    r"``(?P<text>[^`]+)``"
    r"(?:\s+is\s+(?:``(?P<quoted>[^`]+)``|(?P<plain>-?\d[\d.]*|true|false|\[[^]]*\])(?=[.,;]?(?:\s|$)))"
    r"(?![ ]\w))?"
)


def examples() -> Iterator[tuple[str, str, str]]:
    """Yield function, example and value or "" of all overloads."""
    for primitive in read_catalogue().at_hand():
        for overload in primitive.overloads:
            opening = _SECTION.split(overload.documentation)[0]
            for found in _EXAMPLE.finditer(opening):
                value = found["quoted"] or (found["plain"] or "").rstrip(".")
                yield f"{overload.module}.{overload.function}", found["text"], value


EXAMPLES = list(dict.fromkeys(examples()))


@cache
def analysis_of(folder: Path) -> Analysis:
    """Return the analysis of a program of the prelude and one declaration an example."""
    counts = np.random.default_rng(0).integers(0, 9, (90, 10, 12)).astype(np.uint8)
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(counts), str(folder / "volume.nii"))
    colours = np.random.default_rng(1).integers(0, 255, (10, 12, 3)).astype(np.uint8)
    picture = SimpleITK.GetImageFromArray(colours, isVector=True)
    SimpleITK.WriteImage(picture, str(folder / "photograph.png"))
    lines = [f"let example_{i} = {text}" for i, (_, text, _) in enumerate(EXAMPLES)]
    values = [f"let value_{i} = {value}" for i, (_, _, value) in enumerate(EXAMPLES) if value]
    source = SourceText(PRELUDE + "\n".join(lines + values), str(folder / "examples.imgql"))
    return analyse(source, catalogue=read_catalogue(), world=FileSystem(str(folder)))


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return analysis_of(tmp_path_factory.mktemp("examples"))


def test_every_overload_opens_with_an_example() -> None:
    with_example = {function for function, _, _ in EXAMPLES}
    overloads = [o for primitive in read_catalogue().at_hand() for o in primitive.overloads]
    assert {f"{o.module}.{o.function}" for o in overloads} - with_example == set()


def test_examples_mean_something(analysis: Analysis) -> None:
    errors = [d for d in analysis.diagnostics if d.severity == "error"]
    lines = analysis.source.text.splitlines()
    found = [(lines[analysis.source.line_of(d.span.start)], d.message) for d in errors]
    assert found == []


def test_examples_run_and_give_what_is_said(analysis: Analysis) -> None:
    declared = analysis.plan.declarations

    def is_held(node: NodeId) -> bool:
        return is_closed(analysis.plan.nodes[node])

    perils = {f"example_{i}" for i, (name, _, _) in enumerate(EXAMPLES) if name.startswith(PERILS)}
    targets = {
        node: name
        for name, node in declared.items()
        if "_" in name and name not in perils and is_held(node)
    }
    run = run_program(analysis, targets=tuple(targets))
    trouble = {node: o for node, o in run.outcomes.items() if not isinstance(o, Done)}
    assert trouble == {}

    free = {EXAMPLES[i][0] for i in range(len(EXAMPLES)) if not is_held(declared[f"example_{i}"])}
    assert {function.rpartition(".")[0] for function in free} == {CONSTANTS}

    def value(node: NodeId) -> str:
        return written(run.value(node))

    said = [i for i, (_, _, expected) in enumerate(EXAMPLES) if expected]
    assert len(said) > 50
    wrong = [
        (EXAMPLES[i], value(declared[f"example_{i}"]))
        for i in said
        if value(declared[f"example_{i}"]) != value(declared[f"value_{i}"])
    ]
    assert wrong == []
