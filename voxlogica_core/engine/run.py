"""A run as its users see it: events, outcomes, results, values. The work is in `phases.py`."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from queue import SimpleQueue
from time import perf_counter
from typing import TYPE_CHECKING

from voxlogica_core.engine.events import Alike, Event, GoalsEnded, RunEnded
from voxlogica_core.engine.goals import GoalResult
from voxlogica_core.engine.outcome import Counts, Outcome, word_of
from voxlogica_core.engine.stopping import Stopping
from voxlogica_core.errors import UsageError, VoxLogicaError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.plan import Plan
from voxlogica_core.store.record import MISSING, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxlogica_core.engine.events import Told
    from voxlogica_core.engine.phases.phases import Phases


class Run:
    """One plan on its way to its goals; `Engine.run` makes it.

    It begins when it is first waited for (and then works in that thread), iterated or started.

    Parameters
    ----------
    plan
        What is run.
    work
        Does it all, given where to tell events.
    stopping
        Makes the work end soon, once set.
    """

    def __init__(
        self,
        plan: Plan,
        work: "Callable[[Run, Callable[[Told], None]], None]",
        stopping: Stopping,
    ) -> None:
        self._plan = plan
        self._work = work
        self._stopping = stopping
        self._begun = threading.Lock()
        self._ended = threading.Event()
        self._events: SimpleQueue[Told] = SimpleQueue()
        self._error: BaseException | None = None
        self.phases: Phases | None = None
        self.seconds = 0.0

    def __repr__(self) -> str:
        begun = "running" if self._begun.locked() else "not begun"
        results, counts = self.results, self.counts
        done = sum(result.outcome == "done" for result in results)
        return (
            f"<Run, {'ended' if self._ended.is_set() else begun}: {done} of {len(results)} goals "
            f"done; {counts.computed} nodes computed, {counts.reused} reused>"
        )

    def start(self) -> None:
        """Begin in a thread of its own, unless it has begun."""
        if self._begun.acquire(blocking=False):
            tell = self._events.put
            threading.Thread(target=self._go, args=(tell,), name="run", daemon=True).start()

    def wait(self) -> "Run":
        """Return when the run has ended; begin it in this thread unless it has begun.

        Raises
        ------
        VoxLogicaError
            The world is wrong: what is wrong with a node is in its outcome.
        """
        if self._begun.acquire(blocking=False):
            self._go(lambda event: None)
        self._ended.wait()
        if self._error is not None:
            raise self._error
        return self

    def __iter__(self) -> Iterator[Event]:
        """Yield the events, `RunEnded` last."""
        for told in self.told():
            if isinstance(told, Alike):
                yield from told.each()
            else:
                yield told

    def ended_goals(self) -> Iterator[GoalResult]:
        """Yield in source order how goals ended, each as soon as all before it have ended.

        In place of the events: each is told once, to whoever asks first.
        """
        for told in self.told():
            if isinstance(told, GoalsEnded):
                yield from told.results.values()

    def cancel(self) -> None:
        """Drop what has not begun; kernels that run go on to their end, and what is done stays."""
        self._stopping.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody cancelled it."""
        return self._stopping.is_set()

    @property
    def outcomes(self) -> Mapping[NodeId, Outcome]:
        """What became of each node that was asked for, as far as is known by now."""
        return self.phases.ledger.outcomes if self.phases else {}

    @property
    def notes(self) -> Mapping[NodeId, tuple[str, ...]]:
        """What the user should know of files that were read, by node."""
        return self.phases.ledger.notes if self.phases else {}

    @property
    def changed(self) -> Mapping[NodeId, str]:
        """Files that changed after the program was reduced, by the node of what they held."""
        return self.phases.changed if self.phases else {}

    @property
    def results(self) -> list[GoalResult]:
        """How each goal ended, in source order; a goal may have one an item."""
        found = self.phases.wishes.results if self.phases else {}
        return [found[place] for place in sorted(found) if found[place].kind != "keep"]

    @property
    def counts(self) -> Counts:
        """How many nodes ended how."""
        number = Counter(map(word_of, tuple(self.outcomes.values())))  # may grow meanwhile
        return Counts(
            number["computed"],
            number["reused"],
            number["rematerialised"],
            number["failed"],
            number["blocked"],
        )

    def value(self, what: str) -> Value:
        """Return the value of a goal or of a node the run was asked for.

        Parameters
        ----------
        what
            Label of a goal, name of a declaration, or node id.

        Raises
        ------
        UsageError
            There is no such goal, or it has no value.
        """
        self.wait()
        result = next((result for result in self.results if result.label == what), None)
        node = result.node if result else self._plan.declarations.get(what, NodeId(what))
        found = self.phases.kept_value(node) if self.phases and node else MISSING
        if found is not MISSING:
            return found
        reason = (
            result.message
            if result and result.message
            else ("this run did not ask for it; a node is asked for as one of the run's targets")
        )
        raise UsageError(f"there is no value of {what!r}: {reason}")

    def told(self) -> "Iterator[Told]":
        """Yield the events, many alike as one."""
        self.start()
        while True:
            told = self._events.get()
            yield told
            if isinstance(told, RunEnded):
                break
        self.wait()

    def _go(self, tell: "Callable[[Told], None]") -> None:
        begin = perf_counter()
        try:
            self._work(self, tell)
        except VoxLogicaError as error:
            self._error = error
            self._stopping.set()
        except BaseException as error:
            self._error = error
            self._stopping.set()
            raise
        finally:
            self.seconds = perf_counter() - begin
            self._ended.set()
            self._events.put(RunEnded(self.counts, self.seconds, self.cancelled))
