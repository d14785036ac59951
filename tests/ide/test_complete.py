"""What completion offers, in which order, and what a choice writes."""

import pytest

from tests.support.cursors import FakeMemory, at_cursor, catalogue, record
from voxlogica_core.ide.writing.complete import MOST_DECLARED, Completion, completion
from voxlogica_core.ide.writing.proposal import Proposal
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import Inline
from voxlogica_core.values.kind import RECORD

FOLDERS = {
    "/home": ["scan.nii.gz", "notes.txt", "library.imgql", "cases/"],
    "/home/cases": ["one.nii.gz", "two.mha"],
}
IMAGE = 'load img = "b.nii.gz"\nlet level = 3\nlet region = img > level\n'


def completed(text: str, memory: FakeMemory | None = None) -> Completion:
    analysis, offset = at_cursor(text)
    return completion(analysis, offset, catalogue(), memory, lambda f: FOLDERS.get(f, []))


def proposals(text: str) -> list[Proposal]:
    return completed(text).proposals


def names(text: str) -> list[str]:
    return [proposal.name for proposal in proposals(text)]


def chosen(text: str, name: str) -> str:
    """Return the text after choosing a proposal."""
    analysis, offset = at_cursor(text)
    proposal = next(p for p in proposals(text) if p.name == name)
    span = proposal.span
    assert span is not None
    assert span.end == offset
    source = analysis.source.text
    written = source[: span.start] + (proposal.insert or proposal.name) + source[span.end :]
    assert all(edit.span.start == edit.span.end == 0 for edit in proposal.edits)
    return "".join(edit.text for edit in proposal.edits) + written


def test_the_nearest_declaration_comes_first() -> None:
    assert names('let one = 1\nlet two = 2\nprint "a" <CURSOR>')[:2] == ["two", "one"]


def test_what_is_declared_below_is_not_offered() -> None:
    assert "later" not in names('print "a" <CURSOR>\nlet later = 1')


def test_a_declaration_is_not_offered_to_itself() -> None:
    assert "mine" not in names("let mine = 1 + <CURSOR>2")


@pytest.mark.parametrize("number", ["0", "0.", "0.55", "12", "1e", "1e-", "1E+3"])
def test_nothing_is_offered_while_a_number_is_written(number: str) -> None:
    for begun in ("let level = ", 'load img = "b.nii.gz"\nlet region = img > ', "let a = max(1, "):
        assert names(f"{begun}{number}<CURSOR>") == []
        assert "+" in names(f"{begun}{number.rstrip('.eE+-')} <CURSOR>")


def test_a_name_that_ends_in_a_digit_is_completed() -> None:
    assert names('let level2 = 1\nprint "a" level<CURSOR>')[0] == "level2"
    assert "level2" in names("let level2 = 1\nlet a = 3 + l<CURSOR>")


def test_nothing_is_offered_where_all_is_written() -> None:
    assert names("let level2 = 1\nlet a = 3 + level2<CURSOR>") == []
    assert names("let level2 = 1\nlet level21 = 2\nlet a = 3 + level2<CURSOR>") != []


def test_parameters_loop_variables_and_local_names_are_offered_where_they_are_seen() -> None:
    assert "radius" in names("let ball(radius) = radius + <CURSOR>1")
    assert names("let f(q) = for k in [1, 2] do <CURSOR>")[:2] == ["k", "q"]
    assert "k" not in names("let f(q) = (for k in [1, 2] do k) + <CURSOR>")
    assert "part" in names("let a = let part = 1 in <CURSOR>")
    assert "part" not in names("let a = let part = <CURSOR>")


def test_primitives_and_keywords_are_offered() -> None:
    assert {"near", "sqrt", "let", "for"} <= set(names('print "a" <CURSOR>'))


def test_functions_of_the_standard_library_are_offered() -> None:
    assert "touch" in names('print "a" <CURSOR>')


def test_what_an_imported_file_declares_is_offered() -> None:
    files = {"/home/other.imgql": "/// Twice.\nlet twice(x) = x + x"}
    analysis, offset = at_cursor('import "other"\nlet a = tw<CURSOR>', files)
    found = completion(analysis, offset, catalogue()).proposals
    assert [(p.name, p.detail, p.documentation) for p in found if p.name == "twice"] == [
        ("twice", "twice(x)", "Twice.")
    ]


def test_a_mask_comes_first_where_a_mask_is_wanted() -> None:
    assert names(f"{IMAGE}let a = near(<CURSOR>")[0] == "region"
    assert names(f"{IMAGE}let a = region & <CURSOR>")[0] == "region"
    assert names(f"{IMAGE}let a = near(<CURSOR>").index("level") > names(
        f"{IMAGE}let a = near(<CURSOR>"
    ).index("not")


def test_a_number_comes_first_where_a_number_is_wanted() -> None:
    found = names(f"{IMAGE}let a = distleq(<CURSOR>")
    assert found.index("level") < found.index("region")


