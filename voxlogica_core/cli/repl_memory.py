"""What the prompt notes of itself, so that the process after a crash goes on. Knows no language."""

import json
import os
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class State:
    """Where a session is.

    Parameters
    ----------
    program
        What was taken so far.
    entry
        What is being answered; empty between entries.
    is_fine
        Whether all was well so far.
    """

    program: str = ""
    entry: str = ""
    is_fine: bool = True


def note(file: int, state: State) -> None:
    """Write a state to a file that outlives this process; -1: there is none."""
    if file >= 0:
        content = json.dumps(asdict(state)).encode()
        os.ftruncate(file, 0)
        os.pwrite(file, content, 0)


def noted(file: int) -> State | None:
    """Return what a process that ended has noted, None if there was none before."""
    size = os.fstat(file).st_size if file >= 0 else 0
    return State(**json.loads(os.pread(file, size, 0))) if size else None
