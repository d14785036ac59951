"""``voxlogica runs``: lists detached runs, shows, follows and cancels them."""

import json
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.configured import ConfiguredGroup
from voxlogica_core.cli.tables import moment, print_table
from voxlogica_core.engine.detached import Fields, Note, Notes, State, heard
from voxlogica_core.errors import EngineError
from voxlogica_core.values.written import written

VERSION = 1


class Shows(Protocol):
    """Shows how far a run is."""

    def __call__(self, fraction: float, message: str) -> None:
        """Show a state."""
        ...


@click.group(
    "runs",
    cls=ConfiguredGroup,
    invoke_without_command=True,
    epilog=options.examples(
        "voxlogica run --detach brain.imgql",
        "voxlogica runs",
        "voxlogica runs attach 20",
        "voxlogica runs cancel 20",
    ),
)
@options.store
@options.as_json
@click.pass_context
def command(context: click.Context, store: str | None, *, as_json: bool) -> int:
    """List detached runs: those that go on, and how the others ended.

    `voxlogica run --detach FILE` begins one. It goes on when the terminal or the editor is closed.
    """
    context.obj = Notes(options.store_folder(store))
    if context.invoked_subcommand is None:
        _list(context.obj, as_json=as_json)
    return exits.DONE


@command.command("show", epilog=options.examples("voxlogica runs show 20 --json"))
@click.argument("id")
@options.as_json
@click.pass_obj
def show(notes: Notes, id: str, *, as_json: bool) -> int:  # noqa: A002  (the word of the manual)
    """Show the results of a run that has ended, or how far one is that goes on."""
    note = notes.find(id)
    state = notes.state(note)
    if as_json:
        click.echo(json.dumps(_object(note, state, _message(notes, note, state))))
        return exits.DONE
    if state != "ended":
        click.echo(f"{note.id}: {state}, {_message(notes, note, state)}")
        return exits.DONE
    return _told(notes.find(note.id).result or {})


@command.command("attach", epilog=options.examples("voxlogica runs attach 20"))
@click.argument("id")
@click.pass_obj
def attach(notes: Notes, id: str) -> int:  # noqa: A002
    """Follow a run to its end, then print its results; an interrupt leaves it running."""
    note = notes.find(id)
    if notes.state(note) == "running":
        try:
            with _shown() as shows:
                _follow(notes, note, shows)
        except KeyboardInterrupt:
            click.echo(f"voxlogica: the run {note.id} goes on", err=True)
            return exits.CANCELLED
    note = notes.find(note.id)
    if note.result is None:
        raise EngineError(f"the run {note.id} was killed; what it had done is kept: run again")
    return _told(note.result)


@command.command("cancel", epilog=options.examples("voxlogica runs cancel 20"))
@click.argument("id")
@click.pass_obj
def cancel(notes: Notes, id: str) -> int:  # noqa: A002
    """Cancel a run; what it has done is kept."""
    note = notes.find(id)
    notes.cancel(note)
    click.echo(f"{note.id}: cancelled, what is done is kept", err=True)
    return exits.DONE


def _list(notes: Notes, *, as_json: bool) -> None:
    told: list[tuple[Note, State, str]] = []
    for note in notes.all():
        state = notes.state(note)
        told.append((note, state, _message(notes, note, state)))
    if as_json:
        rows = [_object(note, state, message) for note, state, message in told]
        click.echo(json.dumps({"version": VERSION, "runs": rows}))
    elif not told:
        click.echo("no detached runs; `voxlogica run --detach FILE` begins one", err=True)
    else:
        lines = (
            (note.id, state, moment(note.begun), Path(note.program or "-").name, message)
            for note, state, message in told
        )
        print_table(["id", "state", "begun", "program", "nodes"], lines)


def _object(note: Note, state: State, message: str) -> Fields:
    return {
        "version": VERSION,
        "id": note.id,
        "state": state,
        "program": note.program,
        "begun": datetime.fromtimestamp(note.begun, UTC).isoformat(timespec="seconds"),
        "seconds": round((note.ended or time.time()) - note.begun, 3),
        "message": message,
        "result": note.result,
    }


def _message(notes: Notes, note: Note, state: State) -> str:
    """Return how far a run is or how it ended, in a line."""
    if state == "running":
        try:
            with closing(notes.call(note)) as line:
                line.sendall(b"watch\n")
                return str(next(heard(line), {}).get("message", ""))
        except EngineError:
            return ""  # it has ended meanwhile
    match note.result:
        case {"message": str(message)}:
            return message
        case {"nodes": dict(nodes)}:
            counts = cast("dict[str, object]", nodes)
            return ", ".join(f"{number} {name}" for name, number in counts.items() if number)
        case _:
            return "killed; what it had done is kept"


def _follow(notes: Notes, note: Note, shows: Shows) -> None:
    try:
        line = notes.call(note)
    except EngineError:
        return  # it has ended meanwhile
    with closing(line):
        line.sendall(b"watch\n")
        for said in heard(line):
            match said:
                case {"said": "progress", "fraction": int() | float() as fraction, "message": text}:
                    shows(fraction, str(text))
                case {"said": "ended"}:
                    return
                case _:
                    pass


@contextmanager
def _shown() -> Generator[Shows]:
    if not sys.stderr.isatty():
        yield lambda fraction, message: None
        return
    # 0.07 s to import, needed in terminals only
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=1.0)
        yield lambda fraction, message: progress.update(
            bar, completed=fraction, description=message
        )


def _told(result: Fields) -> int:
    """Print the goals of a run as `voxlogica run` does; return its exit code."""
    if isinstance(result.get("message"), str):
        click.echo(f"voxlogica: {result['message']}", err=True)
    goals = cast("list[dict[str, object]]", result.get("goals", []))
    for goal in goals:
        label = goal["label"] or "?"
        if goal["outcome"] != "done":
            click.echo(f"{goal['outcome']}: {goal['kind']} {label}: {goal['message']}", err=True)
        elif goal["kind"] == "print":
            click.echo(f"{label}={written(goal['value'])}")  # type: ignore[arg-type]
    return _exit_code(result, {str(goal["outcome"]) for goal in goals})


def _exit_code(result: Fields, outcomes: set[str]) -> int:
    findings = cast("list[dict[str, object]]", result.get("diagnostics", []))
    if not outcomes and any(found.get("severity") == "error" for found in findings):
        return exits.ERRORS
    if result.get("outcome") == "refused":
        return exits.WORLD
    if "cancelled" in {*outcomes, result.get("outcome")}:
        return exits.CANCELLED
    is_fine = outcomes <= {"done"} and "outcome" not in result
    return exits.DONE if is_fine else exits.FAILED
