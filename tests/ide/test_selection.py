"""Selections that grow: each lies in the next, whatever is written or half written."""

from itertools import pairwise
from random import Random

import pytest

from tests.support.cursors import analysed
from voxlogica_core.ide.navigation.selection import selections

_PIECES = (
    '"', "'", "\\", "//", "\n", "\r\n", "\u2028", " ", "(", ")", "[", "]", "{", "}", ",",
    "=", "a", "é", "if ", "/// ", "-", ".",
    "🧠", "1.5", "let a = ", 'print "x" ', 'load i = "', 'import "', "for i in ", " do ", "f(a, ",
    "| !", "let f(x) = x", "fold ", "filter ",
)  # fmt: skip


def grown(text: str, offset: int) -> list[str]:
    return [text[span.start : span.end] for span in selections(analysed(text), offset)]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('print "a b" 1', "a b"),
        ('let x = "a b" + 1', "a b"),
        ('let x = 1 + "a b', "a b"),
        ('let x = "a\\"b', 'a\\"b'),
        ('let x = "a\\', "a\\"),
    ],
)
def test_what_stands_in_quotes_is_selected_without_them_closed_or_not(
    text: str, inside: str
) -> None:
    assert inside in grown(text, text.index('"') + 1)


@pytest.mark.parametrize("text", ['print "x" a "', 'let a = "', 'print "', 'let a = ""', '"'])
def test_a_quote_that_was_just_typed_is_selected_itself(text: str) -> None:
    chain = grown(text, len(text))
    assert chain[0].endswith('"')
    assert chain[-1] == text


@pytest.mark.parametrize("seed", range(60))
def test_each_selection_lies_in_the_next_whatever_is_written(seed: int) -> None:
    chance = Random(seed)
    text = "".join(chance.choices(_PIECES, k=chance.randrange(1, 14)))
    analysis = analysed(text)
    for offset in range(len(text) + 1):
        chain = selections(analysis, offset)
        for span in chain:
            assert 0 <= span.start <= span.end <= len(text), (text, offset)
        for inner, outer in pairwise(chain):
            assert outer.start <= inner.start <= inner.end <= outer.end, (text, offset)
        assert (chain[-1].start, chain[-1].end) == (0, len(text)), (text, offset)
