"""What is learnt from a crash: who is tried alone, who has failed, when a run is given up."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from tests.support.processes import PATIENCE
from voxlogica_core.engine.crashes.caution import CAREFREE, Caution, after, signal_name
from voxlogica_core.engine.crashes.flight import SLOTS, Aboard, Flight, Record, left_behind
from voxlogica_core.engine.crashes.gate import Gate, watch
from voxlogica_core.plan.node import NodeId
from voxlogica_core.system import ExitCode, anonymous_file

SEGFAULT = ExitCode(-signal.SIGSEGV)
KILLED = ExitCode(-signal.SIGKILL)


def node(letter: str) -> NodeId:
    return NodeId(letter * 64)


def left(*letters: str, sizes: tuple[int, ...] = ()) -> Record:
    given = zip(letters, sizes or (0,) * len(letters), strict=True)
    return Record(tuple(Aboard(node(n), i, size, i) for i, (n, size) in enumerate(given)), "")


@pytest.fixture
def descriptor() -> Iterator[int]:
    file = anonymous_file()
    yield file
    os.close(file)


def test_nobody_has_failed_who_was_not_alone() -> None:
    learnt = after(CAREFREE, SEGFAULT, left("a", "b"))
    assert (dict(learnt.failed), learnt.alone) == ({}, {node("a"), node("b")})
    assert (learnt.crashes, learnt.restarted, learnt.lean) == (1, 2, False)


def test_who_crashes_alone_has_failed() -> None:
    learnt = after(after(CAREFREE, SEGFAULT, left("a", "b")), SEGFAULT, left("b"))
    assert set(learnt.failed) == {node("b")}
    assert "SIGSEGV" in learnt.failed[node("b")]


def test_of_those_the_system_kills_the_largest_is_tried_alone_with_less_memory() -> None:
    learnt = after(CAREFREE, KILLED, left("a", "b", "c", sizes=(5, 70, 6)))
    assert (learnt.alone, learnt.lean) == ({node("b")}, True)
    learnt = after(learnt, KILLED, left("b"))
    assert "out of memory?" in learnt.failed[node("b")]


@pytest.mark.parametrize("culprits", [1, 2, 3, 10])
def test_there_are_at_most_two_crashes_more_than_suspects(culprits: int) -> None:
    guilty = [f"{i:x}" for i in range(culprits)]
    innocent = [f"{i:x}" for i in range(10, 16)]
    learnt, crashes, suspects = CAREFREE, 0, set[NodeId]()
    while open_ones := [n for n in guilty if node(n) not in learnt.failed]:
        free = [n for n in open_ones if node(n) not in learnt.alone]
        together = [] if learnt.everything_alone or not free else [free[0], *innocent[:1]]
        ran = left(*together) if together else left(open_ones[0])
        suspects |= {aboard.node for aboard in ran.aboard}
        learnt, crashes = after(learnt, SEGFAULT, ran), crashes + 1
    assert crashes <= len(suspects) + 2
    assert set(learnt.failed) == {node(n) for n in guilty}


def test_crashes_that_nothing_explains_end_the_run() -> None:
    learnt: Caution = CAREFREE
    for _ in range(3):
        assert not learnt.is_hopeless
        learnt = after(learnt, SEGFAULT, left())
    assert learnt.is_hopeless


def test_an_exit_code_is_told_as_a_word() -> None:
    assert signal_name(SEGFAULT) == "SIGSEGV"
    assert signal_name(ExitCode(3)) == "exit code 3"


def test_what_threads_compute_is_read_from_outside(descriptor: int) -> None:
    flight = Flight(descriptor)
    slots = [flight.board(), flight.board()]
    flight.note(slots[0], 11, node("a"), 100)
    flight.note(slots[1], 12, node("b"), 200)
    found = left_behind(descriptor)
    assert [(a.node, a.thread, a.nbytes) for a in found.aboard] == [
        (node("a"), 11, 100),
        (node("b"), 12, 200),
    ]
    flight.leave(slots[0])
    assert [a.node for a in left_behind(descriptor).aboard] == [node("b")]


def test_the_thread_that_the_trace_names_comes_first(descriptor: int) -> None:
    flight = Flight(descriptor)
    flight.note(flight.board(), 0x11, node("a"), 0)
    flight.note(flight.board(), 0x7F12, node("b"), 0)
    trace = b"Fatal Python error: Aborted\n\nCurrent thread 0x0000000000007f12 (most recent call"
    os.write(descriptor, trace)
    found = left_behind(descriptor)
    assert [a.node for a in found.aboard] == [node("b"), node("a")]
    assert found.trace == trace.decode()


def test_more_threads_than_slots_are_not_noted_and_do_no_harm(descriptor: int) -> None:
    flight = Flight(descriptor)
    slots = [flight.board() for _ in range(SLOTS + 1)]
    assert slots[-1] == -1
    flight.note(slots[-1], 1, node("a"), 0)
    flight.rest(slots[-1])
    flight.leave(slots[-1])
    assert left_behind(descriptor).aboard == ()


def test_a_file_that_was_never_written_says_nothing(descriptor: int) -> None:
    assert left_behind(descriptor) == Record((), "")


def test_a_suspect_runs_while_nothing_else_does() -> None:
    gate = Gate(Caution(alone=frozenset([node("a")]), crashes=1))
    entered, leave, order = threading.Event(), threading.Event(), list[str]()

    def other() -> None:
        with gate.passing(node("b")):
            entered.set()
            assert leave.wait(PATIENCE)
            order.append("b")

    def suspect() -> None:
        with gate.passing(node("a")):
            order.append("a")

    threads = [threading.Thread(target=other), threading.Thread(target=suspect)]
    threads[0].start()
    assert entered.wait(PATIENCE)
    threads[1].start()
    leave.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert order == ["b", "a"]


def test_an_engine_without_crashes_has_no_gate() -> None:
    assert watch().gate is None
    assert watch(-1, Caution(crashes=1)).gate is not None
