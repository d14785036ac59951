"""Detached runs: where they are noted, and how to talk to those that go on. Runs nothing.

Each has a process of its own, a note in the folder ``runs`` of the store, and a socket that only
its user can reach. Whether it goes on is found by calling it, and stored nowhere: a note without
an end, of a process that does not answer, is that of a run that was killed.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal, TypeAlias, cast

from voxlogica_core.errors import EngineError, UsageError
from voxlogica_core.system import is_own_peer, runtime_folder

HOST = (sys.executable, "-P", "-m", "voxlogica_server.runner.detached")
"""Carries out one detached run."""
PROTOCOL = 1
"""Raised when what is said to a host, or by it, changes its meaning."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a line that is said."""
MOST = 100
"""Notes of runs that have ended."""
State = Literal["running", "ended", "lost"]
"""``lost``: its process is gone without a word; what it had done is kept."""
Fields: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted of a detached run.

    Parameters
    ----------
    id
        Eight hexadecimal digits.
    program
        Its file, None if it has none.
    begun, ended
        Seconds since 1970; None: it has not ended, as far as is noted.
    result
        The object of ``run --json``.
    """

    id: str
    program: str | None
    begun: float
    ended: float | None = None
    result: Fields | None = None


class Notes:
    """The notes in one store.

    Parameters
    ----------
    store
        Its folder.
    """

    def __init__(self, store: Path) -> None:
        self._store = store.expanduser().absolute()
        self._folder = self._store / "runs"

    def begin(self, program: str | None) -> Note:
        """Note a run that begins; of those that have ended, the latest are kept."""
        for old in self.all()[MOST:]:
            if old.ended is not None:
                (self._folder / f"{old.id}.json").unlink(missing_ok=True)
        note = Note(os.urandom(4).hex(), program, time.time())
        self._write(note)
        return note

    def end(self, note: Note, result: Fields) -> None:
        """Note how a run has ended."""
        self._write(replace(note, ended=time.time(), result=result))

    def all(self) -> list[Note]:
        """Return all notes, the latest first."""
        found = [note for path in self._folder.glob("*.json") if (note := _read(path))]
        return sorted(found, key=lambda note: -note.begun)

    def find(self, name: str) -> Note:
        """Return the note whose id begins with `name`.

        Raises
        ------
        UsageError
            There is none, or more than one.
        """
        found = [note for note in self.all() if name and note.id.startswith(name)]
        if len(found) != 1:
            number = "several runs have" if found else "no run has"
            raise UsageError(f"{number} an id that begins with {name!r}; see `voxlogica runs`")
        return found[0]

    def state(self, note: Note) -> State:
        """Return whether a run goes on."""
        if note.ended is not None:
            return "ended"
        try:
            self.call(note).close()
        except EngineError:
            again = _read(self._folder / f"{note.id}.json")  # it may have ended just now
            return "ended" if again and again.ended is not None else "lost"
        return "running"

    def address(self, note: Note) -> Path:
        """Return where a run is reached: a short name, as long ones are refused by the system."""
        digest = sha256(os.fsencode(self._store)).hexdigest()[:12]
        return runtime_folder() / f"{digest}-{note.id}"

    def call(self, note: Note) -> socket.socket:
        """Return a connection to a run that goes on.

        Raises
        ------
        EngineError
            It does not.
        """
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(self.address(note)))
        except OSError as error:
            line.close()
            raise EngineError(f"the run {note.id} does not answer: it has ended") from error
        if not is_own_peer(line):
            line.close()
            raise EngineError(f"the run {note.id} belongs to somebody else")
        return line

    def cancel(self, note: Note) -> None:
        """Cancel a run and wait for its end; what it has done is kept.

        Raises
        ------
        EngineError
            It has ended already.
        """
        if self.state(note) != "running":
            raise EngineError(f"the run {note.id} has ended: there is nothing to cancel")
        with closing(self.call(note)) as line:
            line.sendall(b"watch\ncancel\n")
            for said in heard(line):
                if said.get("said") == "ended":
                    break

    def _write(self, note: Note) -> None:
        path = self._folder / f"{note.id}.json"
        beside = path.with_suffix(".new")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(asdict(note), file)
            beside.replace(path)
        except OSError as error:
            raise EngineError(f"{path} cannot be written: {error.strerror}") from error


def start(
    order: Fields, command: Sequence[str] = HOST, variables: Mapping[str, str] | None = None
) -> str:
    """Start a detached run; return its id.

    Parameters
    ----------
    order
        What the host wants to know; see `voxlogica_server.runner.detached`.
    variables
        Of its environment, besides those of this process.

    Raises
    ------
    EngineError
        It did not start, and why.
    """
    host = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, **(variables or {})},
    )
    said, complaint = host.communicate(line_of(order))
    answer = _fields(said)
    match answer:
        case {"id": str(name)}:
            return name
        case _:
            reason = complaint.decode(errors="replace").strip().rpartition("\n")[2]
            raise EngineError(f"a detached run was wanted, but it did not start: {reason}")


def line_of(fields: Fields) -> bytes:
    """Return what is said as a line."""
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def heard(line: socket.socket) -> Iterator[Fields]:
    """Yield what a host says, to its end."""
    with line.makefile("rb") as stream:
        while text := stream.readline(LARGEST):
            if (fields := _fields(text)) is not None:
                yield fields


def _read(path: Path) -> Note | None:
    """Return a note, None if there is nothing of the kind."""
    with suppress(OSError):
        match _fields(path.read_bytes()):
            case {
                "id": str(name),
                "program": str() | None as program,
                "begun": int() | float() as begun,
                "ended": int() | float() | None as ended,
                "result": dict() | None as result,
            }:
                return Note(name, program, begun, ended, cast("Fields | None", result))
            case _:
                pass
    return None


def _fields(text: bytes) -> Fields | None:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("Fields", found) if isinstance(found, dict) else None
