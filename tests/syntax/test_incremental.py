"""Parses after edits equal parses without history; the trees of what did not change stay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxlogica_core.syntax.lexis import STANDARD_JOINED_OPERATORS
from voxlogica_core.syntax.parser import Parsed, parse
from voxlogica_core.syntax.placing import Statements
from voxlogica_core.text.source_text import SourceText

_LINES = [
    "let a = 1",
    "let f(x) =\n  x + 1",
    "let b =\nlet c = 2 in\nc",
    "let d = let e = 1 in e",
    "/// what it is\nlet g = f(1,\n  b=2,\nc = 3)",
    "z = 1",
    "f(a,\nb) = a",
    "B+(a) = a",
    "let C+(a, b) = a C+ b",
    'load i = "x.nii"',
    'print "p" a B+ 1',
    'save ("q") [1, 2][0:1]',
    "let h = f(",
    "let k = (1",
    "in = 3",
    "x = for y in z do",
    "fold + 0",
    "// imgql: dialect=voxlogica1",
    "let m = img>.5 & 𝒜",
    "&(a, b) = a",
    "",
]
_BITS = [
    *("(", ")", "[", "]", ",", "=", "\n", "\r\n", "\r", " ", '"', "//", "///", "let ", " in ", "z"),
    *("print ", "+", ".", "5", "𝒜", "é", "B", "1", "\n\n", "load ", ":", "\x00", "for ", "do"),
]
_ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r"])
_BITS_OF_TEXT = st.one_of(st.sampled_from(_BITS), st.sampled_from(_LINES), st.text(max_size=3))
_TEXTS = st.tuples(st.lists(st.sampled_from(_LINES), max_size=12), _ENDS).map(
    lambda drawn: drawn[1].join(drawn[0]).replace("\n", drawn[1])
)
_EDITS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 12), _BITS_OF_TEXT), min_size=1, max_size=8
)


def edited(text: str, start: int, length: int, given_text: str) -> str:
    """Replace a part of a text; a start behind its end means its end."""
    start = min(start, len(text))
    return text[:start] + given_text + text[start + length :]


def parsed(text: str, before: Parsed | None = None) -> Parsed:
    return parse(SourceText(text), STANDARD_JOINED_OPERATORS, before=before)


def rooted(result: Parsed) -> list[object]:
    statements = result.program.statements
    assert isinstance(statements, Statements)
    return [tree for tree, _ in statements.rooted]


def assert_equal(one: Parsed, other: Parsed) -> None:
    assert one.program == other.program
    assert one.diagnostics == other.diagnostics
    assert one.pieces.known == other.pieces.known
    assert list(one.pieces.starts) == list(other.pieces.starts)


@settings(max_examples=400, deadline=None)
@given(_TEXTS, _EDITS)
def test_after_any_edits_a_parse_is_what_it_is_without_history(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    result = parsed(text)
    for start, length, given_text in edits:
        text = edited(text, start, length, given_text)
        result = parsed(text, result)
        assert_equal(result, parsed(text))


@pytest.mark.parametrize(
    ("text", "start", "length", "given_text"),
    [
        ("let a = 1\nlet b = 2\nlet c = 3", 8, 1, "x\n"),
        ("f(a\nlet b\nlet c\n= 1", 16, 1, ") ="),
        ("let a = f(\nz = 1\nlet b = 2", 16, 0, ")"),
        ("x\n\n\ny = 1", 4, 1, ""),
        ("/// one\nlet a = 1\nlet b = 2", 4, 1, "x"),
        ("let a =\nlet b = 1\nlet c = 2", 17, 0, " in b"),
        ("a = b B+ 1\nlet B+(x, y) = x", 15, 3, "C+"),
        ("print 1\nprint 2", 0, 8, ""),
        ("let a = 1\n\n\n", 12, 0, "x"),
        ("", 0, 0, "let a = 1"),
        ("/// one\nlet a = 1", 0, 0, ")"),
        ("let a = 1", 0, 9, ""),
    ],
)
def test_edits_that_change_where_statements_begin(
    text: str, start: int, length: int, given_text: str
) -> None:
    after = edited(text, start, length, given_text)
    assert_equal(parsed(after, parsed(text)), parsed(after))


def test_trees_of_statements_that_did_not_change_are_kept() -> None:
    lines = [f"let x{i} = f({i}) + {i}" for i in range(100)]
    before = parsed("\n".join(lines))
    lines[50] = "let x50 = 1 +\n  2"
    after = parsed("\n".join(lines), before)
    old, new = rooted(before), rooted(after)
    assert [index for index in range(100) if old[index] is not new[index]] == [50]
    assert after.program.statements[99].span.end == len("\n".join(lines))


def test_other_operators_or_another_dialect_are_read_anew() -> None:
    source = SourceText("let a = b D+ 1>.5")
    first = parse(source)
    assert [d.code for d in first.diagnostics] == ["ambiguous-dot"]
    assert parse(source, dialect="voxlogica1", before=first).diagnostics == ()
    known = frozenset({"D+"})
    assert_equal(parse(source, known, before=first), parse(source, known))
    assert parse(source, known, before=first).program != first.program


def test_a_deep_statement_moves() -> None:
    deep = "let a = " + "(" * 5000 + "1" + ")" * 5000
    result = parsed(f"\n{deep}", parsed(deep))
    (statement,) = result.program.statements
    assert statement.span.start == 1
