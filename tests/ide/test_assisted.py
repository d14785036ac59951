"""A program that has lost a token is still helped with: most answers stay what they were."""

from pathlib import Path
from random import Random

import pytest

from tests.support.assisted import Assisted, Tally
from tests.support.cursors import FakeMemory, analysed, catalogue
from tests.support.making import made_up
from voxlogica_core.ide.actions.actions import actions
from voxlogica_core.ide.hover.hints import hints
from voxlogica_core.ide.hover.hover import Form, hover
from voxlogica_core.ide.status.status import NOTHING
from voxlogica_core.ide.writing.complete import completion
from voxlogica_core.ide.writing.signatures import signature_help
from voxlogica_core.text.span import Span

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


def test_no_question_fails_anywhere_in_a_torn_program() -> None:
    seed = Random().randrange(10**6)
    random = Random(seed)
    for _ in range(12):
        text = "\n".join(made_up(random.randrange(10**9), statements=8))
        for _ in range(3):
            cut = random.randrange(len(text))
            text = (
                text[:cut]
                + random.choice(("", '"', "(", "[", ",", "=", "// ", "let "))
                + (text[cut + random.randrange(4) :])
            )
        analysis = analysed(text)
        for offset in random.sample(range(len(text) + 1), 12):
            span = Span(offset, min(len(text), offset + random.randrange(9)))
            try:
                completion(analysis, offset, catalogue(), FakeMemory())
                signature_help(analysis, offset)
                hover(analysis, offset, FakeMemory(), NOTHING, Form())
                hints(analysis, span, FakeMemory(), NOTHING)
                actions(analysis, span)
            except Exception as error:
                error.add_note(f"seed {seed}, at {offset} of {text!r}")
                raise
