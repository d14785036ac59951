"""Notices that the client's process is gone. Linux tells; elsewhere the end of stdin does."""

import asyncio
import os
from collections.abc import Callable


def watch_parent(process: int | None, gone: Callable[[], None]) -> None:
    """Call `gone` when a process ends; nothing is asked again and again.

    A number that names no process is passed over: the client may live in another container.
    """
    if process is None or not hasattr(os, "pidfd_open"):
        return
    try:
        descriptor = os.pidfd_open(process)
    except (OSError, OverflowError):
        return
    loop = asyncio.get_running_loop()

    def ended() -> None:
        loop.remove_reader(descriptor)
        os.close(descriptor)
        gone()

    loop.add_reader(descriptor, ended)
