import pytest

from tests.support.syntax import codes, outlines


def _check(text: str, *expected: str) -> None:
    assert outlines(text) == list(expected)
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1-1", "(1 - 1)"),
        ("a-1", "(a - 1)"),
        ("a -1", "(a - 1)"),
        ("a - 1", "(a - 1)"),
        ("a - b - c", "((a - b) - c)"),
        ("a + b * c", "(a + (b * c))"),
        ("!a & b", "((! a) & b)"),
        ("phi1 & !phi2", "(phi1 & (! phi2))"),
        ("N a | b", "((N a) | b)"),
        ("b ~> N a", "(b ~> (N a))"),
        ("N N I a", "(N (N (I a)))"),
    ],
)
def test_operators_bind_as_in_mathematics(text: str, expected: str) -> None:
    _check(f"let r = {text}", f"r = {expected}")


def test_the_sign_of_a_definition_is_no_part_of_its_equals() -> None:
    _check("x=-1", "x = (- 1)")
    _check("let x=-1", "x = (- 1)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = a .<= b", "x = (a .<= b)"),
        ("let =. (i,n) = n .= i", "=.(i, n) = (n .= i)"),
        ("+?(a,b) = a + b", "+?(a, b) = (a + b)"),
        ("let ++(a,b,c,d) = a", "++(a, b, c, d) = a"),
        ("let nnunet.train(cases) = cases", "nnunet.train(cases) = cases"),
        ("let in = intensity(x)", "in = intensity(x)"),
        ("let ./.(a,b) = f(a,b)", "./.(a, b) = f(a, b)"),
        ("let |(a,b) = or(a,b)", "|(a, b) = or(a, b)"),
        ("let \\(a,b) = and(a,not(b))", "\\(a, b) = and(a, not(b))"),
        ("let .<= (n,i) = geq(n,i)", ".<=(n, i) = geq(n, i)"),
        ("let ~> (a,b) = through(b,a)", "~>(a, b) = through(b, a)"),
        ("let B+(a) = (near(a)) \\ a", "B+(a) = (near(a) \\ a)"),
        ("let mayReach(a,b) = N((b ~> N a) | a)", "mayReach(a, b) = N(((b ~> (N a)) | a))"),
        ("f() = let _ = g() in\n  h", "f() = (let _ = g() in h)"),
    ],
)
def test_names_and_operators_are_defined_with_and_without_let(text: str, expected: str) -> None:
    _check(text, expected)


@pytest.mark.parametrize("text", ["img>.5", "2*.5", "1-.5", "img >.5", "x=.5 & y"])
def test_a_dot_between_operator_and_digit_is_ambiguous(text: str) -> None:
    assert codes(f"let r = a & {text}") == ["ambiguous-dot"]


def test_an_operator_that_begins_with_a_dot_keeps_its_last_dot() -> None:
    _check("let r = 2.*.3", "r = (2 .*. 3)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+(a,b)", "+(a, b)"),
        ("/(fold + 0 xs, 3)", "/((fold + 0 xs), 3)"),
        ("map(!, xs)", "map(!, xs)"),
        ("a ++[c,d] b", "(a ++[c, d] b)"),
        ("f(a, b=3)", "f(a, b=3)"),
        ("f(a =. 3)", "f((a =. 3))"),
        ("for i in range(0,3) do i + 1", "(for i in range(0, 3) do (i + 1))"),
        ("fold + range(0,3)", "(fold + range(0, 3))"),
        ("fold max -1 xs", "(fold max (- 1) xs)"),
        ("fold + 0 [1,2]", "(fold + 0 [1, 2])"),
        ("xs[1:3]", "xs[1:3]"),
        ("xs[:2]", "xs[:2]"),
        ("xs[-1]", "xs[(- 1)]"),
        ("xs[1:-1]", "xs[1:(- 1)]"),
        ("rows[1][0]", "rows[1][0]"),
        ("let x=1 in let x=x+10 in x+5", "(let x = 1 in (let x = (x + 10) in (x + 5)))"),
        ("trueMask", "trueMask"),
    ],
)
def test_expressions_read_as_the_manual_says(text: str, expected: str) -> None:
    _check(f"let r = {text}", f"r = {expected}")


def test_a_function_may_return_a_loop() -> None:
    _check(
        'let f(x) = for i in range(0,3) do i + x\nprint "r" f(100)',
        "f(x) = (for i in range(0, 3) do (i + x))",
        "print 'r' f(100)",
    )


def test_a_fold_with_one_operand_ends_with_its_line() -> None:
    _check("let r = fold && s\nt = 1", "r = (fold && s)", "t = 1")
    _check('let r = fold && s\nprint "t" r', "r = (fold && s)", "print 't' r")


def test_a_goal_may_carry_a_comment() -> None:
    _check('print "a" 1 // c', "print 'a' 1")
