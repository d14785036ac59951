"""Signature help: the call, the parameter that is being written, and the form that fits."""

import pytest

from tests.support.cursors import at_cursor
from voxlogica_core.ide.writing.signatures import SignatureHelp, signature_help

IMAGE = 'load img = "b.nii.gz"\nlet region = img > 3\n'


def helped(text: str) -> SignatureHelp | None:
    return signature_help(*at_cursor(text))


def shown(text: str) -> str:
    """Return the best signature with the active parameter in angle brackets."""
    found = helped(text)
    if found is None:
        return ""
    shape, active = found.callee.shapes[found.best], found.active[found.best]
    slots = [f"<{s.text}>" if n == active else s.text for n, s in enumerate(shape.slots)]
    return f"{shape.name}({', '.join(slots)})" + (f" → {shape.result}" if shape.result else "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let a = near(<CURSOR>)", "near(<a: mask>) → mask"),
        ("let a = near(<CURSOR>", "near(<a: mask>) → mask"),
        ("let a = distleq(2, <CURSOR>", "distleq(r: number, <a: mask>) → mask"),
        ("let a = distleq(2, near(<CURSOR>", "near(<a: mask>) → mask"),
        ("let a = distleq(2, near(img)<CURSOR>", "distleq(r: number, <a: mask>) → mask"),
        ("let a = smoothen(2, <CURSOR>", "smoothen(r: number, <a: mask>) → mask"),
        ("let a = smoothen(region, <CURSOR>", "smoothen(a: mask, <r: number>) → mask"),
        ("let a = region & <CURSOR>", "&(a: mask, <b: mask | bool>) → mask"),
        ("let a = distleq(a = region, <CURSOR>", "distleq(<r: number>, a: mask) → mask"),
        ("let a = distleq(a = <CURSOR>", "distleq(r: number, <a: mask>) → mask"),
        ("let f(p, q) = p\nlet a = f(1, <CURSOR>", "f(p, <q>)"),
        ("let a = touch(<CURSOR>", "touch(<a>, b)"),
        ("let a = &(region, <CURSOR>", "&(a: mask, <b: mask | bool>) → mask"),
    ],
)
def test_the_parameter_that_is_being_written_is_marked(text: str, expected: str) -> None:
    assert shown(IMAGE + text) == expected


def test_there_is_no_help_outside_calls_in_comments_and_for_unknown_names() -> None:
    for text in ("let a = 1 <CURSOR>", "let a = near(x) // near(<CURSOR>", "let a = who(<CURSOR>"):
        assert helped(IMAGE + text) is None


def test_documentation_comes_with_the_help() -> None:
    found = helped("/// Twice.\nlet twice(x) = x + x\nlet a = twice(<CURSOR>")
    assert found is not None
    assert found.callee.documentation == "Twice."


def test_parameters_of_primitives_are_explained() -> None:
    found = helped("let a = distleq(<CURSOR>")
    assert found is not None
    assert "mm" in found.callee.shapes[0].slots[0].documentation


def test_one_argument_too_many_has_no_parameter() -> None:
    found = helped("let a = distleq(1, tt, <CURSOR>")
    assert found is not None
    assert found.active == (None,)
