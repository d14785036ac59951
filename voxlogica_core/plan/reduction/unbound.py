"""Names that mean nothing where they stand: why, and what may have been meant. Finds no meaning."""

from difflib import get_close_matches

from voxlogica_core.plan.outside.shipped import shipped_names
from voxlogica_core.plan.reduction.keys import key_of, stripped
from voxlogica_core.plan.reduction.meaning import Scope, Unknown
from voxlogica_core.plan.reduction.reducing import Reducing
from voxlogica_core.syntax.tree import Name, Operator
from voxlogica_core.text.diagnostic import Edit, Fix, at_top

_MOST_GLUED = 16
"""Characters of an operator up to which it is tried as several."""

_CONSTANTS = frozenset({"true", "false"})
"""Words that a slip of the keyboard may have meant, besides names."""


def unbound(reducer: Reducing, name: Name | Operator, arity: int | None, scope: Scope) -> Unknown:
    """Report a name that means nothing where it stands, with what may have been meant."""
    text = name.text
    reducer.unit.is_volatile = True  # the names that are offered hang on all there are
    own = scope.file.declared.get(key_of(text, arity), [])
    if any(position == scope.position for position, _ in own):
        message = f"`{text}` needs itself: functions cannot call themselves; use for or fold"
        return reducer.failure("recursive-call", message, name.span, scope)
    if isinstance(name, Operator):
        return _unbound_operator(reducer, name, arity, scope)
    catalogue = reducer.table.catalogue
    near = get_close_matches(
        text, sorted(reducer.names.visible(scope) | _CONSTANTS), n=3, cutoff=0.6
    )
    others = tuple(Fix(f"Write `{other}`", (Edit(name.span, other),)) for other in near)
    homes = {p.namespace for p in catalogue if text in (p.name, p.qualified)}
    homes |= set(shipped_names().get(text, ()))
    if homes:
        home = min(homes)
        message = f'`{text}` is in the namespace {home}: add import "{home}"'
        fix = Fix(f'Add `import "{home}"`', (at_top(f'import "{home}"\n'),))
        fixes = (fix, *others)
        reducer.findings.report("not-imported", message, name.span, scope, fixes=fixes)
        return Unknown(message)
    qualifier, _, plain = text.rpartition(".")
    reachable = [qualifier] if qualifier else reducer.names.namespaces(scope.root)
    if reason := catalogue.refusal(plain, reachable):
        message = f"`{text}` is not offered: {reason}"
        return reducer.failure("not-available", message, name.span, scope)
    message = f"`{text}` is not defined"
    if own:
        message += " above: it is declared further down, and a name is known from there on"
    elif near:
        message += f"; did you mean {' or '.join(f'`{name}`' for name in near)}?"
    reducer.findings.report("unbound-name", message, name.span, scope, fixes=others)
    return Unknown(message)


def _unbound_operator(
    reducer: Reducing, name: Operator, arity: int | None, scope: Scope
) -> Unknown:
    text = name.text
    parts = _glued(reducer, text, arity or 2, scope) if len(text) <= _MOST_GLUED else []
    if parts:
        spaced = " ".join(parts)
        message = f"there is no operator `{text}`: write `{spaced}` with a space"
        fix = Fix(f"Write `{spaced}`", (Edit(name.span, spaced),))
        reducer.findings.report("glued-operator", message, name.span, scope, fixes=(fix,))
        return Unknown(message)
    if arity in (1, 2):
        reducer.names.mention(name, 3 - arity, scope)  # an operand may be missing
    side = "before one operand" if arity == 1 else "between two operands"
    formals = "a" if arity == 1 else "a, b"
    message = f"there is no operator `{text}` {side}; define it with let {text}({formals}) = …"
    return reducer.failure("unbound-name", message, name.span, scope)


def _glued(reducer: Reducing, text: str, arity: int, scope: Scope) -> list[str]:
    """Return the operators that stand in `text` without a space, all but the first prefix."""
    for cut in range(1, len(text)):
        left, right = text[:cut], text[cut:]
        if _is_defined(reducer, left, arity, scope):
            is_whole = _is_defined(reducer, right, 1, scope)
            rest = [right] if is_whole else _glued(reducer, right, 1, scope)
            if rest:
                return [left, *rest]
    return []


def _is_defined(reducer: Reducing, text: str, arity: int, scope: Scope) -> bool:
    for spelling in {text, stripped(text)} - {""}:
        key = key_of(spelling, arity)
        if scope.local(key) or scope.file.find(key, scope.position):
            return True
        if reducer.names.library.find(key):
            return True
        if reducer.names.primitive(spelling, arity, scope.root):
            return True
    return False
