"""Random programs about numbers, sequences, images and masks, and what they mean, by plain numpy.

The meaning is made beside the text, by evaluating eagerly with environments and no sharing: it has
nothing in common with the project but the tables of precedence that the specification states.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from tests.support import meanings as meant
from tests.support.oracles import distances_to, near

Env = Mapping[str, Any]
Literals = Sequence[float]

_LOOSE = 0
_ATOM = 8
_LEVELS = {
    "|": 1,
    "&": 2,
    "\\": 2,
    "<": 3,
    "<=": 3,
    ">": 3,
    ">=": 3,
    "==": 3,
    "!=": 3,
    "~>": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_PREFIX = 7
_COMPARED = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


@dataclass(frozen=True, slots=True)
class Term:
    """An expression: how it is written with given literals, how tightly it binds, what it is."""

    written: Callable[[Literals], str]
    level: int
    value: Callable[[Env, Literals], Any]

    def within(self, level: int) -> Callable[[Literals], str]:
        """Return how it is written where only what binds so tightly may stand bare."""
        if self.level >= level:
            return self.written
        return lambda literals: f"({self.written(literals)})"


@dataclass(frozen=True, slots=True)
class RandomProgram:
    """A program, and what its declarations are.

    Parameters
    ----------
    literals
        The numbers in it: with others it is an edited program.
    """

    statements: tuple[Callable[[Literals], str], ...]
    meanings: tuple[tuple[str, Callable[[Env, Literals], Any]], ...]
    literals: tuple[float, ...]

    def text(self, literals: Literals) -> str:
        """Return the program with these numbers in it."""
        return "\n".join(statement(literals) for statement in self.statements)

    def values(self, images: Env, literals: Literals) -> dict[str, Any]:
        """Return what each declaration is, from what it loads."""
        known: dict[str, Any] = dict(images)
        for name, meaning in self.meanings:
            known[name] = meaning(known, literals)
        return {name: known[name] for name, _ in self.meanings if not callable(known[name])}


@dataclass(slots=True)
class Scribe:
    """Writes programs; what it may name is what was declared above."""

    chance: Random
    spacing: tuple[float, ...]
    names: dict[str, list[str]] = field(default_factory=dict[str, "list[str]"])
    functions: list[tuple[str, tuple[str, ...], str]] = field(
        default_factory=list["tuple[str, tuple[str, ...], str]"]
    )
    literals: list[float] = field(default_factory=list[float])
    made: int = 0

    def program(self, images: Sequence[str], size: int) -> RandomProgram:
        """Return a program of `size` declarations over images that it loads from files."""
        self.names = {"image": list(images), "number": [], "mask": [], "sequence": []}
        statements: list[Callable[[Literals], str]] = [
            _fixed(f'load {name} = "{name}.nii.gz"') for name in images
        ]
        meanings: list[tuple[str, Callable[[Env, Literals], Any]]] = []
        for _ in range(size):
            declare = self._function if self.chance.random() < 0.2 else self._constant
            name, statement, meaning = declare()
            statements.append(statement)
            meanings.append((name, meaning))
        return RandomProgram(tuple(statements), tuple(meanings), tuple(self.literals))

    def _constant(self) -> tuple[str, Callable[[Literals], str], Callable[[Env, Literals], Any]]:
        kind = self.chance.choice(["number", "sequence", "image", "image", "mask", "mask", "mask"])
        term = self.term(kind, 3)
        name = self._fresh()
        self.names[kind].append(name)
        return name, lambda given: f"let {name} = {term.written(given)}", term.value

    def _function(self) -> tuple[str, Callable[[Literals], str], Callable[[Env, Literals], Any]]:
        kinds = tuple(
            self.chance.choices(["number", "image", "mask"], k=self.chance.choice([1, 2]))
        )
        name, formals = self._fresh(), tuple(self._fresh() for _ in kinds)
        for kind, formal in zip(kinds, formals, strict=True):
            self.names[kind].append(formal)
        result = self.chance.choice(["number", "image", "mask"])
        body = self.term(result, 3)
        for kind, formal in zip(kinds, formals, strict=True):
            self.names[kind].remove(formal)
        self.functions.append((name, kinds, result))
        head = f"let {name}({', '.join(formals)}) = "

        def meaning(env: Env, given: Literals) -> Any:
            def applied(*values: Any) -> Any:
                return body.value({**env, **dict(zip(formals, values, strict=True))}, given)

            return applied

        return name, lambda given: head + body.written(given), meaning

    def _fresh(self) -> str:
        self.made += 1
        return f"v{self.made}"

    def term(self, kind: str, depth: int) -> Term:
        """Return an expression of a kind."""
        choices = [self._name_of, self._name_of]
        if depth > 0:
            choices += {
                "number": [self._number_of_numbers, self._number_of_sequence, self._number_of_mask],
                "sequence": [self._loop, self._filtered, self._array, self._slice, self._shifted],
                "image": [self._image_of_image, self._image_of_images, self._distances],
                "mask": [self._threshold, self._threshold, self._of_masks, self._spatial],
            }[kind]
            choices += [self._local, self._choice, self._applied]
        return self.chance.choice(choices)(kind, depth - 1)

    def _literal(self) -> Term:
        place = len(self.literals)
        self.literals.append(self.chance.choice([0.5, 1.0, 2.0, 3.0, 4.25]))
        return Term(lambda given: f"{given[place]:g}", _ATOM, lambda _, given: float(given[place]))

    def _name_of(self, kind: str, depth: int) -> Term:
        names = self.names[kind]
        if names and (kind != "number" or self.chance.random() < 0.6):
            name = self.chance.choice(names)
            return Term(_fixed(name), _ATOM, lambda env, _: env[name])
        if kind == "number":
            return self._literal()
        return self._array(kind, 0) if kind == "sequence" else self._threshold(kind, min(depth, 0))

    def _infix(self, operator: str, left: Term, right: Term, value: Callable[..., Any]) -> Term:
        level = _LEVELS[operator]
        # Levels are left-associative; comparisons are not associative at all.
        first = left.within(level + (level == _LEVELS["<"]))
        second = right.within(level + 1)
        return Term(
            lambda given: f"{first(given)} {operator} {second(given)}",
            level,
            lambda env, given: value(left.value(env, given), right.value(env, given)),
        )

    def _number_of_numbers(self, kind: str, depth: int) -> Term:
        operator = self.chance.choice("+-*/")
        left = self.term(kind, depth)
        if operator == "/":
            return self._infix(operator, left, self._literal(), meant.ratio)
        combine = {"+": meant.plus, "-": meant.minus, "*": meant.times}[operator]
        return self._infix(operator, left, self.term(kind, depth), combine)

    def _number_of_sequence(self, kind: str, depth: int) -> Term:
        items = self.term("sequence", depth)
        choice = self.chance.choice(["fold", "sum", "length"])
        if choice == "sum":
            return _called(choice, [items], meant.total)
        if choice == "fold":
            start, folded = self.term(kind, 0), items.within(_ATOM)
            # In brackets, as a name before a bracket is called.
            return Term(
                lambda given: f"(fold + ({start.written(given)}) {folded(given)})",
                _ATOM,
                lambda env, given: meant.summed(start.value(env, given), items.value(env, given)),
            )
        return _called("length", [items], meant.count)

    def _number_of_mask(self, kind: str, depth: int) -> Term:
        mask = self.term("mask", depth)
        return _called("volume", [mask], meant.volume)

    def _array(self, kind: str, depth: int) -> Term:
        items = [self.term("number", depth) for _ in range(self.chance.choice([1, 2, 3]))]
        return Term(
            lambda given: f"[{', '.join(item.written(given) for item in items)}]",
            _ATOM,
            lambda env, given: [item.value(env, given) for item in items],
        )

    def _over(self, kind: str, depth: int, word: str, result: str) -> Term:
        source = self.term("sequence", depth)
        name = self._fresh()
        self.names["number"].append(name)
        body = self.term(result, depth)
        self.names["number"].remove(name)

        def value(env: Env, given: Literals) -> Any:
            items = source.value(env, given)
            found = [body.value({**env, name: item}, given) for item in items]
            if word == "for":
                return found
            return [item for item, keep in zip(items, found, strict=True) if keep]

        return Term(
            lambda given: f"{word} {name} in {source.written(given)} do {body.written(given)}",
            _LOOSE,
            value,
        )

    def _loop(self, kind: str, depth: int) -> Term:
        return self._over(kind, depth, "for", "number")

    def _filtered(self, kind: str, depth: int) -> Term:
        source, bound = self.term("sequence", depth), self.term("number", 0)
        name, limit = self._fresh(), bound.within(_LEVELS["+"])
        return Term(
            lambda given: f"filter {name} in {source.written(given)} do {name} > {limit(given)}",
            _LOOSE,
            lambda env, given: [
                item for item in source.value(env, given) if item > bound.value(env, given)
            ],
        )

    def _slice(self, kind: str, depth: int) -> Term:
        source = self.term(kind, depth)
        whole = source.within(_ATOM)
        start, stop = self.chance.choice([(0, 2), (1, 3), (-2, 2), (1, -1)])
        return Term(
            lambda given: f"{whole(given)}[{start}:{stop}]",
            _ATOM,
            lambda env, given: source.value(env, given)[start:stop],
        )

    def _shifted(self, kind: str, depth: int) -> Term:
        operator = self.chance.choice("+-*")
        combine = {"+": meant.plus, "-": meant.minus, "*": meant.times}[operator]
        items, number = self.term(kind, depth), self.term("number", depth)

        def each(values: list[float], shift: float) -> list[float]:
            return [combine(value, shift) for value in values]

        return self._infix(operator, items, number, each)

    def _image_of_image(self, kind: str, depth: int) -> Term:
        operator = self.chance.choice("+-*")
        image, number = self.term(kind, depth), self.term("number", depth)

        def combine(left: Any, right: Any) -> Any:
            return meant.combined(operator, meant.as_float32(left), meant.as_float32(right))

        pair = (image, number) if self.chance.random() < 0.5 else (number, image)
        return self._infix(operator, *pair, combine)

    def _image_of_images(self, kind: str, depth: int) -> Term:
        operator = self.chance.choice("+-*")

        def combine(left: Any, right: Any) -> Any:
            return meant.combined(operator, left, right)

        return self._infix(operator, self.term(kind, depth), self.term(kind, depth), combine)

    def _distances(self, kind: str, depth: int) -> Term:
        return _called("pdt", [self.term("mask", depth)], self._distance)

    def _distance(self, mask: Any) -> Any:
        if not mask.any():
            return np.full(mask.shape, np.float32(1.8446743e19))
        return distances_to(mask, self.spacing)

    def _threshold(self, kind: str, depth: int) -> Term:
        operator = self.chance.choice(list(_COMPARED))
        image, number = self.term("image", depth), self.term("number", depth)

        def compare(left: Any, right: Any) -> Any:
            return _COMPARED[operator](left, np.float32(right))

        return self._infix(operator, image, number, compare)

    def _of_masks(self, kind: str, depth: int) -> Term:
        left = self.term(kind, depth)
        if self.chance.random() < 0.4:
            inner = left.within(_PREFIX)
            sign, change = self.chance.choice(
                [("!", np.logical_not), ("N ", near), ("I ", meant.inside)]
            )
            return Term(
                lambda given: f"{sign}{inner(given)}".replace("!!", "! !"),  # `!!` is refused
                _PREFIX,
                lambda env, given: change(left.value(env, given)),
            )
        operator = self.chance.choice(["&", "|", "\\", "~>"])
        combine = {
            "&": meant.both,
            "|": meant.either,
            "\\": meant.without,
            "~>": meant.reached,
        }[operator]
        return self._infix(operator, left, self.term(kind, depth), combine)

    def _spatial(self, kind: str, depth: int) -> Term:
        mask = self.term(kind, depth)
        name = self.chance.choice(["near", "interior", "through", "distleq"])
        if name == "through":
            return _called(name, [mask, self.term(kind, depth)], meant.through)
        if name == "distleq":
            return _called(name, [self._literal(), mask], self._within)
        if name == "near":
            return _called(name, [mask], near)
        return _called(name, [mask], meant.inside)

    def _within(self, radius: float, mask: Any) -> Any:
        return self._distance(mask) <= np.float32(radius)

    def _local(self, kind: str, depth: int) -> Term:
        bound_kind = self.chance.choice(["number", "image", "mask"])
        bound = self.term(bound_kind, depth)
        hides = self.names[bound_kind] and self.chance.random() < 0.3
        name = self.chance.choice(self.names[bound_kind]) if hides else self._fresh()
        self.names[bound_kind].append(name)
        body = self.term(kind, depth)
        self.names[bound_kind].pop()
        return Term(
            lambda given: f"let {name} = {bound.written(given)} in {body.written(given)}",
            _LOOSE,
            lambda env, given: body.value({**env, name: bound.value(env, given)}, given),
        )

    def _choice(self, kind: str, depth: int) -> Term:
        if kind == "sequence":
            return self._loop(kind, depth)
        word = "ifB" if kind == "mask" else "ifN"
        left, right = self.term("number", depth), self.term("number", depth)
        condition = self._infix(">", left, right, meant.is_more)
        branches = [self.term(kind, depth), self.term(kind, depth)]
        return _called(word, [condition, *branches], meant.chosen)

    def _applied(self, kind: str, depth: int) -> Term:
        fitting = [entry for entry in self.functions if entry[2] == kind]
        if not fitting:
            return self._name_of(kind, depth)
        name, kinds, _ = self.chance.choice(fitting)
        arguments = [self.term(each, depth) for each in kinds]
        parts = [argument.written for argument in arguments]
        return Term(
            lambda given: f"{name}({', '.join(part(given) for part in parts)})",
            _ATOM,
            lambda env, given: env[name](*(a.value(env, given) for a in arguments)),
        )


def _fixed(text: str) -> Callable[[Literals], str]:
    return lambda _: text


def _called(name: str, arguments: Sequence[Term], value: Callable[..., Any]) -> Term:
    return Term(
        lambda given: f"{name}({', '.join(a.written(given) for a in arguments)})",
        _ATOM,
        lambda env, given: value(*(a.value(env, given) for a in arguments)),
    )
