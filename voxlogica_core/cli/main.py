"""The command line: finds the command and turns errors into messages and exit codes.

A command's file is imported when it is called, so that ``--help`` and ``check`` stay quick.
"""

import errno
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from typing import NoReturn

import click

from voxlogica_core.cli import exits, options, streams
from voxlogica_core.cli.guard import Start, begin_input_anew, guarded, keep_standard_input
from voxlogica_core.collector import all_stays
from voxlogica_core.errors import UsageError, VoxLogicaError

_COMMANDS = {
    "run": "Run a program: compute what is not known yet, print and save its goals.",
    "runs": "List detached runs, show, follow and cancel them.",
    "check": "Look for errors without running anything.",
    "explain": "Say what a diagnostic means and how to cure it.",
    "primitives": "Say what a primitive does and how it is called, or list them all.",
    "format": "Lay programs out in one style; changes no meaning.",
    "why": "Say why a value is to be computed: what has changed since the last run, and where.",
    "plan": "Show what a program means: its nodes, goals and declarations.",
    "repl": "Write a program line by line and see each value at once.",
    "cache": "Look at what is known, and keep it in order.",
    "lsp": "Start the language server on standard input and output.",
    "doctor": "Say what there is to know when something does not work.",
    "demo": "Run the example on a real brain twice and show what was remembered.",
    "version": "Show the versions of VoxLogicA and of what it computes with.",
}


_COMPUTING = (["run"], ["repl"])
"""These have kernels in their process, and a guard round it."""
_FULL_TABLES = frozenset({errno.EMFILE, errno.ENFILE})
_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


class Commands(click.Group):
    """The commands, each in a file of its name, imported only when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order they are explained."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of a command."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        with all_stays():
            command: click.Command = import_module(f"voxlogica_core.cli.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the arguments, and show the help if that is asked for."""
        with _left_by_its_reader(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Carry a command out."""
        with _left_by_its_reader(ctx):
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of one that is not there, name the nearest."""
        word = args[0]
        if word not in _COMMANDS and not word.startswith("-"):
            near = get_close_matches(word, _COMMANDS)
            if word.endswith(".imgql"):
                near = [f"voxlogica run {word}"]
            meant = f"did you mean {' or '.join(near)}?" if near else "--help lists them."
            ctx.fail(f"There is no command {word}; {meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@contextmanager
def _left_by_its_reader(ctx: click.Context) -> Generator[None]:
    """Exit with a code of its own when nobody reads the output any more; click would say 1."""
    try:
        yield
    except BrokenPipeError:
        ctx.exit(exits.UNREAD)


def _tell_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    del param
    if value:
        from importlib.metadata import version  # noqa: PLC0415  (24 ms, for this alone)

        click.echo(f"voxlogica {version('voxlogica')}")
        ctx.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Show the version; `voxlogica version` tells more.",
)
def voxlogica() -> None:
    """Analyse medical images by declaring what is meant.

    A program names images and regions; what it asks for is computed once and remembered.
    Research use only: this is not a medical device.
    """


def main() -> None:
    """Run the command line and exit with a code that tells the truth."""
    streams.make_ready()
    arguments = sys.argv[1:]
    if arguments[:1] not in _COMPUTING:
        leave(outcome(arguments))
    is_read_whole = arguments[0] == "run" and options.STANDARD_INPUT in arguments
    if is_read_whole:
        keep_standard_input()

    def attempt(start: Start) -> NoReturn:
        if is_read_whole:
            begin_input_anew()
        leave(outcome(arguments, start))

    try:
        leave(guarded(attempt))
    except KeyboardInterrupt:  # while what a process that crashed has said is not read
        leave(exits.CANCELLED)


def leave(code: int) -> NoReturn:
    """End the process: everything is closed and written by now.

    Python would first take apart what compiled kernels and image libraries hold: 0.3 s after a run.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            code = code or exits.UNREAD
        except OSError:
            code = code or exits.WORLD
    os._exit(code)


def outcome(arguments: list[str], start: Start | None = None) -> int:
    """Run the command line and return its exit code.

    Who has read enough of the output is told nothing: that is no error of theirs.

    Parameters
    ----------
    start
        How a run is to compute in this process.
    """
    try:
        return _carried_out(arguments, start or Start())
    except BrokenPipeError:
        return exits.UNREAD


def _carried_out(arguments: list[str], start: Start) -> int:
    try:
        result: object = voxlogica.main(
            arguments, prog_name="voxlogica", standalone_mode=False, obj=start
        )
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message())
        return exits.DONE
    except click.ClickException as problem:
        problem.show()
        return exits.USAGE
    except click.Abort:
        return exits.CANCELLED
    except UsageError as problem:
        click.echo(f"voxlogica: {problem}", err=True)
        return exits.USAGE
    except VoxLogicaError as problem:
        click.echo(f"voxlogica: {problem}", err=True)
        return exits.WORLD
    except OSError as problem:
        if problem.errno in _FULL_TABLES:
            words = f"{problem.strerror}; `ulimit -n 1024` lets this shell's commands open more"
            click.echo(f"voxlogica: {words}", err=True)
            return exits.WORLD
        if problem.filename is not None or problem.errno not in _UNWRITABLE:
            raise
        if problem.errno == errno.EBADF:
            cure = "standard output is closed; send it to a file, or to /dev/null"
        else:
            cure = f"{problem.strerror}; make room there, or send it elsewhere"
        click.echo(f"voxlogica: the output cannot be written: {cure}", err=True)
        return exits.WORLD
    return result if isinstance(result, int) else exits.DONE
