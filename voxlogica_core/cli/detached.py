"""Begins detached runs: from the arguments of ``run --detach`` to the order for their host."""

import json
from dataclasses import dataclass
from pathlib import Path

import click

from voxlogica_core.cli import exits
from voxlogica_core.cli.constants import constants_of
from voxlogica_core.cli.options import chosen_orientation
from voxlogica_core.engine.detached import PROTOCOL, start
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.store.locations import Layout
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.values.sides import VARIABLE


@dataclass(frozen=True, slots=True)
class Place:
    """Where and with what a detached run computes.

    Parameters
    ----------
    store
        Folder of what is known.
    folder
        Where relative paths of saves begin.
    threads, memory
        Tasks at a time and budget in bytes; None: its own choice.
    """

    store: Path
    folder: Path
    threads: int | None
    memory: int | None


def begin(
    analysis: Analysis,
    place: Place,
    settings: tuple[str, ...],
    dialect: Dialect | None,
    *,
    as_json: bool,
) -> int:
    """Have a program run by a process of its own; print the id of the run.

    Raises
    ------
    UsageError
        The store cannot be written: nobody could find the results.
    """
    if Layout(place.store).is_read_only():
        message = f"a detached run leaves its results in a store; {place.store} is read-only"
        raise UsageError(message)
    order: dict[str, object] = {
        "protocol": PROTOCOL,
        "store": str(place.store.absolute()),
        "text": analysis.source.text,
        "path": analysis.source.path,
        "folder": str(place.folder.absolute()),
        "dialect": dialect,
        "part": None,
        "texts": {},
        "settings": dict(constants_of(settings, analysis.program)),
        "threads": place.threads,
        "memory": place.memory,
    }
    chosen = chosen_orientation()
    name = start(order, variables={VARIABLE: chosen} if chosen else None)
    click.echo(json.dumps({"version": 1, "id": name}) if as_json else name)
    if not as_json:
        click.echo(f"`voxlogica runs attach {name}` follows it", err=True)
    return exits.DONE
