"""Right answers in unfinished programs: a token deleted from the examples, and from made-up ones.

A feature is right if it answers rightly at six places, taken at random from the whole program; the
statement that lost the token is one of them as often as its length says.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random

from tests.support.making import made_up
from tests.support.unfinished import Whole
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText

_ROOT = Path(__file__).parents[2]
_PROGRAMS = 100
_DELETIONS = 4
_EXAMPLE_DELETIONS = 40


def main(programs: int = _PROGRAMS) -> dict[str, dict[str, float]]:
    """Print and return the share of right answers, by feature."""
    seed = Random().randrange(10**6)
    random = Random(seed)
    print(f"  seed {seed}")
    figures: dict[str, dict[str, float]] = {}
    right: Counter[str] = Counter()
    asked = 0
    for path in sorted((_ROOT / "examples").glob("*.imgql")):
        whole = Whole(path.read_text("utf-8"), lambda text, p=path: _analysed(text, str(p)))
        for token in random.sample(whole.tokens, min(_EXAMPLE_DELETIONS, len(whole.tokens))):
            asked += 1
            right.update(name for name, ok in whole.without(token, random).items() if ok)
    figures["examples"] = _shown("examples", right, asked)
    right, asked = Counter(), 0
    for _ in range(programs):
        text = "\n".join(made_up(random.randrange(10**9), statements=20))
        whole = Whole(text, lambda text: _analysed(text, None))
        for token in random.sample(whole.tokens, _DELETIONS):
            asked += 1
            right.update(name for name, ok in whole.without(token, random).items() if ok)
    figures["made up"] = _shown("made up", right, asked)
    return figures


def _analysed(text: str, path: str | None) -> Analysis:
    world = FileSystem(str(_ROOT / "examples"))
    return analyse(SourceText(text, path), catalogue=read_catalogue(), world=world)


def _shown(title: str, right: "Counter[str]", asked: int) -> dict[str, float]:
    shares = {name: count / asked for name, count in right.items()}
    every = ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    print(f"  {title}: {asked:,} deletions; {every}", flush=True)
    return shares


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
