"""The formatter: what it makes of a program, that it keeps all it must, and that it is content."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.making import badly_laid_out, made_up
from tests.support.syntax import outlines, tokens
from voxlogica_core.ide.analysis import analyse
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.syntax.breaking import WIDTH
from voxlogica_core.syntax.format import formatted
from voxlogica_core.syntax.parser import parse
from voxlogica_core.text.source_text import SourceText

_ROOT = Path(__file__).parents[2]
_PROGRAMS = sorted(
    [*(_ROOT / "examples").glob("*.imgql"), *_ROOT.glob("voxlogica_core/stdlib/*.imgql")]
)
_SEEDS = st.integers(0, 10_000)


def made(text: str) -> str:
    """Format a text and see that doing so again changes nothing."""
    result = formatted(text).text
    assert formatted(result).text == result
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let x=-1", "let x = -1"),
        ("let a = b+c*-2- -d", "let a = b + c *- 2 - -d"),
        ("let a = !b&! c", "let a = !b &! c"),
        ("let a = !b & ! c", "let a = !b & !c"),
        ("let a = ! !b", "let a = ! !b"),
        ("let a = N  N I b", "let a = N N I b"),
        ("let a = N !b | C - 1", "let a = N !b | C - 1"),
        ("let  f( a,b )=g ( a , b )", "let f(a, b) = g(a, b)"),
        ("let &( a,b ) = and(a,b)", "let &(a, b) = and(a, b)"),
        ("+?(a,b)=a", "+?(a, b) = a"),
        ("let a = +( 1,2 )", "let a = +(1, 2)"),
        ("let a = 1 + ( 2 )", "let a = 1 + (2)"),
        ("let a = map( ! ,xs )", "let a = map(!, xs)"),
        ("let a = xs[ 1 : -1 ][ : 2][ : ]", "let a = xs[1:-1][:2][:]"),
        ("let a = [ 1,2 ]", "let a = [1, 2]"),
        ("let a = b ++[ c,d ] e", "let a = b ++[c, d] e"),
        ("let a = - [1]", "let a = - [1]"),
        ("let a = - .5", "let a = - .5"),
        ("let a = 2.*.3", "let a = 2 .*. 3"),
        ("let a = f(b = 3, c= -1)", "let a = f(b=3, c=-1)"),
        ("let a = f(b = .5)", "let a = f(b = .5)"),
        ("let a = f(b =. 3)", "let a = f(b =. 3)"),
        ("let a = fold +  0 [1]", "let a = fold + 0 [1]"),
        ("let a = fold max -1 xs", "let a = fold max -1 xs"),
        ("let a = fold max (xs)", "let a = fold max (xs)"),
        ('print "a"  -1', 'print "a" -1'),
        ('save ("a"+"b") -1', 'save ("a" + "b") -1'),
        ('load  a="b.nii"', 'load a = "b.nii"'),
        ("let a = for i in xs do i", "let a = for i in xs do i"),
        ("let a = $stem+ $dir", "let a = $stem + $dir"),
        ("let a = - $stem", "let a = -$stem"),
        ("let a = 1 let b = 2", "let a = 1\nlet b = 2"),
        ("let B+(a) = a let b = a B+ c B+ d", "let B+(a) = a\nlet b = a B+ c B+ d"),
    ],
)
def test_a_line_is_spaced(text: str, expected: str) -> None:
    assert made(text) == f"{expected}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("\n\n  \n", ""),
        ("// only", "// only\n"),
        ("\n\n// one\n\n\n// two\n\n", "// one\n\n// two\n"),
        ("let a=1//b", "let a = 1  //b\n"),
        ("let a=1      // b", "let a = 1    // b\n"),
        ("/// doc\nlet a=1\n\n\n\nlet b=2", "/// doc\nlet a = 1\n\nlet b = 2\n"),
        ("let a =\n\n\n     1", "let a =\n\n  1\n"),
        ("let a = f(\nb,// c\n// d\n c\n)", "let a = f(\n  b,  // c\n  // d\n  c\n)\n"),
        ("let a = f(g(\nb\n))", "let a = f(g(\n  b\n))\n"),
        ("let a =\n    let b = 1 in\n        b", "let a =\n  let b = 1 in\n  b\n"),
        ("let a=1\r\nlet b=2", "let a = 1\r\nlet b = 2\r\n"),
        ("let a=1\rlet b=2", "let a = 1\rlet b = 2\r"),
        ("   // far in\nlet a=1", "// far in\nlet a = 1\n"),
    ],
)
def test_comments_and_lines_stay_where_they_are(text: str, expected: str) -> None:
    assert made(text) == expected


def test_a_long_call_gives_each_argument_a_line() -> None:
    parts = [f"mask(red(photo), things{i})" for i in range(5)]
    assert made(f'save "a.png" rgb({", ".join(parts)})') == (
        'save "a.png" rgb(\n  ' + ",\n  ".join(parts) + "\n)\n"
    )


def test_a_long_sequence_breaks_in_front_of_operators() -> None:
    text = made("let a = " + " + ".join(f"summand{i}(b, {i})" for i in range(20)))
    first, *rest = text.splitlines()
    assert all(line.startswith("  + summand") for line in rest)
    assert all(60 < len(line) <= WIDTH for line in (first, *rest[:-1]))


def test_the_loosest_place_is_broken_first() -> None:
    one, other = (f"f({', '.join([name * 12] * 4)})" for name in "xy")
    assert made(f"let a = {one} + {other}") == f"let a = {one}\n  + {other}\n"


_LONG = "someFunctionOfMine(firstArgument, secondArgument)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"let f(x) = let a = {_LONG} in let b = {_LONG} in a + b",
            f"let f(x) =\n  let a = {_LONG} in\n  let b = {_LONG} in\n  a + b\n",
        ),
        (
            f"let a = g(let b = {_LONG} in let c = {_LONG} in b + c) * 2",
            f"let a = g(\n  let b = {_LONG} in\n  let c = {_LONG} in\n  b + c\n) * 2\n",
        ),
        (
            f"let a = let g(y) = let z = {_LONG} in z + {_LONG} in g(1)",
            f"let a =\n  let g(y) =\n    let z = {_LONG} in\n    z + {_LONG} in\n  g(1)\n",
        ),
        (
            f"let a = for x in {_LONG} do for y in {_LONG} do x + y",
            f"let a = for x in {_LONG} do\n  for y in {_LONG} do x + y\n",
        ),
        (
            f"let a = mean(for x in {_LONG} do {_LONG} + x)",
            f"let a = mean(for x in {_LONG} do\n  {_LONG} + x\n)\n",
        ),
        (
            f"let a = let b = for x in {_LONG} do {_LONG} + x in b[0]",
            f"let a =\n  let b = for x in {_LONG} do\n    {_LONG} + x in\n  b[0]\n",
        ),
        (
            f'print "x" let b = {_LONG} in let c = {_LONG} in c',
            f'print "x"\n  let b = {_LONG} in\n  let c = {_LONG} in\n  c\n',
        ),
    ],
)
def test_long_bindings_and_loops_are_broken_behind_in_and_do(text: str, expected: str) -> None:
    assert made(text) == expected


def test_what_follows_broken_brackets_stands_behind_them() -> None:
    call = f"g({', '.join(['argument' * 4] * 4)})"
    broken = call.replace("(", "(\n  ").replace(", ", ",\n  ").replace(")", "\n)")
    assert made(f"let a = {call} / 2 + 1") == f"let a = {broken} / 2 + 1\n"
    assert made(f"let a = {call} + {call}") == f"let a = {broken} + {broken}\n"


def test_many_short_items_fill_their_lines() -> None:
    items = [f"{'-' * (i % 2)}word{i}" for i in range(20)]
    first, last = ", ".join(items[:12]), ", ".join(items[12:])
    assert made(f"let a = [{', '.join(items)}]") == f"let a = [\n  {first},\n  {last}\n]\n"


def test_a_wide_label_has_a_line_of_its_own() -> None:
    label = '"a/rather/long/path/of/a/picture/that/is/to/be/saved.nii.gz"'
    assert made(f"save {label} {_LONG}") == f"save {label}\n  {_LONG}\n"


def test_statements_with_errors_are_left_as_they_are() -> None:
    text = "let   a = 1\n\n\n  let  b = (1,\n     2   // open\nlet c   = 3\n\nlet d=4\n"
    result = formatted(text)
    assert result.broken == 1
    assert (
        result.text == "let a = 1\n\n\n  let  b = (1,\n     2   // open\nlet c = 3\n\nlet d = 4\n"
    )


@pytest.mark.parametrize("deep", ["(" * 5000 + "1" + ")" * 5000, "f(1, " * 5000 + "1" + ")" * 5000])
def test_deep_nesting_is_laid_out_without_recursion(deep: str) -> None:
    text = made(f"let a={deep}")
    assert max(map(len, text.splitlines())) <= WIDTH
    assert [token.text for token in tokens(text)] == [
        token.text for token in tokens(f"let a={deep}")
    ]


def test_many_terms_fill_their_lines() -> None:
    text = formatted("let a = " + "+".join(["x"] * 100_000)).text
    assert len(text.splitlines()) < 5_000


@pytest.mark.parametrize("path", _PROGRAMS, ids=lambda path: path.name)
def test_our_own_programs_keep_their_nodes(path: Path) -> None:
    text = path.read_text("utf-8")
    assert made(text) == text, "voxlogica format it"
    badly = badly_laid_out(statement_texts(text), seed=len(text))
    assert outlines(made(badly)) == outlines(text)
    assert node_ids(made(badly), str(path)) == node_ids(text, str(path))


@settings(max_examples=40, deadline=None)
@given(_SEEDS)
def test_formatting_changes_no_node_id(seed: int) -> None:
    statements = made_up(seed)
    badly = badly_laid_out(statements, seed)
    result = made(badly)
    assert result != badly
    assert node_ids(result) == node_ids(badly) == node_ids("\n".join(statements))
    assert result.count("//") == badly.count("//")
    assert "\n\n\n" not in result.replace("\r", "")


@settings(max_examples=300, deadline=None)
@given(_SEEDS, _SEEDS)
def test_whatever_is_formatted_keeps_its_characters(seed: int, place: int) -> None:
    text = badly_laid_out(made_up(seed, 5), seed)
    random = Random(place)
    at = random.randrange(len(text))
    damaged = (
        text[:at] + random.choice(["", ")", "(", '"', "let ", "\x00", "=", "//"]) + text[at + 1 :]
    )
    assert "".join(made(damaged).split()) == "".join(damaged.split())


def statement_texts(text: str) -> list[str]:
    """Return the statements of a program without what stands between them."""
    statements = parse(SourceText(text)).program.statements
    return [text[statement.span.start : statement.span.end] for statement in statements]


def node_ids(text: str, path: str | None = None) -> tuple[object, ...]:
    """Return the nodes of all declarations and goals, by name."""
    world = FileSystem(str(_ROOT / "examples"))
    analysis = analyse(SourceText(text, path), catalogue=read_catalogue(), world=world)
    loud = [
        d for d in analysis.diagnostics if d.code in ("syntax", "unbound-name", "type-mismatch")
    ]
    assert not loud, loud
    goals = [(goal.kind, goal.label, goal.value) for goal in analysis.plan.goals]
    return dict(analysis.plan.declarations), goals
