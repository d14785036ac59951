"""Events as lines of JSON, for ``--events``, and the words they use. Decides nothing."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import perf_counter

from voxlogica_core.engine.crews.titles import labels_of
from voxlogica_core.engine.demand.structure import name_of
from voxlogica_core.engine.events import (
    DashboardOpened,
    Event,
    Finished,
    GoalsEnded,
    Queued,
    RunEnded,
    Started,
)
from voxlogica_core.engine.outcome import seconds_of, word_of
from voxlogica_core.engine.report import goal_object
from voxlogica_core.engine.run import Run
from voxlogica_core.errors import FileError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.plan import Plan

VERSION = 1
_LEAST_SHARE = 0.1


class Remaining:
    """How long a run is going to take, from what it did so far in how much time."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._began = clock()
        self._done = 0.0

    def after(self, event: Finished) -> float:
        """Return the seconds that are expected from here to the end of the run."""
        self._done += seconds_of(event.outcome)
        passed = self._clock() - self._began
        at_a_time = self._done / passed if self._done and passed else 1.0
        return event.left / max(at_a_time, _LEAST_SHARE)


class EventLines:
    """Where the lines of a command go.

    Parameters
    ----------
    file
        None: standard error.
    goes_on
        Whether there are lines in it of a process that crashed.

    Raises
    ------
    FileError
        It cannot be written.
    """

    def __init__(self, file: Path | None, *, goes_on: bool = False) -> None:
        self._file = file
        try:
            mode = "a" if goes_on else "w"
            self._stream = sys.stderr if file is None else file.open(mode, 1, encoding="utf-8")
        except OSError as error:
            raise FileError(f"{file} cannot be written: {error.strerror}") from error

    def listener(self, run: Run, plan: Plan, program: str) -> Callable[[Event], None]:
        """Return what writes the events of one run."""
        labels = labels_of(plan)
        remaining = Remaining()
        self._write({"event": "begun", "version": VERSION, "program": program})

        def take(event: Event) -> None:
            for told in _objects(event, run, labels, remaining):
                self._write(told)

        return take

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._stream.close()

    def _write(self, told: Mapping[str, object]) -> None:
        try:
            self._stream.write(json.dumps(told, ensure_ascii=False) + "\n")
        except OSError as error:
            name = self._file or "standard error"
            raise FileError(f"{name} cannot be written: {error.strerror}") from error


def _objects(
    event: Event, run: Run, labels: Mapping[NodeId, str], remaining: Remaining
) -> Iterator[Mapping[str, object]]:
    def called(node: NodeId) -> Mapping[str, object]:
        primitive = primitive_of(run, node)
        return {"node": node, "label": labels.get(node), "primitive": primitive}

    match event:
        case Queued(nodes=nodes, tasks=tasks, seconds=seconds):
            told = [called(node) for node in nodes]
            yield {"event": "queued", "tasks": tasks, "expected": seconds, "nodes": told}
        case Started(nodes=nodes):
            yield {"event": "started", "nodes": [called(node) for node in nodes]}
        case Finished(node=node, outcome=outcome, nbytes=nbytes, fraction=fraction):
            yield {
                "event": "finished",
                **called(node),
                **({"primitive": event.primitive} if event.primitive else {}),
                "outcome": word_of(outcome),
                "seconds": seconds_of(outcome),
                "bytes": nbytes,
                "partition": event.task,
                "worker": event.worker,
                "fraction": fraction,
                "left": remaining.after(event),
            }
        case GoalsEnded(results=results):
            for result in results.values():
                yield {"event": "goal", **goal_object(result)}
        case DashboardOpened(url=url):
            yield {"event": "dashboard", "url": url}
        case RunEnded(seconds=seconds, cancelled=cancelled):
            yield {"event": "ended", "seconds": seconds, "cancelled": cancelled}


def primitive_of(run: Run, node: NodeId) -> str | None:
    """Return what computes a node, if the run knows it."""
    table = run.phases.table if run.phases else {}
    return name_of(table[node]) if node in table else None
