"""A stored result by itself, with no program at hand: as a row for lists, and as a page."""

from base64 import b64encode
from datetime import UTC, datetime

from voxlogica_core.ide.hover.portrait import fields, numbers, scalar
from voxlogica_core.ide.wording import duration, grid, size
from voxlogica_core.store.inventory import Entry
from voxlogica_core.store.record import InFile, Inline, Preview
from voxlogica_core.values.kind import IMAGE_LIKE


def stored_object(entry: Entry) -> dict[str, object]:
    """Return an entry of the store as a JSON object; labels and values stay where they are."""
    record = entry.record
    return {
        "node": record.id,
        "kind": str(record.kind),
        "primitive": record.primitive,
        "names": list(entry.names),
        "kept": record.is_kept,
        "isImage": record.kind in IMAGE_LIKE,
        "fileBytes": entry.size,
        "bytes": record.nbytes,
        "seconds": record.seconds,
        "created": _moment(record.created),
        "used": _moment(entry.last_used),
        "text": f"{size(entry.size or record.nbytes)}, made in {duration(record.seconds)}",
    }


def stored_page(entry: Entry, preview: Preview | None, documents: list[str]) -> str:
    """Return the page of a stored result, in Markdown.

    Parameters
    ----------
    preview
        Picture and statistics, if there are any.
    documents
        Programs it was met in.
    """
    record = entry.record
    parts = [
        f"# {', '.join(entry.names) or record.primitive}",
        f"`{record.id}`",
        f"{record.kind} · made by `{record.primitive}` in {duration(record.seconds)}",
        f"Recorded {_moment(record.created)}, last used {_moment(entry.last_used)}.",
        ", ".join(grid(record.geometry)) if record.geometry else "",
        _picture(preview.png) if preview else "",
        *(numbers(record, preview.statistics) if preview else ()),
        *(_value(record.stored.value) if isinstance(record.stored, Inline) else ()),
        _kept(entry),
        f"Met in {', '.join(documents)}." if documents else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _picture(png: bytes) -> str:
    return f"![preview](data:image/png;base64,{b64encode(png).decode()})"


def _value(value: object) -> list[str]:
    return [fields(value, markdown=True) or f"`{scalar(value)}`"]


def _kept(entry: Entry) -> str:
    match entry.record.stored:
        case InFile(codec, _, nbytes):
            return f"Kept in a file of {size(nbytes)} ({codec})."
        case Inline():
            return "Kept in its record."
        case _:
            return "Known, but not kept: it is made again when it is needed."


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
