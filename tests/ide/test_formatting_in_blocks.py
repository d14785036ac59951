"""A program laid out block by block is the program laid out whole, now and after edits."""

from random import Random

from tests.support.cursors import analysed
from voxlogica_core.ide.navigation.rename import applied
from voxlogica_core.ide.writing.formatting import Formatter
from voxlogica_core.plan.outside.shipped import OPERATORS
from voxlogica_core.syntax.format import formatted

PROGRAM = """\

// first

/// As the scanner gave it.
load img =   "b.nii.gz"   // behind
let grey=intensity(img)


// apart
let ring(m, r) = let d = distlt(r, m)
   in d & !m /// behind, three

let core = smoothen(grey >. 50, 2)
  | grow(grey >. 70,
     grey >. 60) // a comment

let (+++)(a, b) = a+b
let sizes = for r in [1, 2, 3] do volume(ring(core, r)) + r let best = fold max 0 sizes
print "best"   best / volume(core)
// between
print "ring" volume(ring(core, r = 2))
save "core.nii.gz" core


// last
"""
PIECES = ("", " ", "\n", "\n\n", "// x\n", "/// y\n", "let", ")", "(", "=", "1", '"', "\r\n", "in")


def test_blocks_give_what_the_whole_gives_now_and_after_edits() -> None:
    random, formatter = Random(7), Formatter()
    for _ in range(400):
        text = PROGRAM
        for _ in range(random.randrange(4)):
            start = random.randrange(len(text))
            stop = min(len(text), start + random.choice((0, 0, 1, 3, 12)))
            text = text[:start] + random.choice(PIECES) + text[stop:]
        analysis = analysed(text)
        pieces = analysis.parsed.pieces
        whole = formatted(text, OPERATORS, pieces.dialect).text
        assert applied(text, formatter.formatting(analysis)) == whole, text


def test_what_did_not_change_is_laid_out_as_before() -> None:
    formatter = Formatter()
    first = analysed(PROGRAM)
    once = applied(PROGRAM, formatter.formatting(first))
    assert formatter.formatting(analysed(once)) == []
    longer = once + "let more  = 1\n"
    assert applied(longer, formatter.formatting(analysed(longer))).endswith("\nlet more = 1\n")
