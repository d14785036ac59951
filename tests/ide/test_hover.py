"""Hovers, as the text that is shown; pictures are checked by their form."""

import json
import re
from base64 import b64decode
from struct import pack
from textwrap import dedent
from urllib.parse import quote, unquote

import pytest

from tests.support.cursors import FakeMemory, at_cursor, number, record
from voxlogica_core.ide.hover.hover import LONGEST, Form, hover
from voxlogica_core.ide.lookup import value_at
from voxlogica_core.ide.status.status import NOTHING, Activity
from voxlogica_core.plan.node import Node, NodeId
from voxlogica_core.store.record import NOT_KEPT, Inline, Preview, Statistics
from voxlogica_core.values.kind import IMAGE, MASK, NUMBER, RECORD, sequence

PLAIN = Form(markdown=False)
MARKDOWN = Form(markdown=True, pictures=True)
STATISTICS = Statistics(0.0, 812.5, 43.125, 10.0, 0, None, 1234, 2468.0, None)
PROGRAM = """\
/// The brain, as the scanner gave it.
load img = "b.nii.gz"
let bright = intensity(img) >. 0.3
print "n" volume(bright)
"""


def png(width: int, height: int, size: int = 60) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(8) + pack(">II", width, height) + bytes(size)


def shown(
    text: str,
    memory: FakeMemory | None = None,
    activity: Activity = NOTHING,
    form: Form = PLAIN,
) -> str:
    analysis, offset = at_cursor(text)
    found = hover(analysis, offset, memory or FakeMemory(), activity, form)
    return found.text if found else ""


def node_of(text: str) -> NodeId:
    analysis, offset = at_cursor(text)
    found = value_at(analysis, offset)
    assert found is not None
    assert isinstance(found.meaning, str)
    return NodeId(found.meaning)


def check(text: str, expected: str, memory: FakeMemory | None = None) -> None:
    """Compare a hover with what is expected; ids may be left out at the end."""
    said = shown(text, memory)
    ids = said.rfind("\n\nnode ")
    assert (said if ids < 0 else said[:ids]) == dedent(expected).strip("\n")


def test_a_folded_number_shows_its_value() -> None:
    check("let a<CURSOR> = 1 + 2 * 3", "a : number = 7")


def test_a_part_of_an_expression_shows_its_own_value() -> None:
    assert "2 - 5 : number = -3" in shown("let a = 1 + (2 <CURSOR>- 5)")


def test_a_text_is_quoted() -> None:
    check('let a<CURSOR> = "left"', 'a : string = "left"')


def test_a_literal_does_not_repeat_itself() -> None:
    check("let a = <CURSOR>12", "12 : number")


def test_an_image_that_never_ran_is_to_do() -> None:
    check(
        PROGRAM.replace("let bright", "let <CURSOR>bright"),
        """
        bright : mask

        ○ to do
        """,
    )


def test_what_no_goal_asks_for_is_not_needed() -> None:
    check(
        'load img = "b.nii.gz"\nlet <CURSOR>bright = intensity(img) >. 0.3\nprint "a" 1',
        """
        bright : mask

        – not needed
        """,
    )


def test_a_kept_mask_shows_time_size_and_volume() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    node = node_of(text)
    memory = FakeMemory({node: record(node, MASK)}, {node: Preview(png(9, 9), STATISTICS)})
    check(
        text,
        """
        bright : mask

        ✓ kept · 800 ms · 12 MB

        10 × 20 × 30 voxels of 1 × 1 × 2 mm
        1,234 voxels set (21 %) · 2,468 mm³ (2.468 ml)
        """,
        memory,
    )


def test_a_kept_image_shows_its_range_and_its_documentation() -> None:
    text = PROGRAM.replace("load img", "load <CURSOR>img")
    node = node_of(text)
    memory = FakeMemory({node: record(node, IMAGE)}, {node: Preview(png(9, 9), STATISTICS)})
    check(
        text,
        """
        img : image

        ✓ kept · 800 ms · 12 MB

        10 × 20 × 30 voxels of 1 × 1 × 2 mm
        min 0 · mean 43.12 · max 812.5

        The brain, as the scanner gave it.
        """,
        memory,
    )


