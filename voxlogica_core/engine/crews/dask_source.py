"""Dask comes when it is needed, in the background; until then this imports nothing of it.

Either a cluster of this process, or the scheduler that somebody has started elsewhere.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from voxlogica_core.engine.workers.worker import Bench
from voxlogica_core.errors import EngineError

if TYPE_CHECKING:
    from voxlogica_core.engine.crews.crew import Crew


class Cluster(Protocol):
    """Where tasks are done."""

    @property
    def url(self) -> str:
        """Where the dashboard is."""
        ...

    def crew(self, bench: Bench, prefix: str) -> "Crew":
        """Return a crew for one run; `prefix` makes its keys unique."""
        ...

    def close(self) -> None:
        """End it, or leave it."""
        ...


class LazyDask:
    """The cluster of an engine, made by the first run that is worth it.

    Parameters
    ----------
    make
        Makes it; imports Dask.
    dashboard
        Whether the dashboard is to be had at a known port.
    elsewhere
        Whether it is a cluster of others.
    """

    def __init__(
        self, make: Callable[[], Cluster], *, dashboard: bool, elsewhere: bool = False
    ) -> None:
        self.is_elsewhere = elsewhere
        self._make_cluster = make
        self._dashboard = dashboard
        self._cluster: Future[Cluster] | None = None
        self._closing = threading.Event()
        self._runs = 0

    @property
    def is_there(self) -> bool:
        """Whether the cluster has been made."""
        return self._cluster is not None and self._cluster.done()

    @property
    def is_shown(self) -> bool:
        """Whether the dashboard was asked for."""
        return self._dashboard

    def crew(self, bench: Bench, opened: Callable[[str], None]) -> "Future[Crew]":
        """Begin to make a crew for one run.

        Parameters
        ----------
        opened
            Told where the dashboard is, if one was asked for.
        """
        self._runs += 1
        prefix = f"voxlogica-{self._runs} "
        crew: Future[Crew] = Future()

        def made(cluster: Future[Cluster]) -> None:
            if (error := cluster.exception()) is not None:
                crew.set_exception(error)
                return
            if self._dashboard:
                opened(cluster.result().url)
            crew.set_result(cluster.result().crew(bench, prefix))

        self._begun().add_done_callback(made)
        return crew

    def connect(self) -> None:
        """Wait for the cluster; `EngineError` if there can be none."""
        self._begun().result()

    def close(self) -> None:
        """End the cluster, if there is one; one that is being made is waited for."""
        self._closing.set()
        if self._cluster is not None and self._cluster.exception() is None:
            self._cluster.result().close()
        self._cluster = None

    def _begun(self) -> Future[Cluster]:
        if self._cluster is None:
            cluster: Future[Cluster] = Future()
            self._cluster = cluster
            threading.Thread(target=self._make, args=(cluster,), name="dask", daemon=True).start()
        return self._cluster

    def _make(self, cluster: Future[Cluster]) -> None:
        try:
            if self._closing.is_set():
                raise EngineError("Dask was not needed any more when it came")
            cluster.set_result(self._make_cluster())
        except (EngineError, ImportError) as error:
            cluster.set_exception(error)
        except BaseException as error:
            cluster.set_exception(error)  # somebody waits for it
            raise
