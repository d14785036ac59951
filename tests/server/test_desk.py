"""The desk: what is needed most is answered first, what nobody waits for is not begun."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from tests.support.processes import PATIENCE
from voxlogica_server.desk import VISIBLE, WHOLE, Desk


class Asker:
    """Asks a desk whose first answer takes until `release`, and notes what is begun."""

    def __init__(self) -> None:
        self.desk = Desk("answers")
        self.begun: list[str] = []
        self._gate = threading.Event()
        self.first = self.ask("first", WHOLE, self._gate.wait)

    def ask(
        self,
        name: str,
        need: int,
        work: Callable[[], object] = bool,
        check: Callable[[], None] | None = None,
    ) -> "asyncio.Task[str]":
        def question() -> str:
            self.begun.append(name)
            work()
            return name

        return asyncio.create_task(self.desk.answer(question, need, check))

    async def until_busy(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.begun:
                await asyncio.sleep(0.001)

    def release(self) -> None:
        self._gate.set()


@pytest.mark.asyncio
async def test_what_is_visible_is_answered_before_what_is_whole() -> None:
    asker = Asker()
    await asker.until_busy()
    asked = [asker.ask("outline", WHOLE), asker.ask("lenses", WHOLE), asker.ask("colours", VISIBLE)]
    asked.append(asker.ask("hints", VISIBLE))
    await asyncio.sleep(0)
    asker.release()
    assert await asyncio.gather(asker.first, *asked) == [
        "first", "outline", "lenses", "colours", "hints",
    ]  # fmt: skip
    assert asker.begun == ["first", "colours", "hints", "outline", "lenses"]


@pytest.mark.asyncio
async def test_what_nobody_waits_for_any_more_is_not_begun() -> None:
    asker = Asker()
    await asker.until_busy()
    stale, wanted = asker.ask("stale", VISIBLE), asker.ask("wanted", WHOLE)
    await asyncio.sleep(0)
    stale.cancel()
    asker.release()
    assert await wanted == "wanted"
    assert asker.begun == ["first", "wanted"]


@pytest.mark.asyncio
async def test_an_answer_for_a_text_that_is_gone_is_refused_and_not_made() -> None:
    def gone() -> None:
        raise LookupError

    asker = Asker()
    await asker.until_busy()
    stale, wanted = asker.ask("stale", VISIBLE, check=gone), asker.ask("wanted", VISIBLE)
    await asyncio.sleep(0)
    asker.release()
    with pytest.raises(LookupError):
        await stale
    assert await wanted == "wanted"
    assert asker.begun == ["first", "wanted"]


@pytest.mark.asyncio
async def test_who_goes_when_it_is_his_turn_holds_up_nobody() -> None:
    asker = Asker()
    await asker.until_busy()
    asked = [asker.ask(name, VISIBLE) for name in "abc"]
    await asyncio.sleep(0)
    asker.release()
    await asker.first
    asked[0].cancel()
    assert await asyncio.gather(*asked[1:]) == ["b", "c"]
    assert await asker.ask("later", WHOLE) == "later"


@pytest.mark.asyncio
async def test_a_fault_in_one_answer_spoils_no_other() -> None:
    def fault() -> None:
        raise ArithmeticError

    asker = Asker()
    asker.release()
    with pytest.raises(ArithmeticError):
        await asker.ask("faulty", VISIBLE, fault)
    assert await asker.ask("sound", VISIBLE) == "sound"
