"""The outlet: where values and failures go that come while kernels run; each is written once.

A kernel may end its process at any instant, also between the writing of a line and the note that it
is written. So a process that computes does not write them itself: it passes them on to the one that
started it, where no kernel runs, and goes on when they are out. What begins anew after a crash is
told what was written.
"""

import errno
import json
import os
import select
import socket
import sys
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Literal

import click

OUTPUT: Literal[1] = 1
ERRORS: Literal[2] = 2


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is said once.

    Parameters
    ----------
    key
        Two lines with one key say the same.
    text
        As it is written; empty for a note that it has been said in another way.
    stream
        Where it is written.
    """

    key: str
    text: str
    stream: Literal[1, 2] = OUTPUT


class Outlet:
    """Where values go, in the process that computes them.

    Parameters
    ----------
    line
        Leads to the process that writes them; None: they are written here.
    told
        Keys of what has been written before.
    """

    def __init__(self, line: socket.socket | None = None, told: Iterable[str] = ()) -> None:
        self._line = line
        self._file = line.makefile("rwb") if line else None
        self._told = set(told)
        self._problems: dict[int, OSError] = {}

    def has_told(self, key: str) -> bool:
        """Whether something has been said, by this process or one that crashed."""
        return key in self._told

    def tell(self, lines: Iterable[Line]) -> None:
        """Write lines, those left out that have been; they are out when this returns.

        Where nothing can be written, that is kept for `check`: a run goes on for what it saves.
        """
        new = [line for line in lines if line.key not in self._told]
        for stream, several in groupby(new, attrgetter("stream")):
            together = list(several)
            self._told.update(line.key for line in together)
            if stream not in self._problems:
                try:
                    self._write(together, stream)
                except OSError as problem:
                    self._problems[stream] = problem

    def check(self) -> None:
        """Raise the error that was met when something was to be written.

        Of two, the one of standard output.

        Raises
        ------
        OSError
            Nobody reads, or there is no room.
        """
        for _, problem in sorted(self._problems.items()):
            raise problem

    def close(self) -> None:
        """Give the line up."""
        if self._file is not None and self._line is not None:
            self._file.close()
            self._line.close()

    def _write(self, lines: Sequence[Line], stream: int) -> None:
        text = "".join(line.text for line in lines)
        if self._file is None:
            click.echo(text, nl=False, err=stream == ERRORS)
            return
        file = sys.stderr if stream == ERRORS else sys.stdout
        if stream == ERRORS and not file.isatty():
            text = click.unstyle(text)
        content = text.encode(file.encoding, file.errors or "strict")
        keys = [line.key for line in lines]
        header = json.dumps({"keys": keys, "stream": stream, "size": len(content)})
        self._file.write(f"{header}\n".encode() + content)
        self._file.flush()
        number = int(self._file.readline() or errno.EPIPE)
        if number:
            raise OSError(number, os.strerror(number))


class Relay:
    """Writes what processes pass on that compute one after the other."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._outlet = Outlet()
        self._thread = threading.Thread()

    def outlet(self) -> Outlet:
        """Return the outlet of the next process."""
        here, there = socket.socketpair()
        self._outlet = Outlet(there, self._told)
        self._thread = threading.Thread(target=self._serve, args=(here,), daemon=True)
        return self._outlet

    def begin(self) -> None:
        """Write what the process passes on, once it is there."""
        self._thread.start()

    def end(self) -> None:
        """Wait until all is written that a process has passed on which has ended."""
        self._outlet.close()  # the last that leads here: nothing more can come
        self._thread.join()

    def _serve(self, here: socket.socket) -> None:
        with suppress(ConnectionError), here, here.makefile("rwb") as line:
            while (header := line.readline()).endswith(b"\n"):
                said = json.loads(header)
                content = line.read(said["size"])
                if len(content) < said["size"]:
                    break  # it has crashed meanwhile, and the next one says it again
                number = _written(content, said["stream"])
                if not number:
                    self._told.update(said["keys"])
                line.write(f"{number}\n".encode())
                line.flush()


def _written(content: bytes, stream: int) -> int:
    """Write to a stream; return the number of the error, 0 if there is none."""
    rest = memoryview(content)
    try:
        while rest:
            try:
                rest = rest[os.write(stream, rest) :]
            except BlockingIOError:  # who reads it has made it so that nobody may wait
                select.select([], [stream], [])
    except OSError as problem:
        return problem.errno or errno.EIO
    return 0
