"""The collector of diagnostics: each finding once, at the place where the user can act on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from voxlogica_core.plan.scope import CallSite, Scope
from voxlogica_core.text.diagnostic import Diagnostic, Fix, Related, Severity
from voxlogica_core.text.span import Span

_LONGEST_CHAIN = 10


@dataclass(slots=True)
class Findings:
    """Diagnostics in order of discovery, without repetition.

    An error met inside a function while it is applied belongs to the call, unless the function is
    wrong whatever it is applied to: then it was reported where it is defined.
    """

    _found: dict[tuple[str, str | None, Span], Diagnostic] = field(
        default_factory=dict[tuple[str, str | None, Span], Diagnostic]
    )

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic unless one of its code stands at its place already."""
        key = (diagnostic.code, diagnostic.path, diagnostic.span)
        self._found.setdefault(key, diagnostic)

    def report(
        self,
        code: str,
        message: str,
        span: Span,
        scope: Scope,
        *,
        severity: Severity = "error",
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        """Report a finding at `span` of the file of `scope`."""
        if (code, scope.file.path, span) in self._found:
            return
        if scope.call is None:
            self.add(Diagnostic(code, severity, message, span, fixes=fixes, path=scope.file.path))
            return
        related = (Related(f"in `{scope.call.name}`", span, scope.file.path), *_chain(scope.call))
        self.add(Diagnostic(code, severity, message, scope.call.root, related))

    def all(self) -> tuple[Diagnostic, ...]:
        """Return everything found, in order of text, the program itself first."""
        return tuple(
            sorted(self._found.values(), key=lambda d: (d.path or "", d.span.start, d.span.end))
        )


def _chain(call: CallSite) -> Iterator[Related]:
    """Yield the calls between an error and the program, from the inside, the outermost left out."""
    for _ in range(_LONGEST_CHAIN):
        if call.outer is None:
            return
        yield Related(f"`{call.name}` is called here", call.span, call.path)
        call = call.outer
