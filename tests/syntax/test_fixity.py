import pytest

from tests.support.syntax import complaints, outlines, parsed
from voxlogica_core.syntax.fixity import ApplyInfix, ApplyPrefix, Resolution, level, resolve
from voxlogica_core.syntax.tree import Declaration, Infix
from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.span import Span


def _value(text: str) -> str:
    (line,) = outlines(f"let r = {text}")
    return line.removeprefix("r = ")


def _resolved(text: str, prefixes: str = "") -> Resolution:
    (statement,) = parsed(f"let r = {text}").program.statements
    assert isinstance(statement, Declaration)
    assert isinstance(statement.value, Infix)
    return resolve(statement.value, prefixes.split().__contains__)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a | b & c", "(a | (b & c))"),
        ("a & b \\ c", "((a & b) \\ c)"),
        ("a < b & c > d", "((a < b) & (c > d))"),
        ("a ~> b + c", "(a ~> (b + c))"),
        ("a ~> b < c", "((a ~> b) < c)"),
        ("a * b / c", "((a * b) / c)"),
        ("a .*. b .+ c *. d", "((a .*. b) .+ (c *. d))"),
        ("a =. b | c .>= d", "((a =. b) | (c .>= d))"),
        ("- a * - b", "((- a) * (- b))"),
        ("!!a", "(!! a)"),
        ("! !a", "(! (! a))"),
        ("-(a)[0]", "(- a[0])"),
        ("-f(x)[0] + 1", "((- f(x)[0]) + 1)"),
        ("++[1] a", "(++[1] a)"),
        ("a ~> b ~> c", "((a ~> b) ~> c)"),
    ],
)
def test_the_table_of_precedence_holds(text: str, expected: str) -> None:
    assert _value(text) == expected


def test_dots_do_not_change_how_an_operator_binds() -> None:
    assert level(".*.") == level("*") == level("*.")
    assert level("...") == level("~>")


def test_a_word_of_capitals_is_an_operand_unless_it_names_a_function_of_one_parameter() -> None:
    assert _value("GTV & CTV") == "(GTV & CTV)"
    assert _value("N & a") == "(N (& a))"
    assert _value("a | N") == "(a | N)"


def test_a_word_of_capitals_between_operands_is_an_operator() -> None:
    assert _value("a SUM b") == "(a SUM b)"
    assert _value("a T N b") == "(a T (N b))"
    assert _value("N a T N b") == "((N a) T (N b))"


def test_a_word_of_capitals_between_operands_is_not_called() -> None:
    assert _value("a T (b)") == "(a T b)"
    assert _value("a T (b)[0] | c") == "((a T b[0]) | c)"
    assert _value("a T[3] b") == "(a T[3] b)"
    assert _value("a T[3, 4] b") == "(a T[3, 4] b)"
    assert _value("T(a)") == "T(a)"


def test_steps_carry_the_span_of_the_whole_sub_expression() -> None:
    spans = [
        step.span
        for step in _resolved("a + b * !c").steps
        if isinstance(step, ApplyInfix | ApplyPrefix)
    ]
    assert spans == [Span(16, 18), Span(12, 18), Span(8, 18)]


def test_a_chain_of_comparisons_is_an_error_with_a_hint() -> None:
    (complaint,) = _resolved("a < b < c").diagnostics
    assert complaint.code == "syntax"
    assert "`a < b & b < c`" in complaint.message
    assert not _resolved("a < b & c < d").diagnostics
    assert _resolved("a < b + 1 < c").diagnostics


def test_operators_without_an_order_are_not_mixed() -> None:
    text = "let r = a ~> b + 1 ~ N c"
    (complaint,) = complaints(text)
    assert complaint.code == "mixed-operators"
    repaired = [_repaired(text, fix.edits) for fix in complaint.fixes]
    assert repaired == ["let r = (a ~> b + 1) ~ N c", "let r = a ~> (b + 1 ~ N c)"]
    assert [complaints(each) for each in repaired] == [[], []]
    assert [outlines(each) for each in repaired] == [
        ["r = ((a ~> (b + 1)) ~ (N c))"],
        ["r = (a ~> ((b + 1) ~ (N c)))"],
    ]


def _repaired(text: str, edits: tuple[Edit, ...]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize("text", ["a +", "a + * ", "- -", "a T"])
def test_an_operator_without_an_operand_is_an_error(text: str) -> None:
    resolution = _resolved(text)
    assert [complaint.code for complaint in resolution.diagnostics] == ["syntax"]
    assert resolution.steps == ()


@pytest.mark.parametrize("text", ["a b", "f(x) (y)", "1 2", "(a) (b)", "a[0] [1]", "a N"])
def test_operands_side_by_side_are_an_error(text: str) -> None:
    (complaint,) = _resolved(text).diagnostics
    assert complaint.code == "syntax"
    assert complaint.span == Span(8, 8 + len(text))


def test_a_long_chain_of_errors_is_told_once() -> None:
    assert len(_resolved(" < ".join("abcdefgh")).diagnostics) == 1
