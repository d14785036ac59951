"""A program at a terminal of its own: what it shows, what is typed. Linux and macOS."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from tests.support.processes import PATIENCE

_ASKS_WHERE = b"\x1b[6n"  # answered as terminals do, or prompts wait for it


class Terminal:
    """A terminal of 110 columns with a program in it; ends the program with itself."""

    def __init__(self, command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
        self._master, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", **variables}
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=inner, stdout=inner, stderr=inner
        )
        os.close(inner)
        self._shown = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(PATIENCE)
        os.close(self._master)

    def type(self, text: str) -> None:
        """Type a text."""
        os.write(self._master, text.encode())

    def until(self, wanted: str, patience: float = PATIENCE) -> str:
        """Return what is shown up to `wanted`, and forget it."""
        end = monotonic() + patience
        while wanted.encode() not in self._shown:
            assert monotonic() < end, f"{wanted!r} did not come, but {self._shown!r}"
            self._read()
        before, _, self._shown = self._shown.partition(wanted.encode())
        return before.decode("utf-8", "replace") + wanted

    def ended(self) -> int:
        """Return the exit code, once the program has ended; what it shows is read meanwhile."""
        end = monotonic() + PATIENCE
        while self._process.poll() is None:
            assert monotonic() < end, "the program goes on"
            self._read()
        return self._process.returncode

    def _read(self) -> None:
        ready, _, _ = select.select([self._master], [], [], 0.1)
        if not ready:
            return
        try:
            read = os.read(self._master, 65536)
        except OSError:  # the program has closed its side
            return
        if _ASKS_WHERE in read:
            os.write(self._master, b"\x1b[1;1R")
        self._shown += read
