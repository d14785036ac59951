"""Garbage is collected in quiet moments, and nobody who works in another thread notices."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.wire import ROOT
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
