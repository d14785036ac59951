from tests.support.engines import CountingStore, run
from voxlogica_core.engine.goals import GoalResult
from voxlogica_core.engine.outcome import Blocked, Counts, Failed


def only(text: str) -> GoalResult:
    (result,) = run(text).results
    return result


def test_what_needs_a_failed_node_is_blocked_and_the_rest_is_done() -> None:
    done = run('print "a" next(next(broken(1)))\nprint "b" next(5)\nprint "c" broken(1)')
    assert [result.outcome for result in done.results] == ["blocked", "done", "failed"]
    assert done.counts == Counts(computed=1, failed=1, blocked=2)
    failed = [(n, o) for n, o in done.outcomes.items() if isinstance(o, Failed)]
    assert failed[0][1] == Failed("broken", "a", "another number than 1 is wanted")
    assert {o.by for o in done.outcomes.values() if isinstance(o, Blocked)} == {failed[0][0]}


def test_the_message_of_a_blocked_goal_is_that_of_the_cause() -> None:
    assert only('print "a" next(broken(2))').message == "another number than 2 is wanted"


def test_a_bug_in_a_kernel_is_named_as_one() -> None:
    result = only('print "a" bug(1)')
    assert result.outcome == "failed"
    assert result.message.startswith("internal error in bug: ZeroDivisionError")


def test_failures_are_never_stored() -> None:
    store = CountingStore()
    assert run('print "a" broken(1)', store).counts == Counts(failed=1)
    assert run('print "a" broken(1)', store).counts == Counts(failed=1)


def test_two_grids_that_meet_fail_with_both_and_the_cure() -> None:
    message = only('print "a" both(noise(1, 4), noise(1, 5))').message
    assert "4×4×4" in message
    assert "5×5×5" in message
    assert "resampleTo" in message


def test_an_index_outside_a_computed_sequence_fails() -> None:
    result = only('print "a" (for i in steps(3) do next(i))[next(6)]')
    assert result.outcome == "failed"
    assert "outside a sequence of 3 items" in result.message


def test_a_loop_over_a_failed_sequence_is_blocked() -> None:
    assert only('print "a" for i in steps(broken(1)) do next(i)').outcome == "blocked"


def test_a_condition_that_fails_blocks_what_hangs_on_it() -> None:
    done = run('print "a" ifN(over(broken(1), 0), next(1), next(2))\nprint "b" next(1)')
    assert [result.outcome for result in done.results] == ["blocked", "done"]


def test_one_failed_item_leaves_the_other_items_of_a_goal_alone() -> None:
    text = 'print (["a", "b", "c"]) [next(1), broken(1), next(3)]'
    assert [result.outcome for result in run(text).results] == ["done", "failed", "done"]


def test_labels_and_values_of_unequal_length_fail() -> None:
    result = only('print (["a", "b"]) steps(3)')
    assert result.outcome == "failed"
    assert "2 labels for 3 values" in result.message
