"""The outpost: what goes on in a worker of a Dask cluster. Decides no order, records nothing.

An outpost is set up by the first task that a client sends to a worker. It looks whether the worker
means the same by a node id as the client does, and whether it sees the client's store; then it does
tasks. What is worth recording goes back to the client: the value itself, or the name of a payload
file that was written here, where the client sees it, too.
"""

import json
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from distributed import Worker, get_worker

from voxlogica_core.engine.crashes.gate import Watch, watch
from voxlogica_core.engine.files import Printed
from voxlogica_core.engine.steps.step import Task
from voxlogica_core.engine.workers.saving import ProgramFiles
from voxlogica_core.engine.workers.worker import Bench, TaskResult
from voxlogica_core.errors import StoreError
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.files import write_part
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.payload import encode_image
from voxlogica_core.store.payload_folder import PayloadFolder
from voxlogica_core.store.record import Finished, Written
from voxlogica_core.values.image import Image
from voxlogica_core.values.versions import installed_version

LIBRARIES = ("SimpleITK", "numpy", "scipy", "numba")
"""What kernels compute with: other versions may compute other bits."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a worker must have to work for a client.

    Parameters
    ----------
    files
        Users' files with primitives.
    versions
        Of each primitive, by qualified name.
    libraries
        Versions of what kernels compute with.
    folder
        The store's, None where nothing stays.
    probe
        A file in it: who sees that sees the store.
    """

    files: tuple[str, ...]
    versions: Mapping[str, str]
    libraries: Mapping[str, str | None]
    folder: str | None
    probe: str

    def written(self) -> str:
        """Return it as a text, which is quickly sent with each task."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Saving:
    """What the client is to save, as it has the user's folders."""

    value: Printed
    path: str
    side: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What comes of a task."""

    result: TaskResult
    finished: Sequence[Finished]
    savings: Sequence[Saving]


class Refused(Exception):
    """A worker cannot do the work; the message says why, and what to do."""


class Outpost:
    """Does the tasks of one client in the threads of a worker.

    Parameters
    ----------
    equipment
        What the worker must have.
    threads
        How many the worker has.
    """

    def __init__(self, equipment: Equipment, threads: int) -> None:
        catalogue = read_catalogue([Path(file) for file in equipment.files])
        self.problem = difference(equipment, equipment_of(catalogue, None, ""))
        self.sees_store = bool(equipment.probe) and Path(equipment.probe).is_file()
        sees = self.sees_store and equipment.folder is not None
        self._folder = Path(equipment.folder) if sees and equipment.folder else None
        self._bench = _bench(catalogue, PayloadFolder(self._folder), threads, watch())

    def do(self, task: Task, inputs: Sequence[TaskResult]) -> Parcel:
        """Do a task."""
        if self.problem is not None:
            raise Refused(self.problem)
        chores = _Chores()
        bench = replace(self._bench, files=chores, finish=chores.finish)
        result = bench.run(task, inputs)
        return Parcel(result, [self._written(item) for item in chores.finished], chores.savings)

    def _written(self, item: Finished) -> Finished:
        """Write the payload of an image where the client sees it; it draws those with a name."""
        folder, image = self._folder, item.value
        if folder is None or item.named or not item.keep or not isinstance(image, Image):
            return item
        encoded = encode_image(image)
        owner = f"{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"
        try:
            part = write_part(Layout(folder), item.id, encoded, owner)
        except StoreError:  # the client says so, once, when it cannot write either
            return item
        written = Written(part.name, encoded.stored, image.nbytes, image.geometry)
        return replace(item, value=None, written=written)


@dataclass(slots=True)
class _Chores:
    """Files as a task in a worker sees them; keeps what the client is to record and to save."""

    finished: list[Finished] = field(default_factory=list[Finished])
    savings: list[Saving] = field(default_factory=list[Saving])
    _files: ProgramFiles = field(default_factory=ProgramFiles)

    def finish(self, item: Finished) -> None:
        """Keep what is to be recorded."""
        self.finished.append(item)

    def ready(self) -> None:
        """Import what reading needs."""
        self._files.ready()

    def read(self, path: str, digest: str) -> tuple[Image, tuple[str, ...]]:
        """Return the image in a file."""
        return self._files.read(path, digest)

    def save(self, value: Printed, path: str, side: str) -> tuple[str, ...]:
        """Keep what is to be saved."""
        self.savings.append(Saving(value, path, side))
        return ()


def do_job(name: str, equipment: str, task: Task, inputs: Sequence[TaskResult]) -> Parcel:
    """Do a task in the thread of a worker."""
    return _outpost(name, equipment, get_worker()).do(task, inputs)


def exports_of(parcel: Parcel) -> TaskResult:
    """Return what other tasks need: it stays in the cluster."""
    return TaskResult(parcel.result.key, parcel.result.values, parcel.result.troubles)


def note_of(parcel: Parcel) -> Parcel:
    """Return what the client needs: no images, unless it is to record or to save them."""
    values = {n: v for n, v in parcel.result.values.items() if not isinstance(v, Image)}
    return replace(parcel, result=replace(parcel.result, values=values))


def objection(name: str, equipment: str, dask_worker: Worker) -> tuple[str | None, bool]:
    """Return why a worker cannot do the work, and whether it sees the store."""
    outpost = _outpost(name, equipment, dask_worker)
    return outpost.problem, outpost.sees_store


def forget(name: str, dask_worker: Worker) -> None:
    """Take an outpost down: its client has gone."""
    dask_worker.extensions.pop(name, None)


def sees(path: str, size: int) -> bool:
    """Return whether a worker sees a file of some size."""
    try:
        return os.stat(path).st_size == size
    except OSError:
        return False


def equipment_of(catalogue: Catalogue, folder: Path | None, probe: str) -> Equipment:
    """Return what is here, and so must be there."""
    primitives = list(catalogue.at_hand())
    modules = {overload.module for each in primitives for overload in each.overloads}
    return Equipment(
        tuple(sorted(module.partition("#")[0] for module in modules if "#" in module)),
        {primitive.qualified: primitive.version for primitive in primitives},
        {name: installed_version(name) for name in LIBRARIES},
        None if folder is None else str(folder),
        probe,
    )


def difference(wanted: Equipment, found: Equipment) -> str | None:
    """Return what makes two places compute different values, None where nothing does."""
    pairs = {**wanted.versions, **found.versions}
    for name in pairs:
        here, there = wanted.versions.get(name), found.versions.get(name)
        if here != there:
            return (
                f"its {name} has version {there or 'none'}, here it has {here or 'none'}: the same "
                "name would stand for two values; have the same VoxLogicA there, and the same "
                "files with primitives in the same places"
            )
    for name, here in wanted.libraries.items():
        there = found.libraries.get(name)
        if here != there:
            return (
                f"it has {name} {there or 'not'}, here it is {here or 'none'}: the last bits could "
                "differ; install the same version on both"
            )
    return None


def _outpost(name: str, equipment: str, worker: Worker) -> Outpost:
    extensions: dict[str, Any] = worker.extensions
    outpost = extensions.get(name)
    if not isinstance(outpost, Outpost):
        fresh = Outpost(Equipment(**json.loads(equipment)), worker.state.nthreads)
        outpost = extensions.setdefault(name, fresh)  # twice at worst, with equal results
    return outpost


def _bench(catalogue: Catalogue, store: PayloadFolder, threads: int, seen: Watch) -> Bench:
    chores = _Chores()
    return Bench(catalogue, store, chores, chores.finish, threads, watch=seen)
