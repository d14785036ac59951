"""Whatever is done in whatever order, each word is true: thousands of random steps, and the words
told by the editor held against a plain reading of what they mean."""

import pytest

from tests.support.standing import desk
from voxlogica_core.ide.status.status import SIGNS

STEPS = 250


@pytest.mark.parametrize("seed", range(8))
def test_every_word_is_true_after_every_step(seed: int) -> None:
    found = desk(seed)
    for _ in range(STEPS):
        found.step()
        found.check()


def test_the_steps_reach_every_word_and_every_deed() -> None:
    found = desk(99)
    for _ in range(400):
        found.step()
        found.check()
    assert set(found.told) == SIGNS.keys() - {"reading input", "unknown"}
    assert min(found.done.values()) > 0
    assert len(found.done) == 11


def test_undo_returns_to_what_was_at_once() -> None:
    found = desk(7)
    for _ in range(60):
        found.step()
        before = found.shown()
        found.edit()
        found.undo()
        assert found.shown() == before
