"""Runners in tests: ended so that nothing of them is left in the loop."""

import asyncio

from tests.support.processes import until_it
from voxlogica_server.runner.client import RunnerClient


async def end(client: RunnerClient) -> None:
    """End a runner, and wait until its connection is closed: a loop must end without it."""
    client.end()
    assert await until_it(lambda: client.process_id is None)
    for _ in range(3):
        await asyncio.sleep(0)  # what closes a connection closes it in the next round
