"""A process that uses a store until it is killed or done: ``python -m tests.support.store_child``.

Arguments: what to do, the folder, a number; it prints a line for each thing it did.
"""

import os
import resource
import sys
import tempfile
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import killing
from tests.support.stores import finished, indexed_image, node_id
from voxlogica_core.errors import StoreError
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.record import Inline
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.writing import WriteQueue

_NOBODY = 65534


def say(*words: object) -> None:
    """Print a line at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def write_for_ever(folder: Path, start: int) -> None:
    """Record numbers and images without end, telling each index when it is recorded."""
    store = open_store(folder)
    say("ready")
    index = start
    while True:
        items = [finished(f"number {index + i}", float(index + i)) for i in range(20)]
        items += [finished(f"image {index}", indexed_image(index), named=True)]
        store.record(items)
        say(index)
        index += 20


def record_for_ever(folder: Path, start: int) -> None:
    """Record numbers and images through a queue, telling each index when it is recorded."""
    say("ready")
    killing.write_for_ever(folder, start, say)


def write_some(folder: Path, start: int) -> None:
    """Record 2,000 numbers in batches of 20, half of which another process records too."""
    store = open_store(folder)
    say("ready")
    sys.stdin.readline()
    for first in range(start, start + 2000, 20):
        store.record([finished(f"number {i}", float(i)) for i in range(first, first + 20)])
    store.close()
    say("done")


def read(folder: Path, index: int) -> None:
    """Tell, for each line read, the value of a number, and whether anything changed."""
    reader = StoreReader(folder)
    node = node_id(f"number {index}")
    say("ready")
    for _ in sys.stdin:
        record = reader.lookup([node]).get(node)
        stored = record.stored if record else None
        say(reader.changed(), stored.value if isinstance(stored, Inline) else "nothing")


def read_without_rights(folder: Path, index: int) -> None:
    """As somebody who may only read: tell a number, copies left behind, and what writing says."""
    if os.geteuid() == 0:
        os.setuid(_NOBODY)
    with TemporaryDirectory() as place:  # where copies go
        tempfile.tempdir = place
        _read_without_rights(folder, index)


def _read_without_rights(folder: Path, index: int) -> None:
    store = open_store(folder)
    node = node_id(f"number {index}")
    record = store.lookup([node])[node]
    say(store.value(record))
    say(os.listdir(tempfile.gettempdir()))
    say(*store.notes)
    try:
        store.record([finished("more", 1.0)])
    except StoreError as error:
        say(error)


def fill_the_disk(folder: Path, megabytes: int) -> None:
    """Record through a queue until no file may grow; tell the problem and what is kept."""
    store = open_store(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes * 2**20, megabytes * 2**20))
    queue = WriteQueue(store, 2**20)
    texts = {node_id(f"text {index}"): f"{index:04}" * 2000 for index in range(400)}
    for index, text in enumerate(texts.values()):
        queue.put(finished(f"text {index}", text))
        queue.flush()
    say(queue.problem)
    records = store.lookup(texts)
    say(len(records), all(store.value(record) == texts[n] for n, record in records.items()))


if __name__ == "__main__":
    deeds = (record_for_ever, write_for_ever, write_some, read, read_without_rights, fill_the_disk)
    deed = {function.__name__: function for function in deeds}[sys.argv[1]]
    deed(Path(sys.argv[2]), int(sys.argv[3]))
