"""``voxlogica cache verify``, ``trim`` and ``clear``: what keeps a store in order."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.configured import Configured
from voxlogica_core.cli.tables import print_pairs
from voxlogica_core.errors import StoreError
from voxlogica_core.ide.report import VERSION
from voxlogica_core.store.inventory import check_database, file_nodes, totals
from voxlogica_core.store.locations import Layout, default_limit
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.record import MISSING
from voxlogica_core.store.sqlite import SqliteStore
from voxlogica_core.store.trimming import Freed, Trimmer
from voxlogica_core.values.sizes import size_text


@click.command("verify", cls=Configured, epilog=options.examples("voxlogica cache verify"))
@options.store
@options.as_json
def verify(store: str | None, *, as_json: bool) -> int:
    """Read every kept value and check it; what is damaged is dropped and computed again.

    Exits with 0 when everything is whole and with 4 when something was not.
    """
    folder = options.store_folder(store)
    reader = StoreReader(folder)
    complaints = check_database(reader)
    nodes = file_nodes(reader)
    reader.close()
    damaged: list[str] = []
    size = 0
    if nodes:
        known = SqliteStore(folder)
        for node in nodes:
            record = known.lookup([node]).get(node)
            if record is None or (record.is_kept and known.value(record) is MISSING):
                damaged.append(node)
            else:
                size += record.nbytes
        known.close()
    if as_json:
        found = {"checked": len(nodes), "bytes": size, "damaged": damaged, "database": complaints}
        click.echo(json.dumps({"version": VERSION, **found}))
    else:
        _tell(len(nodes), size, damaged, complaints)
    return exits.WORLD if damaged or complaints else exits.DONE


@click.command("trim", cls=Configured, epilog=options.examples("voxlogica cache trim --to 5G"))
@click.option("--to", "limit", type=options.Bytes(), metavar="SIZE", help="[the store's limit]")
@options.store
@options.as_json
def trim(limit: int | None, store: str | None, *, as_json: bool) -> int:
    """Remove values beyond the limit, and files that killed processes left behind.

    The least recently used values go first. What is known about them stays: they are made again
    when they are needed.
    """
    with _trimmer(options.store_folder(store)) as trimmer:
        values = trimmer.trim(default_limit() if limit is None else limit) if trimmer else Freed()
        strays = trimmer.collect() if trimmer else Freed()
        half_written = trimmer.sweep() if trimmer else 0
    if as_json:
        found = {
            "values": {"count": values.values, "bytes": values.size},
            "strays": {"count": strays.values, "bytes": strays.size},
            "half_written": {"bytes": half_written},
        }
        click.echo(json.dumps({"version": VERSION, **found}))
        return exits.DONE
    in_use = "left there: another process has the store open"
    print_pairs(
        [
            ("values removed", f"{values.values}, {size_text(values.size)}"),
            ("files without a record", f"{strays.values}, {size_text(strays.size)}"),
            ("half-written files", in_use if half_written is None else size_text(half_written)),
        ]
    )
    return exits.DONE


@click.command("clear", cls=Configured, epilog=options.examples("voxlogica cache clear --yes"))
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.store
@options.as_json
def clear(store: str | None, *, yes: bool, as_json: bool) -> int:
    """Forget everything that is known, values, records, previews and history."""
    folder = options.store_folder(store)
    reader = StoreReader(folder)
    count = sum(total.known for total in totals(reader))
    reader.close()
    if not yes:
        click.confirm(f"Forget all {count:,} nodes that {folder} knows?", abort=True, err=True)
    with _trimmer(folder) as trimmer:
        freed = trimmer.clear() if trimmer else Freed()
        half_written = (trimmer.sweep() or 0) if trimmer else 0
    size = freed.size + half_written
    if as_json:
        found = {"nodes": count, "files": freed.values, "bytes": size}
        click.echo(json.dumps({"version": VERSION, **found}))
    else:
        click.echo(f"{count:,} nodes forgotten, {size_text(size)} of files removed", err=True)
    return exits.DONE


@contextmanager
def _trimmer(folder: Path) -> Generator[Trimmer | None]:
    """Give what can remove values of a store; None where there is no store."""
    if not Layout(folder).database.exists():
        yield None
        return
    known = SqliteStore(folder)
    try:
        for note in known.notes:
            click.echo(f"voxlogica: {note}", err=True)
        if known.trimmer is None:
            raise StoreError(
                f"the store in {folder} is read-only, nothing can be removed: become its owner, "
                "or choose another folder with --store"
            )
        yield known.trimmer
    finally:
        known.close()


def _tell(checked: int, size: int, damaged: list[str], complaints: list[str]) -> None:
    click.echo(f"{checked:,} values checked, {size_text(size)} in memory", err=True)
    for complaint in complaints:
        click.echo(f"the database is damaged: {complaint}")
    for node in damaged:
        click.echo(f"{node} was damaged; it is computed again when it is needed")
    if not damaged and not complaints:
        click.echo("everything is whole", err=True)
