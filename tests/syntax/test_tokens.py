import pytest

from tests.support.syntax import codes, complaints, outlines, parsed, tokens
from voxlogica_core.syntax.tree import Declaration
from voxlogica_core.text.span import Span


def _value(text: str) -> str:
    (line,) = outlines(f"let r = {text}")
    return line.removeprefix("r = ")


def _types(text: str) -> list[str]:
    return [token.type for token in tokens(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_separates(end: str) -> None:
    assert outlines(end.join(["let a = 1", "b = 2", "", "// c", "c = 3"])) == [
        "a = 1",
        "b = 2",
        "c = 3",
    ]


def test_a_parenthesis_on_the_next_line_is_no_call() -> None:
    assert _value("f (x)") == "f(x)"
    assert outlines('save "f" a\n(b)') == ["save 'f' a", "broken"]
    assert "syntax" in codes('save "f" a\n(b)')


def test_a_spaced_bracket_is_a_sequence() -> None:
    assert _value("xs[1]") == "xs[1]"
    assert _value("xs [1]") == "<xs [1]>"
    assert _value("f(x)[0]") == "f(x)[0]"


def test_words_that_contain_keywords_are_names() -> None:
    assert outlines("let forest = letter + trueMask + folding") == [
        "forest = ((letter + trueMask) + folding)"
    ]


def test_in_and_do_are_names_where_an_operand_is_wanted() -> None:
    assert _value("let in = in in in + do") == "(let in = in in (in + do))"
    assert outlines("let in = 1\nin = 2") == ["in = 1", "in = 2"]
    assert outlines('save "o" in') == ["save 'o' in"]
    assert outlines("let f(in, do) = do") == ["f(in, do) = do"]


def test_load_filter_and_fold_are_functions_in_front_of_a_parenthesis() -> None:
    assert _value('load("a.nii")') == "load('a.nii')"
    assert _value("filter (f, xs)") == "filter(f, xs)"
    assert _value("fold(f, 0, xs)") == "fold(f, 0, xs)"


def test_a_statement_keyword_may_name_a_function() -> None:
    assert outlines("let print(a, b) = b") == ["print(a, b) = b"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12.0), ("0.5", 0.5), (".5", 0.5), ("1e3", 1000.0), ("2.5E-1", 0.25), ("1e+2", 100.0)],
)
def test_numbers_have_digits_a_fraction_an_exponent(text: str, value: float) -> None:
    assert _value(text) == f"{value:.15g}"


@pytest.mark.parametrize("text", ["0x10", "1.5.3", "12abc", "1e"])
def test_other_number_formats_are_errors(text: str) -> None:
    assert codes(f"let a = {text}") == ["syntax"]


def test_a_number_beyond_float64_is_an_error() -> None:
    assert codes("let a = 1e999") == ["syntax"]


def test_a_number_float64_cannot_hold_is_warned_about() -> None:
    assert codes("let a = 9007199254740993") == ["inexact-literal"]
    assert codes("let a = 9007199254740992") == []
    assert codes("let a = 1e22") == []


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (r'"a\"b"', 'a"b'),
        (r'"a\\b"', "a\\b"),
        (r'"a\nb\tc"', "a\nb\tc"),
        (r'"a\db"', "a\\db"),
        ('""', ""),
    ],
)
def test_texts_have_four_escapes(literal: str, value: str) -> None:
    assert _value(literal) == repr(value)


def test_paths_have_two_escapes() -> None:
    text = r"""
load a = "C:\new\"x\".nii"
save "out\table\\b.nii" a
import "lib\name"
"""
    assert outlines(text) == [
        f"load a = {'C:' + chr(92) + 'new' + chr(34) + 'x' + chr(34) + '.nii'!r}",
        f"save {'out' + chr(92) + 'table' + chr(92) + 'b.nii'!r} a",
        f"import {'lib' + chr(92) + 'name'!r}",
    ]
    assert codes(text) == []


def test_a_windows_path_with_a_live_escape_is_warned_about() -> None:
    (complaint,) = complaints(r'let a = dir("C:\new")')
    assert complaint.code == "live-escape"
    assert complaint.severity == "warning"
    assert complaint.fixes[0].edits[0].text == r'"C:\\new"'
    assert codes(r'let a = dir("C:\data")') == []
    assert codes(r'let a = dir("C:\\new")') == []


