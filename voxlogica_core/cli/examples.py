"""Where the example programs are: beside the package when installed, above it in a checkout."""

from pathlib import Path

import voxlogica_core
from voxlogica_core.errors import UsageError


def examples_folder() -> Path:
    """Return the folder of the example programs and their images.

    Raises
    ------
    UsageError
        They were not installed.
    """
    package = Path(voxlogica_core.__file__).parent
    for folder in (package / "examples", package.parent / "examples"):
        if (folder / "brain.imgql").exists():
            return folder
    raise UsageError("the examples are not installed: install voxlogica from its wheel")
