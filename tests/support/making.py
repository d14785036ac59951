"""Programs made up from a seed: right in every respect, and laid out as badly as one likes."""

from itertools import pairwise
from random import Random

from tests.support.syntax import tokens
from voxlogica_core.syntax.lexis import STATEMENT_KEYWORDS, Token

_DEPTH = 3
_GAPS = ["", "", " ", " ", " ", "  ", "\n", "\n\n\n  ", " // why\n", "\n  // own line\n", "\t"]


class _Author:
    """Writes statements; knows the names it has declared, by what they mean."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._numbers = ["1", "2.5", ".5", "3"]
        self._truths = ["true", "false"]
        self._lists = ["[1, 2, 3]", "range(0, 4)"]
        self._functions: list[tuple[str, int]] = []

    def statement(self, number: int) -> str:
        match self._random.randrange(10):
            case 0 | 1 | 2 | 3:
                return self._declared(f"n{number}", self.number(_DEPTH), self._numbers)
            case 4 | 5:
                return self._declared(f"t{number}", self.truth(_DEPTH), self._truths)
            case 6:
                return self._declared(f"s{number}", self.sequence(_DEPTH), self._lists)
            case 7 | 8:
                return self._function(f"f{number}")
            case _:
                return f'print "p{number}" {self._value()}'

    def number(self, depth: int) -> str:
        if depth == 0:
            return self._random.choice(self._numbers)
        one, other = self.number(depth - 1), self.number(depth - 1)
        match self._random.randrange(12):
            case 0 | 1 | 2:
                return f"{one} {self._random.choice('+-*')} {other}"
            case 3:
                return f"({one}) * -({other})"
            case 4:
                return f"-{one}" if one[0] not in "-.[" else one
            case 5:
                return f"(fold + 0 {self._atom(self.sequence(depth - 1))})"
            case 6:
                return f"(let v = {one} in v + {other})"
            case 7:
                return f"[{one}, {other}][{self._random.randrange(2)}]"
            case 8 if self._functions:
                name, count = self._random.choice(self._functions)
                given = ", ".join(self.number(depth - 1) for _ in range(count))
                return f"{name}({given})"
            case 9:
                return f"ifN({self.truth(depth - 1)}, {one}, {other})"
            case _:
                return self._random.choice(self._numbers)

    def truth(self, depth: int) -> str:
        if depth == 0:
            return self._random.choice(self._truths)
        match self._random.randrange(5):
            case 0 | 1:
                sign = self._random.choice(["<", "<=", ">", ">=", "=="])
                return f"({self.number(depth - 1)}) {sign} ({self.number(depth - 1)})"
            case 2:
                sign = self._random.choice("&|")
                return f"({self.truth(depth - 1)}) {sign} ({self.truth(depth - 1)})"
            case 3:
                return f"!({self.truth(depth - 1)})"
            case _:
                return self._random.choice(self._truths)

    def sequence(self, depth: int) -> str:
        if depth == 0:
            return self._random.choice(self._lists)
        match self._random.randrange(4):
            case 0:
                return f"for i in {self.sequence(depth - 1)} do i + {self.number(depth - 1)}"
            case 1:
                return f"[{self.number(depth - 1)}, {self.number(depth - 1)}]"
            case 2:
                return f"({self.sequence(depth - 1)})[0:2]"
            case _:
                return self._random.choice(self._lists)

    def _declared(self, name: str, value: str, known: list[str]) -> str:
        known.append(name)
        return f"{self._let()}{name} = {value}"

    def _function(self, name: str) -> str:
        count = self._random.randrange(1, 4)
        formals = "abc"[:count]
        before = self._numbers
        self._numbers = [*before, *formals]
        body = self.number(_DEPTH)
        self._numbers = before
        self._functions.append((name, count))
        return f"{self._let()}{name}({', '.join(formals)}) = {body}"

    def _let(self) -> str:
        return self._random.choice(["let ", "let ", "let ", ""])

    def _value(self) -> str:
        return self._random.choice([self.number, self.truth, self.sequence])(_DEPTH)

    def _atom(self, text: str) -> str:
        return text if text.isidentifier() else f"({text})"


def made_up(seed: int, statements: int = 12) -> list[str]:
    """Return the statements of a program in which nothing is wrong."""
    random = Random(seed)
    author = _Author(random)
    return [*(author.statement(number) for number in range(statements)), 'print "end" 1']


def badly_laid_out(statements: list[str], seed: int) -> str:
    """Return a program of the same tokens with blanks, lines and comments anywhere."""
    random = Random(seed)
    written: list[str] = []
    for statement in statements:
        badly = _scattered(tokens(statement), random)
        is_same = _shape(badly) == _shape(statement) and not badly.startswith("//")
        written.append(badly if is_same else statement)
        written.append(
            random.choice(["\n", "\n\n\n\n", "  // behind\n", "\n/// of the next\n", "\r\n"])
        )
    return "".join(written)


def _scattered(given: list[Token], random: Random) -> str:
    text = given[0].text
    for before, token in pairwise(given):
        gap = random.choice(_GAPS)
        if token.type in ("CALL", "INDEX", "EXTRAS"):
            gap = ""
        elif not gap and before.text[-1:].isalnum() and token.text[:1].isalnum():
            gap = " "
        text += gap + token.text
    return text


def _shape(text: str) -> list[tuple[str, str]]:
    found = tokens(text)
    starts = [t for t in found if t.place == "bare" or t.type in STATEMENT_KEYWORDS]
    return [(token.type, token.text) for token in [*found, *starts]]
