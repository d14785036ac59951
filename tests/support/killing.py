"""Kills at random instants, and what must be true after each: shared by the suite and the torture.

A kill ends a process; it is no power cut: what the system was given to write it writes.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.support.stores import finished, indexed_image, node_id
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.inventory import entries
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.record import MISSING, Value
from voxlogica_core.store.sqlite import SqliteStore
from voxlogica_core.store.writing import WriteQueue
from voxlogica_core.values.image import Image

ROOT = Path(__file__).parents[2]
PROGRAM = """
load image = "image.nii.gz"
let steps = range(0, 12)
let shifted(k) = smoothen((image + k) > 100, 2)
let parts = for k in steps do near(shifted(k * 7))
print "volumes" for part in parts do volume(part)
print "distances" for part in parts do max(dt(part))
save "mask.nii.gz" parts[3]
"""


class Wrong(AssertionError):
    """Something that no kill may do to a store."""


def write_for_ever(folder: Path, start: int, tell: Callable[[int], None]) -> None:
    """Record numbers and images through a queue without end, telling what is recorded."""
    store = SqliteStore(folder)
    order: dict[NodeId, int] = {}

    def settled(nodes: Sequence[NodeId]) -> None:
        for node in nodes:
            if node in order:
                tell(order[node])

    queue = WriteQueue(store, 2**16, settled)
    for index in range(start, start + 100_000):
        order[node_id(f"image {index}")] = index
        queue.put(finished(f"number {index}", float(index)))
        queue.put(finished(f"image {index}", indexed_image(index), named=index % 7 == 0))


def killed_writer(folder: Path, start: int, seconds: float) -> list[int]:
    """Fork a writer, kill it after a while, return what it said it had recorded.

    Only for a process without threads.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        write_for_ever(folder, start, lambda index: _say(writing, index))
        os._exit(1)
    os.close(writing)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        text = pipe.read().decode()
    return [int(word) for word in text.split("\n")[:-1]]


def check_written(folder: Path, told: Sequence[int]) -> None:
    """Check that all that was told is there and right."""
    check_database(folder)
    store = SqliteStore(folder)
    names = [node_id(f"{kind} {index}") for index in told for kind in ("number", "image")]
    records = store.lookup(names)
    for index in told:
        image = records.get(node_id(f"image {index}"))
        value = MISSING if image is None else store.value(image)
        if not isinstance(value, Image) or value.voxels.tobytes() != _right(index):
            raise Wrong(f"image {index} was recorded and is {'wrong' if image else 'lost'}")
        number = records.get(node_id(f"number {index}"))
        if number is None or store.value(number) != float(index):
            raise Wrong(f"number {index} was recorded and is {'wrong' if number else 'lost'}")
    store.close()
    if list(Layout(folder).payloads.glob("part-*")):
        raise Wrong("half-written files were left")


def check_database(folder: Path) -> None:
    """Check that the database is whole, if there is one."""
    if not Layout(folder).database.exists():
        return
    connection = sqlite3.connect(Layout(folder).database)
    answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    if answer != "ok":
        raise Wrong(f"the database is damaged: {answer}")


def values_in(folder: Path) -> dict[NodeId, str]:
    """Return a digest of every value that a store keeps; whatever is kept must be there."""
    store = SqliteStore(folder)
    reader = StoreReader(folder)
    found: dict[NodeId, str] = {}
    for each in entries(reader):
        if each.record.is_kept:
            value = store.value(each.record)
            if value is MISSING:
                raise Wrong(f"{each.record.id} is recorded as kept, and its value is lost")
            found[each.record.id] = digest_of(value)
    reader.close()
    store.close()
    return found


def digest_of(value: Value) -> str:
    """Return a digest that tells any two values apart."""
    if isinstance(value, Image):
        return sha256(repr(value.geometry).encode() + value.voxels.tobytes()).hexdigest()
    return sha256(repr(value).encode()).hexdigest()


@dataclass
class Pipeline:
    """A program that is run as a user would, in a folder of its own, and killed.

    Parameters
    ----------
    program
        Its file; it prints and saves relative to `folder`.
    """

    folder: Path
    program: Path

    def start(self, store: str) -> "subprocess.Popen[str]":
        """Begin to run it on a store in the folder."""
        words = ["run", str(self.program), "--store", str(self.folder / store), "--json"]
        return subprocess.Popen(
            [sys.executable, "-m", "voxlogica_core", *words],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def outcome(self, store: str) -> tuple[str, float]:
        """Run it to its end; return what it says of its goals, and the seconds it took."""
        begin = time.monotonic()
        with self.start(store) as process:
            output = process.communicate()[0]
        if process.returncode:
            raise Wrong(f"the program ended with {process.returncode}: {output}")
        goals = output[output.index('"goals"') : output.index('"nodes"')]
        return goals, time.monotonic() - begin

    def killed(self, store: str, seconds: float) -> bool:
        """Run it and kill it after a while; return whether it had ended by itself before."""
        with self.start(store) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                return False
        return True


def check_kept(
    folder: Path, right: Mapping[NodeId, str], before: Mapping[NodeId, str]
) -> dict[NodeId, str]:
    """Check a store after a kill: whole, nothing lost since `before`, nothing but right values.

    Values that took a while in one run and not in the other are kept in one alone: only those
    that both have are compared.
    """
    check_database(folder)
    now = values_in(folder) if Layout(folder).database.exists() else {}
    lost = before.keys() - now.keys()
    if lost:
        raise Wrong(f"{len(lost)} finished nodes were lost")
    wrong = [node for node, digest in now.items() if right.get(node, digest) != digest]
    if wrong:
        raise Wrong(f"{len(wrong)} values are wrong")
    return now


def random_instants() -> tuple[int, random.Random]:
    """Return a seed to be told, and what it makes."""
    seed = random.SystemRandom().randrange(2**32)
    return seed, random.Random(seed)


def _say(pipe: int, index: int) -> None:
    os.write(pipe, f"{index}\n".encode())


def _right(index: int) -> bytes:
    return indexed_image(index).voxels.tobytes()
