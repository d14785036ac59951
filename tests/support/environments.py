"""An environment with nothing but the libraries of the language server: as the editor's has."""

import venv
from importlib.metadata import distribution
from pathlib import Path

from tests.support.wire import ROOT

LIBRARIES = ("pygls", "lsprotocol", "lark", "attrs", "cattrs", "platformdirs", "typing_extensions")
"""What the extension carries; see its `scripts/bundle.py`."""


def environment_of_the_server(folder: Path) -> Path:
    """Make an environment whose packages are links to those that are installed; return its Python.

    It takes a tenth of a second: nothing is copied, and there is no pip.
    """
    venv.create(folder, symlinks=True, with_pip=False)
    (packages,) = folder.glob("lib/python3*/site-packages")
    for name in LIBRARIES:
        for top in {
            file.parts[0] for file in distribution(name).files or () if ".." not in file.parts
        }:
            place = packages / top
            if top != "__pycache__" and not place.exists():
                place.symlink_to(Path(str(distribution(name).locate_file(top))))
    (packages / "voxlogica.pth").write_text(f"{ROOT}\n{ROOT / 'server'}\n")
    return folder / "bin" / "python"
