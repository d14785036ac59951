"""An order: a run that is asked for, until it has ended. Talks to nobody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from voxlogica_core.ide.status.choice import Part
from voxlogica_core.plan.node import NodeId, Scalar
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_server.runner.messages import Broken, Ended, Sight, Start
from voxlogica_server.runner.tally import Tally

if TYPE_CHECKING:
    import asyncio


@dataclass(frozen=True, slots=True)
class Crashed:
    """Runners ended again and again in the middle of a run, and nothing was being computed."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run was cancelled, and there was no waiting for what ran."""


Ending = Ended | Broken | Crashed | Stopped


class Again:
    """The runner ended, because of another run or by a crash: this one begins again."""


@dataclass(slots=True, eq=False)
class Order:
    """A run that is asked for.

    Parameters
    ----------
    text, path
        The program as it stands, and its file if it has one.
    folder
        Where the user works.
    tell
        Called whenever something happened.
    dialect
        What the program is written in if it does not state it.
    part
        What of the text is asked for; None: all its goals.
    texts
        Files that are open and have another text than on the disk, by path.
    settings
        Values that replace those of constant declarations, by name.
    sight
        A value that is to be written for a viewer.
    """

    text: str
    path: str | None
    folder: Path
    tell: Callable[[Tally], None]
    dialect: Dialect | None = None
    part: Part | None = None
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    settings: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    sight: Sight | None = None
    tally: Tally = field(default_factory=Tally)
    ending: "asyncio.Future[Ending | Again] | None" = None
    number: int = 0
    is_awaited: bool = True

    def end(self, ending: "Ending | Again") -> None:
        """Tell who waits how it ended, unless that is known."""
        if self.ending is not None and not self.ending.done():
            self.ending.set_result(ending)

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for its end."""
        return self.ending is not None and not self.ending.done()

    def wants(self, node: NodeId) -> bool:
        """Whether it is known to compute a node, now or later."""
        return node in self.tally.running or node in self.tally.queued

    @property
    def start(self) -> Start:
        """The order as a message."""
        return Start(
            self.number,
            self.text,
            self.path,
            str(self.folder),
            self.dialect,
            self.part,
            self.texts,
            self.settings,
            self.sight,
        )
