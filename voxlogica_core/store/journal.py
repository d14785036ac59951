"""The runs that a store remembers, for people: which program, when, how it ended. Light; reads."""

from dataclasses import dataclass

from voxlogica_core.store.inventory import asked
from voxlogica_core.store.reader import StoreReader

_RECENT = """SELECT number, document, started, ended, outcome,
        (SELECT count(*) FROM failure WHERE run = number)
    FROM run ORDER BY number DESC LIMIT ?"""


@dataclass(frozen=True, slots=True)
class PastEntry:
    """A run that was begun on this store.

    Parameters
    ----------
    number
        Later runs have larger ones.
    document
        Path of the program; empty where it had none.
    started, ended
        Seconds since 1970; None: it goes on, or was killed.
    outcome
        How it ended; empty where that is not known.
    failures
        Nodes that failed in it.
    """

    number: int
    document: str
    started: float
    ended: float | None
    outcome: str
    failures: int


def recent_runs(reader: StoreReader, most: int) -> list[PastEntry]:
    """Return the latest runs, the newest first.

    Raises
    ------
    StoreError
        The store is there and cannot be read.
    """
    return [
        PastEntry(int(number), str(document), started, ended, str(outcome or ""), int(failures))
        for number, document, started, ended, outcome, failures in asked(reader, _RECENT, [most])
    ]
