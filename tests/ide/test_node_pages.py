"""Pages about nodes: what they say of values that are known, to do and failed."""

from dataclasses import replace

from tests.support.cursors import FakeMemory, analysed, number, record
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.estimate import Estimate, estimate
from voxlogica_core.ide.forecast.outlook import FEW, MOST, outlook
from voxlogica_core.ide.forecast.why import why
from voxlogica_core.ide.pages.node_pages import node_page, plan_page, why_page
from voxlogica_core.ide.status.status import NOTHING, Activity
from voxlogica_core.ide.wording import duration
from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import Node
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.values.kind import IMAGE, MASK, NUMBER

PROGRAM = """\
load img = "b.nii.gz"
let bright = img > 3
let amount = volume(near(bright))
print "n" amount
"""


def node(name: str) -> Node:
    plan = analysed(PROGRAM).plan
    return plan.nodes[plan.declarations[name]]


def test_a_node_says_what_it_is_where_it_stands_and_what_it_is_made_of() -> None:
    said = node_page(analysed(PROGRAM), node("bright"), FakeMemory(), NOTHING)
    assert said.startswith(f"# bright\n\n`{node('bright').id}`\n\nmask · vox1.greater · ○ to do")
    assert "Line 2:\n\n```imgql\nimg > 3\n```" in said
    assert "## Made of" in said
    assert f"| `{node('img').id[:12]}` |" in said


def test_a_known_number_shows_its_value_and_its_price() -> None:
    amount = node("amount")
    memory = FakeMemory({amount.id: number(amount.id, 12.5, NUMBER)})
    said = node_page(analysed(PROGRAM), amount, memory, NOTHING)
    assert "```imgql\n12.5\n```" in said
    assert "It took 2 ms and holds 8 B." in said


def test_a_failure_says_why() -> None:
    bright = node("bright")
    activity = Activity(failed={bright.id: "two grids differ"})
    said = node_page(analysed(PROGRAM), bright, FakeMemory(), activity)
    assert "✗ failed: two grids differ" in said


def test_a_plan_lists_all_nodes_inputs_first() -> None:
    img = node("img")
    memory = FakeMemory({img.id: record(img.id, IMAGE)})
    said = plan_page(analysed(PROGRAM), node("amount"), memory, NOTHING)
    rows = [line.split(" | ")[1] for line in said.splitlines() if line.startswith("| `")]
    assert rows.index("vox1.near") < rows.index(rows[-1])
    assert "1 of them known" in said


def test_the_reason_names_what_is_to_compute() -> None:
    amount = node("amount")
    catalogue = read_catalogue()
    reason = why(analysed(PROGRAM), amount, FakeMemory(), NOTHING, (), catalogue)
    said = why_page(analysed(PROGRAM), reason, FakeMemory())
    assert said.startswith("# Why amount\n")
    assert "Because " in said
    assert "## To compute: 4" in said


def test_what_is_kept_needs_no_reason() -> None:
    amount = node("amount")
    memory = FakeMemory({amount.id: number(amount.id, 1, NUMBER)})
    reason = why(analysed(PROGRAM), amount, memory, NOTHING, (), read_catalogue())
    assert "Its value is at hand" in why_page(analysed(PROGRAM), reason, memory)


def test_the_outlook_counts_what_is_to_do_and_what_is_there() -> None:
    bright = node("bright")
    memory = FakeMemory({bright.id: record(bright.id, MASK)})
    said = outlook(analysed(PROGRAM), node("amount"), memory, NOTHING, read_catalogue())
    assert said.startswith("about ")
    assert said.endswith("to compute: 2 nodes, 1 reused")


def test_there_is_no_outlook_for_what_is_at_hand() -> None:
    catalogue, bright = read_catalogue(), node("bright")
    memory = FakeMemory({bright.id: record(bright.id, MASK)})
    assert outlook(analysed(PROGRAM), bright, memory, NOTHING, catalogue) == ""


def test_the_outlook_of_a_large_value_is_its_share_of_the_price_of_all_goals() -> None:
    """So large that it is not priced anew: then it says the same as if it were."""
    analysis = _chain(FEW + 200)
    catalogue, memory = read_catalogue(), FakeMemory()
    before = analysis.plan.nodes[analysis.plan.declarations[f"v{FEW + 100}"]]
    alone = replace(analysis.plan, goals=(Goal("print", None, before.id),))
    price = estimate(replace(analysis, plan=alone), memory, catalogue)
    whole = estimate(analysis, memory, catalogue)
    said = outlook(analysis, before, memory, NOTHING, catalogue, whole=lambda: whole)
    about = f"about {duration(price.seconds)} to compute: {price.compute} nodes"
    assert said == about
    assert price.compute < whole.compute
    assert outlook(analysis, before, memory, NOTHING, catalogue) == "made of more than 400 nodes"


def test_the_outlook_of_a_value_that_is_too_large_to_count_says_so() -> None:
    analysis = _chain(MOST + 1)
    last = analysis.plan.nodes[analysis.plan.declarations[f"v{MOST + 1}"]]
    price = Estimate(0, 0, 0.0, 0, None, 0, is_exact=True)
    said = outlook(analysis, last, FakeMemory(), NOTHING, read_catalogue(), whole=lambda: price)
    assert said == "made of more than 20,000 nodes"


def _chain(length: int) -> Analysis:
    lines = ["let v0 = img > 0", *(f"let v{n} = near(v{n - 1})" for n in range(1, length + 1))]
    return analysed("\n".join(['load img = "b.nii.gz"', *lines, f'print "n" v{length}']))
