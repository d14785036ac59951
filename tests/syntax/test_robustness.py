import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.syntax import nodes, parsed, tokens
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.fixity import resolve
from voxlogica_core.text.span import Span

_KEYWORDS = ["let", "load", "save", "print", "import", "for", "filter", "fold", "in", "do"]
_OPERANDS = ["a", "bc", "N", "T", "ns.f", "$stem", "$x", "1", ".5", "2.5", "true", '"s"', '"open']
_SIGNS = ["(", ")", "[", "]", ",", "=", "==", "+", "-", "&", ".<=", "<.", "~>", "!", ":", ".", "B+"]
_ODDITIES = ["//", "///", "\\", "#", "é", "𝒜", "{", "\x0c", "\u2028", ""]
WORDS = st.sampled_from(_KEYWORDS + _OPERANDS + _SIGNS + _ODDITIES)
SPACES = st.sampled_from(["", "", " ", "\n", "\r\n", "\r", "  \n"])
PIECES = st.lists(st.tuples(WORDS, SPACES).map("".join), max_size=40).map("".join)
TEXTS = st.one_of(st.text(max_size=60), PIECES)


def _assert_spans_nest(program: tree.Program) -> None:
    for node, parent in nodes(program):
        span = getattr(node, "span", None)
        assert isinstance(span, Span)
        assert parent.start <= span.start <= span.end <= parent.end, node


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_parses_and_spans_nest(text: str) -> None:
    result = parsed(text)
    _assert_spans_nest(result.program)
    ends = 0
    for statement in result.program.statements:
        assert ends <= statement.span.start
        ends = statement.span.end
    for diagnostic in result.diagnostics:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert diagnostic.message


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_any_operator_sequence_resolves_or_complains(text: str) -> None:
    for node, _ in nodes(parsed(f"let r = {text}").program):
        if not isinstance(node, tree.Infix):
            continue
        resolution = resolve(node, {"N"}.__contains__)
        assert resolution.steps or resolution.diagnostics
        if resolution.steps:
            last = resolution.steps[-1]
            assert getattr(last, "span", None) == node.span


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_tokens_are_the_text_but_for_blanks_and_comments(text: str) -> None:
    end = 0
    for token in tokens(text, frozenset({"B+"})):
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.text
        between = text[end : token.start]
        assert not between.strip() or "//" in between
        end = token.end


DEPTH = 5000


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEPTH + "1" + ")" * DEPTH,
        "f(" * DEPTH + "1" + ")" * DEPTH,
        "[" * DEPTH + "1" + "]" * DEPTH,
        "let x = 1 in " * DEPTH + "x",
        "let x = 1 in\n" * DEPTH + "x",
        "for x in xs do " * DEPTH + "x",
        "xs" + "[0]" * DEPTH,
        "xs[" * DEPTH + "0" + "]" * DEPTH,
        "-" + " -" * DEPTH + "1",
    ],
)
def test_deep_nesting_is_ordinary(text: str) -> None:
    result = parsed(f"let a = {text}")
    assert result.diagnostics == ()
    assert isinstance(result.program.statements[0], tree.Declaration)
    _assert_spans_nest(result.program)


@pytest.mark.parametrize("text", ["(" * DEPTH, "let b = (" * DEPTH, "f(\n" * DEPTH, ")" * DEPTH])
def test_deep_nonsense_is_broken(text: str) -> None:
    result = parsed(f"let a = {text}")
    assert all(isinstance(each, tree.Broken) for each in result.program.statements)
    assert result.diagnostics


def test_a_line_of_many_terms_is_one_flat_sequence() -> None:
    count = 100_000
    result = parsed("let a = " + " + ".join(["x"] * count))
    (statement,) = result.program.statements
    assert isinstance(statement, tree.Declaration)
    assert isinstance(statement.value, tree.Infix)
    assert len(resolve(statement.value, lambda _: False).steps) == 2 * count - 1


def test_many_lines_are_many_statements() -> None:
    result = parsed("\n".join(f"let x{i} = x{i - 1} + 1" for i in range(10_000)))
    assert len(result.program.statements) == 10_000
    assert result.diagnostics == ()


_MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("   \n\t\n", []),
        ("// only\n/// comments", []),
        ("\0", ["syntax"]),
        ("let a = 1\0", ["syntax"]),
        ("\ufefflet a = 1", ["syntax"]),
        ("let a = " + "x" * _MEGABYTE, []),
        ("let a = " + "1" * _MEGABYTE, ["syntax"]),
        ('let a = "' + "x" * _MEGABYTE, ["unterminated-string"]),
        ("let a = b" + " + b" * (_MEGABYTE // 4), []),
        ("let a = " + "(" * 50_000, ["syntax"]),
        ("let a = " + ")" * 50_000, ["syntax"]),
        ("let a = " + "([)" * 20_000, ["syntax"]),
        ("f(\na=1" * 3_000, None),
        ('"' * 50_001, ["syntax", "unterminated-string"]),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_bad_texts_have_short_answers(text: str, wanted: list[str] | None) -> None:
    found = parsed(text).diagnostics
    if wanted is not None:
        assert sorted(d.code for d in found) == wanted
    assert all(len(d.message) < 300 for d in found)


def test_a_parse_leaves_the_collector_as_it_was() -> None:
    assert gc.isenabled()
    parsed("let a = (")
    assert gc.isenabled()
    gc.disable()
    try:
        parsed("let a = 1")
        assert not gc.isenabled()
    finally:
        gc.enable()
