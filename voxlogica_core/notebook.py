"""VoxLogicA in notebooks: ``%%imgql`` cells. Needs IPython; decides nothing of the language.

``%load_ext voxlogica_core.notebook`` makes them known. What values look like is in `shown`.
"""

import sys
from collections.abc import Sequence
from typing import Protocol

from voxlogica_core.api import Engine, analyse
from voxlogica_core.engine.outcome import Failed
from voxlogica_core.engine.run import Run
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.shown import placed
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.values.written import written


class Shell(Protocol):
    """The part of IPython's shell that is used."""

    @property
    def user_ns(self) -> dict[str, object]:
        """The names of the notebook."""
        ...

    def register_magic_function(self, func: object, magic_kind: str, magic_name: str) -> None:
        """Make a cell magic known."""
        ...


def load_ipython_extension(shell: Shell) -> None:
    """Have a notebook know ``%%imgql``; IPython calls it."""

    def imgql(line: str, cell: str) -> object:
        """Run a cell; names behind ``%%imgql`` become variables, the last one is shown."""
        values = run_cell(cell, line.split())
        shell.user_ns.update(values)
        return values[line.split()[-1]] if line.split() else None

    shell.register_magic_function(imgql, "cell", "imgql")


def run_cell(cell: str, names: Sequence[str] = (), store: str | None = None) -> dict[str, object]:
    """Run a program, print its goals, return the values of declarations.

    Parameters
    ----------
    cell
        The program; relative paths begin in the working folder.
    names
        The declarations whose values are wanted.
    store
        Folder of what is known; the user's own by default.

    Raises
    ------
    UsageError
        The program has errors, or declares no such name, or a value could not be computed.
    """
    analysis = analyse(cell)
    if analysis.errors:
        raise UsageError("\n".join(_line(analysis, error) for error in analysis.errors))
    declared = analysis.plan.declarations
    for name in names:
        if name not in declared:
            raise UsageError(f"a value `{name}` is wanted, but the program declares none")
    with Engine(store) as engine:
        run = engine.run(analysis.plan, targets=[declared[name] for name in names]).wait()
        _tell(run)
        return {name: run.value(name) for name in names}


def _tell(run: Run) -> None:
    for result in run.results:
        if result.outcome == "done" and result.kind == "print":
            sys.stdout.write(f"{result.label}={written(result.value)}\n")
        elif result.outcome != "done":
            sys.stderr.write(f"{result.outcome}: {result.kind} {result.label}: {result.message}\n")
    for outcome in run.outcomes.values():
        if isinstance(outcome, Failed):
            sys.stderr.write(f"`{outcome.primitive}` failed: {outcome.message}\n")


def _line(analysis: Analysis, error: Diagnostic) -> str:
    place, found, message = placed(analysis, error)
    cures = "".join(f"\n  cure: {fix.title}" for fix in error.fixes)
    return f"{place}: {found}: {message}{cures}"
