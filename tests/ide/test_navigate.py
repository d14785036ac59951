import pytest

from tests.support.cursors import at_cursor
from voxlogica_core.ide.navigate import Destination, NamedFile, definition

FILES = {"/home/lib.imgql": "let helper(x) = x + 1\n"}


def check(text: str, expected: str) -> None:
    """Compare the definition of what stands at the cursor with the text that stands there."""
    analysis, offset = at_cursor(text, FILES)
    match definition(analysis, offset):
        case Destination(span, None):
            line = analysis.source.line_of(span.start) + 1
            found = f"{line}: {analysis.source.text[span.start : span.end]}"
        case Destination(span, str(path)):
            text = FILES.get(path, "")
            found = f"{path}: {text[span.start : span.end]}" if text else path.rpartition("/")[2]
        case NamedFile(name):
            found = f"file {name}"
        case _:
            found = "nothing"
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let a = 1\nlet b = <CURSOR>a + a", "1: a"),
        ("let a = 1\nlet b = a<CURSOR> + a", "1: a"),
        ("let a<CURSOR> = 1", "1: a"),
        ("let f(x) = <CURSOR>x + 1", "1: x"),
        ("let f(x) = x\nlet b = <CURSOR>f(1)", "1: f"),
        ("let a = 1\nlet a = 2\nlet b = <CURSOR>a", "2: a"),
        ("let b = for i in [1, 2] do <CURSOR>i", "1: i"),
        ("let b = let t = 1 in <CURSOR>t + t", "1: t"),
        ('import "lib.imgql"\nlet b = <CURSOR>helper(1)', "/home/lib.imgql: helper"),
        ('import "li<CURSOR>b.imgql"', "file lib.imgql"),
        ("let g(a, b) = <CURSOR>touch(a, b)", "vox1.imgql"),
        ("let b = <CURSOR>sqrt(4)", "nothing"),
        ("let b = <CURSOR>12", "nothing"),
        ("<CURSOR>", "nothing"),
    ],
)
def test_definitions_are_found(text: str, expected: str) -> None:
    check(text, expected)
