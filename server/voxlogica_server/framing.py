"""Messages on a byte stream: a header, an empty line, a body. Knows nothing of what is in them."""

import asyncio
import json
import os
import select
import stat
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from typing import BinaryIO

from voxlogica_server.bounds import UNREAD, UNSENT

LARGEST_BODY = 256 * 1024 * 1024
"""Bytes; a header that promises more is taken for damage, and the connection ends."""

_LONGEST_HEADER = 4096
_LAST_WORDS = 1.0  # seconds that are left for what came before the end
_LAST_ANSWERS = 0.8  # seconds that are left for what goes out


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


class Inbox:
    """Messages that came and wait to be handled; while they take too much room, nothing is read.

    Parameters
    ----------
    most
        Bytes that may wait, besides one message of any length.
    """

    def __init__(self, most: int = UNREAD) -> None:
        self._most = most
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._room = threading.Condition()
        self.bytes = 0
        self.is_over = asyncio.Event()

    def read(self, stream: BinaryIO) -> None:
        """Read messages in a thread of its own.

        A thread of its own, as nothing else must ever make the server deaf; a daemon, as a read
        from a stream that never ends cannot be broken off.
        """
        threading.Thread(target=self._read, args=(stream,), name="reader", daemon=True).start()

    async def get(self) -> bytes | None:
        """Return the next message, None when there will be no more."""
        body = await self._waiting.get()
        if body is None or self.is_over.is_set():
            return None
        with self._room:
            self.bytes -= len(body)
            self._room.notify()
        return body

    def end(self) -> None:
        """Give out nothing more: nobody is there who waits for answers."""
        self.is_over.set()
        self._waiting.put_nowait(None)

    def _read(self, stream: BinaryIO) -> None:
        try:
            while (body := read_message(stream)) is not None:
                with self._room:
                    while self.bytes and self.bytes + len(body) > self._most:
                        self._room.wait()
                    self.bytes += len(body)
                _call(self._loop, self._waiting.put_nowait, body)
        except (FramingError, OSError, ValueError):
            pass  # nobody can be told: the other end does not speak our language, or is gone
        finally:
            _call(self._loop, self._finish)

    def _finish(self) -> None:
        """Give out what has come, for a little while: a client may write its last words and go."""
        self._waiting.put_nowait(None)
        self._loop.call_later(_LAST_WORDS, self.end)


class _Pipe:
    """The writing end of a pipe, where a short message is written whole or not at all."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)

    def take(self, data: bytes) -> bool:
        """Write a message if that cannot wait; return whether it was written."""
        if len(data) > select.PIPE_BUF or self._poll.poll(0) != [
            (self._descriptor, select.POLLOUT)
        ]:
            return False
        try:
            return os.write(self._descriptor, data) == len(data)
        except OSError:
            return False  # the client has just gone; the thread finds out


def _pipe(stream: BinaryIO) -> _Pipe | None:
    """Return the pipe that a stream writes to, None where it is something else."""
    try:
        descriptor = stream.fileno()
    except OSError:
        return None
    return _Pipe(descriptor) if stat.S_ISFIFO(os.fstat(descriptor).st_mode) else None


class Outlet:
    """Writes to a stream from a thread of its own, so that a slow reader stops nobody.

    What is short and finds an empty pipe goes there at once: it cannot wait, and a thread that must
    wake first would, for a core.

    Parameters
    ----------
    most
        Bytes that may wait before `is_full`.
    """

    def __init__(self, stream: BinaryIO, most: int = UNSENT) -> None:
        self._stream = stream
        self._most = most
        self._loop = asyncio.get_running_loop()
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._count = threading.Lock()
        self._pipe = _pipe(stream)
        self.bytes = 0
        self.has_room = asyncio.Event()
        self.has_room.set()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    @property
    def is_full(self) -> bool:
        """Whether the client does not read what it is told."""
        return not self.has_room.is_set()

    def write(self, data: bytes) -> None:
        """Write after everything that was given before."""
        with self._count:
            if self._pipe is not None and not self.bytes and self._pipe.take(data):
                return
            self.bytes += len(data)
            if self.bytes > self._most:
                self.has_room.clear()
        self._waiting.put(data)

    def close(self) -> None:
        """Wait a little until all is written."""
        self._waiting.put(None)
        self._thread.join(timeout=_LAST_ANSWERS)

    def _work(self) -> None:
        is_gone = False
        while (content := self._waiting.get()) is not None:
            try:
                if not is_gone:
                    self._stream.write(content)
                    if self._waiting.empty():
                        self._stream.flush()
            except (OSError, ValueError):
                # The client is gone; the end of stdin says so too, and ends the server.
                is_gone = True
            self._note_written(len(content))
        with suppress(OSError, ValueError):
            self._stream.flush()  # the end may have come between the last message and its flush

    def _note_written(self, size: int) -> None:
        with self._count:
            was_full = self.bytes > self._most
            self.bytes -= size
            is_roomy = was_full and self.bytes <= self._most
        if is_roomy:
            _call(self._loop, self._look)

    def _look(self) -> None:
        if self.bytes <= self._most:
            self.has_room.set()


def _call(loop: asyncio.AbstractEventLoop, action: Callable[..., object], *given: object) -> None:
    """Have something done in a loop, from a thread; nothing, where that has ended."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(action, *given)


def _length(value: bytes) -> int:
    text = value.strip()
    if not text.isdigit() or int(text) > LARGEST_BODY:
        raise FramingError(f"Content-Length: {text!r} is no usable length")
    return int(text)
