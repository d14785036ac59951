"""Keys of names: operators of one spelling are told apart by their number of operands."""

from voxlogica_core.syntax.tree import Identifier


def is_operator(name: str) -> bool:
    """Return whether a name is written in signs (`B+` too), not as a word."""
    return not name.replace(".", "").isidentifier()


def key_of(name: str, arity: int | None) -> str:
    """Return the key under which a name with so many operands is looked up."""
    return f"{name}/{arity}" if is_operator(name) else name


def declared_key(name: Identifier, formals: tuple[Identifier, ...] | None) -> str:
    """Return the key under which a declaration is found."""
    return key_of(name.text, len(formals or ()))


def formal_key(formal: Identifier) -> str:
    """Return the key under which a parameter is found."""
    return formal.text


def stripped(operator: str) -> str:
    """Return an operator without the dots of its sides; a lone ``=`` means equality."""
    bare = operator.strip(".")
    return "==" if bare == "=" and bare != operator else bare
