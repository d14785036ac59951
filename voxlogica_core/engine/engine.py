"""The engine: runs plans on a store. One for each store and process; its runs share all they do."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

from voxlogica_core.engine.crashes.gate import Watch, watch
from voxlogica_core.engine.crews.dask_source import LazyDask
from voxlogica_core.engine.crews.hiring import Office
from voxlogica_core.engine.crews.titles import labels_of
from voxlogica_core.engine.events import DashboardOpened
from voxlogica_core.engine.files import Files
from voxlogica_core.engine.goals import refused, wishes
from voxlogica_core.engine.phases.phases import Phases
from voxlogica_core.engine.phases.share import Share
from voxlogica_core.engine.phases.surroundings import Surroundings
from voxlogica_core.engine.run import Run
from voxlogica_core.engine.sharing.claims import Claims
from voxlogica_core.engine.sharing.sharing import Sharing
from voxlogica_core.engine.steps.step import Task
from voxlogica_core.engine.workers.backgrounds import Backgrounds
from voxlogica_core.engine.workers.saving import ProgramFiles
from voxlogica_core.engine.workers.worker import Bench
from voxlogica_core.errors import UsageError
from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import NodeId, is_closed
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.record import Finished
from voxlogica_core.store.store import Store, bytes_of
from voxlogica_core.store.writing import WriteQueue
from voxlogica_core.system import (
    give_memory_back,
    keep_freed_memory,
    share_memory_among_threads,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from voxlogica_core.engine.crews.crew import Crew
    from voxlogica_core.engine.crews.dask_source import Cluster
    from voxlogica_core.engine.events import Told


_ROOMY = 2**31
"""A budget with room for 256 MB that are free, and ready for the next image of a long run."""
_LONG = 0.5
"""Seconds of a run after which what is free is given back, which takes some milliseconds."""


class Engine:
    """Runs plans: computes what the store does not have, and records what it computes.

    A context manager; closing it ends Dask and writes what is left to write.

    Parameters
    ----------
    store
        What is known; not closed by the engine.
    catalogue
        The primitives of plans that do not say theirs.
    threads
        Tasks at a time; the number of cores by default.
    memory
        Budget in bytes; half of the machine's memory by default.
    scheduler
        Address of a Dask scheduler, such as ``tcp://host:8786``: all but small work is done by
        its workers.
    dashboard
        Whether Dask's dashboard is to be had on port 8787 of this machine.
    files
        How images come from and go to files.
    prepared
        For crashes of kernels: notes what is computed; by default where nobody reads it.
    """

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        *,
        threads: int | None = None,
        memory: int | None = None,
        scheduler: str | None = None,
        dashboard: bool = False,
        files: Files | None = None,
        prepared: Watch | None = None,
    ) -> None:
        share_memory_among_threads()
        self.threads = threads or os.cpu_count() or 1
        self._watch = prepared or watch()
        budget = memory or _half_of_memory()
        self.memory = budget // 2 if self._watch.caution.lean else budget
        self._store = store
        self._catalogue = catalogue
        self._files = files or ProgramFiles()
        self._claims = Claims(store.claims_file)
        self._sharing = Sharing()
        self._writing = WriteQueue(store, self.memory // 8, self._recorded)
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="kernels")
        self._scheduler = scheduler
        self._dask = LazyDask(self._cluster, dashboard=dashboard, elsewhere=scheduler is not None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, KeyboardInterrupt):  # somebody is waiting
            self._writing.close()
        else:
            self.close()

    @property
    def problem(self) -> str | None:
        """Why nothing is stored any more, when that is so."""
        return self._writing.problem

    def run(
        self,
        plan: Plan,
        *,
        goals: Sequence[Goal] | None = None,
        targets: Sequence[NodeId] = (),
        folder: Path | None = None,
    ) -> Run:
        """Return a run of a plan; it begins when it is waited for, iterated or started.

        Runs go on beside each other: what one computes, the others wait for instead of computing
        it, too, and count it as reused. Cancelling one ends nothing that another waits for.

        Parameters
        ----------
        plan
            What to run.
        goals
            The goals to reach, all of the plan by default.
        targets
            Other nodes whose values are wanted.
        folder
            Where relative paths of saves begin; the working directory by default.

        Raises
        ------
        UsageError
            A target is no node of the plan that has a value.
        """
        chosen = plan.goals if goals is None else tuple(goals)
        begin = self._beginner(plan, chosen, targets, folder)

        def work(run: Run, tell: "Callable[[Told], None]") -> None:
            self._carry_out(run, begin(tell))

        return Run(plan, work, begin.bench.stopping)

    def schedule(
        self,
        plan: Plan,
        *,
        goals: Sequence[Goal] | None = None,
        targets: Sequence[NodeId] = (),
    ) -> Sequence[Task]:
        """Return the tasks that a run of a plan would begin with, given what is known now.

        Nothing is run, claimed or recorded. Tasks that depend on values nobody knows yet, such as
        those of a loop over what a kernel makes, are not among them. For parameters and errors see
        `run`.
        """
        chosen = plan.goals if goals is None else tuple(goals)
        return self._beginner(plan, chosen, targets, None)(_untold).schedule()

    def close(self) -> None:
        """End Dask, write what is left to write."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._dask.close()
        self._writing.close()
        self._claims.close()

    def _beginner(
        self, plan: Plan, goals: Sequence[Goal], targets: Sequence[NodeId], folder: Path | None
    ) -> "_Beginner":
        for target in targets:
            if target not in plan.nodes or not is_closed(plan.nodes[target]):
                raise UsageError(f"{target} was asked for, but no node of the plan has a value so")
        bench = Bench(
            plan.catalogue or self._catalogue,
            self._store,
            self._files,
            self._record,
            self._image_threads(),
            Backgrounds(self._files, plan),
            labels={**labels_of(plan)},
            watch=self._watch,
        )

        def around(tell: "Callable[[Told], None]") -> Surroundings:
            return Surroundings(
                bench,
                self._store,
                self._claims,
                Share(self._sharing),
                Office(self._pool, self.threads, _DaskOfRun(self._dask, tell)),
                self.memory,
                folder or Path.cwd(),
                tell,
                self._writing.flush,
            )

        return _Beginner(plan, goals, targets, bench, around)

    def _carry_out(self, run: Run, phases: Phases) -> None:
        run.phases = phases
        begin = monotonic()
        try:
            if self._scheduler is not None:
                self._dask.connect()
            phases.run()
        finally:
            self._writing.flush()
            if self._dask.is_there and monotonic() - begin > _LONG:
                give_memory_back()

    def _record(self, item: Finished) -> None:
        self._claims.handed_over(item.id)
        if item.written is None:
            self._sharing.recording(item.id, item.value, bytes_of(item.value))
        self._writing.put(item)

    def _recorded(self, nodes: Sequence[NodeId]) -> None:
        self._claims.recorded(nodes)
        self._sharing.recorded(nodes)

    def _cluster(self) -> "Cluster":
        """Return where Dask works; called once."""
        # 0.46 s to import, needed for heavy work only
        if self._scheduler is None:
            from voxlogica_core.engine.crews.window import LocalWindow  # noqa: PLC0415

            if self.memory >= _ROOMY:
                keep_freed_memory()
            return LocalWindow(self.threads, dashboard=self._dask.is_shown)
        from voxlogica_core.engine.crews.remote import RemoteCluster  # noqa: PLC0415

        claims = self._store.claims_file
        folder = None if claims is None else claims.parent
        pool, flush = self._pool, self._writing.flush
        return RemoteCluster(self._scheduler, self._catalogue, folder, pool, flush)

    def _image_threads(self) -> int:
        return self.threads


