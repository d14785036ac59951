"""What went before a failure is told with it, whatever failed and wherever output goes."""

from dataclasses import dataclass
from types import TracebackType


@dataclass(frozen=True)
class noted:  # noqa: N801  (read as a word after `with`)
    """Adds a line to whatever is raised in the block.

    Parameters
    ----------
    line
        How to have the same again.
    """

    line: str

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Add the line to what was raised."""
        if error is not None:
            error.add_note(self.line)
