"""What a run finds when it begins: the store, the engine's table, crews, memory. Does nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voxlogica_core.engine.crews.hiring import Office
from voxlogica_core.engine.events import Told
from voxlogica_core.engine.phases.share import Share
from voxlogica_core.engine.sharing.claims import Claims
from voxlogica_core.engine.workers.worker import Bench
from voxlogica_core.store.store import Store


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run finds when it begins.

    Parameters
    ----------
    store
        What is known.
    claims
        What the engine computes and no other does.
    share
        The run's share in what the runs of the engine compute together.
    office
        Where crews come from.
    budget
        Bytes.
    folder
        Where relative paths of saves begin.
    tell
        Takes events.
    flush
        Waits until what was recorded can be looked up.
    """

    bench: Bench
    store: Store
    claims: Claims
    share: Share
    office: Office
    budget: int
    folder: Path
    tell: Callable[[Told], None]
    flush: Callable[[], None]
