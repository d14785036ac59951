"""Analysing an edit from the analysis before it: quicker, and no different."""

from collections.abc import Sequence
from random import Random

import pytest

from tests.support.programs import IMAGES, SmallWorld
from tests.support.versions import everything
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText

_WORLD = SmallWorld(
    {**IMAGES.files, "/home/lib.imgql": b"let five = 5\nlet twice(x) = x + x\nlet bad = dt(3)\n"}
)
_CATALOGUE = read_catalogue()
_LINES = (
    'load a = "a.nii"',
    'load b = "b.nii"',
    'load c = "gone.nii"',
    "let t = 1",
    "let t = 2",
    "let f(x) = near(x > t)",
    "let f(x) = x + nothing",
    "let g(x) = f(x) & border",
    "let g(x) = dt(f)",
    "let m = g(a)",
    "let m = f(a) | f(b)",
    "let n = for i in range(0, 3) do volume(a > i + t)",
    "let n = n + twice(five)",
    "let h(p) = volume(load(p) > t)",
    'let k = h("a.nii")',
    'let k = h("a.nii") + h("gone.nii")',
    "let w = SUM(1, 2) + 1 SUM t",
    "let SUM(x, y) = x + y",
    "let N(x) = x",
    "let z = N a > 1",
    'import "lib.imgql"',
    "let five = 6",
    "let twice(x) = x - five",
    "let more = -five",
    "let -(x) = x + 1",
    "let broken = (1 +",
    "let -(x, y) = x + y",
    "let d = 5 - t",
    "let e = 1 / 0",
    "let e = dt(3) + dt(3)",
    'print "m" volume(m)',
    'print "n" n',
    'print "n" d',
    'print "edge" volume(border)',
    'save "m.nii.gz" m',
    'save "m.nii.gz" near(m)',
    "print (t) five",
    "// a comment",
    "",
)


class _TooSmallWorld(SmallWorld):
    def digest(self, path: str) -> str | None:
        raise MemoryError(path)

    def find(self, path: str, folder: str) -> str | None:
        return f"{folder}/{path}"


_PATH = "/home/program.imgql"


def _analysed(text: str, before: Analysis | None) -> Analysis:
    source = SourceText(text, _PATH)
    return analyse(source, catalogue=_CATALOGUE, world=_WORLD, before=before)


def _check_places(after: Analysis, fresh: Analysis) -> None:
    """Nodes of a function's application may be placed at any call of it, but somewhere they are."""
    for node in fresh.plan.declarations.values():
        assert (node in after.plan.places) == (node in fresh.plan.places)


def _edited(lines: Sequence[str], random: Random) -> list[str]:
    after = list(lines)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        place = random.randrange(len(after) + 1)
        match random.choice(("insert", "insert", "replace", "delete", "type", "swap")):
            case "insert":
                after.insert(place, random.choice(_LINES))
            case "replace" if place < len(after):
                after[place] = random.choice(_LINES)
            case "delete" if place < len(after):
                del after[place]
            case "type" if place < len(after):
                line, column = after[place], random.randrange(len(after[place]) + 1)
                after[place] = line[:column] + random.choice('x1 (+."') + line[column:]
            case "swap" if place + 1 < len(after):
                after[place], after[place + 1] = after[place + 1], after[place]
            case _:
                pass
    return after


@pytest.mark.parametrize("seed", range(60))
def test_after_any_edits_the_analysis_is_that_of_the_whole_text(seed: int) -> None:
    random = Random(seed)
    lines = random.choices(_LINES, k=random.randrange(4, 25))
    before: Analysis | None = None
    for _ in range(12):
        text = "\n".join(lines)
        before = _analysed(text, before)
        fresh = _analysed(text, None)
        assert everything(before) == everything(fresh), text
        _check_places(before, fresh)
        lines = _edited(lines, random)


@pytest.mark.parametrize("seed", range(60, 80))
def test_nodes_may_be_dropped_between_any_edits(seed: int) -> None:
    random = Random(seed)
    first = random.choices(_LINES, k=random.randrange(4, 25))
    lines, before = list(first), _analysed("\n".join(first), None)
    for _ in range(12):
        kept, found = before, everything(before)
        before.session.prune()
        if random.random() < 0.3:
            lines = list(first)  # somebody undoes it all
        text = "\n".join(lines)
        before = _analysed(text, before)
        assert everything(before) == everything(_analysed(text, None)), text
        assert everything(kept) == found
        lines = _edited(lines, random)


