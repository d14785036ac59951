"""Numbers in a text: which one is at the cursor, the next one, those to try. Runs nothing.

Everything is done on the digits as they were written, so that ``0.30`` is followed by ``0.31`` and
no binary fraction ever gets into a program.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import statements_at
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import NUMBER
from voxlogica_core.syntax.walk import way_to
from voxlogica_core.text.span import Span

MOST_VALUES = 64
"""Values of a sweep: more pictures than this nobody looks at."""

_NEAR = 20  # steps to either side that a slider reaches
_SWEPT = 4  # values to either side that a sweep tries unless told otherwise
_LONGEST = 40  # digits of a number that can be stepped

Texts: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text, as it is written there."""

    span: Span
    text: str


def number_at(analysis: Analysis, offset: int) -> Number | None:
    """Return the number that stands at `offset` or ends there; in a span its sign is not."""
    for statement in statements_at(analysis, offset):
        for node in reversed(way_to(statement, offset)):
            if isinstance(node, tree.NumberLiteral):
                return _number(analysis, node.span)
        # A number that ends where something else begins, as in `0.5*x`.
        for node in reversed(way_to(statement, max(offset - 1, statement.span.start))):
            if isinstance(node, tree.NumberLiteral) and node.span.end == offset:
                return _number(analysis, node.span)
    return None


def stepped(text: str, steps: int, *, digits: int = 0) -> str:
    """Return the number that is so many steps of its last written digit away, nought at least.

    Parameters
    ----------
    text
        A number as it stands in a program: ``7``, ``0.30``, ``1.5e-3``.
    steps
        How many, down where negative.
    digits
        Digits behind the last written one that the steps are made in: 1 makes them ten times finer.

    Raises
    ------
    UsageError
        `text` is no number of the language, or has too many digits.
    """
    mantissa, exponent = _parts(text)
    number = Decimal(mantissa)
    place = int(number.as_tuple().exponent) - digits
    unit = Decimal((0, (1,), place))
    moved = max(Decimal(0), number + steps * unit)
    return f"{moved.quantize(unit):f}{exponent}"


def near(text: str) -> Texts:
    """Return the numbers that a slider offers round one: 20 steps to either side, rising."""
    return tuple(dict.fromkeys(stepped(text, steps) for steps in range(-_NEAR, _NEAR + 1)))


def sweep(text: str) -> Texts:
    """Return nine numbers worth trying in place of one, itself among them, rising.

    They are a round tenth of it apart: 0.5 gives 0.3, 0.35, … 0.7; 7 gives 3, 4, … 11.
    """
    mantissa, exponent = _parts(text)
    number = Decimal(mantissa)
    step = _round_step(number)
    values = (number + steps * step for steps in range(-_SWEPT, _SWEPT + 1))
    return tuple(f"{_plain(value)}{exponent}" for value in values if value >= 0)


def values_of(text: str) -> Texts:
    """Return the numbers that somebody has listed: ``1, 2, 5`` or ``0.1 to 0.5 by 0.05``.

    Raises
    ------
    UsageError
        It is neither, or there are more than 64.
    """
    match text.split():
        case [first, "to", last, "by", step]:
            found = _ranged(_decimal(first), _decimal(last), _decimal(step))
        case words:
            listed = [word for word in " ".join(words).replace(",", " ").split() if word]
            found = tuple(listed if all(_decimal(word) >= 0 for word in listed) else ())
    if not 0 < len(found) <= MOST_VALUES:
        raise UsageError(
            f"1 to {MOST_VALUES} numbers are wanted, such as `1, 2, 5` or `0.1 to 0.5 by 0.05`, "
            f"{text!r} came"
        )
    return found


def _number(analysis: Analysis, span: Span) -> Number:
    return Number(span, analysis.source.text[span.start : span.end])


def _parts(text: str) -> tuple[str, str]:
    """Return the digits of a number, and its exponent as written."""
    if not NUMBER.fullmatch(text) or len(text) > _LONGEST:
        raise UsageError(f"a number such as 7, 0.3 or 1.5e-3 is wanted, {text!r} came")
    place = max(text.find("e"), text.find("E"))
    return (text, "") if place < 0 else (text[:place], text[place:])


def _decimal(word: str) -> Decimal:
    mantissa, exponent = _parts(word)
    return Decimal(mantissa + exponent)


def _round_step(number: Decimal) -> Decimal:
    """Return 1, 2 or 5 times a power of ten near a tenth of a number; whole for whole ones."""
    is_whole = int(number.as_tuple().exponent) >= 0
    if not number:
        return Decimal(1) if is_whole else Decimal((0, (1,), int(number.as_tuple().exponent)))
    tenth = number / 10
    power = Decimal((0, (1,), tenth.adjusted()))
    step = max(power * factor for factor in (1, 2, 5) if power * factor <= tenth)
    return max(step, Decimal(1)) if is_whole else step


def _ranged(first: Decimal, last: Decimal, step: Decimal) -> Texts:
    if step <= 0 or last < first or (last - first) / step >= MOST_VALUES:
        return ()
    count = int((last - first) / step) + 1
    return tuple(_plain(first + index * step) for index in range(count))


def _plain(number: Decimal) -> str:
    """Return a number without an exponent and without noughts at its end."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
