"""Programs made up from a seed whose parts can be changed one at a time, and what was changed."""

import re
from dataclasses import dataclass
from random import Random

_CUBES = ["near", "interior"]
_SIGNS = ["&", "|"]
_ORDERS = [">.", "<."]


@dataclass(frozen=True)
class Mutation:
    """A change of a program.

    Parameters
    ----------
    old, new
        What was there and what is there now, as the program writes it.
    at
        Where the new text begins.
    asked
        Names of the declarations to ask about.
    """

    text: str
    old: str
    new: str
    at: int
    asked: tuple[str, ...] = ()


class Made:
    """A program on the image a.nii.gz; each number in it stands there once.

    Parameters
    ----------
    text
        Its text.
    numbers
        The declarations whose values goals print.
    """

    def __init__(self, seed: int) -> None:
        self._random = random = Random(seed)
        self._serial = 0
        lines = ['load img = "a.nii.gz"', "let grey = intensity(img)"]
        lines += [f"let c{i} = {self._number()}" for i in range(3)]
        lines.append(f"let f(x, t) = {random.choice(_CUBES)}(x {random.choice(_ORDERS)} t)")
        lines.append(f"let g(y, u, z) = f(y, u) {random.choice(_SIGNS)} (y >. z)")
        masks: list[str] = []
        for i in range(random.randrange(3, 7)):
            lines.append(f"let m{i} = {self._mask(masks)}")
            masks.append(f"m{i}")
        self.numbers = [f"n{i}" for i in range(len(masks))]
        lines += [f"let n{i} = volume(m{i})" for i in range(len(masks))]
        step = self._number()
        lines.append(
            f"let loop = for t in range(1, {random.randrange(3, 6)}) do {self._body(step)}"
        )
        self.numbers.append("loop")
        lines += [f'print "{name}" {name}' for name in self.numbers]
        self.text = "\n".join(lines) + "\n"

    def literal(self) -> Mutation:
        """Change a number."""
        places = list(re.finditer(r"\b\d+\.\d+\b", self.text))
        return self._changed(self._random.choice(places), self._number())

    def operator(self) -> Mutation:
        """Change a function or an operator."""
        places = list(re.finditer(r"near|interior|[&|]|(?<=[a-z] )[<>]\.", self.text))
        found = self._random.choice(places)
        family = next(f for f in (_CUBES, _SIGNS, _ORDERS) if found[0] in f)
        return self._changed(found, next(word for word in family if word != found[0]))

    def renamed(self, text: str) -> str:
        """Return a text with the masks and functions called otherwise."""
        return re.sub(r"\b([mfgc])(\d?)\b(?=[ ,()\n]|$)", r"new\1\2", text)

    def moved(self, text: str) -> str:
        """Return a text with lines and comments between, and the goals in another order."""
        lines = text.splitlines()
        goals = [line for line in lines if line.startswith("print")]
        rest = [line for line in lines if not line.startswith("print")]
        self._random.shuffle(goals)
        return "// above\n\n" + "\n// between\n".join([*rest, *goals]) + "\n"

    def _changed(self, found: re.Match[str], new: str) -> Mutation:
        text = self.text[: found.start()] + new + self.text[found.end() :]
        return Mutation(text, found[0], new, found.start())

    def _mask(self, masks: list[str]) -> str:
        number, random = self._number, self._random
        choices = [
            lambda: f"grey {random.choice(_ORDERS)} {number()}",
            lambda: f"f(grey, {number()})",
            lambda: f"g(grey, {number()}, c{random.randrange(3)})",
            lambda: f"(let v = {number()} in grey >. v)",
        ]
        if masks:
            choices += [
                lambda: f"{random.choice(_CUBES)}({random.choice(masks)})",
                lambda: f"{random.choice(masks)} {random.choice(_SIGNS)} (grey >. {number()})",
                lambda: f"g(grey, c{random.randrange(3)}, {number()}) & {random.choice(masks)}",
            ]
        return random.choice(choices)()

    def _body(self, step: str) -> str:
        return self._random.choice([f"volume(grey >. t * {step})", f"volume(f(grey, t + {step}))"])

    def _number(self) -> str:
        self._serial += 1
        return f"{self._random.randrange(1, 90)}.{self._serial:03d}1"
