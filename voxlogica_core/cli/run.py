"""``voxlogica run``: computes what is not known yet; prints and saves the goals of a program."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click

from voxlogica_core.cli import detached, exits, options, watching
from voxlogica_core.cli.configured import Configured
from voxlogica_core.cli.guard import Start
from voxlogica_core.cli.programs import analysed
from voxlogica_core.cli.progress import wait_showing_progress
from voxlogica_core.cli.results import exit_code, print_results, show_summary
from voxlogica_core.cli.show import show_diagnostics
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.history import History
from voxlogica_core.engine.report import run_object
from voxlogica_core.engine.run import Run
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.findings import input_changes
from voxlogica_core.ide.report import diagnostic_objects
from voxlogica_core.primitives.catalogue import catalogue_for
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import Store
from voxlogica_core.syntax.lexis import Dialect

_ALONE = (
    "--detach leaves all results of a program without errors in the store: it goes with neither "
    "--no-cache nor --keep-going nor --dask-dashboard"
)
_PART_OF_STORE = 8
"""Without a store on disk, this part of the budget keeps images that may be needed again."""


@click.command("run", cls=Configured)
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a constant.")
@options.store
@click.option(
    "--store-limit",
    type=options.Bytes(),
    metavar="SIZE",
    envvar="VOXLOGICA_STORE_LIMIT",
    help="Room for values, such as 8G [20G].",
)
@click.option("--no-cache", is_flag=True, help="Neither use nor keep what is known.")
@click.option(
    "--threads",
    type=click.IntRange(1),
    envvar="VOXLOGICA_DASK_THREADS",
    help="Tasks at a time [number of cores].",
)
@click.option(
    "--memory",
    type=options.Bytes(),
    metavar="SIZE",
    envvar="VOXLOGICA_DASK_MEMORY",
    help="Budget, such as 4G [half of all].",
)
@click.option(
    "--keep-going", is_flag=True, help="Run the goals that no error stands in the way of."
)
@click.option("--output-dir", metavar="DIR", help="Where relative paths of saves begin.")
@click.option(
    "--dask-dashboard",
    is_flag=True,
    envvar="VOXLOGICA_ENABLE_DASHBOARD",
    help="Show Dask's dashboard on port 8787.",
)
@click.option("--detach", is_flag=True, help="Go on without this terminal; see `voxlogica runs`.")
@options.scheduler
@options.dialect
@watching.metrics
@watching.log_level
@click.option("--quiet", "-q", is_flag=True, help="No progress, no summary.")
@click.pass_obj
def command(
    start: Start,
    file: str,
    settings: tuple[str, ...],
    store: str | None,
    store_limit: int | None,
    threads: int | None,
    memory: int | None,
    output_dir: str | None,
    scheduler: str | None,
    dialect: Dialect | None,
    *,
    as_json: bool,
    no_cache: bool,
    keep_going: bool,
    dask_dashboard: bool,
    detach: bool,
    quiet: bool,
) -> int:
    """Run a program: compute what is not known yet, print and save its goals.

    Values go to standard output as label=value; everything else goes to standard error.
    Exits with 0 when every goal is done, 1 when one is not, 2 when the program has errors.
    """
    if detach and (no_cache or keep_going or dask_dashboard):
        raise UsageError(_ALONE)
    catalogue = catalogue_for(Path(file).parent)
    folder = Path(output_dir) if output_dir else Path.cwd()
    known = _opened(None if no_cache else options.store_folder(store), store_limit, memory)
    with ExitStack() as stack:
        stack.callback(known.close)
        analysis = analysed(file, catalogue, settings, known, dialect)
        if not start.caution.crashes:  # else it has been said
            _say(known.notes)
            show_diagnostics(analysis)
        if analysis.errors and not keep_going:
            return _told(analysis, None, as_json=as_json, quiet=quiet)
        if detach:
            place = detached.Place(options.store_folder(store), folder, threads, memory)
            return detached.begin(analysis, place, settings, dialect, as_json=as_json)
        engine = partial(Engine, known, catalogue, threads=threads, memory=memory)
        engine = partial(engine, scheduler=scheduler, dashboard=dask_dashboard)
        opened = stack.enter_context(engine(prepared=start.prepared()))
        run = _carried_out(opened, known, analysis, folder, quiet=quiet or as_json)
    # Results are told when nothing can crash any more, and so only once.
    return _told(analysis, run, as_json=as_json, quiet=quiet)


def _opened(folder: Path | None, limit: int | None, memory: int | None) -> Store:
    """Return the store; one in memory has its part of the budget."""
    if folder is None and memory is not None:
        limit = memory // _PART_OF_STORE
    return open_store(folder, limit)


def _carried_out(
    engine: Engine, known: Store, analysis: Analysis, folder: Path, *, quiet: bool
) -> Run:
    """Run a program to its end."""
    run = engine.run(analysis.plan, folder=folder)
    history = History(known, analysis.plan, analysis.source.path or "", analysis.digest)
    watcher = watching.Watching(run)
    wait_showing_progress(run, analysis.plan, watcher, quiet=quiet)
    history.end(run)
    watcher.write(known, engine.threads, engine.memory)
    _say([engine.problem] if engine.problem else [])
    return run


def _say(notes: Sequence[str]) -> None:
    for note in notes:
        click.echo(f"voxlogica: {note}", err=True)


def _told(analysis: Analysis, run: Run | None, *, as_json: bool, quiet: bool) -> int:
    """Tell how a run ended, None if errors stood in its way; return the exit code."""
    if as_json:
        changes = input_changes(analysis, run.changed) if run else []
        found = diagnostic_objects([*analysis.diagnostics, *changes], analysis.source)
        click.echo(json.dumps(run_object(run, found)))
    elif run is not None:
        print_results(run, analysis)
        if not quiet:
            show_summary(run)
    return exits.ERRORS if run is None else exit_code(run)
