import asyncio
import os
from io import BytesIO

import pytest

from voxlogica_server.framing import FramingError, Outlet, framed, read_message


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


@pytest.mark.asyncio
async def test_a_short_message_is_in_an_empty_pipe_at_once() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(writing, "wb") as stream, os.fdopen(reading, "rb", 0) as other_end:
        outlet = Outlet(stream)
        outlet.write(framed({"method": "first"}))
        assert other_end.read(1000) == framed({"method": "first"})
        assert outlet.bytes == 0
        outlet.close()


@pytest.mark.asyncio
async def test_messages_keep_their_order_whatever_the_pipe_can_take() -> None:
    reading, writing = os.pipe()
    messages = [framed({"method": "x" * (size * 997 % 150_000)}) for size in range(120)]
    with os.fdopen(writing, "wb") as stream, os.fdopen(reading, "rb") as other_end:
        outlet, wanted = Outlet(stream), b"".join(messages)
        for message in messages:
            outlet.write(message)
        assert await asyncio.to_thread(other_end.read, len(wanted)) == wanted
        outlet.close()


@pytest.mark.asyncio
async def test_who_has_gone_is_told_nothing_and_that_is_all() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "wb")
    outlet = Outlet(stream)
    outlet.write(framed({"method": "last"}))
    outlet.close()
    assert outlet.bytes == 0
    with pytest.raises(BrokenPipeError):
        stream.close()
