"""Stopping a run from the keyboard or by a signal: once, soon; twice, now.

The main thread only waits, so that a signal is heard at once whatever the kernels do.
"""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

import click

from voxlogica_core.engine.outcome import Counts
from voxlogica_core.engine.run import Run

PATIENCE = 2.0
"""Seconds that kernels may go on after the first signal: what is quick ends and is kept."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """The run shall end now."""


@contextmanager
def stoppable(run: Run) -> Generator[None]:
    """Cancel a run when a signal comes; raise `Interrupted` when it takes long, or at the next.

    Either way it is said how much is kept.
    """
    came: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        del frame
        came.append(number)
        if len(came) > 1:
            raise Interrupted
        run.cancel()
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        click.echo("voxlogica: stopping; what is quick is finished: again to stop now", err=True)

    before = {each: signal.signal(each, hear) for each in (*_SIGNALS, signal.SIGALRM)}
    try:
        run.start()
        yield
    except Interrupted:
        click.echo(f"voxlogica: stopped; {kept(run.counts)}", err=True)
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for each, handler in before.items():
            signal.signal(each, handler)


def kept(counts: Counts) -> str:
    """Say how much of a run is kept."""
    done = counts.computed + counts.reused + counts.rematerialised
    return f"{done} nodes are kept, and the next run goes on from there"
