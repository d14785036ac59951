"""Entries of the store as rows of a table and as JSON objects. Texts in them only if asked for."""

from datetime import UTC, datetime

from voxlogica_core.cli.tables import moment
from voxlogica_core.store.inventory import Entry
from voxlogica_core.store.record import InFile, Inline, Value
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.sizes import size_text
from voxlogica_core.values.written import json_able, written

_LONGEST = 40  # characters of a value in a table


def entry_row(entry: Entry, *, paths: bool) -> tuple[str, ...]:
    """Return an entry as a row of the table of ``cache list``."""
    record = entry.record
    return (
        record.id[:12],
        str(record.kind),
        ", ".join([*entry.names[:3], *(entry.labels[:2] if paths else ())]),
        record.primitive,
        _short(entry, paths=paths),
        f"{record.seconds:.3f}",
        size_text(entry.size) if entry.size else "-",
        moment(entry.last_used),
    )


def entry_pairs(entry: Entry, *, paths: bool) -> list[tuple[str, str]]:
    """Return an entry as the lines of ``cache show``."""
    record = entry.record
    grid = record.geometry
    pairs = [
        ("id", record.id),
        ("kind", str(record.kind)),
        ("computed by", f"{record.primitive} (version {record.version})"),
        ("in", f"{record.seconds:.6f} s, {moment(record.created)}"),
        ("last used", moment(entry.last_used)),
        ("value", _kept(entry)),
    ]
    if isinstance(record.stored, Inline):
        pairs.append(("", _shown(record.stored.value, paths=paths)))
    if grid is not None:
        pairs += [("grid", grid_text(grid)), ("in memory", size_text(record.nbytes))]
    if entry.names:
        pairs.append(("declared as", ", ".join(entry.names)))
    if paths and entry.labels:
        pairs.append(("asked for as", ", ".join(entry.labels)))
    return pairs


def entry_object(entry: Entry, *, paths: bool) -> dict[str, object]:
    """Return an entry as a JSON object."""
    record = entry.record
    grid = record.geometry
    found: dict[str, object] = {
        "id": record.id,
        "kind": str(record.kind),
        "primitive": record.primitive,
        "primitive_version": record.version,
        "kept": record.is_kept,
        "bytes": record.nbytes,
        "file_bytes": entry.size,
        "seconds": record.seconds,
        "created": utc(record.created),
        "last_used": utc(entry.last_used),
        "names": list(entry.names),
        "grid": {"size": grid.size, "spacing": grid.spacing} if grid else None,
    }
    if paths:
        found["labels"] = list(entry.labels)
    if isinstance(record.stored, Inline) and (paths or not has_text(record.stored.value)):
        found["value"] = json_able(record.stored.value)
    return found


def has_text(value: Value) -> bool:
    """Return whether there is a text in a value, which may be a path or a person's name."""
    match value:
        case str():
            return True
        case tuple():
            return any(has_text(item) for item in value)
        case dict():
            return any(has_text(item) for item in value.values())
        case _:
            return False


def grid_text(grid: Geometry) -> str:
    """Return size and spacing of a grid in one line."""
    size = "×".join(str(length) for length in grid.size)
    return f"{size}, {'×'.join(f'{step:g}' for step in grid.spacing)} mm"


def utc(seconds: float) -> str:
    """Return a moment, in seconds since 1970, in ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _short(entry: Entry, *, paths: bool) -> str:
    record = entry.record
    if record.geometry is not None:
        return grid_text(record.geometry)
    if not isinstance(record.stored, Inline):
        return ""
    text = _shown(record.stored.value, paths=paths)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _shown(value: Value, *, paths: bool) -> str:
    return "(a text: --paths shows it)" if has_text(value) and not paths else written(value)


def _kept(entry: Entry) -> str:
    match entry.record.stored:
        case Inline():
            return "kept in its record"
        case InFile(codec, _, size):
            return f"kept in a file of {size_text(size)} ({codec})"
        case _:
            return "known, not kept: it is made again when needed"
