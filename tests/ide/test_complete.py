from tests.support.cursors import at_cursor, catalogue
from voxlogica_core.ide.complete import completion


def names(text: str) -> list[str]:
    analysis, offset = at_cursor(text)
    return [proposal.name for proposal in completion(analysis, offset, catalogue())]


def test_the_nearest_declaration_comes_first() -> None:
    assert names('let one = 1\nlet two = 2\nprint "a" <CURSOR>')[:2] == ["two", "one"]


def test_what_is_declared_below_is_not_offered() -> None:
    assert "later" not in names('print "a" <CURSOR>\nlet later = 1')


def test_parameters_are_offered_inside_their_function() -> None:
    assert "radius" in names("let ball(radius) = radius + <CURSOR>1")


def test_primitives_and_keywords_are_offered() -> None:
    assert {"near", "sqrt", "let", "for"} <= set(names('print "a" <CURSOR>'))


def test_nothing_is_offered_in_texts_and_comments() -> None:
    assert names('print "a<CURSOR>" 1') == []
    assert names("let a = 1 // see <CURSOR>") == []


def test_a_name_is_offered_once() -> None:
    found = names('let near = 1\nprint "a" <CURSOR>')
    assert found.count("near") == 1
