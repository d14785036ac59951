"""Payloads of a store as a worker on another machine sees them: it reads values, nothing else."""

from pathlib import Path

from voxlogica_core.store.files import read_payload
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.payload import decode
from voxlogica_core.store.record import MISSING, InFile, Inline, Missing, Record, Value


class PayloadFolder:
    """Gives the values of records.

    Parameters
    ----------
    folder
        Of the store; None where it is not seen.
    """

    def __init__(self, folder: Path | None) -> None:
        self._layout = None if folder is None else Layout(folder)

    def value(self, record: Record) -> Value | Missing:
        """Return the value of a record; `MISSING` if it is not kept, not seen or damaged."""
        match record.stored:
            case Inline(value):
                return value
            case InFile(size=size) if self._layout is not None:
                content = read_payload(self._layout, record.id, size)
                return MISSING if content is None else decode(content, record)
            case _:
                return MISSING
