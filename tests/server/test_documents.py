from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.text_model import edited, offset_of
from voxlogica_core.text.source_text import Encoding, SourceText
from voxlogica_server.documents import Change, Document, Position

CHARACTERS = st.sampled_from("ab \n\r\u2028\u2029\x85\x0b\x0c\x1c\x1eé𝒳🧠\ud800\udfff")
TEXTS = st.text(CHARACTERS, max_size=24)
ENCODINGS: list[Encoding] = ["utf-8", "utf-16", "utf-32"]
PLACES = st.tuples(st.integers(0, 9), st.integers(0, 40))


def document(text: str, encoding: Encoding = "utf-16") -> Document:
    return Document("untitled:one", 1, SourceText(text), encoding)


@given(TEXTS, st.sampled_from(ENCODINGS), PLACES)
@example("a\u2028b\nc", "utf-16", (1, 1))
@example("🧠x", "utf-16", (0, 2))
@example("a\r\n", "utf-16", (0, 9))
@settings(max_examples=300, deadline=None)
def test_positions_mean_what_the_protocol_says(
    text: str, encoding: Encoding, place: Position
) -> None:
    found = document(text, encoding).offset(place)
    assert found == offset_of(text, place, encoding)


@given(TEXTS, st.sampled_from(ENCODINGS), st.lists(st.tuples(PLACES, PLACES, TEXTS), max_size=5))
@settings(max_examples=200, deadline=None)
def test_edits_give_the_text_that_the_model_gives(
    text: str, encoding: Encoding, edits: list[tuple[Position, Position, str]]
) -> None:
    changes = [Change(new, *sorted((start, end))) for start, end, new in edits]
    expected = text
    for change in changes:
        assert change.start is not None
        assert change.end is not None
        expected = edited(expected, change.start, change.end, change.text, encoding)
    assert document(text, encoding).edited(2, changes).source.text == expected


def test_an_edit_after_a_line_separator_hits_its_line() -> None:
    after = document("let a = 1 // \u2028 one\nlet b = 2").edited(2, [Change("3", (1, 8), (1, 9))])
    assert after.source.text == "let a = 1 // \u2028 one\nlet b = 3"


def test_a_change_without_range_replaces_everything() -> None:
    after = document("let a = 1").edited(7, [Change("let b = 2")])
    assert (after.source.text, after.version) == ("let b = 2", 7)


def test_an_edit_leaves_the_document_before_it_as_it_was() -> None:
    before = document("let a = 1")
    before.edited(2, [Change("", (0, 0), (0, 9))])
    assert before.source.text == "let a = 1"


def test_an_end_far_beyond_the_text_means_its_end() -> None:
    after = document("a\nb").edited(2, [Change("x", (1, 1), (99, 99))])
    assert after.source.text == "a\nbx"


def test_positions_of_crossed_order_do_not_double_text() -> None:
    after = document("abcdef").edited(2, [Change("-", (0, 4), (0, 2))])
    assert after.source.text == "abcd-ef"
