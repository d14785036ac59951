import pytest

from voxlogica_core.ide.wording import duration, measure, shortened, size, volume


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0000123, "12 µs"),
        (0.0021, "2.1 ms"),
        (0.0995, "100 ms"),
        (0.8, "800 ms"),
        (1.25, "1.2 s"),
        (83.0, "1 min 23 s"),
    ],
)
def test_times_are_written_in_the_unit_that_suits(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("nbytes", "expected"),
    [(0, "0 B"), (8, "8 B"), (1500, "1.5 kB"), (12_000_000, "12 MB"), (4 * 10**12, "4000 GB")],
)
def test_sizes_are_written_in_the_unit_that_suits(nbytes: int, expected: str) -> None:
    assert size(nbytes) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0.0, "0"),
        (3.0, "3"),
        (43.125, "43.12"),
        (123456.0, "123,456"),
        (1_079_599.0, "1,079,599"),
        (1.5e-9, "1.500e-09"),
    ],
)
def test_measured_numbers_have_four_digits(number: float, expected: str) -> None:
    assert measure(number) == expected


def test_long_texts_are_cut_to_a_line() -> None:
    assert shortened("a\n  b", 10) == "a b"
    assert shortened("abcdef", 4) == "abc…"


def test_volumes_are_written_in_ml_where_they_are_large_and_areas_in_mm2() -> None:
    assert volume(12.5, 3) == "12.5 mm³"
    assert volume(495_094.0, 3) == "495,094 mm³ (495.1 ml)"
    assert volume(495.0, 2) == "495 mm²"
