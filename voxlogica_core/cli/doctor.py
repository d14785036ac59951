"""``voxlogica doctor``: what there is to know when something does not work. Repairs nothing."""

import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.tables import print_pairs
from voxlogica_core.configuration import settings_files
from voxlogica_core.errors import VoxLogicaError
from voxlogica_core.plan.digest import ENCODING
from voxlogica_core.primitives.catalogue import catalogue_for
from voxlogica_core.store.inventory import totals
from voxlogica_core.store.locations import Layout, default_folder
from voxlogica_core.store.reader import StoreReader

VERSION = 1
_LIBRARIES = ("SimpleITK", "numpy", "numba", "scipy", "dask", "distributed", "lark", "pygls")


@click.command("doctor", epilog=options.examples("voxlogica doctor", "voxlogica doctor --json"))
@options.store
@options.as_json
def command(store: str | None, *, as_json: bool) -> int:
    """Say what there is to know when something does not work: versions, places, problems.

    Exits with 4 when something is wrong.
    """
    chosen = Path(store).expanduser() if store else default_folder()
    facts, problems = _facts(chosen.absolute())
    if as_json:
        click.echo(json.dumps({"version": VERSION, **facts, "problems": problems}))
    else:
        print_pairs((name, _text(fact)) for name, fact in facts.items())
        for problem in problems:
            click.echo(f"voxlogica: {problem}", err=True)
        if not problems:
            click.echo("nothing is wrong", err=True)
    return exits.WORLD if problems else exits.DONE


def _facts(store: Path) -> tuple[dict[str, object], list[str]]:
    """Return what is the case, and what is wrong with it."""
    installed = {name: _installed(name) for name in _LIBRARIES}
    problems = [f"{name} is not installed" for name, found in installed.items() if found is None]
    if hindrance := options.no_folder(store):
        problems.append(hindrance)
    else:
        problems += [*_illness(store), *_hindrance(store)]
    try:
        primitives = len(catalogue_for(Path.cwd()).primitives)
    except VoxLogicaError as error:
        primitives, problems = 0, [*problems, str(error)]
    facts: dict[str, object] = {
        "voxlogica": _installed("voxlogica"),
        "python": f"{platform.python_version()} ({sys.executable})",
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "node encoding": ENCODING,
        "libraries": installed,
        "store": str(store),
        "settings files": [str(file) for file in settings_files(Path.cwd())],
        "primitives": primitives,
    }
    return facts, problems


def _illness(store: Path) -> list[str]:
    """Return what is wrong with a store; one that is not there is none."""
    reader = StoreReader(store)
    try:
        totals(reader)
    except VoxLogicaError as error:
        return [str(error)]
    finally:
        reader.close()
    return []


def _hindrance(store: Path) -> list[str]:
    """Return why nothing new can be remembered in a folder that may not be there yet."""
    if Layout(store).is_read_only():
        return [f"{store} cannot be written: nothing new will be remembered"]
    place = next(each for each in (store, *store.parents) if each.exists())
    if not os.access(place, os.W_OK):
        return [f"the store {store} cannot be made: {place} cannot be written"]
    return []


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _text(fact: object) -> str:
    match fact:
        case dict():
            return ", ".join(f"{name} {found}" for name, found in fact.items())
        case list():
            return ", ".join(map(str, fact)) or "none"
        case _:
            return str(fact)
