"""A missing token leaves navigation, renaming, colours and outline right, nearly always."""

from collections import Counter
from random import Random

from tests.support.cursors import analysed
from tests.support.unfinished import Whole

PROGRAM = """\
/// As the scanner gave it.
load img = "b.nii.gz"
let grey = intensity(img)
let ring(m, r) = let d = distlt(r, m) in d & !m
let core = smoothen(grey >. 50, 2) | grow(grey >. 70, grey >. 60)
let sizes = for r in [1, 2, 3] do volume(ring(core, r)) + r
let best = fold max 0 sizes
print "best" best / volume(core)
print "ring" volume(ring(core, r = 2))
save "core.nii.gz" core
"""
FEWEST = {
    "definition": 0.9,
    "references": 0.7,
    "rename": 0.85,
    "what uses this": 0.9,
    "selection": 0.95,
    "colours": 0.9,
    "outline": 0.97,
}
"""Shares of all deletions after which every place asked about is answered rightly."""


def test_any_token_may_be_missing() -> None:
    whole = Whole(PROGRAM, analysed)
    random, right = Random(11), Counter[str]()
    for token in whole.tokens:
        right.update(name for name, ok in whole.without(token, random).items() if ok)
    shares = {name: right[name] / len(whole.tokens) for name in FEWEST}
    short = {name: share for name, share in shares.items() if share < FEWEST[name]}
    assert not short, shares
