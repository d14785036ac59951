"""Scalars, texts, conditionals and sequences: pure Python."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxlogica_core.errors import DataError
from voxlogica_core.primitives import choice, number_functions, scalars, sequences, texts

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def test_arithmetic_is_float64() -> None:
    assert scalars.add_numbers(0.1, 0.2) == 0.30000000000000004
    assert scalars.subtract_numbers(1.0, 3.0) == -2.0
    assert scalars.multiply_numbers(2.0, 3.5) == 7.0
    assert scalars.divide_numbers(1.0, 4.0) == 0.25
    assert scalars.negate_number(2.0) == -2.0
    assert scalars.absolute_number(-2.0) == 2.0
    assert (scalars.smaller_number(1, 2), scalars.larger_number(1, 2)) == (1, 2)


def test_texts_are_joined_by_plus() -> None:
    assert scalars.add_texts("case", "7") == "case7"


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_division_of_numbers_by_zero_is_an_error(zero: float) -> None:
    with pytest.raises(DataError, match="5 / 0") as caught:
        scalars.divide_numbers(5.0, zero)
    assert caught.value.argument == "b"


@given(NUMBERS, NUMBERS)
def test_comparisons_of_numbers_agree_with_each_other(a: float, b: float) -> None:
    assert scalars.less_numbers(a, b) == scalars.greater_numbers(b, a) == (a < b)
    assert scalars.less_equal_numbers(a, b) == scalars.greater_equal_numbers(b, a) == (a <= b)
    assert scalars.equal_numbers(a, b) != scalars.not_equal_numbers(a, b)


def test_texts_and_truth_values_are_compared() -> None:
    assert scalars.equal_texts("a", "a")
    assert scalars.not_equal_texts("a", "b")
    assert scalars.equal_truths(True, True)
    assert scalars.not_equal_truths(True, False)


@pytest.mark.parametrize("a", [True, False])
@pytest.mark.parametrize("b", [True, False])
def test_logic_follows_de_morgan(a: bool, b: bool) -> None:
    negated = scalars.not_truth(scalars.and_truths(a, b))
    assert negated == scalars.or_truths(scalars.not_truth(a), scalars.not_truth(b))
    assert scalars.xor_truths(a, b) == (a != b)


@pytest.mark.parametrize(("number", "rounded"), [(0.5, 0), (1.5, 2), (2.5, 2), (-0.5, 0), (2.6, 3)])
def test_halves_are_rounded_to_even(number: float, rounded: float) -> None:
    assert number_functions.round_half_even(number) == rounded


def test_functions_of_numbers() -> None:
    assert number_functions.floor(-0.5) == -1.0
    assert number_functions.square_root(9) == 3.0
    assert number_functions.exponential(0) == 1.0
    assert number_functions.logarithm(math.e) == 1.0
    assert number_functions.power(2, 10) == 1024.0


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (number_functions.square_root, (-1.0,)),
        (number_functions.logarithm, (0.0,)),
        (number_functions.exponential, (1000.0,)),
        (number_functions.power, (-1.0, 0.5)),
        (number_functions.power, (0.0, -1.0)),
        (number_functions.floor, (math.inf,)),
        (number_functions.round_half_even, (math.nan,)),
    ],
)
def test_what_has_no_real_result_is_an_error(
    function: Callable[..., float], arguments: tuple[float, ...]
) -> None:
    with pytest.raises(DataError, match="not a finite real number"):
        function(*arguments)


def test_concat_writes_values_as_print_does() -> None:
    assert texts.concat("case", 3.0, "-", 0.5, " ", True, -0.0, 1e16) == "case3-0.5 true01e+16"
    assert texts.concat() == ""


def test_templates_take_whole_numbers_as_integers() -> None:
    assert texts.format_string("case_{:03d}_{}", 7.0, "T1") == "case_007_T1"
    assert texts.format_string("{1}{0:.2f}{{}}", 1.0, True) == "true1.00{}"


@pytest.mark.parametrize(
    ("template", "values", "message"),
    [
        ("{} {}", ("a",), "more fields"),
        ("{:d}", (0.5,), "does not fit"),
        ("{", (), "does not fit"),
        ("{name}", (1.0,), "fields of a template"),
        ("{0.__class__}", (1.0,), "fields of a template"),
    ],
)
def test_a_wrong_template_is_an_error(
    template: str, values: tuple[float | str, ...], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        texts.format_string(template, *values)


def test_conditionals_choose() -> None:
    assert choice.if_mask(True, True, False) is True
    assert choice.if_number(False, 1.0, 2.0) == 2.0


def test_ranges_count_whole_numbers() -> None:
    assert list(sequences.first_numbers(3.0)) == [0.0, 1.0, 2.0]
    assert list(sequences.numbers_between(-1.0, 2.0)) == [-1.0, 0.0, 1.0]
    assert list(sequences.numbers_between(3.0, 1.0)) == []
    assert all(type(number) is float for number in sequences.first_numbers(3.0))


@pytest.mark.parametrize("wrong", [0.5, math.nan, math.inf])
def test_a_range_of_no_whole_number_is_an_error(wrong: float) -> None:
    with pytest.raises(DataError, match="whole number"):
        sequences.first_numbers(wrong)


def test_a_range_too_long_to_hold_is_an_error() -> None:
    with pytest.raises(DataError, match="at most"):
        sequences.first_numbers(1e12)


def test_items_count_from_either_end() -> None:
    xs = [5.0, 6.0, 7.0]
    assert (sequences.item_at(xs, 0), sequences.item_at(xs, -1)) == (5.0, 7.0)
    assert sequences.items_between(xs, 1, -1) == [6.0]
    assert sequences.items_from(xs, 1) == [6.0, 7.0]
    assert sequences.items_from_to(xs, 0, 1) == [5.0]
    for outside in (3.0, -4.0):
        with pytest.raises(DataError, match="there is no item"):
            sequences.item_at(xs, outside)


def test_statistics_of_sequences() -> None:
    xs = [3.0, 1.0, 1.0, 2.0, 3.0]
    assert sequences.length(xs) == 5.0
    assert sequences.total(xs) == 10.0
    assert sequences.mean(xs) == 2.0
    assert sequences.median(xs) == 2.0
    assert sequences.median([4.0, 1.0]) == 2.5
    assert sequences.standard_deviation([1.0, 2.0, 3.0]) == 1.0
    assert sequences.position_of_largest(xs) == 0.0
    assert sequences.position_of_smallest(xs) == 1.0
    assert sequences.positions_in_order(xs) == (1.0, 2.0, 3.0, 0.0, 4.0)
    assert sequences.tally(["b", True, 1.0, "b"]) == {"b": 2.0, "true": 1.0, "1": 1.0}
    assert sequences.total([]) == 0.0


@pytest.mark.parametrize(
    "function",
    [
        sequences.mean,
        sequences.median,
        sequences.position_of_largest,
        sequences.position_of_smallest,
    ],
)
def test_statistics_of_nothing_are_an_error(function: Callable[[list[float]], float]) -> None:
    with pytest.raises(DataError, match="an empty sequence came"):
        function([])


def test_the_deviation_of_one_item_is_an_error() -> None:
    with pytest.raises(DataError, match="two items at least"):
        sequences.standard_deviation([1.0])
