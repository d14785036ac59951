"""Statements whose names have other values: made again without being read, and no different."""

from random import Random

import pytest

from tests.support.programs import IMAGES
from tests.support.versions import everything
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText

_CATALOGUE = read_catalogue()
_NUMBERS = ("0", "1", "1", "2", "2", "0.5", "(1 + 1)", "true", "x0", "x1", "x2", "x0", "x1")
_CALLS = (
    "near({})",
    "i >. x0",
    "dt({})",
    "{} & border",
    "{} | m0",
    "{} > x0",
    "({} > 1) & m1",
    "i + {}",
)
_VALUES = (
    "{} + {}", "{} * x0 + {}", "{} / {}", "volume(m0) + {} - {}", "max(i) + {} * {}",
    "volume(m1 & ((i > {}) | m0)) + {}", "range({}, 9)[0] + {}", "[{}, {}][0]", "-{} + {}",
)  # fmt: skip


def analysed(text: str, before: Analysis | None = None) -> Analysis:
    source = SourceText(text, "/home/program.imgql")
    return analyse(source, catalogue=_CATALOGUE, world=IMAGES, before=before)


def units(analysis: Analysis) -> list[Unit]:
    return [unit for unit, _ in analysis.references.units()]


def retraced(before: list[Unit], after: list[Unit]) -> list[bool]:
    """Tell of each statement whether it is another unit at the same place: it was retraced."""
    pairs = zip(before, after, strict=True)
    return [old is not new and old.root is new.root for old, new in pairs]


def edit(text: str, old: str, new: str) -> list[bool]:
    """Edit a text; return which statements were retraced, if all is as in a fresh analysis."""
    first = analysed(text)
    before = units(first)
    after = analysed(text.replace(old, new), first)
    assert everything(after) == everything(analysed(text.replace(old, new)))
    return retraced(before, units(after))


def test_what_hangs_on_an_edited_number_is_retraced() -> None:
    text = 'load i = "a.nii"\nlet t = 7\nlet m = near(i > t) & border\nlet v = volume(m) + 1'
    assert edit(f'{text}\nprint "v" v', "t = 7", "t = 8") == [False, False, True, True, True]


def test_what_is_written_with_dotted_operators_is_retraced() -> None:
    text = 'load i = "a.nii"\nlet t = 7\nlet m = i >. (0.5 + t)'
    assert edit(f'{text}\nprint "v" volume(m)', "t = 7", "t = 8") == [False, False, True, True]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("let a = 1\nlet b = a + 1", "a = 1", "a = 2"),  # the constant is what the name was
        ("let a = 1\nlet b = 1\nlet c = a + b", "b = 1", "b = 2"),  # two names, one node
        ("let b = sqrt(2)\nlet c = b + sqrt(2)", "b = sqrt(2)", "b = sqrt(3)"),
        ("let a = 1\nlet b = 1 / a", "a = 1", "a = 0"),
        ("let a = 1\nlet b = a + 1", "a = 1", 'a = "1"'),
        ("let a = 1\nlet b = a + 1", "a = 1", "a = 0 - 1"),
        ("let a = 1\nlet b = a + 1", "a = 1", "a = [1, 2]"),
        ("let a = 1\nlet b = a + [1, 2]", "a = 1", "a = 2"),
        ("let xs = [1, 2]\nlet k = 0\nlet b = xs[k]", "k = 0", "k = 2"),
        ("let f(x) = x + 1\nlet a = 1\nlet b = f(a)", "a = 1", "a = 2"),
        ("let a = 1\nlet b = for k in range(0, 3) do k + a", "a = 1", "a = 2"),
        ('let a = 1\nload i = "a.nii"\nlet m = (i > a) | border', "a = 1", "a = border"),
        ('load i = "a.nii"\nlet b = border\nlet m = b & (i > 1)', "b = border", "b = i > 1"),
        ('let p = "a.nii"\nload i = p\nlet m = i > 1', "a.nii", "b.nii"),
        ("let a = 1\nlet b = a + zz", "a = 1", "a = 2"),
    ],
)
def test_what_cannot_be_retraced_is_reduced(text: str, old: str, new: str) -> None:
    edit(text, old, new)


def written(chance: Random, number: int) -> str:
    match chance.randrange(3):
        case 0:
            return f"let x{number % 3} = {chance.choice(_NUMBERS)}"
        case 1:
            inner = chance.choice(("m0", "m1", "i > x0", "i > 1"))
            return f"let m{number % 2} = {chance.choice(_CALLS).format(f'({inner})')}"
        case _:
            value = chance.choice(_VALUES)
            return f"let x{number % 3} = {value.format(*chance.choices(_NUMBERS, k=2))}"


@pytest.mark.parametrize("seed", range(20))
def test_after_any_edits_of_plain_statements_all_is_as_in_a_fresh_analysis(seed: int) -> None:
    chance = Random(seed)
    begin = ['load i = "a.nii"', "let x0 = 1", "let x1 = 2", "let x2 = x0 + x1"]
    lines = [*begin, "let m0 = i > x0", "let m1 = near(m0)"]
    lines += [written(chance, number) for number in range(10)]
    newest, count = analysed("\n".join(lines)), 0
    for _ in range(20):
        place = chance.choice((1, 1, 2, chance.randrange(4, len(lines))))
        is_number = place <= 2 and chance.random() < 0.8
        number = f"let x{place - 1} = {chance.randrange(5)}"
        lines[place] = number if is_number else written(chance, place)
        text, before = "\n".join([*lines, 'print "x" x0', 'print "m" volume(m1)']), units(newest)
        newest = analysed(text, newest)
        assert everything(newest) == everything(analysed(text)), text
        if len(before) == len(units(newest)):
            count += sum(retraced(before, units(newest)))
    assert count > 0
