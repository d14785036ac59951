"""Signatures: what the plan knows of a primitive, read from its declaration; no kernel is here."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from voxlogica_core.plan.node import Scalar
from voxlogica_core.values.kind import ANY, Kind, accepts, join

ANY_NUMBER = 1_000_000
"""The most arguments a call may have; what `Overload.most` says of a repeating parameter."""

Grid = Literal["same", "new"]
Result = Kind | Literal["item", "field", "first", "join"]
"""`item`: the kind of the items of the first argument; `field`: of the field of it that the second
names; `first`: its own; `join`: of the others."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an overload.

    Parameters
    ----------
    kinds
        The kinds it accepts; any of them will do.
    default
        The value it has when left out, a tuple for a sequence of numbers; None where it may not be.
    is_grid
        Only the grid of the argument matters, and it may be left out: the image is then
        geometry-free and takes the grid of the image it is combined with.
    repeats
        The last parameter may stand any number of times, also not at all (``*values``).
    """

    name: str
    kinds: tuple[Kind, ...]
    default: Scalar | tuple[float, ...] | None = None
    is_grid: bool = False
    documentation: str = ""
    repeats: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether a call may leave it out."""
        return self.default is not None or self.is_grid or self.repeats

    def accepts(self, given: Kind) -> bool:
        """Return whether an argument of kind `given` will do."""
        return any(accepts(wanted, given) for wanted in self.kinds)


@dataclass(frozen=True, slots=True)
class Overload:
    """One Python function behind a primitive.

    Parameters
    ----------
    module, function
        Where the kernel is; imported only when it is called.
    folds
        Pure Python on scalars: may be computed while reducing.
    grid
        ``same``: image arguments share one grid and the result has it; ``new``: the result
        starts a grid of its own.
    cost
        Expected nanoseconds a voxel of the largest image argument; microseconds a call if none.
    least
        Fewest arguments of a call, where that is more than the parameters without a default.
    """

    parameters: tuple[Parameter, ...]
    result: Result
    module: str
    function: str
    folds: bool = False
    grid: Grid = "same"
    cost: float = 1.0
    documentation: str = ""
    least: int = 0

    @property
    def required(self) -> int:
        """Number of arguments a call must give."""
        needed = sum(not parameter.is_optional for parameter in self.parameters)
        return max(needed, self.least)

    @property
    def most(self) -> int:
        """Largest number of arguments a call may give."""
        repeats = bool(self.parameters) and self.parameters[-1].repeats
        return ANY_NUMBER if repeats else len(self.parameters)

    def takes(self, kinds: Sequence[Kind]) -> bool:
        """Return whether a call with arguments of these kinds fits."""
        return self.required <= len(kinds) <= self.most and all(
            self.parameters[min(position, len(self.parameters) - 1)].accepts(kind)
            for position, kind in enumerate(kinds)
        )

    def result_kind(self, kinds: Sequence[Kind]) -> Kind:
        """Return the kind of the result for arguments of these kinds."""
        match self.result:
            case "item":
                return kinds[0].item or ANY
            case "field":
                return ANY  # which field it is, only the argument's value tells: see `NodeTable`
            case "first":
                return kinds[0]
            case "join":
                kind = kinds[-1]
                for other in kinds[1:]:
                    kind = join(kind, other)
                return kind
            case Kind() as kind:
                return kind


@dataclass(frozen=True, slots=True)
class Primitive:
    """A named operation the language ships; `name` is unqualified, `qualified` is its identity."""

    name: str
    namespace: str
    version: str
    overloads: tuple[Overload, ...]
    operators: tuple[str, ...] = ()
    commutative: bool = False

    @property
    def qualified(self) -> str:
        """Return the name with its namespace: its identity in node ids."""
        return f"{self.namespace}.{self.name}"

    @property
    def documentation(self) -> str:
        """Docstring of the first overload that has one."""
        return next((o.documentation for o in self.overloads if o.documentation), "")

    def fitting(self, kinds: Sequence[Kind]) -> list[Overload]:
        """Return the overloads a call with arguments of these kinds may mean."""
        return [overload for overload in self.overloads if overload.takes(kinds)]

    def counts(self) -> tuple[int, int]:
        """Return the smallest and largest number of arguments."""
        return (
            min(overload.required for overload in self.overloads),
            max(overload.most for overload in self.overloads),
        )


