from tests.support.cursors import analysed
from voxlogica_core.ide.symbols import symbols


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