def test_names_of_parameters_are_offered_in_a_call() -> None:
    text = f"{IMAGE}let a = smoothen(region, <CURSOR>)"
    assert "r" in names(text)
    assert chosen(text, "r").endswith("smoothen(region, r = )")


def test_a_namespace_that_is_not_imported_is_imported_by_the_choice() -> None:
    assert chosen("let a = array_st<CURSOR>", "array_stats") == (
        'import "arrays"\nlet a = array_stats'
    )
    assert chosen('import "arrays"\nlet a = array_st<CURSOR>', "array_stats") == (
        'import "arrays"\nlet a = array_stats'
    )


def test_the_dot_behind_a_namespace_asks_for_what_is_in_it() -> None:
    found = names("let a = arrays.<CURSOR>")
    assert "arrays.array_stats" in found
    assert all(name.startswith("arrays.") for name in found)
    assert chosen("let a = arrays.ar<CURSOR>", "arrays.array_stats").endswith(
        "let a = arrays.array_stats"
    )


def test_what_must_be_imported_comes_behind_what_need_not() -> None:
    found = names("let a = a<CURSOR>")
    assert found.index("array_stats") > found.index("abs")
    assert "array_stats" not in names("let a = <CURSOR>")


def test_images_are_offered_in_the_path_of_load_and_programs_in_that_of_import() -> None:
    assert names('load img = "<CURSOR>') == ["scan.nii.gz", "cases/"]
    assert names('load img = "cases/<CURSOR>"') == ["one.nii.gz", "two.mha"]
    assert chosen('load img = "cases/o<CURSOR>', "one.nii.gz") == 'load img = "cases/one.nii.gz'
    assert {"arrays", "library.imgql"} <= set(names('import "<CURSOR>"'))


def test_nothing_is_offered_in_other_texts_comments_and_new_names() -> None:
    assert names('print "a<CURSOR>" 1') == []
    assert names("let a = 1 // see <CURSOR>") == []
    assert names("let <CURSOR>") == []
    assert names("print <CURSOR>") == []
    assert names("let a = for <CURSOR>") == []


def test_fields_of_a_record_that_is_known_are_offered() -> None:
    text = 'import "arrays"\nload img = "b.nii.gz"\nlet r = array_stats(img)\nlet a = r[{}'
    analysis, _ = at_cursor(text.format("<CURSOR>"))
    node = NodeId(analysis.plan.declarations["r"])
    memory = FakeMemory({node: record(node, RECORD, stored=Inline({"min": 0.0, "max": 9.0}))})
    found = completed(text.format('"<CURSOR>'), memory).proposals
    assert [(p.name, p.detail) for p in found] == [("min", "0.0"), ("max", "9.0")]
    assert '"min"' in [p.name for p in completed(text.format("<CURSOR>"), memory).proposals]


def test_a_line_begins_with_a_statement() -> None:
    found = [p for p in proposals("let a = 1\n<CURSOR>") if p.is_snippet]
    assert [p.name for p in found] == ["let", "load", "save", "print", "import", "function"]


def test_an_operator_is_offered_behind_a_value() -> None:
    assert "&" in names(f"{IMAGE}let a = region <CURSOR>")
    assert "near" not in names(f"{IMAGE}let a = region <CURSOR>")


def test_what_was_typed_narrows_the_offer() -> None:
    assert "smoothen" in names("let a = smth<CURSOR>")
    assert "near" not in names("let a = smth<CURSOR>")


def test_a_name_is_offered_once() -> None:
    found = names('let near = 1\nprint "a" <CURSOR>')
    assert found.count("near") == 1


def test_a_long_program_offers_what_is_nearest_and_says_that_there_is_more() -> None:
    lines = [f"let v{n} = {n}" for n in range(MOST_DECLARED + 50)]
    found = completed("\n".join([*lines, 'print "a" <CURSOR>']))
    offered = [p.name for p in found.proposals if p.distance]
    assert not found.is_whole
    assert len(offered) == MOST_DECLARED
    assert offered[0] == f"v{MOST_DECLARED + 49}"


@pytest.mark.parametrize(
    "text",
    ["<CURSOR>", "let a = ((<CURSOR>", "let a = )<CURSOR>", 'save "<CURSOR>', "let a(<CURSOR>"],
)
def test_completion_never_fails_on_unfinished_text(text: str) -> None:
    assert isinstance(names(text), list)


@pytest.mark.parametrize(
    "text",
    [
        "let broken = near(<CURSOR>\nlet other = 1",
        "let broken = [1, near(<CURSOR>",
        'let a = (1 + <CURSOR>\nprint "a" 2',
        "let a = fold + <CURSOR>",
    ],
)
def test_names_are_offered_in_the_middle_of_a_broken_statement(text: str) -> None:
    assert "first" in names(f"let first = 1\n{text}")
