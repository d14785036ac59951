from pathlib import Path

from tests.support.cursors import analysed
from tests.support.rerunning import Rerun, rerunning
from voxlogica_core.ide.forecast.reasons import node_asked, sentence

TEXT = """\
load img = "a.nii.gz"
let grey = intensity(img)
let bright(t) = near(grey >. t)
let few = bright(90.5)
let sizes = for t in range(0, 3) do volume(bright(t * 10.5))
print "few" volume(few)
print "sizes" sizes
save "grey.nii.gz" grey
"""
"""What is saved is kept, however long it took."""


def said(rerun: Rerun, text: str, part: str) -> str:
    """Return the sentence about the expression that begins with `part`."""
    analysis = rerun.analysis(text)
    found = node_asked(analysis, text.index(part) + 1)
    assert found
    title, node = found
    return sentence(analysis, title, rerun.why_node(analysis, node), "to do")


def test_a_sentence_names_the_value_the_change_and_the_line(tmp_path: Path) -> None:
    with rerunning(tmp_path / "desk") as rerun:
        rerun.run(TEXT)
        kept = "`volume(few)` is known: nothing is computed for it."
        assert said(rerun, TEXT, "volume(few)") == kept
        edited = TEXT.replace("90.5", "80.5")
        assert said(rerun, edited, "few =") == (
            "`few` is to be computed: `90.5` became `80.5` (line 4); 2 nodes are made for it."
        )
        both = edited.replace("near", "interior")
        assert said(rerun, both, "few =") == (
            "`few` is to be computed: `near` became `interior` (line 3); 2 nodes are made for it."
        )


def test_two_changes_are_told_in_the_order_they_are_computed(tmp_path: Path) -> None:
    with rerunning(tmp_path / "desk") as rerun:
        text = 'load img = "a.nii.gz"\nlet a = img >. 1.5\nlet b = a & (img >. 2.5)\nprint "b" b\n'
        rerun.run(text)
        edited = text.replace("1.5", "3.5").replace("2.5", "4.5")
        assert "; and 1 other change besides;" in said(rerun, edited, "b =")


def test_inside_a_function_an_application_of_it_is_meant(tmp_path: Path) -> None:
    with rerunning(tmp_path / "desk") as rerun:
        rerun.run(TEXT)
        edited = TEXT.replace("90.5", "80.5")
        assert said(rerun, edited, ">. t)").startswith(
            "`grey >. t` is to be computed: `90.5` became `80.5` (line 4)"
        )


def test_inside_a_loop_the_loop_is_meant(tmp_path: Path) -> None:
    with rerunning(tmp_path / "desk") as rerun:
        rerun.run(TEXT)
        edited = TEXT.replace("range(0, 3)", "range(0, 4)")
        found = said(rerun, edited, "bright(t * 10.5)")
        assert found.startswith("`for t in range(0, 4) do volume(bright(t…`")
        assert "`3` became `4` (line 5)" in found


def test_where_no_value_stands_there_is_no_reason() -> None:
    assert node_asked(analysed("let f(x) = x + 1\n"), 5) is None