def test_dropping_nodes_leaves_those_of_the_newest_version() -> None:
    text = 'load a = "a.nii"\nlet t = 1\nlet f(x) = near(x > t)\nlet m = f(a)\nprint "v" volume(m)'
    newest = _analysed(text, None)
    own = len(newest.nodes)
    for number in range(50):
        newest = _analysed(text.replace("t = 1", f"t = {number}"), newest)
    assert len(newest.nodes) > own + 100
    newest.session.prune()
    newest = _analysed(text, newest)
    assert len(newest.nodes) <= own + 10


def test_what_an_imported_function_saw_when_it_was_read_is_not_dropped() -> None:
    library = "let five = 2 + 3\nlet plus(x) = x + five\n"
    world = SmallWorld({**IMAGES.files, "/home/other.imgql": library.encode()})
    source = SourceText('import "other.imgql"\nlet g = plus\nlet n = 1\nlet m = g(n)\n', _PATH)
    edited = SourceText(source.text.replace("n = 1", "n = 2"), _PATH)
    before = analyse(source, catalogue=_CATALOGUE, world=world)
    before.session.prune()
    after = analyse(edited, catalogue=_CATALOGUE, world=world, before=before)
    assert everything(after) == everything(analyse(edited, catalogue=_CATALOGUE, world=world))


def test_any_number_of_lines_come_between_two() -> None:
    lines = ["let a = 1", "let b = a + 1", 'print "b" b']
    first = newest = _analysed("\n".join(lines), None)
    untouched = everything(first)
    for number in range(60):
        lines.insert(-1 if number % 2 else 1, f"let b = a + {number}")
        newest = _analysed("\n".join(lines), newest)
    assert everything(newest) == everything(_analysed("\n".join(lines), None))
    assert everything(first) == untouched


def test_after_a_version_that_broke_off_all_is_made_anew() -> None:
    text = 'load a = "a.nii"\nlet m = a > 1'
    before = _analysed(text, None)
    edited = SourceText(text.replace("1", "2"), _PATH)
    with pytest.raises(MemoryError):
        analyse(edited, catalogue=_CATALOGUE, world=_TooSmallWorld(), before=before)
    after = _analysed(edited.text, before)
    assert after.session is not before.session
    assert everything(after) == everything(_analysed(edited.text, None))


def test_a_sequence_that_cannot_be_read_hears_of_operators_that_come() -> None:
    text = 'import "lib.imgql"\nlet t = 1\nsave "k" + ".nii" t'
    before = _analysed(text, None)
    edited = text.replace("let t", "let +k = five\nlet t")
    assert everything(_analysed(edited, before)) == everything(_analysed(edited, None))


def test_an_earlier_analysis_stays_what_it_was() -> None:
    text = 'load a = "a.nii"\nlet t = 1\nlet m = a > t\nlet n = dt(m)\nprint "v" volume(m)'
    first = _analysed(text, None)
    untouched = everything(_analysed(text, None))
    _analysed(text.replace("t = 1", "t =    17"), first)
    _analysed("let new = 3\n" + text, first)
    assert everything(first) == untouched


def test_an_analysis_stays_what_it_was_though_its_statements_move() -> None:
    text = 'let t = 1\nlet u = t + 1\nlet t = u + t\nlet w = t + u\nprint "w" w'
    first = _analysed(text, None)
    untouched = everything(_analysed(text, None))
    _analysed(f"let new = 3\nlet t = 2\n{text}", first)
    assert everything(first) == untouched


def test_a_changed_file_is_seen_by_what_reads_it_and_by_what_depends_on_that() -> None:
    text = 'let f(p) = load(p)\nload a = "a.nii"\nlet b = f("a.nii")\nlet m = near(b > 1)'
    before = _analysed(text, None)
    changed = SmallWorld({**_WORLD.files, "/home/a.nii": b"other voxels"})
    source = SourceText(text, "/home/program.imgql")
    after = analyse(source, catalogue=_CATALOGUE, world=changed, before=before)
    fresh = analyse(source, catalogue=_CATALOGUE, world=changed)
    assert everything(after) == everything(fresh)
    assert after.plan.declarations["m"] != before.plan.declarations["m"]
