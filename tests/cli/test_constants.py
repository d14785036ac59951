"""``--set``: what it makes of a text, by what the program declares."""

import pytest

from voxlogica_core.cli.constants import constants_of
from voxlogica_core.errors import UsageError
from voxlogica_core.syntax.parser import parse
from voxlogica_core.text.source_text import SourceText

_PROGRAM = parse(
    SourceText('let case = "001"\nlet t = 3\nlet is = true\nlet made = 1 + 2\nlet f(x) = x')
).program


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("t=0.4", 0.4),
        ("t=-1e3", -1000.0),
        ("t=.5", 0.5),
        ("is=false", False),
        ("case=007", "007"),
        ("case=true", "true"),
        ("case=", ""),
        ('case="a b"', "a b"),
        ("made=7", 7.0),
        ("made=abc", "abc"),
    ],
)
def test_a_setting_is_what_the_constant_is(setting: str, value: object) -> None:
    (found,) = constants_of([setting], _PROGRAM).values()
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        ("t=abc", "a number such as 0.4 is wanted"),
        ("t=1_000", "a number such as 0.4 is wanted"),
        ("t=nan", "a number such as 0.4 is wanted"),
        ('t="3"', "a number such as 0.4 is wanted"),
        ("is=1", "true or false is wanted"),
        ("t", "--set wants name=value"),
        ("3=3", "--set wants name=value"),
    ],
)
def test_what_the_constant_cannot_be_is_refused(setting: str, wanted: str) -> None:
    with pytest.raises(UsageError, match=wanted):
        constants_of([setting], _PROGRAM)


def test_the_last_of_a_name_counts() -> None:
    assert constants_of(["t=1", "t=2"], _PROGRAM) == {"t": 2.0}
