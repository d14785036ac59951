"""The runner: the process that owns engine and store writing, and dies with the server.

Started as ``python -m voxlogica_server.runner.process CONNECTION FLIGHT PARENT``: two open files,
and the process that started it. The main thread listens; each run has a thread of its own. When
the connection ends, everything does: whatever has been recorded stays, and there is nothing to
finish first.
"""

import logging
import os
import socket
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from voxlogica_core.engine.crashes.gate import watch
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.history import History
from voxlogica_core.engine.report import run_object
from voxlogica_core.errors import VoxLogicaError
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.findings import input_changes
from voxlogica_core.ide.report import diagnostic_objects
from voxlogica_core.ide.status.choice import Choice, chosen
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.plan.outside.open_texts import OpenTexts
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import Catalogues, read_catalogue
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import Store
from voxlogica_core.system import die_with_parent, step_back
from voxlogica_core.text.source_text import SourceText
from voxlogica_server.runner.handshake import objection
from voxlogica_server.runner.messages import (
    LENGTH,
    Broken,
    Cancel,
    Ended,
    Hello,
    Message,
    MessageError,
    Ready,
    Refused,
    Sight,
    Start,
    Warm,
    decoded,
    encoded,
    length_of,
)
from voxlogica_server.runner.sights import items_of, view_of
from voxlogica_server.runner.telling import progress_of, troubles_of

if TYPE_CHECKING:
    from voxlogica_core.engine.run import Run

_MODESTY = 10
"""Added to the process's niceness: while all cores compute, who edits is served first."""

_LOG = logging.getLogger(__name__)


class Line:
    """The connection to the server; any thread may speak."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream: BinaryIO = connection.makefile("rb")
        self._speaking = threading.Lock()

    def say(self, message: Message) -> None:
        """Send a message."""
        content = encoded(message)
        with self._speaking:
            self._connection.sendall(content)

    def hear(self) -> Message | None:
        """Return the next message, None when there will be no more."""
        head = self._stream.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        return decoded(self._stream.read(length_of(head)))


class Runner:
    """Runs what it is told to.

    Parameters
    ----------
    line
        Who tells it, and is told what happens.
    engine
        Runs on `store`.
    """

    def __init__(self, line: Line, store: Store, catalogue: Catalogue, engine: Engine) -> None:
        self._line = line
        self._store = store
        self._catalogues = Catalogues(catalogue)
        self._engine = engine
        self._runs: dict[int, Run] = {}
        self._dropped: set[int] = set()

    def obey(self, message: Message | None) -> None:
        """Do what a message says."""
        match message:
            case Start():
                threading.Thread(target=self._run, args=(message,), daemon=True).start()
            case Warm():
                threading.Thread(target=self._warm, daemon=True).start()
            case Cancel(number):
                self._dropped.add(number)
                if run := self._runs.get(number):
                    run.cancel()
            case _:
                _LOG.warning("%s is nothing a runner can do", type(message).__name__)

    def _warm(self) -> None:
        # numpy, SimpleITK and machine code: 0.4 s
        from voxlogica_core.engine.workers.kindling import kindle  # noqa: PLC0415

        kindle(lambda: not self._runs)

    def _run(self, start: Start) -> None:
        answer: Message = Broken(start.run, "the run broke off by a fault of ours; see the log")
        try:
            answer = self._ended(start)
        except VoxLogicaError as error:
            answer = Broken(start.run, str(error))
        except MessageError as error:
            answer = Broken(start.run, f"what the run has to tell is too much: {error}")
        finally:
            self._runs.pop(start.run, None)
            self._dropped.discard(start.run)
            self._line.say(answer)

    def _ended(self, start: Start) -> Ended:
        analysis = self._analysed(start)
        if start.sight is not None:
            return self._seen(start, start.sight, analysis)
        found = diagnostic_objects(analysis.diagnostics, analysis.source)
        if analysis.errors:
            return Ended(start.run, dict(run_object(None, found)))
        history = History(self._store, analysis.plan, start.path or "", analysis.digest)
        choice = chosen(analysis, start.part)
        run = self._carried_out(start, analysis.plan, choice)
        found += diagnostic_objects(input_changes(analysis, run.changed), analysis.source)
        history.end(run)
        failed, blocked = troubles_of(run.outcomes)
        return Ended(start.run, dict(run_object(run, found)), failed, blocked)

    def _seen(self, start: Start, sight: Sight, analysis: Analysis) -> Ended:
        """Have a value computed and written for a viewer; the history of runs does not note it.

        Errors elsewhere in the program are not in the way.
        """
        run = self._carried_out(start, analysis.plan, Choice((), (sight.node,)))
        if items := items_of(run, sight.node):  # only now it is known which they are
            plan = replace(analysis.plan, nodes={**analysis.plan.nodes, **items.nodes})
            run = self._carried_out(start, plan, Choice((), (sight.node, *items.wanted)))
        return Ended(start.run, {**run_object(run, []), "view": view_of(run, sight)})

    def _carried_out(self, start: Start, plan: Plan, choice: Choice) -> "Run":
        """Run what is chosen of a plan to its end, and tell of it meanwhile."""
        run = self._engine.run(
            plan, goals=choice.goals, targets=choice.targets, folder=Path(start.folder)
        )
        self._runs[start.run] = run
        if start.run in self._dropped:
            run.cancel()
        for message in progress_of(run, start.run):
            self._line.say(message)
        run.wait()  # raises what was wrong with the world
        return run

    def _analysed(self, start: Start) -> Analysis:
        world = OpenTexts(FileSystem(start.folder, self._store), start.texts)
        folder = Path(start.path).parent if start.path else Path(start.folder)
        return analyse(
            SourceText(start.text, start.path),
            catalogue=self._catalogues.of(folder),
            world=world,
            settings=start.settings,
            dialect=start.dialect,
        )


def serve(line: Line, catalogue: Catalogue, flight: int) -> None:
    """Greet the server, then do what it says until it is gone.

    Parameters
    ----------
    flight
        The file in which what is computed is noted.
    """
    said = line.hear()
    if not isinstance(said, Hello):
        return
    if problem := objection(said, catalogue):
        line.say(Refused(problem))
        return
    try:
        store = open_store(Path(said.store))
    except VoxLogicaError as error:
        line.say(Refused(str(error)))
        return
    prepared = watch(flight, said.caution)
    prepared.flight.note_crashes()
    engine = Engine(store, catalogue, threads=said.threads, memory=said.memory, prepared=prepared)
    runner = Runner(line, store, catalogue, engine)
    line.say(Ready())
    while (message := line.hear()) is not None:
        runner.obey(message)


def main(catalogue: Catalogue | None = None) -> None:
    """Serve the process that started this one, by default with the shipped primitives."""
    descriptor, flight, parent = (int(word) for word in sys.argv[1:4])
    die_with_parent(parent)
    step_back(_MODESTY)
    os.dup2(2, 1)  # what kernels print is no message to anyone
    try:
        serve(Line(socket.socket(fileno=descriptor)), catalogue or read_catalogue(), flight)
    except (OSError, MessageError) as error:
        _LOG.warning("the connection broke: %s", error)
    os._exit(0)  # kernels that run are not waited for


if __name__ == "__main__":
    main()
