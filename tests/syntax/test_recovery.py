import pytest

from tests.support.syntax import codes, complaints, outline, outlines, parsed, tokens

PROGRAM = """\
import "simpleitk"
load img = "brain.nii.gz"
let flair = intensity(img)
let grow(a, b) = (a | touch(b, a))
let ++(a, b) = a * 2 + b
levels = [0.8, 0.9, -1]
smooth(a, r) =
  let once = distgeq(r, !a) in
  distleq(r, once)
let seeds = for k in levels do smooth(flair > k, 5.0)
let some = filter s in seeds do volume(s) > 10
let best = fold max 0 (for s in some do volume(s))
let first = seeds[0] & !(seeds[1:-1][0])
let named = BinaryThreshold(flair,
  lower=0.5,
  upper=-(1))
print "best" best  print "named" named
save "out/first.nii.gz" N first ++[1, 2] some
let last = 1
"""


def test_the_program_of_these_tests_is_right() -> None:
    assert codes(PROGRAM) == []
    assert len(outlines(PROGRAM)) == 16


def test_a_deleted_token_spoils_little() -> None:
    whole = outlines(PROGRAM)
    for token in tokens(PROGRAM):
        text = PROGRAM[: token.start] + PROGRAM[token.end :]
        said = f"without {token}"
        assert len([code for code in codes(text) if code == "syntax"]) <= 2, said
        kept = set(outlines(text))
        assert sum(line not in kept for line in whole) <= 2, said


def test_a_broken_statement_keeps_its_name_and_its_span() -> None:
    (broken, *_) = parsed("let f(x) = g(x\nlet y = 1").program.statements
    assert outline(broken) == "broken f"
    assert (broken.span.start, broken.span.end) == (0, 14)


@pytest.mark.parametrize(
    "text",
    [
        "let a = f(b",
        "let a = f(",
        "let a = f(b,",
        "let a = [1, (2",
        "let a = f(b))",
        "let a =",
        "let a = 1 + (",
        "let a = for x in",
        "let a = let b = 1",
        "a = (",
        'load a = "x',
    ],
)
@pytest.mark.parametrize("following", ["let z = 1", "z = 1", "z(q) = q", 'print "z" 1'])
def test_what_begins_a_line_closes_what_is_open(text: str, following: str) -> None:
    lines = outlines(f"{text}\n{following}")
    assert len(lines) == 2
    assert lines[1] == outlines(following)[0]
    assert len(codes(f"{text}\n{following}")) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('let a = b\n"c" d', ["a = b", "broken"]),
        ('let a = b\n("c") d', ["a = b", "broken"]),
        ("let a = b\nc(d) e", ["a = b", "broken c"]),
        ("let a = b\n= c\nd = e", ["a = b", "broken", "d = e"]),
        ("let a = b\nc d = e\nf = g", ["a = b", "broken c", "f = g"]),
        ("let a = (fold + 0 b)\nc d", ["a = (fold + 0 b)", "broken c"]),
        ('print "a" b\n1 + c', ["print 'a' b", "broken"]),
    ],
)
def test_a_line_that_lost_its_first_word_spoils_itself_alone(
    text: str, expected: list[str]
) -> None:
    assert outlines(text) == expected
    assert codes(text) == ["syntax"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let a = N\nb", "a = (N b)"),
        ("let a = b\nT c", "a = (b T c)"),
        ("let a = fold +\n0\nb", "a = (fold + 0 b)"),
        ("let a\n= b", "a = b"),
        ("let f\n(a) = b", "f(a) = b"),
        ('load a\n= "b"', "load a = 'b'"),
        ('print "a"\nb', "print 'a' b"),
        ('print\n("a" + "b")\n(c)', "print ('a' + 'b') c"),
        ("let a = let b\n= c in b", "a = (let b = c in b)"),
        ("let a = b[\n0\n]", "a = b[0]"),
    ],
)
def test_lines_that_go_on_are_not_torn_off(text: str, expected: str) -> None:
    assert outlines(text) == [expected]
    assert codes(text) == []


def test_a_local_let_may_begin_a_line() -> None:
    assert outlines("let f(x) =\nlet y = x in\nlet z = y in\nz\nlet g = 1") == [
        "f(x) = (let y = x in (let z = y in z))",
        "g = 1",
    ]
    assert outlines('print "a"\nlet x = 1 in x') == ["print 'a' (let x = 1 in x)"]
    assert outlines("let a = [\nlet x = 1 in x,\nlet y = 2 in y]") == [
        "a = [(let x = 1 in x), (let y = 2 in y)]"
    ]


def test_several_statements_stand_on_one_line() -> None:
    assert outlines('let a = 1 let b = f(a) print "b" b save "b.json" b') == [
        "a = 1",
        "b = f(a)",
        "print 'b' b",
        "save 'b.json' b",
    ]


def test_named_arguments_on_lines_of_their_own_are_no_definitions() -> None:
    assert outlines("let a = f(\n  b=1,\n  c=2\n)\nd=3") == ["a = f(b=1, c=2)", "d = 3"]


def test_a_comparison_at_the_beginning_of_a_line_is_no_definition() -> None:
    assert outlines("let a = b &\nc =. 3") == ["a = (b & (c =. 3))"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("let a = f(1", "`,` or `)` is wanted behind `1`, but the statement ends."),
        ("let a 3", "`=` is wanted, `3` came."),
        ("let a =", "An expression is wanted behind `=`, but the statement ends."),
        ("let a = for i range(3) do i", "`in` is wanted, `range` came."),
        ("let a = 1 + for x in y do x", "An expression is wanted, `for` came"),
        ("let f(1) = 2", "A name or `)` is wanted, `1` came."),
        ("print a 1", "A label in quotes or parentheses is wanted, `a` came."),
        ("let a = (1, 2)", "a sequence is written `[a, b]`"),
        ("let a = ()", "An expression is wanted between the parentheses."),
        ("let a = &", "`&` wants operands here"),
        ("let a = [x=1]", "`==` compares"),
        ("let a = xs[1, 2]", "an item of an item is `xs[i][j]`"),
        ("foo", "`=` is wanted behind `foo`, but the statement ends."),
        ("let = 1", "A name is wanted, `=` came"),
        (") let a = 1", "A statement"),
        ("let a = \x00", "The character U+0000 means nothing here: take it out."),
        ("let a = {", "The character `{` means nothing here"),
        ('import "a" b', "The end of the statement is wanted, `b` came."),
        ("let a = f(1 = 2)", "equality is `==`"),
    ],
)
def test_messages_say_what_was_wanted_and_what_came(text: str, message: str) -> None:
    (complaint,) = complaints(text)
    assert complaint.code == "syntax"
    assert message in complaint.message


def test_an_open_bracket_is_shown() -> None:
    (complaint,) = complaints("let a = f(1, (2 + 3)")
    (related,) = complaint.related
    assert (related.span.start, related.span.end) == (9, 10)


def test_diagnostics_stand_in_order_of_text() -> None:
    starts = [d.span.start for d in parsed("let a = img>.5 (\nlet b\nlet c = $X").diagnostics]
    assert len(starts) == 4
    assert starts == sorted(starts)
