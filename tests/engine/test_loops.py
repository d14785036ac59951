import pytest

from tests.support.engines import CountingStore, printed, run
from voxlogica_core.engine.outcome import Counts


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("for i in range(0,3) do next(i)", (1.0, 2.0, 3.0)),
        ("for i in range(0, next(2)) do next(i)", (1.0, 2.0, 3.0)),
        ("for i in steps(3) do next(i)", (1.0, 2.0, 3.0)),
        ("filter i in steps(6) do over(i, 3)", (4.0, 5.0)),
        ("for i in filter j in range(0, 6) do over(j, 3) do next(i)", (5.0, 6.0)),
        ("total(for i in range(0, next(2)) do next(i))", 6.0),
        ("fold plus 0 steps(4)", 6.0),
        ("fold plus [next(1), next(2)]", 5.0),
        ("fold plus 10 (filter i in steps(3) do over(i, 5))", 10.0),
        ("for i in range(0,2) do for j in range(0,2) do plus(i,j)", ((0.0, 1.0), (1.0, 2.0))),
        ("(for i in steps(5) do next(i))[next(1)]", 3.0),
        ("(for i in steps(5) do next(i))[1:3]", (2.0, 3.0)),
        ("steps(4)[-1]", 3.0),
        ("ifN(over(next(1), 1), next(2), broken(0))", 3.0),
        ("ifN(over(next(1), 5), broken(0), next(2))", 3.0),
        ("for p in pieces(noise(1, 2)) do over(average(shift(p, 100)), 50)", (True, True)),
        ("for i in range(0, 0) do next(i)", ()),
    ],
)
def test_sequences_have_the_values_of_their_items(expression: str, value: object) -> None:
    assert printed(f'print "x" {expression}') == {"x": value}


def test_equal_loops_with_different_captured_values_differ() -> None:
    text = 'let f(x) = for i in range(0,3) do plus(next(i), x)\nprint "a" f(100)\nprint "b" f(200)'
    assert printed(text) == {"a": (101.0, 102.0, 103.0), "b": (201.0, 202.0, 203.0)}


def test_items_are_nodes_that_a_longer_loop_finds_again() -> None:
    store = CountingStore()
    text = 'print "x" for i in range(0,{}) do average(noise(i, 3))'
    cold = run(text.format(3), store)
    assert cold.counts == Counts(computed=6)
    longer = run(text.format(4), store).outcomes
    images = [node for node, record in store.lookup(cold.outcomes).items() if record.geometry]
    assert len(images) == 3
    again = {getattr(longer.get(node), "how", "not needed") for node in images}
    # A mean that took long is recorded, so that its image is not needed; an image that did is kept.
    assert again <= {"rematerialised", "reused", "not needed"}
    new = [node for node in longer if node not in cold.outcomes]
    assert [getattr(longer[node], "how", None) for node in new] == ["computed"] * 2


def test_a_captured_image_is_computed_once_though_the_length_is_found_late() -> None:
    text = """
    let im = shift(noise(1, 3), 1)
    print "m" average(im)
    print "x" total(for i in range(0, next(3)) do average(shift(im, i)))
    """
    assert run(text).counts == Counts(computed=13)


def test_the_branch_that_is_not_taken_is_not_computed() -> None:
    counts = run('print "x" ifN(over(next(1), 1), next(2), next(5))').counts
    assert counts == Counts(computed=3)


def test_a_loop_over_100000_items_is_run() -> None:
    store = CountingStore()
    text = 'print "x" total(for i in range(0,100000) do next(i))'
    cold = run(text, store)
    assert [result.value for result in cold.results] == [5_000_050_000.0]
    assert cold.counts == Counts(computed=100_001)
    assert run(text, store).counts == Counts(reused=1)
