"""A value in a hover: an image's picture and numbers, a scalar, a record. Reads no store."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from struct import unpack
from typing import cast

from voxlogica_core.ide.wording import count, measure, shortened, volume
from voxlogica_core.store.record import Record, Statistics
from voxlogica_core.values.kind import LABELS, MASK
from voxlogica_core.values.written import written

_WIDEST, _HIGHEST = 480, 140  # pixels
"""An editor's hover is 250 high at first: so name, status and numbers fit in with the picture."""

_LONGEST_VALUE = 300  # characters
_MOST_FIELDS = 30
_MOST_ITEMS = 40


def scalar(value: object) -> str:
    """Return a number, text, truth value or sequence on one line; nothing for what is none."""
    match value:
        case None | Mapping():
            return ""
        case str():
            return shortened(f'"{value}"', _LONGEST_VALUE)
        case Sequence():
            items = cast("Sequence[object]", value)
            shown = shortened(written(items[:_MOST_ITEMS]), _LONGEST_VALUE)
            return f"{shown}  // {count(len(items))} items" if len(items) > 3 else shown
        case _:
            return written(value)


def fields(value: object, *, markdown: bool) -> str:
    """Return the fields of a record as a table; nothing for what is none."""
    if not isinstance(value, Mapping):
        return ""
    record = cast("Mapping[str, object]", value)
    rows = [
        (str(name), shortened(written(found), 60))
        for name, found in islice(record.items(), _MOST_FIELDS)
    ]
    if len(record) > _MOST_FIELDS:
        rows.append(("…", f"{count(len(record) - _MOST_FIELDS)} more"))
    if markdown:
        lines = [f"| {_cell(name)} | {_cell(found)} |" for name, found in rows]
        return "\n".join(["| field | value |", "|:--|--:|", *lines])
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{name:<{width}}  {found}" for name, found in rows)


def picture(png: bytes) -> str:
    """Return a picture as Markdown that carries it, with the size it is to be shown in."""
    width, height = unpack(">II", png[16:24])
    factor = min(1, _WIDEST / max(1, width), _HIGHEST / max(1, height))
    text = b64encode(png).decode()
    measures = f"width={max(1, round(width * factor))},height={max(1, round(height * factor))}"
    return f"![preview](data:image/png;base64,{text}|{measures})"


def numbers(record: Record, found: Statistics) -> Iterator[str]:
    """Yield what the statistics of an image say, a line each."""
    if record.kind in (MASK, LABELS) and record.geometry is not None:
        share = 100 * found.voxels / max(1, record.geometry.voxel_count)
        voxels = f"{count(found.voxels)} voxels set ({share:.2g} %)"
        labels = [f"labels up to {measure(found.maximum or 0)}"] if record.kind == LABELS else []
        yield " · ".join([*labels, voxels, volume(found.volume, record.geometry.dimension)])
    elif found.minimum is not None:
        named = (("min", found.minimum), ("mean", found.mean), ("max", found.maximum))
        yield " · ".join(f"{word} {measure(n)}" for word, n in named if n is not None)
    if found.not_finite:
        yield f"{count(found.not_finite)} voxels are infinite or no number"


def _cell(text: str) -> str:
    """Return a text so that a table of Markdown shows it as it is."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
