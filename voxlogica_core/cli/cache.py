"""``voxlogica cache``: what the store knows, how large it is, where it is. Changes nothing."""

import json
from typing import get_args

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.cache_care import clear, trim, verify
from voxlogica_core.cli.cache_entries import entry_object, entry_pairs, entry_row
from voxlogica_core.cli.cache_export import export
from voxlogica_core.cli.configured import ConfiguredGroup
from voxlogica_core.cli.tables import print_pairs, print_table
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.report import VERSION
from voxlogica_core.store.inventory import (
    Order,
    documents_of,
    entries,
    entry,
    files_below,
    find,
    inputs_of,
    totals,
)
from voxlogica_core.store.locations import Layout, default_limit
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.values.sizes import size_text


@click.group(
    "cache",
    cls=ConfiguredGroup,
    epilog=options.examples(
        "voxlogica cache list",
        "voxlogica cache show 3f2a",
        "voxlogica cache export 3f2a mask.nii.gz",
        "voxlogica cache size",
    ),
)
def command() -> None:
    """Look at what is known, and keep it in order."""


@command.command("path", epilog=options.examples("voxlogica cache path"))
@options.store
@options.as_json
def path(store: str | None, *, as_json: bool) -> int:
    """Show the folder of the store, whether or not it is there."""
    folder = options.store_folder(store).absolute()
    if as_json:
        exists = Layout(folder).database.exists()
        click.echo(json.dumps({"version": VERSION, "path": str(folder), "exists": exists}))
    else:
        click.echo(folder)
    return exits.DONE


@command.command("size", epilog=options.examples("voxlogica cache size --json"))
@options.store
@options.as_json
def size(store: str | None, *, as_json: bool) -> int:
    """Show how much is known and kept, and how much room it takes."""
    reader = StoreReader(options.store_folder(store))
    found = totals(reader)
    reader.close()
    layout = reader.layout
    database = sum(p.stat().st_size for p in (layout.database, layout.journal) if p.exists())
    values, limit = sum(total.size for total in found), default_limit()
    if as_json:
        kinds = [{"kind": t.kind, "known": t.known, "kept": t.kept, "bytes": t.size} for t in found]
        fields = {"values": values, "database": database, "limit": limit, "kinds": kinds}
        click.echo(json.dumps({"version": VERSION, **fields}))
        return exits.DONE
    rows = [(t.kind, f"{t.known:,}", f"{t.kept:,}", size_text(t.size)) for t in found]
    print_table(("kind", ">known", ">kept", ">in files"), rows)
    print_pairs(
        [
            ("values", f"{size_text(values)} of {size_text(limit)}"),
            ("records and previews", size_text(database)),
        ]
    )
    return exits.DONE


@command.command("list", epilog=options.examples("voxlogica cache list"))
@click.option("--sort", "order", type=click.Choice(get_args(Order)), default="used")
@click.option("--kind", metavar="KIND", help="Nodes of one kind, such as image or mask.")
@click.option("--limit", type=click.IntRange(0), default=50, help="So many at most [50; 0: all].")
@options.paths
@options.store
@options.as_json
def list_nodes(
    order: Order, kind: str | None, limit: int, store: str | None, *, paths: bool, as_json: bool
) -> int:
    """List the nodes that are known, the last used first."""
    reader = StoreReader(options.store_folder(store))
    found = entries(reader, order=order, limit=limit or -1, kind=kind)
    known = sum(total.known for total in totals(reader))
    reader.close()
    if as_json:
        nodes = [entry_object(each, paths=paths) for each in found]
        click.echo(json.dumps({"version": VERSION, "known": known, "nodes": nodes}))
        return exits.DONE
    titles = ("id", "kind", "names", "what", "value or grid", ">seconds", ">in file", "last used")
    if found:
        print_table(titles, (entry_row(each, paths=paths) for each in found))
    click.echo(f"{len(found)} of {known:,} nodes that are known", err=True)
    return exits.DONE


@command.command("show", epilog=options.examples("voxlogica cache show 3f2a"))
@click.argument("node", metavar="ID")
@options.paths
@options.store
@options.as_json
def show(node: str, store: str | None, *, paths: bool, as_json: bool) -> int:
    """Show what is known about one node; a few digits of its id are enough."""
    reader = StoreReader(options.store_folder(store))
    try:
        name = find(reader, node)
        found = entry(reader, name)
        if found is None:
            raise UsageError(f"the record of {name} is damaged: `voxlogica run` makes it again")
        preview = reader.preview(name)
        inputs = inputs_of(reader, name)
        digests = [
            {"sha256": file.digest, **({"file": file.name} if paths else {})}
            for file in files_below(reader, name)
        ]
        documents = documents_of(reader, name) if paths else []
    finally:
        reader.close()
    statistics = json.loads(preview.statistics.to_json()) if preview else None
    if as_json:
        fields = entry_object(found, paths=paths)
        fields |= {"inputs": inputs, "files": digests, "statistics": statistics}
        fields |= {"programs": documents} if paths else {}
        click.echo(json.dumps({"version": VERSION, **fields}))
    else:
        print_pairs(
            [
                *entry_pairs(found, paths=paths),
                *(("input", given) for given in inputs),
                *(("from file", " ".join(reversed(file.values()))) for file in digests),
                *(("program", document) for document in documents),
                *_numbers(statistics),
            ]
        )
    return exits.DONE


def _numbers(statistics: dict[str, object] | None) -> list[tuple[str, str]]:
    names = ("minimum", "maximum", "mean", "deviation", "voxels", "volume", "box")
    found = statistics or {}
    return [(name, str(found[name])) for name in names if found.get(name) is not None]


for _command in (export, verify, trim, clear):
    command.add_command(_command)
