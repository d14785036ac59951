"""Whatever a client sends: each request is answered once, and texts are what the client thinks."""

import random
from pathlib import Path

import pytest

from tests.support.flooding import flooded
from tests.support.noting import noted
from voxlogica_core.text.source_text import Encoding


@pytest.mark.parametrize(
    ("encoding", "messages"), [("utf-16", 6000), ("utf-8", 2000), ("utf-32", 2000)]
)
def test_a_flood_of_hostile_messages_is_survived(
    tmp_path: Path, encoding: Encoding, messages: int
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    again = f"flooded(folder, {messages}, {seed}, {encoding!r})"
    with noted(again):
        found = flooded(tmp_path, messages, seed, encoding)
        assert found.wrong == []
        assert found.answered > messages / 4