def test_a_value_that_was_not_kept_is_known() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    node = node_of(text)
    memory = FakeMemory({node: record(node, MASK, stored=NOT_KEPT)})
    assert "✓ known · 800 ms · 12 MB" in shown(text, memory)


def test_a_computed_number_is_shown_in_the_call() -> None:
    text = PROGRAM.replace("volume(", "vol<CURSOR>ume(")
    node = node_of(text)
    memory = FakeMemory({node: number(node, 1234.0, NUMBER)})
    said = shown(text, memory)
    assert "volume(m: mask) → number\nvolume(bright) : number = 1234" in said
    assert "✓ kept · 2 ms · 8 B" in said


def test_the_run_is_seen_in_the_status() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    nodes = frozenset({node_of(text)})
    assert "◑ running" in shown(text, activity=Activity(running=nodes))
    assert "◔ queued" in shown(text, activity=Activity(queued=nodes))
    assert "✗ blocked" in shown(text, activity=Activity(blocked=nodes))


def test_a_failure_says_why() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    activity = Activity(failed={node_of(text): "greater: two grids differ"})
    assert "✗ failed: greater: two grids differ" in shown(text, activity=activity)


def test_the_whole_node_id_stands_on_a_line_of_its_own() -> None:
    text = "let a<CURSOR> = 41 + 1"
    node = node_of(text)
    assert shown(text).splitlines()[-2:] == [f"node {node[:12]}", node]


def test_declarations_that_are_the_same_node_are_named() -> None:
    assert "same node as line 2 (b)" in shown("let a<CURSOR> = 41 + 1\nlet b = 42")


def test_a_function_shows_its_parameters_and_documentation() -> None:
    check("/// Twice x.\nlet twice<CURSOR>(x) = x + x", "twice(x)\n\nTwice x.")


def test_a_primitive_shows_how_it_is_called_and_what_it_does() -> None:
    said = shown(PROGRAM.replace("intensity(", "inten<CURSOR>sity("), form=MARKDOWN)
    assert said.startswith("```imgql\nintensity(")
    assert "intensity(img) : image\n```" in said
    assert "\n----" not in said


def test_a_function_in_use_shows_its_parameters_and_the_value_of_the_call() -> None:
    check(
        "/// Twice x.\nlet twice(x) = x + x\nlet b = tw<CURSOR>ice(4)",
        """
        twice(x)
        twice(4) : number = 8

        Twice x.
        """,
    )


def test_a_function_of_the_library_shows_its_parameters() -> None:
    assert "touch(a, b)\n" in shown("let f(x, y) = to<CURSOR>uch(x, y)")


def test_a_parameter_has_no_status_and_no_id() -> None:
    said = shown("let twice(x) = <CURSOR>x + x")
    assert said == "x : any"


def test_a_picture_comes_after_the_status_and_carries_its_size() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    node = node_of(text)
    picture = png(960, 300)
    memory = FakeMemory({node: record(node, MASK)}, {node: Preview(picture, STATISTICS)})
    said = shown(text, memory, form=MARKDOWN)
    _, _, rest = said.partition("![preview](data:image/png;base64,")
    content, _, rest = rest.partition("|")
    assert b64decode(content) == picture
    assert rest.startswith("width=448,height=140)")
    assert said.index("✓ kept") < said.index("![preview]") < said.index("10 × 20 × 30")


def test_a_client_that_shows_no_pictures_gets_none() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    node = node_of(text)
    memory = FakeMemory({node: record(node, MASK)}, {node: Preview(png(9, 9), STATISTICS)})
    assert "data:" not in shown(text, memory, form=Form(markdown=True))
    assert "data:" not in shown(text, memory, form=PLAIN)


def test_a_hover_is_never_too_long() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    node = node_of(text)
    memory = FakeMemory({node: record(node, MASK)}, {node: Preview(png(9, 9, 90_000), STATISTICS)})
    said = shown(text, memory, form=MARKDOWN)
    assert len(said) <= LONGEST
    assert "data:" not in said
    assert "1,234 voxels" in said
    endless = "/// " + "word " * 30_000
    assert len(shown(f"{endless}\nlet a<CURSOR> = 1")) <= LONGEST


