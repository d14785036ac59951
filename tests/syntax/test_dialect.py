"""Dialects: what a file states, what marks it, and where earlier versions read something else."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.syntax import parsed, tokens
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.dialect import Precedence, Reading, marks, stated_dialect
from voxlogica_core.syntax.fixity import ApplyInfix, ApplyPrefix, Push, resolve
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.syntax.parser import parse
from voxlogica_core.syntax.readings import difference
from voxlogica_core.text.diagnostic import Diagnostic, Fix
from voxlogica_core.text.source_text import SourceText

_V1 = "// imgql: dialect=voxlogica1\n"
_REGROUPED = {"&": "and", "|": "or"}
_OPERATIONS: dict[str, Callable[[bool, bool], bool]] = {
    "&": lambda a, b: a and b,
    "|": lambda a, b: a or b,
    "-": lambda a, b: a and not b,
    "T": lambda a, b: b or not a,
}


def formula(text: str) -> tree.Expression:
    (statement,) = parsed(f"let r = {text}").program.statements
    assert isinstance(statement, tree.Declaration), text
    return statement.value


def infix(text: str) -> tree.Infix:
    value = formula(text)
    assert isinstance(value, tree.Infix), text
    return value


def read(text: str, precedence: Precedence) -> str:
    """Return a sequence with all parentheses, as a precedence reads it."""
    stack: list[str] = []
    for step in resolve(infix(text), {"N", "I"}.__contains__, precedence).steps:
        match step:
            case Push(expression):
                stack.append(getattr(expression, "text", "…"))
            case ApplyPrefix(operator):
                stack.append(f"({operator.text} {stack.pop()})")
            case ApplyInfix(operator):
                right, left = stack.pop(), stack.pop()
                stack.append(f"({left} {operator.text} {right})")
    return stack.pop()


def truth(node: tree.Expression, precedence: Precedence, values: dict[str, bool]) -> bool:
    """Return what a formula over truth values says, as a precedence reads it."""
    match node:
        case tree.Name(text):
            return values[text]
        case tree.Group(inner):
            return truth(inner, precedence, values)
        case tree.Call(_, (argument,)):
            return not truth(argument.value, precedence, values)
        case tree.Infix():
            stack: list[bool] = []
            for step in resolve(node, {"N"}.__contains__, precedence).steps:
                match step:
                    case Push(expression):
                        stack.append(truth(expression, precedence, values))
                    case ApplyPrefix():
                        stack.append(not stack.pop())
                    case ApplyInfix(operator):
                        right, left = stack.pop(), stack.pop()
                        stack.append(_OPERATIONS[operator.text](left, right))
            return stack.pop()
        case _:
            raise AssertionError(node)


def table(text: str, precedence: Precedence) -> list[bool]:
    """Return what a formula says for all values of its names."""
    every = [dict(zip("abcd", values, strict=True)) for values in product((False, True), repeat=4)]
    return [truth(formula(text), precedence, values) for values in every]


def found(text: str, suspected: Precedence) -> Diagnostic | None:
    given_infix = infix(text)
    ours = resolve(given_infix, {"N"}.__contains__)
    return difference(given_infix, {"N"}.__contains__, ours, suspected, _REGROUPED)


def mended(text: str, fix: Fix) -> str:
    """Carry out a fix whose edits are for ``let r = text``."""
    for edit in reversed(fix.edits):
        start, end = edit.span.start - 8, edit.span.end - 8
        text = text[:start] + edit.text + text[end:]
    return text


@pytest.mark.parametrize(
    ("text", "first", "between", "now"),
    [
        ("a - b - c", "(a - (b - c))", "((a - b) - c)", "((a - b) - c)"),
        ("a + b * c", "(a + (b * c))", "((a + b) * c)", "(a + (b * c))"),
        ("!a | b", "(! (a | b))", "((! a) | b)", "((! a) | b)"),
        ("a & !b | c", "(a & (! (b | c)))", "((a & (! b)) | c)", "((a & (! b)) | c)"),
        ("N N I a & b", "(N (N (I (a & b))))", "((N (N (I a))) & b)", "((N (N (I a))) & b)"),
        ("N (a) & b", "(N (… & b))", "(… & b)", "(… & b)"),
        ("a < b < c", "(a < (b < c))", "((a < b) < c)", "((a < b) < c)"),
        ("b ~> N a ~ c", "(b ~> (N (a ~ c)))", "((b ~> (N a)) ~ c)", "((b ~> (N a)) ~ c)"),
    ],
)
def test_each_version_read_operators_in_its_own_way(
    text: str, first: str, between: str, now: str
) -> None:
    assert read(text, "voxlogica1") == first
    assert read(text, "voxlogica2") == between
    assert read(text, "imgql2") == now


def test_in_one_level_nothing_is_mixed_or_chained() -> None:
    for text in ("a < b < c", "a ~> b ~ c"):
        assert resolve(infix(text), {"N"}.__contains__).diagnostics
        assert not resolve(infix(text), {"N"}.__contains__, "voxlogica1").diagnostics
        assert not resolve(infix(text), {"N"}.__contains__, "voxlogica2").diagnostics


def test_a_dot_next_to_a_digit_is_part_of_the_operator_in_voxlogica_1() -> None:
    assert [d.code for d in parsed("let a = b>.5").diagnostics] == ["ambiguous-dot"]
    (statement,) = parsed(f"{_V1}let a = b>.5").program.statements
    assert isinstance(statement, tree.Declaration)
    assert isinstance(statement.value, tree.Infix)
    assert [getattr(item, "text", None) for item in statement.value.items] == ["b", ">.", None]
    assert parsed(f"{_V1}let a = b>.5").diagnostics == ()


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (_V1, "voxlogica1"),
        ("//imgql:dialect = imgql2", "imgql2"),
        ("// a title\r\n  // imgql: dialect=imgql2 // for good\r\n", "imgql2"),
        ("// a\r// imgql: dialect=voxlogica1\rlet a = 1", "voxlogica1"),
        ("let a = 1\n" + _V1, "voxlogica1"),
        ("\n" * 9 + _V1, "voxlogica1"),
        ('let a = "// imgql: dialect=voxlogica1"', None),
        ("// see imgql: dialects", None),
        ("", None),
    ],
)
def test_a_comment_among_the_first_lines_states_the_dialect(
    text: str, dialect: Dialect | None
) -> None:
    stated = stated_dialect(text)
    assert stated.dialect == dialect
    assert stated.diagnostics == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("// imgql: dialect=v1", "`v1` came; it does nothing"),
        ("// imgql: dialect=", "`voxlogica1` or `imgql2` is wanted"),
        ("\n" * 10 + _V1, "on one of the first 10 lines"),
    ],
)
def test_a_statement_that_does_nothing_is_warned_about(text: str, message: str) -> None:
    (diagnostic,) = parsed(text).diagnostics
    assert (diagnostic.code, diagnostic.severity) == ("dialect-pragma", "warning")
    assert message in diagnostic.message


def test_a_file_knows_better_than_whoever_calls() -> None:
    source = SourceText(_V1 + "let a = 1")
    assert parse(source, dialect="imgql2").program.reading == Reading("voxlogica1")
    assert parse(SourceText("let a = 1"), dialect="voxlogica1").program.reading.precedence == (
        "voxlogica1"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let a = b .<= c", {"dotted"}),
        ("let .<(a, b) = c", {"dotted"}),
        ("let a = 2.*.3", {"dotted"}),
        ('load a = "b"', {"load"}),
        ("let a = b >= c", {"comparison"}),
        ("let a = b . c", set[str]()),
        ('let a = ReadImage("b")', {"voxlogica2"}),
        ('let a = simpleitk.ReadImage("b")', {"voxlogica2"}),
        ('import "simpleitk"', {"voxlogica2"}),
        ('import "other"', set[str]()),
        ("a = 1", {"voxlogica2"}),
        ("let a = b &!c", set[str]()),
    ],
)
def test_marks_tell_the_languages_apart(text: str, expected: set[str]) -> None:
    assert marks(tokens(text)) == expected


@pytest.mark.parametrize(
    ("text", "suspected"),
    [
        ("let a = b .+ c", "voxlogica1"),
        ("let a = b .+ c\nd = 1", "voxlogica1"),
        ('load a = "b"', "voxlogica1"),
        ('load a = "b"\nlet c = a > 1', None),
        ('load a = "b"\nc = 1', "voxlogica2"),
        ('import "simpleitk"', "voxlogica2"),
        ("let a = b > c", None),
        ("// imgql: dialect=imgql2\nlet a = b .+ c", None),
    ],
)
def test_marks_make_a_file_suspect(text: str, suspected: str | None) -> None:
    assert parsed(text).program.reading.suspected == suspected


@pytest.mark.parametrize(
    ("text", "suspected", "now", "then"),
    [
        ("!a | b", "voxlogica1", "(!a) | b", "!(a | b)"),
        ("a & b | c", "voxlogica1", "(a & b) | c", "a & (b | c)"),
        ("a - b - c", "voxlogica1", "(a - b) - c", "a - (b - c)"),
        ("a & !b & c", "voxlogica1", "a & (!b) & c", "a & !(b & c)"),
        ("a | b & c | d", "voxlogica2", "a | (b & c) | d", "((a | b) & c) | d"),
        ("a | N b & c", "voxlogica1", "a | ((N b) & c)", "a | N (b & c)"),
    ],
)
def test_a_difference_shows_both_readings(
    text: str, suspected: Precedence, now: str, then: str
) -> None:
    diagnostic = found(text, suspected)
    assert diagnostic is not None
    assert diagnostic.severity == ("error" if suspected == "voxlogica1" else "warning")
    assert [mended(text, fix) for fix in diagnostic.fixes[:2]] == [now, then]
    assert f"`{then}`, now it means `{now}`" in diagnostic.message


@pytest.mark.parametrize(
    "text", ["a & b & c", "!!a", "a | !b", "a & b", "a | b | !c", "(a & b) | c"]
)
@pytest.mark.parametrize("suspected", ["voxlogica1", "voxlogica2"])
def test_what_means_the_same_is_silent(text: str, suspected: Precedence) -> None:
    assert found(text, suspected) is None


def test_the_dialect_may_be_stated_instead() -> None:
    offered: dict[Precedence, list[str]] = {
        "voxlogica1": ["voxlogica1", "imgql2"],
        "voxlogica2": ["imgql2"],
    }
    for suspected, dialects in offered.items():
        diagnostic = found("a & b | c - d", suspected)
        assert diagnostic is not None
        lines = [fix.edits[0].text for fix in diagnostic.fixes[2:]]
        assert lines == [f"// imgql: dialect={dialect}\n" for dialect in dialects]


def test_a_long_sequence_is_compared_without_recursion() -> None:
    text = " & ".join(["a"] * 20_000)
    assert found(text, "voxlogica1") is None
    diagnostic = found(f"{text} | b", "voxlogica1")
    assert diagnostic is not None
    assert [len(fix.edits) for fix in diagnostic.fixes[:2]] == [2, 2]
    chain = found(" - ".join(["a"] * 3_000), "voxlogica1")
    assert chain is not None


_FORMULAS = st.recursive(
    st.lists(
        st.tuples(st.sampled_from(["", "", "!", "! ", "!!", "N "]), st.sampled_from("abcd")),
        min_size=2,
        max_size=6,
    ).flatmap(
        lambda operands: st.lists(
            st.sampled_from(["&", "|", "-", "T"]),
            min_size=len(operands) - 1,
            max_size=len(operands) - 1,
        ).map(
            lambda operators: "".join(
                f" {operator} {prefix}{name}".replace("!!", "! !")
                for operator, (prefix, name) in zip(["", *operators], operands, strict=True)
            ).strip()
        )
    ),
    lambda inner: st.tuples(inner, st.sampled_from(["&", "-"]), inner).map(
        lambda drawn: f"({drawn[0]}) {drawn[1]} ({drawn[2]})"
    ),
    max_leaves=2,
)


@settings(deadline=None, max_examples=150)
@given(_FORMULAS, st.sampled_from(["voxlogica1", "voxlogica2"]))
def test_a_fix_means_to_every_version_what_it_says(text: str, suspected: Precedence) -> None:
    assume(not resolve(infix(text), {"N"}.__contains__).diagnostics)
    diagnostic = found(text, suspected)
    if diagnostic is None:
        inner = [node for node in infix(text).items if isinstance(node, tree.Group)]
        assert inner or table(text, "imgql2") == table(text, suspected)
        return
    readings: tuple[Precedence, ...] = ("imgql2", suspected)
    for fix, reading in zip(diagnostic.fixes, readings, strict=False):
        cured = mended(text, fix)
        if isinstance(formula(cured), tree.Infix):
            assert found(cured, suspected) is None
        if "(" not in text:
            assert table(cured, "imgql2") == table(cured, suspected) == table(text, reading)
