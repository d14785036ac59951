"""Exit codes, the same for every command."""

import signal

DONE = 0
"""All goals are done, or nothing is wrong."""
FAILED = 1
"""Something failed or was blocked while running."""
ERRORS = 2
"""The program has errors; nothing ran."""
USAGE = 3
"""The command was called in a way it does not know."""
WORLD = 4
"""The store, the scheduler or files of ours are not as they must be."""
CANCELLED = 130
"""The user interrupted the run."""
UNREAD = 141
"""Who read the output has stopped reading, such as ``head``; what a shell says of other tools."""

ENDED_BY_USER = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE})
"""Signals that end a run because somebody wants it to."""


def after_signal(number: int) -> int:
    """Return the exit code of what a signal has ended."""
    return 128 + number
