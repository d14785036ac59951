"""What it costs to keep an analysis while its text is edited on: itself, not what came after."""

import gc
import weakref
from collections.abc import Iterator
from random import Random

import pytest

from tests.support.programs import IMAGES
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.reduction.meaning import Declared, FileScope
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText

_CATALOGUE = read_catalogue()
_EDITS = 60


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Let nothing be collected that its last user has not let go of."""
    gc.disable()
    yield
    gc.enable()


def versions(lines: list[str]) -> list[str]:
    """Return a text as it is edited: numbers, functions, a line more, a line gone, an import."""
    chance, found = Random(3), list[str]()
    for number in range(_EDITS):
        place = chance.randrange(1, 40)
        match number % 4:
            case 0:
                lines.insert(place, f"let more{number} = {number}")
            case 1:
                lines.pop(place)
            case 2:
                lines[place] = f"let v{place} = {number} + v0"
            case _:
                lines[place] = f"let f{place}(x) = x + {number}"
        if number == _EDITS // 2:
            lines.insert(1, 'import "simpleitk"')
        found.append("\n".join(lines))
    return found


def alive() -> tuple[int, int]:
    """Return how many files with names, and how many declarations, are in memory."""
    gc.collect()
    things = gc.get_objects()
    # Only a type is asked: a proxy pretends to be what it stands for, and fails when that is gone.
    files = [thing for thing in things if type(thing) is FileScope and thing.declared]
    return len(files), sum(type(thing) is Declared for thing in things)


def test_who_keeps_an_old_analysis_keeps_none_that_came_later() -> None:
    lines = ["let v0 = 1", *(f"let v{n} = v{n - 1} + {n}" for n in range(1, 40)), 'print "v" v39']
    texts = versions(lines)
    first = newest = _analysed(texts[0], None)
    begin = alive()
    for text in texts[1:]:
        newest = _analysed(text, newest)
    end = alive()
    assert end[0] <= begin[0] + 2  # the newest version of the program, and what it imports
    assert end[1] <= begin[1] + 3 * len(lines)
    assert first.program.statements[0] == newest.program.statements[0]


def test_a_version_is_gone_as_soon_as_nobody_keeps_it(no_collector: None) -> None:
    del no_collector
    texts = versions(["let v0 = 1", *(f"let f{n}(x) = x + {n}" for n in range(40)), 'print "v" v0'])
    newest = _analysed(texts[0], None)
    for text in texts[1:]:
        parts = newest.references, newest.expressions, newest.plan.places, newest.plan.nodes
        gone = [weakref.ref(part) for part in parts]
        assert len(newest.plan.places) <= len(newest.nodes)  # looked at, as an editor does
        del parts
        newest = _analysed(text, newest)
        assert [part() for part in gone] == [None] * len(gone)


def _analysed(text: str, before: Analysis | None) -> Analysis:
    source = SourceText(text, "/home/program.imgql")
    return analyse(source, catalogue=_CATALOGUE, world=IMAGES, before=before)
