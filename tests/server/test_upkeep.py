"""Garbage is collected in quiet moments, and nobody who works in another thread notices."""

import asyncio
import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE
from tests.support.programs import SmallWorld
from tests.support.wire import ROOT
from voxlogica_core.ide.analysis import analyse
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText
from voxlogica_server.upkeep import Upkeep

_MANY = 400_000


@pytest.fixture
def by_hand() -> Iterator[None]:
    """Let nobody collect but the upkeep."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.asyncio
async def test_what_nobody_needs_goes_when_half_as_much_was_added(by_hand: None) -> None:
    upkeep = Upkeep()
    kept = [[number] for number in range(_MANY)]
    upkeep.note()
    assert gc.get_count()[0] < _MANY // 2  # it has collected
    more = [[number] for number in range(_MANY // 20)]
    upkeep.note()
    assert gc.get_count()[0] >= len(more)  # too little to collect
    upkeep.end()
    assert len(kept) == _MANY
    await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_what_a_first_analysis_makes_is_set_aside_without_a_look(by_hand: None) -> None:
    upkeep = Upkeep()
    kept = [[number] for number in range(_MANY)]
    before = gc.get_stats()[2]["collections"]
    upkeep.settle()
    upkeep.note()
    assert gc.get_count()[0] < _MANY // 2
    assert gc.get_stats()[2]["collections"] == before
    upkeep.end()
    assert len(kept) == _MANY


class _Circle:
    def __init__(self) -> None:
        self.own = self


@pytest.mark.asyncio
async def test_what_closed_documents_leave_behind_goes_when_it_is_quiet(by_hand: None) -> None:
    upkeep, circle = Upkeep(), _Circle()
    left = weakref.ref(circle)
    upkeep.settle()
    del circle
    upkeep.note_closed(100_000)
    async with asyncio.timeout(PATIENCE):
        while left() is not None:
            await asyncio.sleep(0.05)
    upkeep.end()


def test_an_analysis_makes_no_garbage_in_circles(by_hand: None) -> None:
    """Else it must not be set aside unseen."""
    text = 'let f(x) = x + 1\nlet a = for i in range(0, 3) do f(i)\nlet b = (1 +\nprint "a" a'
    catalogue, world = read_catalogue(), SmallWorld()
    newest = analyse(SourceText(text), catalogue=catalogue, world=world)
    kept = [newest]
    gc.collect()  # what reading the tables of the grammar has left, once

    def left(number: int) -> int:
        nonlocal newest
        source = SourceText(text.replace("+ 1", f"+ {number}"))
        newest = analyse(source, catalogue=catalogue, world=world, before=newest)
        kept.append(analyse(source, catalogue=catalogue, world=world))
        return gc.collect()

    for number in range(20):
        # What is found once may be of a thread that another test has left; ours comes every time.
        assert left(number) == 0 or left(number) == 0, number


def test_no_code_asks_for_all_objects() -> None:
    """Those lent out may be tuples that another thread has begun to fill: it then fails."""
    places = [ROOT / "server" / "voxlogica_server", ROOT / "voxlogica_core"]
    asking = [file for place in places for file in _files(place) if _asks(file)]
    assert not asking


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py"))


def _asks(file: Path) -> bool:
    text = file.read_text()
    return "get_objects(" in text or "get_referrers(" in text
