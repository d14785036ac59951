"""Reports of crashes, for whoever looks into them: versions, nodes, trace. No images, no values."""

import os
import platform
import time
from contextlib import suppress
from pathlib import Path

from platformdirs import user_log_dir

from voxlogica_core.engine.crashes.caution import signal_name
from voxlogica_core.engine.crashes.flight import Record
from voxlogica_core.system import ExitCode
from voxlogica_core.values.versions import installed_version

MOST = 20
"""Reports that are kept."""
_LIBRARIES = ("voxlogica", "SimpleITK", "numpy", "numba", "scipy", "dask", "distributed")


def reports_folder() -> Path:
    """Return where reports are."""
    return Path(user_log_dir("voxlogica", appauthor=False)) / "crashes"


def write_report(code: ExitCode, left: Record, folder: Path | None = None) -> Path | None:
    """Write a report of a process that has crashed; return where, None if it cannot be written."""
    place = folder or reports_folder()
    path = place / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(report(code, left))
        for old in sorted(place.glob("*.txt"))[:-MOST]:
            with suppress(FileNotFoundError):
                old.unlink()
    except OSError:
        return None
    return path


def report(code: ExitCode, left: Record) -> str:
    """Return the text of a report."""
    versions = ", ".join(f"{name} {installed_version(name)}" for name in _LIBRARIES)
    lines = [
        f"A process of voxlogica ended with {signal_name(code)}.",
        f"Python {platform.python_version()} on {platform.platform()}; {versions}",
        "It was computing:" if left.aboard else "It was computing nothing.",
        *(
            f"  {each.node}, {each.nbytes} bytes of images, thread {each.thread:#x}"
            for each in left.aboard
        ),
        "",
        left.trace or "Python had no time to write a trace.",
    ]
    return "\n".join(lines) + "\n\n"
