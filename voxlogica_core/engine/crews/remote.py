"""A cluster of others: the client of a Dask scheduler that somebody else has started.

Images stay in the cluster and travel between its workers; the client gets what is to be printed,
saved and recorded.
"""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from distributed import Client

from voxlogica_core.engine.crews.outpost import equipment_of, forget, objection, sees
from voxlogica_core.engine.crews.remote_crew import RemoteCrew, refusal
from voxlogica_core.engine.crews.turns import Turns
from voxlogica_core.engine.workers.worker import Bench
from voxlogica_core.errors import EngineError
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.locations import Layout

WIDTH = 16
"""Tasks the scheduler knows of at a time, or twice the threads of all workers if that is more."""
PATIENCE = 30.0
"""Seconds to wait for a scheduler that listens to answer: a busy machine takes long."""
FIRST_WORKER = 5.0
"""Seconds to wait for a worker where there is none."""
DELAYS = (0.5, 1.0, 2.0)
"""Seconds before a task is tried again that was lost with its worker or with what it needs."""


class RemoteCluster:
    """The client of a scheduler somebody else has started.

    Parameters
    ----------
    address
        Of the scheduler.
    catalogue
        What workers must have.
    folder
        The store's, None where nothing stays.
    pool
        Threads of the engine: they read here what workers do not see, and take in what comes.
    flush
        Waits until what was recorded can be looked up.

    Raises
    ------
    EngineError
        Nobody answers, there is no worker, or one of them cannot do the work.
    """

    def __init__(
        self,
        address: str,
        catalogue: Catalogue,
        folder: Path | None,
        pool: ThreadPoolExecutor,
        flush: Callable[[], None],
    ) -> None:
        self.address = address
        self.folder = folder
        self.pool = pool
        self.flush = flush
        self.turns = Turns()
        self.outpost = f"voxlogica-{uuid4().hex}"
        self.delays = DELAYS
        self.sees_store = False
        self._seen: dict[str, bool] = {}
        self.client: Any = _connected(address)
        with ExitStack() as stack:
            stack.callback(self.client.close)
            payloads = None if folder is None else Layout(folder).payloads
            probe = stack.enter_context(NamedTemporaryFile(dir=payloads, prefix="part-probe-"))
            place = probe.name if payloads else ""
            self.equipment = equipment_of(catalogue, folder, place).written()
            stack.callback(self._take_leave)
            self._equip()
            self._stack = stack.pop_all()

    @property
    def url(self) -> str:
        """Where the dashboard is."""
        return str(self.client.dashboard_link)

    @property
    def width(self) -> int:
        """How many tasks it should know of."""
        workers: dict[str, Any] = self.client.scheduler_info(n_workers=-1)["workers"]
        return max(WIDTH, 2 * sum(worker["nthreads"] for worker in workers.values()))

    def crew(self, bench: Bench, prefix: str) -> RemoteCrew:
        """Return a crew for one run; `prefix` makes its keys unique."""
        return RemoteCrew(self, bench, f"{prefix}{self.outpost} ")

    def sees(self, path: str) -> bool:
        """Return whether every worker sees a file as it is here."""
        known = self._seen.get(path)
        if known is None:
            size = Path(path).stat().st_size if Path(path).is_file() else -1
            known = all(self.client.run(sees, path, size).values())
            self._seen[path] = known  # twice at worst, with equal results
        return known

    def lost(self) -> EngineError | None:
        """Return what to say when the scheduler is gone, None while it is there."""
        if self.client.status == "running":
            return None
        return EngineError(
            f"the Dask scheduler at {self.address} ended in the middle of a run; what was "
            "recorded is kept: start it again, or leave --scheduler out, and run again"
        )

    def close(self) -> None:
        """Leave the scheduler; its workers forget us."""
        self._stack.close()

    def _take_leave(self) -> None:
        if self.lost() is None:
            self.client.run(forget, self.outpost, on_error="ignore")

    def _equip(self) -> None:
        """Ask all workers whether they can do the work; those that come later say so then."""
        try:
            self.client.wait_for_workers(1, timeout=FIRST_WORKER)
        except TimeoutError as error:
            raise EngineError(
                f"the Dask scheduler at {self.address} has no workers; start one with "
                f"`dask worker {self.address}` where VoxLogicA is installed"
            ) from error
        answers: dict[str, Any] = self.client.run(
            objection, self.outpost, self.equipment, on_error="return"
        )
        for worker, answer in answers.items():
            match answer:
                case (None, bool()):
                    pass
                case (str(problem), bool()):
                    raise refusal(worker, problem)
                case problem:
                    raise refusal(worker, f"{type(problem).__name__}: {problem}")
        self.sees_store = all(sees_store for _, sees_store in answers.values())


def _connected(address: str) -> Any:
    try:
        _knock(address)
        return Client(address, set_as_default=False, timeout=PATIENCE, name="voxlogica")
    except (OSError, TimeoutError, ValueError) as error:
        raise EngineError(
            f"a Dask scheduler was wanted at {address}, but none answered ({error}); start one "
            "with `dask scheduler`, correct the address, or leave --scheduler out"
        ) from error


def _knock(address: str) -> None:
    """Raise `OSError` where nobody listens: Dask would try again until its time is up."""
    parts = urlsplit(address)
    if parts.scheme in ("tcp", "tls") and parts.hostname and parts.port:
        socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE).close()
