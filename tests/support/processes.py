"""Other processes, as tests look at them: each may end between one look and the next.

Deadlines here only end a test that would never end: nothing is measured by them, and a machine that
is ten times slower is no reason to fail.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 300.0
"""Seconds until something that should happen will not happen any more."""

_STEP = 0.02


def is_alive(process: int) -> bool:
    """Return whether there is such a process, and it has not ended."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:  # not there; or gone while it was looked at
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def child_of(process: int) -> int | None:
    """Return the first child of a process, None where there is none."""
    try:
        found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return None
    return int(found[0]) if found else None


def processes_with(mark: str) -> list[int]:
    """Return the processes that have a text in their environment, this one left out."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            content = (entry / "environ").read_bytes()
        except OSError:
            continue
        if mark.encode() in content and entry.name != Path("/proc/self").resolve().name:
            found.append(int(entry.name))
    return found


def processes_of(folder: Path) -> list[int]:
    """Return the processes whose store is in a folder, as `environment` of the wire says."""
    return processes_with(f"VOXLOGICA_STORE={folder / 'store'}\0")


def until(happens: Callable[[], object]) -> bool:
    """Wait for something that another process does; return whether it did."""
    end = time.monotonic() + PATIENCE
    while not happens():
        if time.monotonic() > end:
            return False
        time.sleep(_STEP)
    return True


async def until_it(happens: Callable[[], object]) -> bool:
    """Wait, in a loop that goes on, for something that another process does."""
    end = time.monotonic() + PATIENCE
    while not happens():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(_STEP)
    return True
