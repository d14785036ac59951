import pytest

from tests.support.cursors import at_cursor, catalogue
from voxlogica_core.ide.navigation.navigate import (
    Destination,
    NamedFile,
    Page,
    definition,
    type_definition,
)
from voxlogica_core.plan.signature import Primitive

FILES = {"/home/lib.imgql": "let helper(x) = x + 1\n"}


def check(text: str, expected: str) -> None:
    """Compare the definition of what stands at the cursor with the text that stands there."""
    analysis, offset = at_cursor(text, FILES)
    lead = definition(analysis, offset, catalogue())
    match lead and lead.to:
        case Destination(span, None):
            line = analysis.source.line_of(span.start) + 1
            found = f"{line}: {analysis.source.text[span.start : span.end]}"
        case Destination(span, str(path)):
            text = FILES.get(path, "")
            found = f"{path}: {text[span.start : span.end]}" if text else path.rpartition("/")[2]
        case NamedFile(name):
            found = f"file {name}"
        case Page(Primitive(qualified=name)):
            found = f"primitive {name}"
        case Page(name):
            found = f"namespace {name}"
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
        ("let b = <CURSOR>sqrt(4)", "primitive default.sqrt"),
        ("let b = 1 <CURSOR>+ 2", "primitive vox1.add"),
        ('import "<CURSOR>vox1"', "namespace vox1"),
        ('import "stdlib<CURSOR>"', "aliases.imgql"),
        ('import "Region<CURSOR>Calculus"', "RegionCalculus.imgql"),
        ("let f(<CURSOR>x) = x", "1: x"),
        ("let f(x, y) = x\nlet b = f(1, <CURSOR>y = 2)", "1: y"),
        ("let b = for <CURSOR>i in [1, 2] do i", "1: i"),
        ("let b = let <CURSOR>t = 1 in t + t", "1: t"),
        ("let b = let f(<CURSOR>q) = q in f(1)", "1: q"),
        ("let x = 1\nlet b = [zz, <CURSOR>x]", "1: x"),
        ('let x = 1\nlet b = a +\nprint "b" <CURSOR>b', "2: b"),
        ('let x = 1\nlet b = (<CURSOR>x + \nprint "b" b', "1: x"),
        ('let f(x) = (<CURSOR>x + \nprint "b" f(1)', "1: x"),
        ("let b = (for i in [1, 2] do <CURSOR>i + \nlet c = 1", "1: i"),
        ("let b = ((for i in [1, 2] do i) + <CURSOR>i + \nlet c = 1", "nothing"),
        ("let b = (let t = 1 in <CURSOR>t + \nlet c = 1", "1: t"),
        ("let b = (let t = <CURSOR>t in t + \nlet c = 1", "nothing"),
        ("let b = let t = 1 t + <CURSOR>t", "1: t"),
        ("let t = 1\nlet b = near(let t = 2 in 3, <CURSOR>t +\nlet c = 1", "1: t"),
        ("let b = (1 <CURSOR>+ \nlet c = 1", "primitive vox1.add"),
        ("let +(a, b) = a\nlet b = (1 <CURSOR>+ \nlet c = 1", "1: +"),
        ("let b = f(zz = 1, <CURSOR>zz +\nlet c = 1", "nothing"),
        ("let b = <CURSOR>12", "nothing"),
        ("<CURSOR>", "nothing"),
    ],
)
def test_definitions_are_found(text: str, expected: str) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("let a = <CURSOR>1 + 1", "number"),
        ('load i = "b.nii.gz"\nlet m = <CURSOR>i >. 1', "image"),
        ('load i = "b.nii.gz"\nlet <CURSOR>m = intensity(i) >. 1', "mask"),
        ("let s = <CURSOR>range(0, 3)", "sequence of number"),
    ],
)
def test_a_type_is_a_page_about_the_kind(text: str, kind: str) -> None:
    analysis, offset = at_cursor(text)
    lead = type_definition(analysis, offset)
    assert lead is not None
    assert isinstance(lead.to, Page)
    assert str(lead.to.subject) == kind


def test_what_is_declared_is_told_whole_with_what_stands_at_the_cursor() -> None:
    analysis, offset = at_cursor("let near2(x) = x\nlet b = <CURSOR>near2(1)")
    lead = definition(analysis, offset, catalogue())
    assert lead is not None
    assert isinstance(lead.to, Destination)
    text = analysis.source.text
    assert text[lead.origin.start : lead.origin.end] == "near2"
    assert lead.to.whole is not None
    assert text[lead.to.whole.start : lead.to.whole.end] == "let near2(x) = x"


def test_functions_have_no_type() -> None:
    analysis, offset = at_cursor("let <CURSOR>f(x) = x")
    assert type_definition(analysis, offset) is None
