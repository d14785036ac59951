"""The errors of a wrong world; wrong programs are diagnostics, wrong data are outcomes.

::

    VoxLogicaError
    ├── UsageError          the caller asked for something that does not exist
    ├── DataError           a kernel was given values it has no answer for
    │   └── GeometryMismatch
    ├── FileError           a file is missing, unreadable or of an unknown format
    │   └── InputChanged    a file is not what it was when the plan was made
    ├── StoreError          the store cannot be opened or written
    └── EngineError         the scheduler or the runner cannot be reached

Each says what was wanted, what came and what to do.
"""


class VoxLogicaError(Exception):
    """Root of every error this package raises on purpose."""


class UsageError(VoxLogicaError):
    """The caller asked for something that does not exist."""


class DataError(VoxLogicaError):
    """A kernel was given values it has no answer for.

    Parameters
    ----------
    message
        What was wanted, what came, what to do.
    argument
        Name of the parameter at fault, when one is.
    """

    def __init__(self, message: str, argument: str | None = None) -> None:
        super().__init__(message)
        self.argument = argument


class GeometryMismatch(DataError):
    """Two images that meet in one operation have different grids."""


class FileError(VoxLogicaError):
    """A file is missing, unreadable or of an unknown format."""


class InputChanged(FileError):
    """A file is not what it was when its digest entered the plan."""


class StoreError(VoxLogicaError):
    """The store cannot be opened, read or written."""


class EngineError(VoxLogicaError):
    """The scheduler or the runner cannot be reached."""
