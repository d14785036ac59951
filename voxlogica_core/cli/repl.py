"""``voxlogica repl``: a program line by line, each value at once. Knows no syntax."""

import sys
from itertools import chain
from pathlib import Path

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.guard import Start
from voxlogica_core.cli.outlet import Outlet
from voxlogica_core.cli.primitives import pages_of
from voxlogica_core.cli.programs import decoded, program_bytes
from voxlogica_core.cli.prompt import entries
from voxlogica_core.cli.repl_memory import State, note, noted
from voxlogica_core.cli.repl_session import Asked, Session
from voxlogica_core.cli.results import Account
from voxlogica_core.cli.show import show_diagnostic
from voxlogica_core.cli.stopping import Interrupted, stoppable
from voxlogica_core.cli.terminal_picture import can_show, drawn
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.run import Run
from voxlogica_core.errors import UsageError, VoxLogicaError
from voxlogica_core.ide.report import source_of
from voxlogica_core.store.preview import picture
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.values.image import Image
from voxlogica_core.values.written import written

_HELP = """\
An expression shows its value, which is then called `it`; a statement becomes part of the program.
Enter ends an entry that is whole, Tab completes, the arrow keys bring back what was typed.

  :program      the program so far
  :write FILE   write it to a file
  :read FILE    take a file's statements
  :doc NAME     what a primitive does
  :clear        begin again
  :help :quit"""


@click.command(
    "repl",
    epilog=options.examples("voxlogica repl", "voxlogica repl --no-cache < brain.imgql"),
)
@options.store
@options.orientation
@click.option("--no-cache", is_flag=True, help="Neither use nor keep what is known.")
@click.pass_obj
def command(start: Start, store: str | None, *, no_cache: bool) -> int:
    """Write a program line by line and see each value at once.

    What is typed is remembered from one session to the next; values are those of the store, as in
    any run. A kernel that crashes fails alone, and the session goes on. Exits with 1 when input
    that is no terminal had errors or failures.
    """
    folder = None if no_cache else options.store_folder(store)
    known = open_store(folder, orientation=options.chosen_orientation())
    before = noted(start.memory)
    session = Session(before.program if before else "")
    try:
        with Engine(known, session.catalogue, prepared=start.prepared()) as engine:
            if before is None and sys.stdin.isatty():
                click.echo("VoxLogicA; :help tells more. Research use only.", err=True)
            fine = _Desk(session, engine, start.memory).serve(before or State())
    finally:
        known.close()
    return exits.DONE if fine or sys.stdin.isatty() else exits.FAILED


class _Desk:
    """Answers entries: runs what they ask for, shows what came of it."""

    def __init__(self, session: Session, engine: Engine, memory: int) -> None:
        self._session = session
        self._engine = engine
        self._memory = memory
        self._fine = True

    def serve(self, before: State) -> bool:
        """Answer all entries, first the one that a process crashed in; return if all was well."""
        self._fine = before.is_fine
        for entry in chain([before.entry] if before.entry else [], entries(self._session)):
            word, _, rest = entry.strip().partition(" ")
            if word in (":quit", ":q"):
                break
            self._note(entry)
            try:
                if word.startswith(":"):
                    self._order(word, rest.strip())
                elif word:
                    self._answer(self._session.take(entry))
            except VoxLogicaError as problem:
                click.echo(f"voxlogica: {problem}", err=True)
                self._fine = False
            self._note("")
        return self._fine

    def _note(self, entry: str) -> None:
        note(self._memory, State(self._session.text, entry, self._fine))

    def _order(self, word: str, rest: str) -> None:
        match word:
            case ":help":
                click.echo(_HELP)
            case ":program":
                click.echo(self._session.text, nl=False)
            case ":write" if rest:
                _write(Path(rest), self._session.text)
            case ":read" if rest:
                self._answer(self._session.take(decoded(program_bytes(rest), rest)))
            case ":doc" if rest:
                click.echo(pages_of(rest))
            case ":clear":
                self._session.text = ""
            case _:
                raise UsageError(f"{word} {rest} is none of the orders that :help tells")

    def _answer(self, asked: Asked) -> None:
        for problem in asked.errors:
            show_diagnostic(problem, source_of(problem, {None: asked.analysis.source}))
        self._fine = self._fine and not asked.errors
        if asked.errors or not (asked.goals or asked.it):
            return
        plan, targets = asked.analysis.plan, [asked.it] if asked.it else []
        run = self._engine.run(plan, goals=asked.goals, targets=targets)
        try:
            with stoppable(run):
                run.wait()
        except Interrupted:
            click.echo("voxlogica: stopped", err=True)
            return
        outlet = Outlet()
        account = Account(asked.analysis, outlet)
        account.tell({(index, 0): result for index, result in enumerate(run.results)})
        account.close(run, quiet=True)
        outlet.check()
        self._fine = self._fine and all(result.outcome == "done" for result in run.results)
        if asked.it:
            self._show(run, asked.it)

    def _show(self, run: Run, it: str) -> None:
        try:
            value = run.value(it)
        except UsageError:  # it failed, and that has been told
            self._fine = False
            return
        click.echo(written(value))
        if isinstance(value, Image) and can_show(is_terminal=sys.stdout.isatty()):
            click.echo(drawn(picture(value, orientation=options.chosen_orientation())))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as problem:
        raise UsageError(f"{file} cannot be written: {problem.strerror}") from problem
