"""Options that several commands share, and the types of their values."""

import os
from pathlib import Path
from typing import get_args

import click

from voxlogica_core.errors import StoreError
from voxlogica_core.store.locations import default_folder
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.values.sides import ORIENTATIONS, VARIABLE, Orientation
from voxlogica_core.values.sizes import size_from


class Bytes(click.ParamType[int]):
    """A number of bytes, with K, M or G behind it."""

    name = "bytes"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number of bytes that a text such as ``4G`` means."""
        if isinstance(value, int):
            return value
        try:
            return size_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Count(click.ParamType[int]):
    """A whole number from 1."""

    name = "count"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number that a text is."""
        text = str(value)
        if not text.isdecimal() or int(text) < 1:
            self.fail(f"a whole number from 1 is wanted, {text!r} came", param, ctx)
        return int(text)


class Programs(click.Path):
    """A program's file, or ``-`` for standard input; shells complete names of files."""

    name = "program"


_ORIENTATION = "voxlogica.orientation"
STANDARD_INPUT = "-"
"""In place of a file: the program is read from standard input."""

program = click.argument("file", type=Programs(), metavar="FILE|-")
programs = click.argument("files", type=Programs(), nargs=-1, required=True, metavar="FILE...|-")
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
store = click.option(
    "--store", metavar="DIR", envvar="VOXLOGICA_STORE", help="Where what is known is kept."
)
scheduler = click.option(
    "--scheduler",
    envvar="VOXLOGICA_SCHEDULER",
    metavar="ADDR",
    help="Have the workers of a Dask scheduler compute, such as tcp://host:8786.",
)
dialect = click.option(
    "--dialect",
    type=click.Choice(get_args(Dialect)),
    help="What programs are written in that do not state it themselves.",
)


def _remember_orientation(
    ctx: click.Context, param: click.Parameter, value: Orientation | None
) -> None:
    del param
    ctx.meta[_ORIENTATION] = value


orientation = click.option(
    "--orientation",
    type=click.Choice(ORIENTATIONS),
    envvar=VARIABLE,
    expose_value=False,
    callback=_remember_orientation,
    help="On which side pictures show the patient's left [radiological: at the right].",
)


def chosen_orientation() -> Orientation | None:
    """Return what ``--orientation`` says to the current command, None if nothing."""
    return click.get_current_context().meta.get(_ORIENTATION)


paths = click.option(
    "--paths",
    is_flag=True,
    help="Tell names of files, labels and texts too, in which there may be names of patients.",
)


def examples(*lines: str) -> str:
    """Return command lines as the part of a help text that shows how a command is used."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def folder_of(file: str) -> Path:
    """Return where a program stands; what comes from standard input, in the working folder."""
    return Path(file).parent


def store_folder(chosen: str | None) -> Path:
    """Return the folder of the store that ``--store`` chose, or the user's own.

    Raises
    ------
    StoreError
        There is something else in its place.
    """
    folder = Path(chosen).expanduser() if chosen else default_folder()
    if hindrance := no_folder(folder):
        raise StoreError(hindrance)
    return folder


def no_folder(folder: Path) -> str | None:
    """Return why a store cannot be a folder, None where it can."""
    there = next((each for each in (folder, *folder.parents) if os.path.lexists(each)), None)
    if there is None or there.is_dir():
        return None
    kind = "a file" if there.exists() else "a link that leads nowhere"
    return (
        f"a folder is wanted as store, and {there} is {kind}; choose another with --store or "
        "VOXLOGICA_STORE, or run with --no-cache"
    )
