"""What server and runner say to each other: JSON with its length before it, never pickled objects.

Nobody but the user's own processes can connect, so no key is needed. A message that has not its
promised form, or is too long, ends the connection.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TypeAlias, cast

from voxlogica_core.engine.crashes.caution import CAREFREE, Caution
from voxlogica_core.ide.status.choice import Part
from voxlogica_core.plan.node import NodeId, Scalar
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.text.span import Span

PROTOCOL = 5
"""Raised when a message changes its meaning."""

LARGEST = 64 * 1024 * 1024
"""Bytes of a message."""

LENGTH = struct.Struct(">I")


class MessageError(Exception):
    """The other end said something that is no message."""


@dataclass(frozen=True, slots=True)
class Hello:
    """Server to runner, first: who is there, and the store to use.

    Parameters
    ----------
    encoding
        How node ids are made.
    catalogue
        Digest of names and versions of all primitives.
    caution
        What crashes of earlier runners have taught.
    threads, memory
        Tasks at a time and budget in bytes; None: as many as there are cores, half of the memory.
    """

    protocol: int
    encoding: str
    catalogue: str
    store: str
    caution: Caution = CAREFREE
    threads: int | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Warm:
    """Server to runner: nobody waits; make ready for the first run."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Runner to server: runs are welcome."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Runner to server: no run will do, and why."""

    message: str


@dataclass(frozen=True, slots=True)
class Sight:
    """A node whose value a viewer wants, and the folder where its files belong."""

    node: NodeId
    folder: str


@dataclass(frozen=True, slots=True)
class Start:
    """Server to runner: run this text as it stands.

    Parameters
    ----------
    run
        A number that no other run has.
    path
        The program's file, None for text that was never saved.
    folder
        Where the user works.
    dialect
        What the program is written in if it does not state it.
    part
        What of the text is asked for; None: all its goals.
    texts
        Files whose text is another one than on the disk, by path: open in an editor, not saved.
    settings
        Values that replace those of constant declarations, by name.
    sight
        A value that is to be written for a viewer.
    """

    run: int
    text: str
    path: str | None
    folder: str
    dialect: Dialect | None = None
    part: Part | None = None
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    settings: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Server to runner: drop what has not begun."""

    run: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Runner to server: what happened since the last message.

    Parameters
    ----------
    queued
        Nodes that were found to be needed.
    started
        Tasks that began, each the nodes it computes.
    finished
        Nodes that have their end, with ``computed``, ``reused``, ``rematerialised`` or
        ``without value``.
    fraction
        Share of the expected time that has been worked off.
    """

    run: int
    queued: tuple[str, ...] = ()
    started: tuple[tuple[str, ...], ...] = ()
    finished: tuple[tuple[str, str], ...] = ()
    fraction: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """Runner to server: the run is over.

    Parameters
    ----------
    result
        The object of ``run --json``.
    failed
        Why, by node.
    blocked
        Nodes that need a failed one.
    """

    run: int
    result: Mapping[str, object]
    failed: Mapping[str, str] = field(default_factory=dict[str, str])
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """Runner to server: the run cannot be carried out; the world is wrong."""

    run: int
    message: str


Message: TypeAlias = Hello | Warm | Ready | Refused | Start | Cancel | Progress | Ended | Broken


def encoded(message: Message) -> bytes:
    """Return a message as bytes, its length first.

    Raises
    ------
    MessageError
        It is too long.
    """
    fields = {"type": type(message).__name__, **asdict(message)}
    body = json.dumps(fields, separators=(",", ":"), default=sorted).encode()  # sets sorted
    if len(body) > LARGEST:
        raise MessageError(f"a message has at most {LARGEST} bytes, this has {len(body)}")
    return LENGTH.pack(len(body)) + body


def length_of(head: bytes) -> int:
    """Return the length that a message announces; `MessageError` if it is too much."""
    (length,) = LENGTH.unpack(head)
    if length > LARGEST:
        raise MessageError(f"a message has at most {LARGEST} bytes, {length} were announced")
    return length


def decoded(body: bytes) -> Message:
    """Return the message that `encoded` wrote.

    Raises
    ------
    MessageError
        There is none such.
    """
    try:
        fields: object = json.loads(body)
        return _message(fields)
    except (ValueError, TypeError, RecursionError) as error:
        raise MessageError(f"this is no message: {error}") from error


def _message(fields: object) -> Message:
    match fields:
        case {
            "type": "Hello",
            "protocol": int(protocol),
            "encoding": str(encoding),
            "catalogue": str(catalogue),
            "store": str(store),
            "caution": dict(caution),
            "threads": int() | None as threads,
            "memory": int() | None as memory,
        } if protocol == PROTOCOL:
            told = _caution(cast("dict[str, object]", caution))
            return Hello(protocol, encoding, catalogue, store, told, threads, memory)
        case {"type": "Hello", "protocol": int(protocol)}:
            return Hello(protocol, "", "", "")  # of another version, which is told so
        case {"type": "Warm"}:
            return Warm()
        case {"type": "Ready"}:
            return Ready()
        case {"type": "Refused", "message": str(message)}:
            return Refused(message)
        case {
            "type": "Start",
            "run": int(run),
            "text": str(text),
            "path": str() | None as path,
            "folder": str(folder),
            "dialect": "voxlogica1" | "imgql2" | None as dialect,
            "part": part,
            "texts": dict(texts),
            "settings": dict(settings),
            "sight": sight,
        }:
            others = {str(file): str(content) for file, content in texts.items()}
            values = {str(name): _scalar(value) for name, value in settings.items()}
            wanted = _sight(sight)
            return Start(run, text, path, folder, dialect, _part(part), others, values, wanted)
        case {"type": "Cancel", "run": int(run)}:
            return Cancel(run)
        case {"type": "Broken", "run": int(run), "message": str(message)}:
            return Broken(run, message)
        case _:
            return _report(fields)


def _report(fields: object) -> Progress | Ended:
    match fields:
        case {
            "type": "Progress",
            "run": int(run),
            "queued": list(queued),
            "started": list(started),
            "finished": list(finished),
            "fraction": int() | float() as fraction,
        }:
            tasks = tuple(_texts(task) for task in started)
            pairs = tuple((str(node), str(how)) for node, how in finished)
            return Progress(run, _texts(queued), tasks, pairs, float(fraction))
        case {
            "type": "Ended",
            "run": int(run),
            "result": dict(result),
            "failed": dict(failed),
            "blocked": list(blocked),
        }:
            reasons = {str(node): str(reason) for node, reason in failed.items()}
            return Ended(run, cast("dict[str, object]", result), reasons, _texts(blocked))
        case _:
            raise TypeError("no message has this form")


def _part(fields: object) -> Part | None:
    match fields:
        case None:
            return None
        case {
            "goals": {"start": int(first), "end": int(last)},
            "declarations": {"start": int(start), "end": int(end)},
        }:
            return Part(Span(first, last), Span(start, end))
        case _:
            raise TypeError("no part of a text has this form")


def _sight(fields: object) -> Sight | None:
    match fields:
        case None:
            return None
        case {"node": str(node), "folder": str(folder)}:
            return Sight(NodeId(node), folder)
        case _:
            raise TypeError("nothing to be seen has this form")


def _caution(fields: object) -> Caution:
    match fields:
        case {
            "failed": dict(failed),
            "alone": list(alone),
            "everything_alone": bool(everything_alone),
            "lean": bool(lean),
            "crashes": int(crashes),
            "unexplained": int(unexplained),
            "restarted": int(restarted),
        }:
            return Caution(
                {NodeId(str(node)): str(reason) for node, reason in failed.items()},
                frozenset(NodeId(str(node)) for node in alone),
                everything_alone=everything_alone,
                lean=lean,
                crashes=crashes,
                unexplained=unexplained,
                restarted=restarted,
            )
        case _:
            raise TypeError("no caution has this form")


def _scalar(value: object) -> Scalar:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return float(value)
    raise TypeError("a number, a text or a truth value is wanted")


def _texts(items: list[object]) -> tuple[str, ...]:
    return tuple(str(item) for item in items)
