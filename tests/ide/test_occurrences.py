"""All uses of a name: drawn under the program as an editor paints them."""

import pytest

from tests.support.cursors import at_cursor
from voxlogica_core.ide.navigation.occurrences import name_at, occurrences

FILES = {"/home/lib.imgql": "let helper(x, size) = x + size\nlet limit = 3\n"}


def drawn(text: str) -> list[str]:
    """Return the program with a line under each line: ``w`` where a name is given, ``r`` in use."""
    analysis, offset = at_cursor(text, FILES)
    name = name_at(analysis, offset)
    found = occurrences(analysis, name.target) if name else []
    lines: list[str] = []
    for number in range(analysis.source.line_count):
        line, start = analysis.source.line(number), analysis.source.offset(number, 0)
        marks = [" "] * len(line)
        for each in found:
            for at in range(each.span.start - start, each.span.end - start):
                if 0 <= at < len(line):
                    marks[at] = each.access[0]
        lines += [line, "".join(marks).rstrip()]
    return [line for line in lines if line]


def check(*lines: str) -> None:
    """Lines of a program with a cursor, and under them what is painted."""
    text = "\n".join(line for line in lines if not set(line) <= set("rw "))
    assert drawn(text) == [line.replace("<CURSOR>", "") for line in lines]


def test_a_declaration_and_its_uses() -> None:
    check(
        "let a = 1",
        "    w",
        "let b = <CURSOR>a + near2(a)",
        "        r         r",
    )


def test_a_later_declaration_is_another_name() -> None:
    check(
        "let a = 1",
        "    w",
        "let b = a",
        "        r",
        "let a = <CURSOR>a + 1",
        "        r",
        'print "a" a',
    )


def test_a_parameter_hides_what_is_declared_above() -> None:
    check(
        "let x = 1",
        "let f(<CURSOR>x) = x + x",
        "      w    r   r",
        "let b = f(x) + f(x = x)",
        "                 r",
    )


def test_a_named_argument_leads_to_its_parameter() -> None:
    check(
        "let f(x, y) = x + y",
        "         w        r",
        "let y = 1",
        "let b = f(y, <CURSOR>y = y)",
        "             r",
    )


def test_loops_and_lets_bind_in_their_bodies_alone() -> None:
    check(
        "let i = 2",
        "let xs = (for i in range(0, i) do <CURSOR>i * i) + i",
        "              w                   r   r",
    )
    check(
        "let i = 2",
        "    w",
        "let xs = (for i in range(0, <CURSOR>i) do i * i) + i",
        "                            r              r",
    )


def test_operators_are_names_and_dots_do_not_count() -> None:
    check(
        "let <CURSOR>+(a, b) = a",
        "    w",
        "let b = 1 + 2 .+. 3",
        "          r   rrr",
        "let c = -1",
    )


def test_one_operator_of_two_arities_is_two_names() -> None:
    check(
        "let -(a, b) = a",
        "let -(a) = a",
        "    w",
        "let c = 1 - <CURSOR>-2",
        "            r",
    )


def test_a_primitive_is_read_wherever_it_stands() -> None:
    check("let a = <CURSOR>sqrt(2) + sqrt(3)", "        rrrr      rrrr")


def test_a_broken_statement_takes_part() -> None:
    check(
        "let a = 1",
        "    w",
        "let b = (<CURSOR>a + ",
        "         r",
        "let c = [a, zz, a]",
        "         r      r",
    )


def test_a_name_that_a_broken_statement_would_declare_has_its_uses() -> None:
    check(
        "let b = (1 + ",
        "    w",
        "let c = <CURSOR>b",
        "        r",
    )


def test_a_name_of_another_file_is_read_here() -> None:
    check(
        'import "lib.imgql"',
        "let a = <CURSOR>limit + helper(limit, size = 2)",
        "        rrrrr          rrrrr",
    )
    check(
        'import "lib.imgql"',
        "let a = limit + helper(limit, <CURSOR>size = 2)",
        "                              rrrr",
    )


@pytest.mark.parametrize(
    "text", ["<CURSOR>", "let a = 1<CURSOR>2", 'print "<CURSOR>a" 1', "// <CURSOR>a"]
)
def test_where_no_name_stands_nothing_is_painted(text: str) -> None:
    analysis, offset = at_cursor(text)
    assert name_at(analysis, offset) is None


def test_operators_in_formulas_that_cannot_be_read_are_found() -> None:
    check(
        "let a = true <CURSOR>& false",
        "             r",
        "let b = (true & ",
        "              r",
        "let c = true & ",
        "             r",
        "let d = [true false & true]",
        "                    r",
    )
