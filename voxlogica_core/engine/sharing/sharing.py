"""Sharing: what the runs of an engine compute and have in memory, so that none does it again.

One table for all runs, documents and threads of an engine: node id to the task that computes it, or
to its value while somebody holds it. Starts nothing, computes nothing and waits for nobody: who
wants to know how a node ends leaves a call. What is in no table is asked of the store, and that
order leaves no gap: a value stays here until it is recorded.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass, field

from voxlogica_core.engine.outcome import Failed
from voxlogica_core.engine.steps.step import Step, inputs_of_step
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import MISSING, Missing, Value

SMALL = 64
"""Bytes of values that are not worth an entry while there is one run."""


@dataclass(slots=True)
class Ticket:
    """What one run waits for that another computes.

    Parameters
    ----------
    wake
        Called once it has its end, in any thread.
    has_ended
        Whether the node has its end; without value and failure, the task of the other run was
        cancelled or had let go of the value: ask again.
    """

    node: NodeId
    wake: Callable[[], None]
    has_ended: bool = False
    value: Value | Missing = MISSING
    failure: Failed | None = None
    nbytes: int = 0


@dataclass(slots=True, eq=False)
class Stint:
    """A task under way: its nodes have one maker in the engine until it ends.

    Parameters
    ----------
    run
        Number of the run whose task it is.
    steps
        What it takes.
    exports
        Nodes whose values the run holds afterwards.
    noticed
        Called when another run begins to wait for one of its nodes.
    ended
        Called when it is over.
    """

    sharing: "Sharing"
    run: int
    steps: Sequence[Step]
    exports: Set[NodeId]
    noticed: Callable[[], None]
    ended: list[Callable[[], None]] = field(default_factory=list["Callable[[], None]"])
    wanted: dict[NodeId, list[Ticket]] = field(default_factory=dict["NodeId", "list[Ticket]"])
    _needed: tuple[Set[NodeId], Set[NodeId]] = (frozenset(), frozenset())

    @property
    def is_wanted(self) -> bool:
        """Whether another run waits for a node of it."""
        return bool(self.wanted)

    def is_needed(self, node: NodeId) -> bool:
        """Whether another run waits for a node, or for one that needs it: asked when cancelled."""
        wanted = self.sharing.wanted_of(self)
        if wanted != self._needed[0]:
            self._needed = (wanted, _with_inputs(self.steps, wanted))
        return node in self._needed[1]

    def landed(self, node: NodeId, value: Value | Missing, nbytes: int) -> None:
        """Give the value of a node to who waits for it."""
        self.sharing.landed(self, node, value, nbytes)

    def failed(self, node: NodeId, failure: Failed) -> None:
        """Tell those who wait for a node that it has no value."""
        self.sharing.landed(self, node, MISSING, 0, failure)

    def end(self) -> None:
        """Be over, however: who still waits for one of its nodes asks again."""
        ended, self.ended = self.ended, []
        for call in ended:
            call()
        self.sharing.end(self)


@dataclass(slots=True)
class _Entry:
    """A value in memory, and why it stays: held by runs, not recorded yet, or too small to ask."""

    value: Value
    nbytes: int
    holders: set[int] = field(default_factory=set[int])
    is_recording: bool = False
    is_small: bool = False


class Sharing:
    """The table of an engine."""

    def __init__(self) -> None:
        # Several threads read and write the tables together. Held for look-ups only: no kernel and
        # no call of somebody else's happens under it.
        self._lock = threading.Lock()
        self._under_way: dict[NodeId, Stint] = {}
        self._entries: dict[NodeId, _Entry] = {}
        self._runs: set[int] = set()
        self._last = 0
        self._far: dict[tuple[int, NodeId], int] = {}
        self.nbytes = 0

    def enter(self) -> int:
        """Return the number of a run that begins."""
        with self._lock:
            self._last += 1
            self._runs.add(self._last)
            return self._last

    def leave(self, run: int) -> None:
        """Let go of all that a run holds: it is over."""
        with self._lock:
            self._runs.discard(run)
            for node in [n for n, entry in self._entries.items() if run in entry.holders]:
                self._let_go(run, node)
            for key in [key for key in self._far if key[0] == run]:
                self.nbytes -= self._far.pop(key)
            if len(self._runs) < 2:
                for node in [node for node, entry in self._entries.items() if entry.is_small]:
                    self._entries[node].is_small = False
                    self._drop_if_useless(node)

    def has_company(self, run: int) -> bool:
        """Whether another run began since this one did, or goes on."""
        return len(self._runs) > 1 or self._last != run

    @property
    def is_busy(self) -> bool:
        """Whether more than one run goes on, or a task of one that was cancelled."""
        return len(self._runs) > 1 or bool(self._under_way)

    def __contains__(self, node: NodeId) -> bool:
        """Whether somebody computes a node, or has its value in memory."""
        return node in self._under_way or node in self._entries

    def begin(self, stint: Stint, nodes: Collection[NodeId]) -> bool:
        """Note that a task is about to make `nodes`; False if one is being made or at hand."""
        with self._lock:
            if not (
                self._under_way.keys().isdisjoint(nodes) and self._entries.keys().isdisjoint(nodes)
            ):
                return False
            self._under_way.update(dict.fromkeys(nodes, stint))
            return True

    def join(self, node: NodeId, wake: Callable[[], None]) -> Ticket | None:
        """Wait for a node together with who computes it; None if nobody does, nor has its value."""
        ticket = Ticket(node, wake)
        with self._lock:
            entry = self._entries.get(node)
            stint = self._under_way.get(node)
            if entry is not None:
                ticket.value, ticket.nbytes, ticket.has_ended = entry.value, entry.nbytes, True
                return ticket
            if stint is None:
                return None
            stint.wanted.setdefault(node, []).append(ticket)
        stint.noticed()
        return ticket

    def give_up(self, ticket: Ticket) -> None:
        """Wait no more."""
        with self._lock:
            stint = self._under_way.get(ticket.node)
            waiting = stint.wanted.get(ticket.node, []) if stint else []
            if stint and ticket in waiting:
                waiting.remove(ticket)
                if not waiting:
                    del stint.wanted[ticket.node]

    def wanted_of(self, stint: Stint) -> Set[NodeId]:
        """Return the nodes of a task that other runs wait for."""
        with self._lock:
            return frozenset(stint.wanted)

    def landed(
        self,
        stint: Stint,
        node: NodeId,
        value: Value | Missing,
        nbytes: int,
        failure: Failed | None = None,
    ) -> None:
        """Take the end of a node; see `Stint.landed` and `Stint.failed`."""
        with self._lock:
            if self._under_way.get(node) is not stint:
                return
            del self._under_way[node]
            waiting = stint.wanted.pop(node, ())
            if value is not MISSING:
                self._keep(stint, node, value, nbytes)
        _tell(waiting, value, nbytes, failure)

    def end(self, stint: Stint) -> None:
        """Forget a task; see `Stint.end`."""
        with self._lock:
            for step in stint.steps:
                if self._under_way.get(step.id) is stint:
                    del self._under_way[step.id]
            waiting = [ticket for tickets in stint.wanted.values() for ticket in tickets]
            stint.wanted.clear()
        _tell(waiting, MISSING, 0, None)

    def hold(self, run: int, node: NodeId, value: Value | Missing, nbytes: int) -> None:
        """Note that a run holds a value; missing ones are on another machine."""
        with self._lock:
            if value is MISSING:
                self.nbytes += nbytes - self._far.get((run, node), 0)
                self._far[run, node] = nbytes
            else:
                self._hold(run, node, value, nbytes)

    def release(self, run: int, nodes: Iterable[NodeId]) -> None:
        """Note that a run holds values no more."""
        with self._lock:
            for node in nodes:
                self._let_go(run, node)
                self.nbytes -= self._far.pop((run, node), 0)

    def recording(self, node: NodeId, value: Value, nbytes: int) -> None:
        """Keep a value at hand until it can be looked up in the store."""
        with self._lock:
            self._entry(node, value, nbytes).is_recording = True

    def recorded(self, nodes: Iterable[NodeId]) -> None:
        """Note that values can be looked up now, or never will be."""
        with self._lock:
            for node in nodes:
                if (entry := self._entries.get(node)) is not None:
                    entry.is_recording = False
                    self._drop_if_useless(node)

    def _keep(self, stint: Stint, node: NodeId, value: Value, nbytes: int) -> None:
        if nbytes > SMALL:
            if node in stint.exports and stint.run in self._runs:
                self._hold(stint.run, node, value, nbytes)
        elif len(self._runs) > 1:
            self._entry(node, value, nbytes).is_small = True

    def _hold(self, run: int, node: NodeId, value: Value, nbytes: int) -> None:
        entry = self._entry(node, value, nbytes)
        if not entry.holders:
            self.nbytes += entry.nbytes
        entry.holders.add(run)

    def _entry(self, node: NodeId, value: Value, nbytes: int) -> _Entry:
        entry = self._entries.get(node)
        if entry is None:
            entry = self._entries[node] = _Entry(value, nbytes)
        return entry

    def _let_go(self, run: int, node: NodeId) -> None:
        entry = self._entries.get(node)
        if entry is not None and run in entry.holders:
            entry.holders.discard(run)
            if not entry.holders:
                self.nbytes -= entry.nbytes
            self._drop_if_useless(node)

    def _drop_if_useless(self, node: NodeId) -> None:
        entry = self._entries[node]
        if not (entry.holders or entry.is_recording or entry.is_small):
            del self._entries[node]


def _tell(
    waiting: Iterable[Ticket], value: Value | Missing, nbytes: int, failure: Failed | None
) -> None:
    for ticket in waiting:
        ticket.value, ticket.nbytes, ticket.failure = value, nbytes, failure
        ticket.has_ended = True
        ticket.wake()


def _with_inputs(steps: Sequence[Step], wanted: Set[NodeId]) -> Set[NodeId]:
    needed = set(wanted)
    for step in reversed(steps):
        if step.id in needed:
            needed.update(inputs_of_step(step))
    return needed
