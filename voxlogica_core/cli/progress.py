"""The progress bar of a run, on standard error, where that is a terminal."""

import sys

from voxlogica_core.cli.stopping import stoppable
from voxlogica_core.cli.watching import Watching
from voxlogica_core.engine.events import DashboardOpened, Finished, Queued, Started
from voxlogica_core.engine.run import Run
from voxlogica_core.plan.export import title_of
from voxlogica_core.plan.plan import Plan


def wait_showing_progress(run: Run, plan: Plan, watching: Watching, *, quiet: bool) -> None:
    """Wait for a run; show how far it is; a signal cancels it and keeps what is done.

    Parameters
    ----------
    watching
        Who else hears of its events.
    """
    with stoppable(run):
        if quiet or not sys.stderr.isatty():
            for event in run if watching else ():
                watching.take(event)
            run.wait()
        else:
            _show(run, plan, watching)


def _show(run: Run, plan: Plan, watching: Watching) -> None:
    # 0.07 s to import, needed in terminals only
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("looking up", total=1.0)
        for event in run:
            watching.take(event)
            match event:
                case Queued(nodes=nodes):
                    progress.update(bar, description=f"{len(nodes)} nodes to compute")
                case Started(nodes=nodes):
                    progress.update(bar, description=_title(nodes[-1], plan))
                case Finished(fraction=fraction):
                    progress.update(bar, completed=fraction)
                case DashboardOpened(url=url):
                    console.print(f"Dask dashboard: {url}")
                case _:
                    pass


def _title(node: str, plan: Plan) -> str:
    found = next((n for n in plan.nodes.values() if n.id == node), None)
    return title_of(found) if found else "item of a loop"
