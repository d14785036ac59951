"""``voxlogica cache export``: a kept value as a file, with a side file that says what it is.

Nothing is given away that could name a patient: no folders, and names of files only if asked for.
"""

import json
from pathlib import Path

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.cache_entries import has_text, utc
from voxlogica_core.cli.configured import Configured
from voxlogica_core.engine.workers.saving import text_of, write_whole
from voxlogica_core.errors import StoreError, UsageError
from voxlogica_core.ide.report import VERSION
from voxlogica_core.plan.node import NodeId
from voxlogica_core.primitives.image_files import write_image
from voxlogica_core.store.inventory import files_below, find
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.record import MISSING, Record, Value
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.values.image import Image
from voxlogica_core.values.versions import installed_version


@click.command(
    "export",
    cls=Configured,
    epilog=options.examples(
        "voxlogica cache export 3f2a mask.nii.gz",
    ),
)
@click.argument("node", metavar="ID")
@click.argument("file", metavar="FILE")
@options.paths
@options.store
@options.as_json
def export(node: str, file: str, store: str | None, *, paths: bool, as_json: bool) -> int:
    """Write a kept value to FILE, such as out.nii.gz, and what it is to FILE.json.

    A few digits of the id are enough. Values without images can be written as .json, .csv or .txt.
    """
    folder = options.store_folder(store)
    reader = StoreReader(folder)
    try:
        name = find(reader, node)
        record = reader.lookup([name]).get(name)
        value = _value(folder, name, record)
        assert record is not None
        side = _side(reader, record, paths=paths)
    finally:
        reader.close()
    if has_text(value) and not paths:
        raise UsageError(
            f"{name} holds texts, which may be names of files or people; --paths writes them"
        )
    notes = _write(value, Path(file), side)
    if as_json:
        found = {"node": name, "path": file, "side": f"{file}.json", "notes": notes}
        click.echo(json.dumps({"version": VERSION, **found}))
    else:
        for note in notes:
            click.echo(f"voxlogica: {note}", err=True)
        click.echo(f"{name[:12]} was written to {file}; {file}.json says what it is", err=True)
    return exits.DONE


def _value(folder: Path, node: NodeId, record: Record | None) -> Value:
    known = open_store(folder)
    try:
        value = MISSING if record is None else known.value(record)
    finally:
        known.close()
    if value is MISSING:
        raise StoreError(
            f"the value of {node} is not kept (any more): save it in a program, "
            '`save "out.nii.gz" name`, and run that'
        )
    return value


def _write(value: Value, path: Path, side: dict[str, object]) -> tuple[str, ...]:
    text = json.dumps(side, indent=2) + "\n"
    if isinstance(value, Image):
        notes = write_image(value, str(path))
    else:
        content = text_of(value, str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        notes = ()
    write_whole(path.with_name(f"{path.name}.json"), text)
    return notes


def _side(reader: StoreReader, record: Record, *, paths: bool) -> dict[str, object]:
    return {
        "version": VERSION,
        "node": record.id,
        "primitive": record.primitive,
        "primitive_version": record.version,
        "computed": utc(record.created),
        "inputs": [
            {"sha256": file.digest, **({"file": file.name} if paths else {})}
            for file in files_below(reader, record.id)
        ],
        "versions": {"voxlogica": installed_version("voxlogica")},
        "note": "for research use, not a medical device",
    }