@dataclass(frozen=True, slots=True)
class Distant:
    """A large namespace, made when it is asked for.

    Parameters
    ----------
    primitives
        Makes its primitives.
    left_out
        Says, by name, why others are not among them.
    """

    primitives: Callable[[], Iterable[Primitive]]
    left_out: Callable[[], Mapping[str, str]]


class Primitives(Mapping[str, Primitive]):
    """Primitives by qualified name; those of large namespaces are made when one is asked for.

    Parameters
    ----------
    at_hand
        Those that are there already.
    far
        The others, by namespace.
    """

    def __init__(self, at_hand: Mapping[str, Primitive], far: Mapping[str, Distant]) -> None:
        self.at_hand = at_hand
        self.far = far
        self._fetched: dict[str, Mapping[str, Primitive]] = {}

    def plus(self, more: Iterable[Primitive]) -> "Primitives":
        """Return these and more."""
        both = Primitives({**self.at_hand, **{p.qualified: p for p in more}}, self.far)
        both._fetched = self._fetched
        return both

    def __getitem__(self, qualified: str) -> Primitive:
        if (found := self.at_hand.get(qualified)) is not None:
            return found
        namespace = qualified.partition(".")[0]
        if namespace not in self.far:
            raise KeyError(qualified)
        return self.made(namespace)[qualified]

    def __iter__(self) -> Iterator[str]:
        yield from self.at_hand
        for namespace in self.far:
            yield from self.made(namespace)

    def __len__(self) -> int:
        return len(self.at_hand) + sum(len(self.made(namespace)) for namespace in self.far)

    def made(self, namespace: str) -> Mapping[str, Primitive]:
        """Return the primitives of a large namespace."""
        if namespace not in self._fetched:
            made = {p.qualified: p for p in self.far[namespace].primitives()}
            self._fetched[namespace] = made  # twice at worst, with equal results
        return self._fetched[namespace]


Evaluate = Callable[[Overload, Sequence[Scalar]], Scalar]
"""Calls the kernel of a folding overload; raises `DataError`."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All primitives: by qualified name, by namespace and name, by operator.

    Parameters
    ----------
    primitives
        By qualified name.
    evaluate
        How scalars are folded while reducing: the very functions the engine would call.
    broken
        Namespaces that cannot be used, and why.
    """

    primitives: Primitives
    evaluate: Evaluate
    broken: Mapping[str, str] = field(default_factory=dict[str, str])
    operators: Mapping[str, Primitive] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        operators = {sign: p for p in self.at_hand() for sign in p.operators}
        object.__setattr__(self, "operators", operators)

    def at_hand(self) -> Iterable[Primitive]:
        """Return the primitives outside large namespaces, whose functions are plain ones."""
        return self.primitives.at_hand.values()

    def find(self, name: str, namespaces: Sequence[str]) -> Primitive | None:
        """Return the primitive of that name in the first of `namespaces` that has it."""
        for namespace in namespaces:
            if found := self.primitives.get(f"{namespace}.{name}"):
                return found
        return None

    def namespaces(self) -> frozenset[str]:
        """Return every namespace there is."""
        return frozenset(p.namespace for p in self.at_hand()) | self.primitives.far.keys()

    def refusal(self, name: str, namespaces: Iterable[str]) -> str | None:
        """Return why one of these namespaces does not offer what it could be thought to have."""
        far = self.primitives.far
        reasons = (far[each].left_out().get(name) for each in namespaces if each in far)
        return next((reason for reason in reasons if reason), None)

    def within(self, namespaces: Collection[str]) -> Iterator[Primitive]:
        """Yield the primitives of some namespaces; the others are not made for it."""
        yield from (p for p in self.at_hand() if p.namespace in namespaces)
        for namespace in self.primitives.far.keys() & set(namespaces):
            yield from self.primitives.made(namespace).values()

    def __iter__(self) -> Iterator[Primitive]:
        return iter(self.primitives.values())
