import asyncio
from pathlib import Path

import pytest

from voxlogica_core.store.reader import StoreReader
from voxlogica_core.text.source_text import SourceText
from voxlogica_server.analyst import Analyst
from voxlogica_server.homes import Home


def wished(analyst: Analyst, folder: Path, order: list[str], name: str) -> "asyncio.Task[None]":
    async def wait() -> None:
        await analyst.analysis(SourceText(f"let {name} = 1"), Home(folder), None)
        order.append(name)

    return asyncio.create_task(wait())


@pytest.mark.asyncio
async def test_the_newest_wish_is_served_first(tmp_path: Path) -> None:
    analyst, order = Analyst(StoreReader(tmp_path / "none"), lambda: None), list[str]()
    await asyncio.gather(*(wished(analyst, tmp_path, order, name) for name in "abcd"))
    assert order == ["a", "d", "c", "b"]
    analyst.end()


@pytest.mark.asyncio
async def test_a_wish_taken_back_holds_up_nobody(tmp_path: Path) -> None:
    analyst, order = Analyst(StoreReader(tmp_path / "none"), lambda: None), list[str]()
    tasks = [wished(analyst, tmp_path, order, name) for name in "abcd"]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[3].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == ["c", "b"]
    await wished(analyst, tmp_path, order, "e")
    assert order == ["c", "b", "e"]
    analyst.end()
