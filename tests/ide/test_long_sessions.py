"""A text that is edited for long: what is shown of it is what a fresh analysis would show."""

from collections.abc import Sequence
from random import Random

import pytest

from tests.support.cursors import FakeMemory
from tests.support.programs import IMAGES
from tests.support.versions import everything
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.hover.hover import Form, hover
from voxlogica_core.ide.navigation.symbols import symbols
from voxlogica_core.ide.status.status import NOTHING
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText

_CATALOGUE = read_catalogue()
_LINES: Sequence[str] = (
    'load a = "a.nii"',
    "let t = 1",
    "let f(x) = near(x > t)",
    "let m = f(a) & border",
    "let n = for i in range(0, 3) do volume(a > i + t)",
    "let k = m | near(a > t)",
    "let w = volume(k) + n[1]",
    "let g = f",
    "let z = fold + 0 n",
    "let unused = border",
    'print "w" w + z',
    'print "m" volume(g(a))',
)
_PROGRAM = "\n".join(_LINES)


def analysed(text: str, before: Analysis | None = None) -> Analysis:
    source = SourceText(text, "/home/program.imgql")
    return analyse(source, catalogue=_CATALOGUE, world=IMAGES, before=before)


def shown(analysis: Analysis) -> list[object]:
    """Return all hovers of a program and its outline."""
    form, length = Form(markdown=True), len(analysis.source.text)
    hovers = [
        hover(analysis, offset, FakeMemory(), NOTHING, form) for offset in range(0, length, 3)
    ]
    return [*hovers, *symbols(analysis)]


def edited(lines: Sequence[str], chance: Random) -> list[str]:
    """Return a program with a number, a line or the place of a line changed."""
    after, place = list(lines), chance.randrange(1, len(lines))
    match chance.randrange(4):
        case 0:
            after[1] = f"let t = {chance.randrange(9)}"
        case 1:
            after.insert(place, f"let more{chance.randrange(3)} = t + {chance.randrange(9)}")
        case 2:
            after[place] = after[place].replace("1", str(chance.randrange(2, 9)))
        case _ if len(after) > 6:
            del after[place]
        case _:
            pass
    return after


@pytest.mark.parametrize("seed", range(6))
def test_hovers_after_many_edits_and_dropped_nodes_are_those_of_a_fresh_analysis(
    seed: int,
) -> None:
    chance = Random(seed)
    history, newest = [list(_LINES)], analysed(_PROGRAM)
    for number in range(40):
        is_undone = chance.random() < 0.4 and len(history) > 1
        lines = history.pop() if is_undone else edited(history[-1], chance)
        if not is_undone:
            history.append(lines)
        newest = analysed("\n".join(lines), newest)
        if number % 4 == 3:
            newest.session.prune()
        if number % 10 == 9:
            fresh = analysed("\n".join(lines))
            assert shown(newest) == shown(fresh)
            assert everything(newest) == everything(fresh)


def test_what_is_undone_is_what_it_was_before_nodes_were_dropped() -> None:
    first = newest = analysed(_PROGRAM)
    untouched = shown(first), everything(first)
    for number in range(30):
        newest = analysed(_PROGRAM.replace("t = 1", f"t = {number}"), newest)
        newest.session.prune()
    again = analysed(_PROGRAM, newest)
    assert (shown(again), everything(again)) == untouched
    assert (shown(first), everything(first)) == untouched
    assert again.session is first.session
