"""VoxLogicA: declarative medical-image analysis. Importing any part of it stays light.

::

    import voxlogica_core as vox

    analysis = vox.analyse(open("brain.imgql").read(), path="brain.imgql")
    with vox.Engine(store="~/cache") as engine:
        run = engine.run(analysis.plan)
        run.value("dice")

The names below are imported when they are first used. ``__version__`` is that of the package.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
    from voxlogica_core.api import Engine as Engine
    from voxlogica_core.api import analyse as analyse
    from voxlogica_core.engine.run import Run as Run
    from voxlogica_core.errors import VoxLogicaError as VoxLogicaError
    from voxlogica_core.ide.analysis import Analysis as Analysis
    from voxlogica_core.values.image import Image as Image

_HOMES = {
    "Analysis": "voxlogica_core.ide.analysis",
    "Engine": "voxlogica_core.api",
    "Image": "voxlogica_core.values.image",
    "Run": "voxlogica_core.engine.run",
    "VoxLogicaError": "voxlogica_core.errors",
    "analyse": "voxlogica_core.api",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  (24 ms, a sixteenth of a start)

        return version("voxlogica")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(_HOMES)
