"""Messages on a byte stream: a header, an empty line, a body. Knows nothing of what is in them."""

import asyncio
import json
import threading
from collections.abc import Mapping
from queue import SimpleQueue
from typing import BinaryIO

LARGEST_BODY = 256 * 1024 * 1024
"""Bytes; a header that promises more is taken for damage, and the connection ends."""

_LONGEST_HEADER = 4096


class FramingError(Exception):
    """The stream holds no messages; what comes after cannot be understood."""


def framed(message: Mapping[str, object]) -> bytes:
    """Return a message as it is sent; in ASCII, as texts may hold halves of characters."""
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def answered(request: int | str, result: bytes) -> bytes:
    """Return the answer to a request, whose result is JSON already, as it is sent."""
    body = b'{"jsonrpc":"2.0","id":%s,"result":%s}' % (json.dumps(request).encode("ascii"), result)
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def read_message(stream: BinaryIO) -> bytes | None:
    """Return the body of the next message, None where the stream ends.

    Header names are compared without regard to case; unknown ones are passed over.

    Raises
    ------
    FramingError
        A header without a usable length.
    """
    length: int | None = None
    while line := stream.readline(_LONGEST_HEADER):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = _length(value)
        if line.strip():
            continue
        if length is None:
            raise FramingError("a message without Content-Length came")
        body = stream.read(length)
        return body if len(body) == length else None
    return None


def read_in_thread(stream: BinaryIO) -> "asyncio.Queue[bytes | None]":
    """Read messages in a thread of its own; the queue ends with None.

    A thread of its own, as nothing else must ever make the server deaf; a daemon, as a read from a
    stream that never ends cannot be broken off.
    """
    loop = asyncio.get_running_loop()
    messages: asyncio.Queue[bytes | None] = asyncio.Queue()

    def work() -> None:
        try:
            while (body := read_message(stream)) is not None:
                loop.call_soon_threadsafe(messages.put_nowait, body)
        except (FramingError, OSError, ValueError):
            pass  # nobody can be told: the other end does not speak our language, or is gone
        finally:
            if not loop.is_closed():
                loop.call_soon_threadsafe(messages.put_nowait, None)

    threading.Thread(target=work, name="reader", daemon=True).start()
    return messages


class Outlet:
    """Writes to a stream from a thread of its own, so that a slow reader stops nobody."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Write after everything that was given before."""
        self._waiting.put(data)

    def close(self) -> None:
        """Wait a little until all is written."""
        self._waiting.put(None)
        self._thread.join(timeout=1.0)

    def _work(self) -> None:
        try:
            while (content := self._waiting.get()) is not None:
                self._stream.write(content)
                if self._waiting.empty():
                    self._stream.flush()
        except (OSError, ValueError):
            # The client is gone; the end of stdin says so too, and ends the server.
            while self._waiting.get() is not None:
                pass


def _length(value: bytes) -> int:
    text = value.strip()
    if not text.isdigit() or int(text) > LARGEST_BODY:
        raise FramingError(f"Content-Length: {text!r} is no usable length")
    return int(text)
