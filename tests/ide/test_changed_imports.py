"""A program whose import has changed, while its own text has not: nothing of it is reused."""

from pathlib import Path

from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.node import Literal
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.plan.outside.open_texts import OpenTexts
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText


def value(analysis: Analysis) -> object:
    goal = analysis.plan.goals[0].value
    node = analysis.plan.nodes[goal] if goal else None
    return node.value if isinstance(node, Literal) else None


def test_the_next_analysis_is_that_of_the_import_as_it_is(tmp_path: Path) -> None:
    library = tmp_path / "library.imgql"
    library.write_text("let a = 1")
    texts: dict[str, str] = {}
    world = OpenTexts(FileSystem(str(tmp_path)), texts)
    source = SourceText('import "library"\nprint "a" a + 1', str(tmp_path / "program.imgql"))
    catalogue = read_catalogue()
    analysis = analyse(source, catalogue=catalogue, world=world)
    assert value(analysis) == 2
    for text, expected in (("let a = 41", 42), ("let b = 1", None), ("let a = 2", 3)):
        texts[str(library)] = text
        analysis = analyse(source, catalogue=catalogue, world=world, before=analysis)
        assert value(analysis) == expected
        assert bool(analysis.errors) is (expected is None)
    del texts[str(library)]
    library.write_text("let a = 5")
    assert value(analyse(source, catalogue=catalogue, world=world, before=analysis)) == 6
