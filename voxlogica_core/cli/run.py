"""``voxlogica run``: computes what is not known yet; prints and saves the goals of programs."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import partial
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path

import click

from voxlogica_core.cli import options, watching
from voxlogica_core.cli.configured import Configured
from voxlogica_core.cli.guard import Start
from voxlogica_core.cli.outlet import Outlet
from voxlogica_core.cli.programs import Reading
from voxlogica_core.cli.progress import wait_showing_progress
from voxlogica_core.cli.results import Account, concluded
from voxlogica_core.cli.show import show_diagnostics
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.history import History
from voxlogica_core.engine.run import Run
from voxlogica_core.errors import EngineError, UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import Store
from voxlogica_core.syntax.lexis import Dialect

_ALONE = (
    "--detach leaves all results of one program without errors in the store: it goes with neither "
    "--no-cache nor --keep-going nor --dask-dashboard nor --dry-run nor several programs"
)
_NO_DASHBOARD = (
    "--dask-dashboard wants the package bokeh, which is not installed; nothing was run. "
    "Install it with `pip install 'voxlogica[dashboard]'`, or run without the dashboard"
)
_PART_OF_STORE = 8
"""Without a store on disk, this part of the budget keeps images that may be needed again."""


@click.command(
    "run",
    cls=Configured,
    epilog=options.examples(
        "voxlogica run brain.imgql",
        "voxlogica run brain.imgql --set threshold=0.4 --output-dir results",
        "voxlogica run patient1.imgql patient2.imgql --json > results.json",
        "voxlogica run brain.imgql --dry-run",
        "generate | voxlogica run - --quiet",
    ),
)
@options.programs
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
    type=options.Count(),
    metavar="N",
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
@click.option(
    "--output-dir",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Where relative paths of saves begin.",
)
@click.option(
    "--dry-run", "dry", is_flag=True, help="Say what would be computed and written; do nothing."
)
@click.option(
    "--dask-dashboard",
    is_flag=True,
    envvar="VOXLOGICA_ENABLE_DASHBOARD",
    help="Show Dask's dashboard on port 8787.",
)
@click.option("--detach", is_flag=True, help="Go on without this terminal; see `voxlogica runs`.")
@options.scheduler
@options.dialect
@options.orientation
@watching.metrics
@watching.events
@watching.log_level
@watching.verbose
@click.option("--quiet", "-q", is_flag=True, help="No progress, no summary.")
@click.pass_obj
def command(
    start: Start,
    files: tuple[str, ...],
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
    dry: bool,
    dask_dashboard: bool,
    detach: bool,
    quiet: bool,
) -> int:
    """Run programs: compute what is not known yet, print and save their goals.

    Values go to standard output as label=value, in program order and as soon as they are known,
    all else to standard error. Lines of several programs begin with the name; - is standard input.
    Exits with 0 when every goal is done, 1 when one is not, 2 when a program has errors.
    """
    if detach and (no_cache or keep_going or dask_dashboard or dry or len(files) > 1):
        raise UsageError(_ALONE)
    watching.refuse_several(files)
    _need_bokeh(is_wanted=dask_dashboard and scheduler is None)
    folder = Path.cwd() / Path(output_dir or "").expanduser()
    read = Reading(files, settings, dialect)
    place = None if no_cache else options.store_folder(store)
    if dry:
        return _tell_beforehand(read, folder, place, as_json=as_json)
    known = _opened(place, store_limit, memory)
    with closing(known), ExitStack() as stack:
        programs = read.all(known)
        _announce(start, known, programs)
        if any(analysis.errors for analysis in programs) and not keep_going:
            return concluded(programs, files, [], start.outlet, as_json=as_json)
        if detach:
            away = (options.store_folder(store), folder, threads, memory)
            return _begin_elsewhere(programs[0], away, settings, dialect, as_json=as_json)
        engine = partial(Engine, threads=threads, memory=memory, prepared=start.prepared())
        opened = engine(known, programs[0].catalogue, scheduler=scheduler, dashboard=dask_dashboard)
        stack.enter_context(opened)
        accounts = _accounts(programs, files, start.outlet, as_json=as_json)
        runs = _carried_out(opened, known, programs, accounts, folder, quiet=quiet)
    return concluded(programs, files, runs, start.outlet, as_json=as_json)


def _tell_beforehand(read: Reading, folder: Path, place: Path | None, *, as_json: bool) -> int:
    from voxlogica_core.cli import dry_run  # noqa: PLC0415  (7 ms, for this alone)

    return dry_run.tell(read.all(None), folder, place, as_json=as_json)


def _begin_elsewhere(
    analysis: Analysis,
    away: tuple[Path, Path, int | None, int | None],
    settings: tuple[str, ...],
    dialect: Dialect | None,
    *,
    as_json: bool,
) -> int:
    from voxlogica_core.cli import detached  # noqa: PLC0415  (5 ms, for this alone)

    return detached.begin(analysis, detached.Place(*away), settings, dialect, as_json=as_json)


def _need_bokeh(*, is_wanted: bool) -> None:
    if is_wanted and find_spec("bokeh") is None:
        raise EngineError(_NO_DASHBOARD)


def _opened(folder: Path | None, limit: int | None, memory: int | None) -> Store:
    """Return the store; one in memory has its part of the budget."""
    if folder is None and memory is not None:
        limit = memory // _PART_OF_STORE
    return open_store(folder, limit, options.chosen_orientation())


def _accounts(
    programs: Sequence[Analysis], files: Sequence[str], outlet: Outlet, *, as_json: bool
) -> list[Account]:
    """Return one a program; none where nothing is told while programs run."""
    if as_json:
        return []
    return [
        Account(analysis, outlet, index, f"{file}:" if len(files) > 1 else "")
        for index, (analysis, file) in enumerate(zip(programs, files, strict=True))
    ]


def _carried_out(
    engine: Engine,
    known: Store,
    programs: Sequence[Analysis],
    accounts: Sequence[Account],
    folder: Path,
    *,
    quiet: bool,
) -> list[Run]:
    """Run programs to their ends, one after the other; the first that is cancelled is the last.

    Parameters
    ----------
    accounts
        One a program, or none.
    """
    runs: list[Run] = []
    for analysis, account in zip_longest(programs, accounts):
        run = engine.run(analysis.plan, folder=folder)
        history = History(known, analysis.plan, analysis.source.path or "", analysis.digest)
        watcher = watching.Watching(run, analysis.plan, analysis.source.path or "")
        is_bare = quiet or account is None
        wait_showing_progress(run, analysis.plan, watcher, account, quiet=is_bare)
        history.end(run)
        watcher.write(known, engine.threads, engine.memory)
        if account is not None:
            account.close(run, quiet=quiet)
        runs.append(run)
        if run.cancelled:
            break
    _say([engine.problem] if engine.problem else [])
    return runs


def _announce(start: Start, known: Store, programs: Sequence[Analysis]) -> None:
    """Say what is to be known before programs run, unless a process that crashed has said it."""
    if start.caution.crashes:
        return
    _say(known.notes)
    for analysis in programs:
        show_diagnostics(analysis)


def _say(notes: Sequence[str]) -> None:
    for note in notes:
        click.echo(f"voxlogica: {note}", err=True)
