"""An image in a hover: its picture, and its numbers in words. Reads no store."""

from base64 import b64encode
from collections.abc import Iterator
from struct import unpack

from voxlogica_core.ide.wording import count, measure, volume
from voxlogica_core.store.record import Record, Statistics
from voxlogica_core.values.kind import LABELS, MASK

_WIDEST = 480  # pixels


def picture(png: bytes) -> str:
    """Return a picture as Markdown that carries it, at most 480 pixels wide."""
    width, height = unpack(">II", png[16:24])
    shown = min(width, _WIDEST)
    text = b64encode(png).decode()
    measures = f"width={shown},height={max(1, round(height * shown / max(1, width)))}"
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