def test_a_hover_over_a_known_value_asks_about_that_alone() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    node = node_of(text)
    memory = FakeMemory({node: record(node, MASK)})
    shown(text, memory)
    assert memory.asked <= 5  # the value, and what it is made of; not the plan


def test_a_sequence_that_was_computed_shows_its_items() -> None:
    text = 'load img = "b.nii.gz"\nlet <CURSOR>all = for k in [1, 2] do k * max(img)\nprint "a" all'
    node = node_of(text)
    kept = record(node, sequence(NUMBER), stored=Inline((1.5, 3.0)), seconds=0.0, nbytes=16)
    check(
        text,
        """
        all : sequence of number = [1.5, 3]

        ✓ kept · 16 B
        """,
        FakeMemory({node: kept}),
    )


def test_a_long_sequence_says_how_many_items_it_has() -> None:
    said = shown("let all<CURSOR> = [0, 1, 2, 3, 4]")
    assert said.startswith("all : sequence of number = [0, 1, 2, 3, 4]  // 5 items")


def test_a_record_is_shown_field_by_field() -> None:
    text = 'import "arrays"\nload img = "b.nii.gz"\nlet r<CURSOR> = array_stats(img)\nprint "r" r'
    node = node_of(text)
    memory = FakeMemory({node: record(node, RECORD, stored=Inline({"min": 0.0, "a|b": "x"}))})
    assert "min  0\na|b  x" in shown(text, memory)
    said = shown(text, memory, form=MARKDOWN)
    assert "| field | value |\n|:--|--:|\n| min | 0 |\n| a\\|b | x |" in said


def test_ids_and_pages_are_links_where_the_editor_has_the_commands() -> None:
    text = "let a<CURSOR> = 41 + 1"
    node = node_of(text)
    said = shown(text, form=Form(markdown=True, links=True))
    link = re.search(r"\[`(\w+)`\]\(command:imgql\.copyNodeId\?(\S+) \"Copy (\w+)\"\)", said)
    assert link is not None
    assert (link[1], json.loads(unquote(link[2])), link[3]) == (node[:12], [node], node)
    for page in ("node", "why", "plan"):
        argument = quote(json.dumps([page, node]))
        assert f"[{page}](command:imgql.openPage?{argument})" in said
    assert "command:" not in shown(text, form=MARKDOWN)


def test_what_is_to_do_is_told_only_where_the_value_is_not_known() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    analysis, offset = at_cursor(text)
    node = node_of(text)

    def outlook(asked: Node) -> str:
        return f"to compute: {asked.id == node}"

    def said(memory: FakeMemory) -> str:
        found = hover(analysis, offset, memory, NOTHING, PLAIN, outlook)
        return found.text if found else ""

    assert "to compute: True" in said(FakeMemory())
    assert "to compute" not in said(FakeMemory({node: record(node, MASK)}))


def test_an_undone_edit_brings_the_hover_back_at_once() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    node = node_of(text)
    memory = FakeMemory({node: record(node, MASK)})
    before = shown(text, memory)
    assert "○ to do" in shown(text.replace("0.3", "0.35"), memory)
    assert shown(text, memory) == before


def test_a_picture_beyond_the_limit_is_left_out() -> None:
    text = PROGRAM.replace("let bright", "let <CURSOR>bright")
    node = node_of(text)
    for size, is_shown in ((44_000, True), (46_000, False)):
        memory = FakeMemory(
            {node: record(node, MASK)}, {node: Preview(png(9, 9, size), STATISTICS)}
        )
        assert ("data:image" in shown(text, memory, form=MARKDOWN)) is is_shown


def test_a_file_that_is_not_there_is_named() -> None:
    assert "there is no file c.nii.gz" in shown('load <CURSOR>img = "c.nii.gz"')


@pytest.mark.parametrize(
    "text", ["<CURSOR>", "let a = <CURSOR>", 'print "a" (1<CURSOR>', "// <CURSOR>x"]
)
def test_a_hover_never_fails_on_unfinished_text(text: str) -> None:
    assert isinstance(shown(text), str)
