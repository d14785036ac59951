"""The progress bar of a run, on standard error, where that is a terminal."""

import sys

from voxlogica_core.cli.event_lines import Remaining, primitive_of
from voxlogica_core.cli.results import Account
from voxlogica_core.cli.stopping import stoppable
from voxlogica_core.cli.watching import Watching
from voxlogica_core.engine.crews.titles import labels_of
from voxlogica_core.engine.events import (
    Alike,
    DashboardOpened,
    Event,
    Finished,
    GoalsEnded,
    Queued,
    Started,
)
from voxlogica_core.engine.run import Run
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.plan import Plan


def wait_showing_progress(
    run: Run, plan: Plan, watching: Watching, account: Account | None, *, quiet: bool
) -> None:
    """Wait for a run; show how far it is; a signal cancels it and keeps what is done.

    Parameters
    ----------
    watching
        Who else hears of its events.
    account
        Tells its values as they come; None: they are told in the end.
    """
    with stoppable(run):
        if quiet or watching.is_on_terminal or not sys.stderr.isatty():
            for event in run if watching else run.told():
                if account is not None and isinstance(event, GoalsEnded):
                    account.tell(event.results)
                if watching and not isinstance(event, Alike):
                    watching.take(event)
            run.wait()
        else:
            _show(run, plan, watching, account)


def _show(run: Run, plan: Plan, watching: Watching, account: Account | None) -> None:
    # 0.07 s to import, needed in terminals only
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    console = Console(stderr=True)
    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[left]}"))
    telling = Telling(run, plan)
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("looking up", total=1.0, left="")
        for event in run:
            watching.take(event)
            if isinstance(event, DashboardOpened):
                console.print(f"Dask dashboard: {event.url}")
            if account is not None and isinstance(event, GoalsEnded):
                progress.stop()  # it is gone, and comes back below what is told
                account.tell(event.results)
                progress.start()
            telling.take(event)
            progress.update(
                bar, description=telling.doing, completed=telling.fraction, left=telling.left
            )


class Telling:
    """What is said of a run beside the bar.

    Parameters
    ----------
    remaining
        Knows how long it is going to take.
    """

    def __init__(self, run: Run, plan: Plan, remaining: Remaining | None = None) -> None:
        self._run = run
        self._labels = labels_of(plan)
        self._remaining = remaining or Remaining()
        self.doing, self.left, self.fraction = "looking up", "", 0.0

    def take(self, event: Event) -> None:
        """Hear of an event."""
        match event:
            case Queued(nodes=nodes):
                self.doing = f"{len(nodes)} nodes to compute"
            case Started(nodes=nodes) if nodes:
                self.doing = self._called(nodes[-1])
            case Finished(fraction=fraction):
                self.fraction = fraction
                self.left = _about(self._remaining.after(event))
            case _:
                pass

    def _called(self, node: NodeId) -> str:
        primitive = primitive_of(self._run, node) or "item of a loop"
        label = self._labels.get(node)
        return f"{label}: {primitive}" if label else primitive


def _about(seconds: float) -> str:
    if seconds < 1.0:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"about {minutes} min {rest} s left" if minutes else f"about {rest} s left"
