"""Guards runs and the prompt against crashes of kernels: a child computes, begun anew after one.

The child is forked before anything heavy is imported and while there is one thread: 2 ms. A kernel
that ends it is named, all else goes on, and the exit code says that something failed.
"""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NoReturn

import click

from voxlogica_core.cli import exits
from voxlogica_core.cli.outlet import Outlet, Relay
from voxlogica_core.engine.crashes.caution import CAREFREE, Caution, after, signal_name
from voxlogica_core.engine.crashes.flight import left_behind
from voxlogica_core.engine.crashes.gate import Watch, watch
from voxlogica_core.system import ExitCode, anonymous_file, in_child

_SHOW_CURSOR = "\r\x1b[K\x1b[?25h"


@dataclass(frozen=True, slots=True)
class Start:
    """How a process is to compute.

    Parameters
    ----------
    flight
        The file in which it notes what it computes; -1: there is none.
    caution
        What crashes of earlier processes have taught.
    memory
        The file in which it notes what the next one is to know; -1: there is none.
    outlet
        Where values go as they come.
    """

    flight: int = -1
    caution: Caution = CAREFREE
    memory: int = -1
    outlet: Outlet = field(default_factory=Outlet)

    def prepared(self) -> Watch:
        """Return what an engine needs to know; from now on, Python writes traces of crashes."""
        made = watch(self.flight, self.caution)
        if self.flight >= 0:
            made.flight.note_crashes()
        return made


def guarded(work: Callable[[Start], NoReturn]) -> int:
    """Return the exit code of what is done in a child process.

    Parameters
    ----------
    work
        Does it, given how to compute; exits.
    """
    start, relay = Start(memory=anonymous_file()), Relay()
    while True:
        start = replace(start, flight=anonymous_file(), outlet=relay.outlet())
        code = in_child(lambda start=start: work(start), relay.begin)
        if code >= 0 or -code in exits.ENDED_BY_USER:
            return code if code >= 0 else exits.after_signal(-code)
        relay.end()
        start = replace(start, caution=_learnt(start.caution, code, start.flight))
        os.close(start.flight)
        if start.caution.is_hopeless:
            return exits.FAILED


def keep_standard_input() -> None:
    """Put what comes on standard input into a file, so that it can be read once more."""
    kept = anonymous_file()
    try:
        with os.fdopen(kept, "wb", closefd=False) as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        os.dup2(kept, sys.stdin.fileno())
    except OSError:
        pass  # who reads the program tells it
    finally:
        os.close(kept)


def begin_input_anew() -> None:
    """Have standard input read from its beginning, as the process did that crashed."""
    with suppress(OSError):  # a pipe, a terminal, nothing: no program is read from it
        os.lseek(0, 0, os.SEEK_SET)


def _learnt(caution: Caution, code: ExitCode, descriptor: int) -> Caution:
    """Say what happened, and return how to go on."""
    # 30 ms to import, needed after a crash only
    from voxlogica_core.engine.crashes.crash_report import write_report  # noqa: PLC0415

    if sys.stderr.isatty():
        click.echo(_SHOW_CURSOR, err=True, nl=False)
    left = left_behind(descriptor)
    report = write_report(code, left)
    nodes = ", ".join(aboard.node[:12] for aboard in left.aboard) or "nothing"
    now = after(caution, code, left)
    if now.is_hopeless:
        rest = "the run is given up"
    elif now.failed.keys() - caution.failed.keys():
        rest = "that has failed, all else goes on"
    else:
        rest = "what it computed is tried alone, all else goes on"
    where = f" (report: {report})" if report else ""
    click.echo(
        f"voxlogica: the process ended with {signal_name(code)} while it computed {nodes}; what is "
        f"done is kept, {rest}{where}",
        err=True,
    )
    return now
