import pytest

from tests.support.cursors import CURSOR, at_cursor
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.actions.literals import near, number_at, stepped, sweep, values_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"let a = 0.{CURSOR}30 * 2", "0.30"),
        (f"let a = {CURSOR}0.5", "0.5"),
        (f"let a = 0.5{CURSOR}*2", "0.5"),
        (f"let a = near(1 + 2{CURSOR})", "2"),
        (f"let f(x) = x > 1.5e-3{CURSOR}", "1.5e-3"),
        (f"let a{CURSOR} = 0.5", None),
        (f"let a = 0.5 {CURSOR}+ b", None),
        (f'let a = "0.{CURSOR}5"', None),
    ],
)
def test_the_number_at_the_cursor_is_found(text: str, found: str | None) -> None:
    analysis, offset = at_cursor(text)
    number = number_at(analysis, offset)
    assert (number and number.text) == found
    if number:
        assert analysis.source.text[number.span.start : number.span.end] == found


@pytest.mark.parametrize(
    ("text", "steps", "digits", "found"),
    [
        ("7", 1, 0, "8"),
        ("0.5", 1, 0, "0.6"),
        ("0.9", 1, 0, "1.0"),
        ("0.30", -1, 0, "0.29"),
        ("0.1", -3, 0, "0.0"),
        ("0", -1, 0, "0"),
        ("0.5", 1, 1, "0.51"),
        ("1.5e-3", 2, 0, "1.7e-3"),
        (".5", 1, 0, "0.6"),
        ("99", 10, 0, "109"),
    ],
)
def test_a_step_changes_the_last_written_digit(
    text: str, steps: int, digits: int, found: str
) -> None:
    assert stepped(text, steps, digits=digits) == found


def test_a_step_there_and_back_is_no_step() -> None:
    for text in ("0.30", "12", "1.0", "2.50e4"):
        assert stepped(stepped(text, 3), -3) == text


@pytest.mark.parametrize("text", ["", "a", "1.", "-1", "0x2", "1e", "1" * 41])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="a number such as"):
        stepped(text, 1)


def test_a_slider_offers_rising_numbers_round_the_one_that_stands_there() -> None:
    found = near("0.5")
    assert found[0] == "0.0"
    assert found[-1] == "2.5"
    assert "0.5" in found
    assert list(found) == sorted(set(found), key=float)
    assert len(near("100")) == 41


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.5", ("0.3", "0.35", "0.4", "0.45", "0.5", "0.55", "0.6", "0.65", "0.7")),
        ("7", ("3", "4", "5", "6", "7", "8", "9", "10", "11")),
        ("0", ("0", "1", "2", "3", "4")),
        ("2e3", ("0e3", "1e3", "2e3", "3e3", "4e3", "5e3", "6e3")),
    ],
)
def test_a_sweep_tries_round_numbers(text: str, found: tuple[str, ...]) -> None:
    assert sweep(text) == found


def test_listed_and_ranged_numbers_are_understood() -> None:
    assert values_of("1, 2,5") == ("1", "2", "5")
    assert values_of("0.1 to 0.5 by 0.1") == ("0.1", "0.2", "0.3", "0.4", "0.5")


@pytest.mark.parametrize("text", ["", "1 to 2 by 0", "2 to 1 by 1", "0 to 1 by 0.001"])
def test_too_few_or_too_many_numbers_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="1 to 64 numbers"):
        values_of(text)
