"""A program that has lost a token is still helped with: most answers stay what they were."""

from pathlib import Path
from random import Random

import pytest

from tests.support.assisted import Assisted, Tally
from tests.support.cursors import catalogue
from tests.support.making import made_up

_EXAMPLES = Path(__file__).parents[2] / "examples"
LEAST = {
    "completion of the lost name": 0.9,
    "completion in front of the gap": 0.95,
    "completion in the good part": 0.99,
    "signature help in front of the gap": 0.95,
    "signature help in the good part": 0.99,
    "hover in the good part": 0.98,
}


@pytest.fixture(scope="module")
def tally() -> Tally:
    seed = Random().randrange(10**6)
    random, tally = Random(seed), Tally()
    tally.wrong.append(f"seed {seed}")
    texts = [path.read_text("utf-8") for path in sorted(_EXAMPLES.glob("*.imgql"))]
    texts += ["\n".join(made_up(random.randrange(10**9), statements=12)) for _ in range(3)]
    for text in texts:
        program = Assisted(text, catalogue(), random)
        for token in random.sample(program.tokens, min(6, len(program.tokens))):
            program.without(token, tally)
    return tally


@pytest.mark.parametrize("feature", sorted(LEAST))
def test_most_answers_stay_right_when_a_token_is_lost(tally: Tally, feature: str) -> None:
    allowed = max(1, (1 - LEAST[feature]) * tally.asked[feature])
    wrong = tally.asked[feature] - tally.right[feature]
    assert tally.asked[feature] > 0
    assert wrong <= allowed, "\n".join(tally.wrong)
