"""Who else hears of a run: ``--metrics``, ``--events``, ``--log-level``. Shows no progress bar.

All read the one stream of events that the progress bar and the editor read.
"""

import json
import logging
import resource
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from voxlogica_core.cli.event_lines import EventLines, primitive_of
from voxlogica_core.cli.guard import Start
from voxlogica_core.engine.events import (
    DashboardOpened,
    Event,
    Finished,
    Queued,
    RunEnded,
    Started,
)
from voxlogica_core.engine.outcome import Done, seconds_of, word_of
from voxlogica_core.engine.run import Run
from voxlogica_core.engine.workers.saving import write_whole
from voxlogica_core.errors import UsageError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.plan import Plan
from voxlogica_core.store.store import Store

Listener = Callable[[Event], None]
LEVELS = ("error", "warning", "info", "debug")
_METRICS, _LEVEL = "voxlogica.metrics", "voxlogica.level"
_VERBOSE, _EVENTS, _LINES = "voxlogica.verbose", "voxlogica.events", "voxlogica.event-lines"


_KEYS = {"metrics": _METRICS, "events": _EVENTS, "log_level": _LEVEL}


def _remember(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    ctx.meta[_KEYS[str(param.name)]] = value


def _count(ctx: click.Context, param: click.Parameter, value: int) -> None:
    del param
    ctx.meta[_VERBOSE] = value


metrics = click.option(
    "--metrics",
    metavar="FILE",
    expose_value=False,
    callback=_remember,
    help="Write what each node took, and what the store saved, as JSON.",
)
events = click.option(
    "--events",
    metavar="FILE|-",
    expose_value=False,
    callback=_remember,
    help="Write what happens while it happens, one JSON object a line; -: on standard error.",
)
log_level = click.option(
    "--log-level",
    type=click.Choice(LEVELS),
    default="warning",
    expose_value=False,
    callback=_remember,
    help="What is told on standard error: tasks (info), nodes (debug).",
)


verbose = click.option(
    "--verbose",
    "-v",
    count=True,
    expose_value=False,
    callback=_count,
    help="Tell of tasks, as --log-level info; twice: of nodes, as debug.",
)


def refuse_several(files: Sequence[str]) -> None:
    """Refuse to write the metrics of several programs into one file.

    Raises
    ------
    UsageError
        They are asked for.
    """
    if len(files) > 1 and click.get_current_context().meta.get(_METRICS):
        raise UsageError(f"--metrics tells of one program, {len(files)} came: run them one by one")


class Watching:
    """The listeners that the current command asks for."""

    def __init__(self, run: Run, plan: Plan, program: str) -> None:
        meta = click.get_current_context().meta
        self._run = run
        self._file: str | None = meta.get(_METRICS)
        self._finished: list[Finished] = []
        level = LEVELS.index(meta.get(_LEVEL) or "warning")
        level = max(level, min(1 + int(meta.get(_VERBOSE) or 0), len(LEVELS) - 1))
        self._chosen: list[Listener] = [_Log(run, level).take] if level > 1 else []
        if self._file:
            self._chosen.append(self._note)
        self.is_on_terminal = meta.get(_EVENTS) == "-"
        if meta.get(_EVENTS):
            lines = meta[_LINES] = meta.get(_LINES) or _opened(str(meta[_EVENTS]))
            self._chosen.append(lines.listener(run, plan, program))

    def __bool__(self) -> bool:
        return bool(self._chosen)

    def take(self, event: Event) -> None:
        """Hear of an event."""
        for listener in self._chosen:
            listener(event)

    def write(self, store: Store, threads: int, memory: int) -> None:
        """Write the metrics of a run that has ended, if they are asked for.

        Raises
        ------
        FileError
            They cannot be written.
        """
        if self._file:
            found = metrics_object(self._run, self._finished, store)
            found["threads"], found["memory"] = threads, _memory(self._run, memory)
            write_whole(Path(self._file), json.dumps(found, indent=1) + "\n")

    def _note(self, event: Event) -> None:
        if isinstance(event, Finished):
            self._finished.append(event)


def _opened(file: str) -> EventLines:
    """Return where events are written; it is closed when the command ends."""
    context = click.get_current_context()
    start = context.find_object(Start) or Start()
    lines = EventLines(None if file == "-" else Path(file), goes_on=start.caution.crashes > 0)
    context.call_on_close(lines.close)
    return lines


def metrics_object(run: Run, finished: list[Finished], store: Store) -> dict[str, object]:
    """Return what a run took as a JSON object: node by node, and in all.

    ``seconds_saved`` is what the values that were reused took when they were computed.
    """
    words = [word_of(event.outcome) for event in finished]
    reused = [event.node for event in finished if word_of(event.outcome) == "reused"]
    done = [event for event in finished if isinstance(event.outcome, Done)]
    records = store.lookup(reused)
    return {
        "version": 1,
        "nodes": [_node(run, event) for event in finished],
        "totals": {
            **{word: words.count(word) for word in _WORDS},
            "hit_rate": len(reused) / len(done) if done else None,
            "seconds": run.seconds,
            "seconds_in_kernels": sum(seconds_of(event.outcome) for event in done),
            "seconds_saved": sum(record.seconds for record in records.values()),
        },
    }


_WORDS = ("computed", "reused", "rematerialised", "failed", "blocked", "cancelled")


def _node(run: Run, event: Finished) -> Mapping[str, object]:
    return {
        "node": event.node,
        "primitive": event.primitive or primitive_of(run, event.node),
        "outcome": word_of(event.outcome),
        "seconds": seconds_of(event.outcome),
        "bytes": event.nbytes,
        "worker": event.worker,
        "partition": event.task,
    }


def _memory(run: Run, budget: int) -> Mapping[str, object]:
    """Return the budget, the most that was held for later tasks, and the largest resident size."""
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    managed = run.phases.held_peak if run.phases else 0
    return {
        "budget": budget,
        "managed_peak": managed,
        "resident_peak": resident,
        "managed_share": managed / resident,
    }


class _Log:
    """Lines about a run on standard error, with the time since the process began."""

    def __init__(self, run: Run, level: int) -> None:
        self._run = run
        self._log = logging.getLogger("voxlogica.run")
        self._log.setLevel(logging.DEBUG if level > 2 else logging.INFO)
        self._log.propagate = False
        if not self._log.handlers:
            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter("%(relativeCreated)6.0f ms %(message)s"))
            self._log.addHandler(handler)

    def take(self, event: Event) -> None:
        """Write a line, if the level asks for it."""
        log = self._log
        match event:
            case Queued(nodes=nodes, tasks=tasks, seconds=seconds):
                log.info("%d nodes in %d tasks, %.2f s expected", len(nodes), tasks, seconds)
            case Started(nodes=nodes) if nodes:
                log.info("begun: %d nodes up to %s", len(nodes), self._called(nodes[-1]))
            case Finished(node=node, outcome=outcome, nbytes=nbytes):
                word, took = word_of(outcome), 1000 * seconds_of(outcome)
                log.debug("%s: %s, %.1f ms, %d bytes", self._called(node), word, took, nbytes)
            case DashboardOpened(url=url):
                log.info("Dask dashboard: %s", url)
            case RunEnded(seconds=seconds):
                log.info("ended after %.2f s", seconds)
            case _:
                pass

    def _called(self, node: NodeId) -> str:
        return f"{primitive_of(self._run, node) or 'node'} {node[:8]}"
