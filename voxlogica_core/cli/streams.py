"""Standard streams as every command needs them: there, and able to carry any text."""

import io
import os
import sys
from typing import Literal, TextIO

_INPUT, _OUTPUT, _ERRORS = range(3)


def make_ready() -> None:
    """Have something stand for streams that are closed; write what an encoding lacks as codes.

    The next file that is opened would otherwise get the number of a closed stream, and what a
    library writes to standard output would go into it: into the store, say. Programs are wanted of
    standard input and results are wanted on standard output, so it is an error to use them when
    they are closed; messages go nowhere then.
    """
    if sys.stdin is None:
        _stand_in(_INPUT, os.O_WRONLY)
        sys.stdin = _as_long_as_the_process(_INPUT, "r")
    if sys.stdout is None:
        _stand_in(_OUTPUT, os.O_RDONLY)
        sys.stdout = _as_long_as_the_process(_OUTPUT, "w")
    if sys.stderr is None:
        _stand_in(_ERRORS, os.O_WRONLY)
        sys.stderr = _as_long_as_the_process(_ERRORS, "w")
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _as_long_as_the_process(number: int, mode: Literal["r", "w"]) -> TextIO:
    return open(number, mode, encoding="utf-8", closefd=False)


def _stand_in(number: int, way: int) -> None:
    """Open nothing under the number of a closed stream, which is the lowest that is free."""
    found = os.open(os.devnull, way)
    if found != number:  # somebody has the number already
        os.close(found)
