"""Pages about what no program declares: primitives, their namespaces, kinds of values. Markdown."""

from collections.abc import Iterable, Mapping

from voxlogica_core.ide.hover.documentation import documentation
from voxlogica_core.ide.wording import signatures
from voxlogica_core.plan.signature import Catalogue, Primitive, Result
from voxlogica_core.values.kind import Kind

_KINDS: Mapping[str, str] = {
    "number": "A 64-bit floating-point number.",
    "bool": "`true` or `false`.",
    "string": "A text in quotes.",
    "image": "Voxels with a 32-bit floating-point number each, on a grid with spacing in mm.",
    "mask": "Voxels that are in a region or not, on a grid with spacing in mm.",
    "labels": "Voxels with the number of a region each; where an image is wanted, they act as one.",
    "colour": "Voxels with several channels, such as red, green and blue.",
    "record": 'Values by name: `r["field"]` is one of them.',
    "sequence": "Values one after the other, all of one kind, as many as you like.",
    "any": "Not known before the program runs.",
}


def primitive_page(primitive: Primitive) -> str:
    """Return the page of a primitive: how it is called, what it does."""
    calls = "\n".join(signatures(primitive))
    operators = " ".join(f"`{sign}`" for sign in primitive.operators)
    parts = [
        f"# {primitive.name}",
        f"```imgql\n{calls}\n```",
        f"As an operator: {operators}" if operators else "",
        documentation(primitive.documentation, markdown=True),
        f"A primitive: `{primitive.qualified}`, version {primitive.version}.",
    ]
    return _joined(parts)


def namespace_page(name: str, catalogue: Catalogue) -> str:
    """Return the page of a namespace: what is in it."""
    found = [primitive for primitive in catalogue if primitive.namespace == name]
    return _joined([f"# {name}", f"{len(found)} primitives.", _listed(found)])


def kind_page(kind: Kind, catalogue: Catalogue) -> str:
    """Return the page of a kind of value: what it is, what gives it, what takes it."""
    about = _KINDS.get(kind.name, "")
    made = [p for p in catalogue if any(_gives(o.result, kind) for o in p.overloads)]
    taken = [
        p
        for p in catalogue
        if any(_same(wanted, kind) for o in p.overloads for x in o.parameters for wanted in x.kinds)
    ]
    return _joined(
        [f"# {kind.name}", about, "## Made by", _listed(made), "## Taken by", _listed(taken)]
    )


def _gives(result: Result, kind: Kind) -> bool:
    return isinstance(result, Kind) and _same(result, kind)


def _same(kind: Kind, wanted: Kind) -> bool:
    """Return whether a kind is the wanted one; all sequences are one here."""
    return kind.name == wanted.name


def _listed(primitives: Iterable[Primitive]) -> str:
    lines = (f"- `{p.name}`: {_summary(p)}" for p in sorted(primitives, key=lambda p: p.name))
    return "\n".join(lines) or "Nothing."


def _summary(primitive: Primitive) -> str:
    first = primitive.documentation.strip().partition("\n\n")[0]
    return " ".join(first.split()) or primitive.qualified


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
