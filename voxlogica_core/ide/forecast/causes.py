"""Causes: what a difference between two versions of a program is, in words, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal as OneOf

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.compare import Difference
from voxlogica_core.ide.forecast.origins import Origins, Spot
from voxlogica_core.plan.node import (
    Apply,
    Array,
    Fold,
    Literal,
    Loop,
    Node,
    NodeId,
    Read,
    Scalar,
)
from voxlogica_core.plan.plan import Place
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.plan.skeleton import Skeleton
from voxlogica_core.syntax import tree
from voxlogica_core.values.written import written

CauseKind = OneOf[
    "literal",
    "operator",
    "input file changed",
    "primitive version",
    "evicted",
    "not kept",
    "never computed",
    "failed before",
]
"""``operator``: another operation, or another number of arguments, stands where one stood;
``not kept``: to make the value again takes no longer than to keep and read it would."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why the value of a node is to be made.

    Parameters
    ----------
    text
        A clause that goes on from "because"; says nothing of where.
    old, new
        What stood there, and what stands there now; empty where nothing has changed.
    node
        Where it is to be seen: the node asked about, or one that it is made of.
    place
        Where that was written, or the literal in it that has changed.
    """

    kind: CauseKind
    text: str
    node: NodeId
    place: Place | None
    old: str = ""
    new: str = ""


class Causes:
    """Puts differences into words.

    Parameters
    ----------
    old
        What the program consisted of.
    primitives
        By qualified name: how they are written.
    """

    def __init__(
        self, analysis: Analysis, old: Skeleton, primitives: Mapping[str, Primitive]
    ) -> None:
        self._analysis = analysis
        self._old = old
        self._primitives = primitives
        self._origins = Origins(analysis)

    def cause(self, found: Difference) -> Cause:
        """Return what a difference is, and where."""
        old, new = found.old, found.new
        match old, new:
            case Literal(), Literal():
                return self._literal(found, old, new)
            case Read(), Read() if old.digest != new.digest:
                return self._input(found, old, new)
            case (Apply(version=was), Apply(version=now)) | (
                Read(version=was),
                Read(version=now),
            ) if was != now and self._name(old) == self._name(new):
                return self._version(found, was, now)
            case _:
                pass
        was, now = self._described(old, new), self._described(new, old)
        text = f"{was} became {now}"
        return Cause("operator", text, new.id, self._place(found), was, now)

    def _literal(self, found: Difference, old: Literal, new: Literal) -> Cause:
        was, now, place = old.value, new.value, self._place(found)
        spot = self._literal_spot(found, new)
        if spot is not None and isinstance(spot.expression, tree.Constant):
            place = Place(spot.expression.span)
            before = self._declared_before(spot)
            if before is not None and spot.expression.value != before:
                was, now = before, spot.expression.value
        text = f"`{_quoted(was)}` became `{_quoted(now)}`"
        return Cause("literal", text, new.id, place, _quoted(was), _quoted(now))

    def _literal_spot(self, found: Difference, new: Literal) -> Spot | None:
        """Return the literal in the text that is the new one, or a changed constant it is from."""
        places = self._analysis.plan.places
        users = [places[user] for user in reversed(found.users) if user in places]
        start = self._origins.spot(users[0]) if users else None
        if start is not None:
            exact = self._origins.find(start, lambda spot: _is(spot, new.value), self._has_changed)
            if exact is not None:
                return exact
        folded = places.get(new.id)
        start = self._origins.spot(folded) if folded else start
        if start is None:
            return None
        return self._origins.find(
            start,
            lambda spot: (
                isinstance(spot.expression, tree.Constant)
                and self._declared_before(spot) not in (None, spot.expression.value)
            ),
            self._has_changed,
        )

    def _has_changed(self, name: str) -> bool:
        """Return whether a declaration means another node than before."""
        before = self._old.declarations.get(name)
        return before is None or before != self._analysis.plan.declarations.get(name)

    def _declared_before(self, spot: Spot) -> Scalar | None:
        """Return the constant that was declared where a literal is declared now."""
        name = spot.through[-1] if spot.through else ""
        before = self._old.nodes.get(self._old.declarations.get(name, NodeId("")))
        now = self._analysis.plan.declarations.get(name)
        is_all = now is not None and isinstance(self._analysis.nodes.get(now), Literal)
        return before.value if is_all and isinstance(before, Literal) else None

    def _input(self, found: Difference, old: Read, new: Read) -> Cause:
        source = self._analysis.plan.sources.get(new.id, "").replace("\\", "/")
        was, now = self._old.files.get(old.id, ""), source.rpartition("/")[2]
        text = f"the file `{now}` has changed"
        if was and was != now:
            text = f"`{now}` is read, where `{was}` was"
        return Cause("input file changed", text, new.id, self._place(found), was or now, now)

    def _version(self, found: Difference, was: str, now: str) -> Cause:
        name = self._name(found.new) if isinstance(found.new, Apply | Read) else ""
        text = f"`{name}` is version {now} now, its value was made by version {was}"
        return Cause("primitive version", text, found.new.id, self._place(found), was, now)

    def _place(self, found: Difference) -> Place | None:
        """Return where a node was written, else what it is nearest to."""
        places = self._analysis.plan.places
        near = (found.new.id, *reversed(found.users))
        place = next((places[node] for node in near if node in places), None)
        if place is None or found.new.id in places or not isinstance(found.new, Apply):
            return place
        sign, start = self._primitives.get(found.new.primitive), self._origins.spot(place)
        if sign is None or start is None:
            return place
        spot = self._origins.find(start, lambda spot: _calls(spot, sign), self._has_changed)
        return Place(spot.expression.span) if spot else place

    def _described(self, node: Node, other: Node) -> str:
        match node:
            case Literal(value=value):
                return f"`{_quoted(value)}`"
            case Apply() | Read():
                name = f"`{self._name(node)}`"
                if not (isinstance(node, Apply) and isinstance(other, Apply)):
                    return name
                is_same = node.primitive == other.primitive
                return f"{name} of {len(node.inputs)} arguments" if is_same else name
            case Array(items=items):
                return f"a list of {len(items)}"
            case Loop(operation="filter"):
                return "`filter`"
            case Loop():
                return "`for`"
            case Fold():
                return "`fold`"
            case _:
                return "the variable of a loop"

    def _name(self, node: Apply | Read) -> str:
        if isinstance(node, Read):
            return "load"
        known = self._primitives.get(node.primitive)
        signs = known.operators if known else ()
        return signs[0] if signs else node.primitive.rpartition(".")[2]


def _is(spot: Spot, value: Scalar) -> bool:
    match spot.expression:
        case tree.NumberLiteral(value=found) | tree.StringLiteral(value=found):
            return type(found) is type(value) and found == value
        case tree.BoolLiteral(value=found):
            return found is value
        case _:
            return False


def _calls(spot: Spot, primitive: Primitive) -> bool:
    match spot.expression:
        case tree.Call(function=function):
            text = function.text
        case tree.Operator(text=text):
            pass
        case _:
            return False
    return text.rpartition(".")[2] == primitive.name or text.strip(".") in {
        sign.strip(".") for sign in primitive.operators
    }


def _quoted(value: Scalar) -> str:
    return f'"{value}"' if isinstance(value, str) else written(value)
