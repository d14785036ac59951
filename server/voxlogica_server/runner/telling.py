"""What a run does, as messages. Many events at once become one message."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic

from voxlogica_core.engine.events import Event, Finished, Queued, RunEnded, Started
from voxlogica_core.engine.outcome import Blocked, Done, Failed, Outcome
from voxlogica_core.errors import VoxLogicaError
from voxlogica_core.plan.node import NodeId
from voxlogica_server.runner.messages import Progress

_PAUSE = 0.05  # seconds between two messages
WITHOUT_VALUE = "without value"


def progress_of(events: Iterable[Event], run: int) -> Iterator[Progress]:
    """Yield what happens: at once what is new, and together what happens soon after.

    There are at most twenty messages a second: who gets them has other things to do.
    """
    waiting: SimpleQueue[Event | None] = SimpleQueue()

    def listen() -> None:
        try:
            # What is wrong with the world, the run tells whoever waits for it.
            with suppress(VoxLogicaError):
                for event in events:
                    waiting.put(event)
        finally:
            waiting.put(None)

    listener = Thread(target=listen, daemon=True)
    listener.start()
    due = 0.0
    while (first := waiting.get()) is not None:
        yield _progress([first, *_gathered(waiting, due)], run)
        due = monotonic() + _PAUSE
    listener.join()


def troubles_of(outcomes: Mapping[NodeId, Outcome]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return why nodes failed, and which ones wait for them."""
    failed = {
        str(node): f"{outcome.primitive}: {outcome.message}"
        for node, outcome in outcomes.items()
        if isinstance(outcome, Failed)
    }
    blocked = tuple(node for node, outcome in outcomes.items() if isinstance(outcome, Blocked))
    return failed, blocked


def _gathered(waiting: "SimpleQueue[Event | None]", due: float) -> Iterator[Event]:
    """Yield what waits already and what comes before a moment; put back the end, if it comes."""
    left = waiting.qsize()
    while left > 0 or monotonic() < due:
        try:
            event = waiting.get(timeout=max(due - monotonic(), 0.000_1))
        except Empty:
            return
        if event is None:
            waiting.put(None)
            return
        left -= 1
        yield event


def _progress(events: Iterable[Event], run: int) -> Progress:
    queued: list[str] = []
    started: list[tuple[str, ...]] = []
    finished: list[tuple[str, str]] = []
    fraction = 0.0
    for event in events:
        match event:
            case Queued(nodes):
                queued += nodes
            case Started(nodes):
                started.append(nodes)
            case Finished(node, outcome):
                how = outcome.how if isinstance(outcome, Done) else WITHOUT_VALUE
                finished.append((node, how))
                fraction = event.fraction
            case RunEnded():
                fraction = 1.0
            case _:
                pass
    return Progress(run, tuple(queued), tuple(started), tuple(finished), fraction)
