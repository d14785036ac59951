from io import BytesIO

import pytest

from voxlogica_server.framing import FramingError, read_message


def test_a_message_is_read_by_its_length() -> None:
    stream = BytesIO(b"Content-Length: 2\r\n\r\n{}Content-Length: 4\r\n\r\nnull")
    assert [read_message(stream), read_message(stream), read_message(stream)] == [
        b"{}",
        b"null",
        None,
    ]


def test_header_names_are_read_in_any_case_and_unknown_ones_passed_over() -> None:
    stream = BytesIO(b"content-type: x\r\nCONTENT-LENGTH:2\r\n\r\n{}")
    assert read_message(stream) == b"{}"


def test_a_stream_that_ends_in_a_message_has_no_more_messages() -> None:
    assert read_message(BytesIO(b"Content-Length: 10\r\n\r\n{}")) is None


@pytest.mark.parametrize("length", [b"-1", b"two", b"", b"99999999999999"])
def test_a_length_that_cannot_be_is_refused(length: bytes) -> None:
    with pytest.raises(FramingError):
        read_message(BytesIO(b"Content-Length: " + length + b"\r\n\r\n{}"))


def test_a_message_without_length_is_refused() -> None:
    with pytest.raises(FramingError):
        read_message(BytesIO(b"X-Other: 1\r\n\r\n{}"))
