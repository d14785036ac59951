import pytest

from tests.support.cursors import analysed
from voxlogica_core.ide.navigation.symbols import declared_symbols, matching, symbols


def test_the_outline_follows_the_text() -> None:
    analysis = analysed(
        'import "lib.imgql"\nload img = "b.nii.gz"\nlet f(x, y) = x\nsave "a.nii.gz" img',
        {"/home/lib.imgql": ""},
    )
    assert [(s.name, s.detail, s.sort) for s in symbols(analysis)] == [
        ("import lib.imgql", "", "import"),
        ("img", "image", "value"),
        ("f", "(x, y)", "function"),
        ('save "a.nii.gz"', "", "goal"),
    ]


def test_unfinished_statements_leave_the_rest_of_the_outline() -> None:
    analysis = analysed("let a = \nlet b = 2")
    assert "b" in [symbol.name for symbol in symbols(analysis)]


@pytest.mark.parametrize("query", ["", "a", "MAIN", "mn", "zz"])
def test_looking_for_names_gives_the_best_of_the_outline(query: str) -> None:
    text = 'let main = 1\nlet amain(x) = x\nlet mean = main\nprint "m" main\nlet man ='
    found = declared_symbols(analysed(text), query, 50)
    assert [symbol.name for symbol in found] == [
        symbol.name for symbol in matching(symbols(analysed(text)), query)
    ]
    assert declared_symbols(analysed(text), query, 1) == found[:1]
