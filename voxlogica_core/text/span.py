"""Spans: half-open ranges of offsets into a source text, counted in code points."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range ``[start, end)`` of code-point offsets."""

    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        """Return whether a cursor at `offset` touches the span (both ends count)."""
        return self.start <= offset <= self.end

    def to(self, other: "Span") -> "Span":
        """Return the span from the start of this one to the end of `other`."""
        return Span(self.start, other.end)

    def shifted(self, by: int) -> "Span":
        """Return the span moved `by` code points."""
        return Span(self.start + by, self.end + by)

    def __len__(self) -> int:
        return self.end - self.start
