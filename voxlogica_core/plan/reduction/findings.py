"""The collector of diagnostics: each finding once, at the place where the user can act on it."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from voxlogica_core.plan.reduction.meaning import CallSite, Root, Scope
from voxlogica_core.plan.reduction.unit import Finding, Spot, Unit
from voxlogica_core.text.diagnostic import Diagnostic, Fix, Related, Severity
from voxlogica_core.text.span import Span

_LONGEST_CHAIN = 10

Key = tuple[str, int, Span]
"""Code, statement and span: what makes two findings one."""


@dataclass(slots=True)
class Findings:
    """Findings of the statement that is being reduced, without repetition.

    An error met inside a function while it is applied belongs to the call, unless the function is
    wrong whatever it is applied to: then it was reported where it is defined.

    Parameters
    ----------
    unit
        The statement that is being reduced.
    foreign
        Diagnostics of other files, found while reading them.
    """

    unit: Unit
    foreign: list[Diagnostic] = field(default_factory=list[Diagnostic])
    _reported: dict[Key, int] = field(default_factory=dict[Key, int])
    _log: list[tuple[Finding, int]] = field(default_factory=list[tuple[Finding, int]])
    _softness: int = 0

    def begin(self, unit: Unit) -> None:
        """Take findings of another statement from now on; those it has count as reported."""
        self.unit = unit
        self._softness = 0
        if unit.findings:
            self._reported.update((key, found.softness) for key, found in unit.findings.items())

    @property
    def is_soft(self) -> bool:
        """Whether errors are taken for warnings by now."""
        return self._softness > 0

    @contextmanager
    def softened(self) -> Generator[None]:
        """Take errors for warnings, in what is looked at though nobody takes it."""
        before = self._softness
        self._softness = before + 1
        yield
        self._softness = before

    @contextmanager
    def as_they_are(self) -> Generator[None]:
        """Take errors for errors again, in a declaration that such a thing uses."""
        before, self._softness = self._softness, 0
        yield
        self._softness = before

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
        """Report a finding at `span` of the statement of `scope`."""
        spot = Spot(span, scope.root)
        if self._reported.get(_key(code, spot), self._softness + 1) <= self._softness:
            return
        call = scope.call
        if call is None:
            self._add(Finding(code, severity, message, spot, (), fixes))
            return
        related = ((f"in `{call.name}`", spot), *_chain(call))
        outermost = Spot(call.outermost, self.unit.root)
        self._add(Finding(code, severity, message, outermost, related))

    def mark(self) -> int:
        """Return a mark: what is found from now on is what `since` gives for it."""
        return len(self._log)

    def since(self, mark: int) -> tuple[Finding, ...]:
        """Return what was found since a mark."""
        found = self._log[mark:]
        return tuple(_soft(f) if softness > self._softness else f for f, softness in found)

    def repeat(self, found: Iterable[Finding], span: Span, scope: Scope) -> None:
        """Report what an application found when it was first made, for a call at `span` too."""
        outermost = Spot(scope.call.outermost if scope.call else span, self.unit.root)
        for finding in found:
            self._add(replace(finding, spot=outermost))

    def _add(self, finding: Finding) -> None:
        self._log.append((finding, self._softness))
        key = _key(finding.code, finding.spot)
        shown = _soft(finding) if self._softness else finding
        shown = replace(shown, softness=self._softness)
        self._reported[key] = min(self._softness, self._reported.get(key, self._softness))
        known = self.unit.findings.get(key)
        if known is None or shown.softness < known.softness:
            self.unit.findings[key] = shown


def _soft(finding: Finding) -> Finding:
    return replace(finding, severity="warning") if finding.severity == "error" else finding


def diagnostics_of(units: Iterable[Unit], foreign: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return all findings as they stand now, in order of text, the program itself first."""
    unique: dict[tuple[str, str | None, Span], Diagnostic] = {}
    for diagnostic in (*foreign, *(_diagnostic(f) for u in units for f in u.findings.values())):
        unique.setdefault((diagnostic.code, diagnostic.path, diagnostic.span), diagnostic)
    return sorted(unique.values(), key=lambda d: (d.path or "", d.span.start, d.span.end))


def _diagnostic(finding: Finding) -> Diagnostic:
    root = finding.spot.root
    path, span = root.file.path, root.now(finding.spot.span)
    related = tuple(
        Related(text, spot.root.now(spot.span), spot.root.file.path)
        for text, spot in finding.related
    )
    fixes = tuple(_moved(fix, root) for fix in finding.fixes)
    return Diagnostic(finding.code, finding.severity, finding.message, span, related, fixes, path)


def _moved(fix: Fix, root: Root) -> Fix:
    edits = (e if e.stays else replace(e, span=root.now(e.span)) for e in fix.edits)
    return Fix(fix.title, tuple(edits))


def _key(code: str, spot: Spot) -> Key:
    return code, id(spot.root), spot.span


def _chain(call: CallSite) -> Iterator[tuple[str, Spot]]:
    """Yield the calls between an error and the program, from the inside, the outermost left out."""
    for _ in range(_LONGEST_CHAIN):
        if call.outer is None:
            return
        yield f"`{call.name}` is called here", Spot(call.span, call.root)
        call = call.outer