def test_an_open_text_ends_with_its_line() -> None:
    assert outlines('let a = "x\nlet b = 1') == ["a = 'x'", "b = 1"]
    assert codes('let a = "x\nlet b = 1') == ["unterminated-string"]
    assert codes('let a = "x\\\nlet b = 1') == ["unterminated-string"]


def test_an_operator_is_the_longest_run() -> None:
    assert _value("a ~> b") == "(a ~> b)"
    assert _value("a &! b") == "(a &! b)"
    assert _value("a /// b\n") == "a"
    assert _value("a &$stem") == "(a & $stem)"
    assert _value("a*// comment\nb") == "(a * b)"


def test_a_colon_stands_alone_within_brackets() -> None:
    assert _value("xs[a:-b]") == "xs[a:(- b)]"
    assert _value("xs[:.5]") == "xs[:0.5]"
    assert _value("a :: b") == "(a :: b)"


def test_the_equals_of_a_definition_stands_alone() -> None:
    assert outlines("let x=.5\nlet f(a)=!a\ny=-f(1)\nload z=$file") == [
        "x = 0.5",
        "f(a) = (! a)",
        "y = (- f(1))",
        "load z = $file",
    ]
    assert codes("let x=.5") == []


def test_the_equals_of_a_named_argument_stands_alone() -> None:
    assert _value("f(a=-1, b=!c)") == "f(a=(- 1), b=(! c))"
    assert _value("f(a==1, b=.c)") == "f((a == 1), (b =. c))"
    assert codes("let r = f(a=.5)") == ["ambiguous-dot"]


def test_both_readings_of_an_ambiguous_dot_are_offered() -> None:
    (complaint,) = complaints("let a = img>.5")
    assert [fix.edits[0].text for fix in complaint.fixes] == ["> 0.5", ">. 5"]
    assert complaint.span == Span(11, 14)


def test_capitals_join_the_operator_behind_them_only_when_it_is_known() -> None:
    assert _value("B+ a") == "(B+ a)"
    assert _value("A+B") == "(A + B)"
    assert _value("GTV&CTV") == "(GTV & CTV)"
    assert _value("M-1") == "(M - 1)"


def test_a_program_may_declare_operators_that_begin_with_capitals() -> None:
    assert outlines("let r = x XY* y\nlet XY*(a, b) = a\nQ!(a) = Q!a") == [
        "r = (x XY* y)",
        "XY*(a, b) = a",
        "Q!(a) = (Q! a)",
    ]


def test_program_variables_are_known() -> None:
    assert _value("$stem") == "$stem"
    assert codes("let a = $stem\nlet b = $cwd") == []
    assert codes("let a = $INPUT") == ["template-variable"]
    assert codes("let $stem = 1") == ["reserved-name"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_documentation_stands_directly_above(line_end: str) -> None:
    text = "/// One.\n///  Two.\nlet a = 1\n/// No.\n\nlet b = 2 /// no\nc = 3\n//// no\nload d = x"
    text = text.replace("\n", line_end)
    documented = [
        getattr(statement, "documentation", None) for statement in parsed(text).program.statements
    ]
    assert documented == ["One.\n Two.", "", "", ""]


def test_letters_of_any_script_make_names() -> None:
    assert outlines("let größe_1 = μ + 数") == ["größe_1 = (μ + 数)"]


def test_a_character_without_meaning_is_told() -> None:
    (complaint,) = complaints("let a = {1}")
    assert complaint.code == "syntax"
    assert "`{`" in complaint.message


def test_token_types_tell_parentheses_and_brackets_apart() -> None:
    assert _types("f(a)") == ["NAME", "CALL", "NAME", "RPAR"]
    assert _types("+(a)") == ["OPERATOR", "LPAR", "NAME", "RPAR"]
    assert _types("a[0] [1] +[2]") == [
        *("NAME", "INDEX", "NUMBER", "RSQB"),
        *("LSQB", "NUMBER", "RSQB"),
        *("OPERATOR", "EXTRAS", "NUMBER", "RSQB"),
    ]


def test_the_word_behind_fold_is_never_called() -> None:
    assert _value("fold max (0) xs") == "(fold max 0 xs)"
    assert _value("fold +[1, 2]") == "(fold + [1, 2])"


def test_spans_count_code_points() -> None:
    (statement,) = parsed("let 𝒜 = 1").program.statements
    assert isinstance(statement, Declaration)
    assert statement.name.span == Span(4, 5)
    assert statement.span == Span(0, 9)