@dataclass(frozen=True, slots=True)
class _Beginner:
    """Makes the phases of one run of a plan, once it is known whom to tell of its events."""

    plan: Plan
    goals: Sequence[Goal]
    targets: Sequence[NodeId]
    bench: Bench
    around: "Callable[[Callable[[Told], None]], Surroundings]"

    def __call__(self, tell: "Callable[[Told], None]") -> Phases:
        phases = Phases(self.plan, wishes(self.goals, self.targets), self.around(tell))
        phases.wishes.results.update(refused(self.plan, self.goals))
        return phases


@dataclass(frozen=True, slots=True)
class _DaskOfRun:
    """The engine's Dask as one run sees it: the dashboard is told as an event of the run."""

    dask: LazyDask
    tell: "Callable[[Told], None]"

    @property
    def is_there(self) -> bool:
        return self.dask.is_there

    @property
    def is_shown(self) -> bool:
        return self.dask.is_shown

    @property
    def is_elsewhere(self) -> bool:
        return self.dask.is_elsewhere

    def crew(self, bench: Bench) -> "Future[Crew]":
        return self.dask.crew(bench, lambda url: self.tell(DashboardOpened(url)))


def _untold(event: "Told") -> None:
    """Take an event that nobody wants to know of."""
    del event


def _half_of_memory() -> int:
    pages = os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    size = os.sysconf("SC_PAGE_SIZE") if pages else 0
    return pages * size // 2 or 2**32
