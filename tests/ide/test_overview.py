from dataclasses import dataclass

from tests.support.cursors import FakeMemory, FakeWorld, analysed, catalogue
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.status.overview import overview
from voxlogica_core.ide.status.status import NOTHING
from voxlogica_core.text.source_text import SourceText

TEXT = """\
load img = "b.nii.gz"
let other = load("b.nii.gz")
let grey = intensity(img)
let level = 3
let f(x) = near(x > level)
print "n" volume(f(grey))
"""


@dataclass(frozen=True)
class SlowWorld(FakeWorld):
    """Files that are still being read."""

    def digest(self, path: str) -> str | None:
        return None


def words(analysis: Analysis) -> dict[str, str]:
    return {row.name: row.status for row in overview(analysis, FakeMemory(), NOTHING)}


def test_every_declaration_with_a_value_has_its_word() -> None:
    found = words(analysed(TEXT))
    assert found == {"img": "to do", "other": "to do", "grey": "to do", "level": "kept"}


def test_what_hangs_on_a_file_that_is_being_read_says_so() -> None:
    source = SourceText(TEXT, "/home/main.imgql")
    world = SlowWorld({"/home/b.nii.gz": "voxels"})
    found = words(analyse(source, catalogue=catalogue(), world=world))
    reading = dict.fromkeys(("img", "other", "grey"), "reading input")
    assert found == {**reading, "level": "kept"}


def test_a_file_that_is_not_there_is_not_being_read() -> None:
    assert "img" not in words(analysed('load img = "c.nii.gz"\n'))
