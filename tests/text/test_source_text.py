import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxlogica_core.text.source_text import Encoding, SourceText

TEXTS = st.text(
    st.one_of(st.sampled_from("ab\n\r\t\u2028\x0b\x0c\x85𝒜é€"), st.characters()), max_size=40
)
ENCODINGS: list[Encoding] = ["utf-8", "utf-16", "utf-32"]


def _is_within_line_end(text: str, offset: int) -> bool:
    return text[offset - 1 : offset + 1] == "\r\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS)
def test_positions_go_there_and_back(encoding: Encoding, text: str) -> None:
    source = SourceText(text)
    for offset in range(len(text) + 1):
        if _is_within_line_end(text, offset):
            continue
        line, column = source.position(offset, encoding)
        assert source.offset(line, column, encoding) == offset


@given(TEXTS)
def test_lines_and_their_ends_are_the_whole_text(text: str) -> None:
    source = SourceText(text)
    lines = [source.line(number) for number in range(source.line_count)]
    assert "\n".join(lines) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12), TEXTS), max_size=4))
def test_an_edited_text_has_the_lines_it_would_have_if_it_were_written_anew(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    source = SourceText(text, "a.imgql")
    for first, length, given_text in edits:
        start = min(first, len(text))
        text = text[:start] + given_text + text[start + length :]
        source = source.replaced(start, min(start + length, len(source.text)), given_text)
        fresh = SourceText(text, "a.imgql")
        assert source == fresh
        lines = [source.line(number) for number in range(source.line_count)]
        assert lines == [fresh.line(number) for number in range(fresh.line_count)]


@given(TEXTS)
def test_columns_count_the_units_of_the_encoding(text: str) -> None:
    source = SourceText(text)
    line = source.line(0)
    assert source.position(len(line), "utf-32") == (0, len(line))
    assert source.position(len(line), "utf-16") == (0, len(_encoded(line, "utf-16-le")) // 2)
    assert source.position(len(line), "utf-8") == (0, len(_encoded(line, "utf-8")))


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "surrogatepass")


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1c"])
def test_only_line_feed_and_carriage_return_end_a_line(character: str) -> None:
    source = SourceText(f"a{character}b")
    assert source.line_count == 1
    assert source.line(0) == f"a{character}b"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_each_line_end_ends_one_line(end: str) -> None:
    source = SourceText(f"a{end}{end}b")
    assert [source.line(number) for number in range(source.line_count)] == ["a", "", "b"]
    assert source.position(len(source.text)) == (2, 1)


def test_an_astral_character_is_two_units_of_utf_16_and_four_of_utf_8() -> None:
    source = SourceText("𝒜b")
    assert source.position(1, "utf-16") == (0, 2)
    assert source.position(1, "utf-8") == (0, 4)
    assert source.offset(0, 2, "utf-16") == 1
    assert source.offset(0, 3, "utf-16") == 2


def test_positions_outside_the_text_mean_its_nearest_end() -> None:
    source = SourceText("ab\nc")
    assert source.offset(0, 99) == 2
    assert source.offset(9, 0) == 4
    assert source.offset(-1, -1) == 0
    assert source.position(99) == (1, 1)
    assert source.position(-1) == (0, 0)


def test_an_empty_text_has_one_line() -> None:
    source = SourceText("")
    assert source.line_count == 1
    assert source.line(0) == ""


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS, prefix=st.sampled_from(["x", "é", "€", "🧠"]))
def test_long_lines_count_as_short_ones_do(encoding: Encoding, text: str, prefix: str) -> None:
    line = text.replace("\r", " ").replace("\n", " ")
    short, long = SourceText(line), SourceText(prefix * 2000 + line)
    units = SourceText(prefix * 2000).position(2000, encoding)[1]
    for offset in range(len(line) + 1):
        column = short.position(offset, encoding)[1]
        assert long.position(2000 + offset, encoding) == (0, units + column)
        assert long.offset(0, units + column, encoding) == 2000 + offset
    assert long.offset(0, 10**9, encoding) == len(long.text)
