"""Flight: what each thread computes, written where no crash can reach it. Judges nothing.

One memory-mapped file: a slot a thread that works, then the trace that Python writes when the
process dies of a fatal signal. Whoever started the process holds the same file and reads both.
"""

import faulthandler
import mmap
import os
import re
import struct
import time
from collections import deque
from dataclasses import dataclass

from voxlogica_core.plan.node import NodeId

SLOTS = 128
"""Threads that are told apart; more than that compute without being noted."""
_SLOT = struct.Struct("=QQQ64s")  # thread, bytes of its images, when it began, node
_SIZE = SLOTS * _SLOT.size
_LONGEST_TRACE = 64_000
_CRASHED = re.compile(rb"^Current thread 0x([0-9a-f]+)", re.MULTILINE)
_NOBODY = bytes(_SLOT.size)


@dataclass(frozen=True, slots=True)
class Aboard:
    """What one thread was computing.

    Parameters
    ----------
    thread
        As Python numbers it.
    nbytes
        Size of the images it was given.
    since
        When it began, by a clock that only goes forward.
    """

    node: NodeId
    thread: int
    nbytes: int
    since: int


@dataclass(frozen=True, slots=True)
class Record:
    """What was left by a process that has ended.

    Parameters
    ----------
    aboard
        What was being computed; first what the trace names, if it names one.
    trace
        Python's own words on a fatal signal; empty if there was none, or no time for it.
    """

    aboard: tuple[Aboard, ...]
    trace: str


class Flight:
    """The slots of this process.

    Parameters
    ----------
    descriptor
        An open file that outlives the process; -1: memory that does not.
    """

    def __init__(self, descriptor: int = -1) -> None:
        if descriptor >= 0:
            os.ftruncate(descriptor, _SIZE)
            os.lseek(descriptor, _SIZE, os.SEEK_SET)
        self._descriptor = descriptor
        self._memory = mmap.mmap(descriptor, _SIZE)
        self._free = deque(range(0, _SIZE, _SLOT.size))

    def note_crashes(self) -> None:
        """Have Python write its trace behind the slots when a fatal signal comes."""
        faulthandler.enable(self._descriptor, all_threads=True)

    def board(self) -> int:
        """Return a slot for this thread, -1 when there is none left."""
        try:
            return self._free.popleft()
        except IndexError:
            return -1

    def note(self, slot: int, thread: int, node: NodeId, nbytes: int) -> None:
        """Write that a thread begins to compute a node; 0.4 µs."""
        if slot >= 0:
            _SLOT.pack_into(
                self._memory, slot, thread, nbytes, time.monotonic_ns(), node.encode("ascii")
            )

    def rest(self, slot: int) -> None:
        """Write that a thread computes nothing now."""
        if slot >= 0:
            self._memory[slot : slot + _SLOT.size] = _NOBODY

    def leave(self, slot: int) -> None:
        """Give a slot back."""
        if slot >= 0:
            self.rest(slot)
            self._free.appendleft(slot)


def left_behind(descriptor: int) -> Record:
    """Return what a process that has ended left in its file."""
    slots = os.pread(descriptor, _SIZE, 0)
    trace = os.pread(descriptor, _LONGEST_TRACE, _SIZE)
    found = [
        Aboard(NodeId(node.decode("ascii")), thread, nbytes, since)
        for thread, nbytes, since, node in _SLOT.iter_unpack(slots.ljust(_SIZE, b"\0"))
        if node.isalnum()
    ]
    named = _CRASHED.search(trace)
    guilty = int(named.group(1), 16) if named else None
    found.sort(key=lambda aboard: (aboard.thread != guilty, aboard.since))
    return Record(tuple(found), trace.decode("ascii", "replace"))
