"""Depth without stack: generators that yield the generators they wait for.

A reduction as deep as its program would overflow Python's stack; here depth costs a list entry.
"""

from collections.abc import Generator
from typing import Any, TypeVar

Result = TypeVar("Result")
Steps = Generator[Generator[Any, Any, Any], Any, Result]
"""A computation that yields the computations it waits for and returns a `Result`."""


class TooDeep(Exception):
    """A computation waits for more others than any sensible program needs."""


def run(steps: Steps[Result], limit: int) -> Result:
    """Carry out `steps` and all they wait for; more than `limit` waiting at once is `TooDeep`."""
    stack: list[Generator[Any, Any, Any]] = [steps]
    answer: Any = None
    while stack:
        try:
            awaited = stack[-1].send(answer)
        except StopIteration as finished:
            stack.pop()
            answer = finished.value
        else:
            if len(stack) >= limit:
                raise TooDeep
            stack.append(awaited)
            answer = None
    return answer
