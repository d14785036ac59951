"""A desk on which a program is edited, run, cancelled, killed and forgotten at random, and the
status of everything is told twice: by the editor, and by a plain reading of what the words mean.

The plain reading knows neither plans nor ids: it compares formulas as texts with all names replaced
by what they stand for.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

from tests.support.cursors import FakeWorld, catalogue, record
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.status.foresight import Inside
from voxlogica_core.ide.status.status import Activity, demand, status
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import NOT_KEPT, Inline, Record
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.values.kind import MASK, NUMBER

LINES = 7
_PATH = "/home/b.nii.gz"


@dataclass(frozen=True)
class Line:
    """A declaration: an operation on lines above (by number) and numbers."""

    sign: str
    inputs: tuple[int, ...]
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Program:
    """Masks by number of line; goals print volumes of lines, or sums of loops over thresholds."""

    lines: tuple[Line, ...]
    goals: tuple[int, ...]
    loops: tuple[tuple[int, ...], ...]
    voxels: int

    def text(self) -> str:
        """Return the program; each item of a loop is declared too, so that its id is told."""
        rows = ['load img = "b.nii.gz"']
        rows += [f"let m{n} = {_written(line)}" for n, line in enumerate(self.lines)]
        for n, loop in enumerate(self.loops):
            over = ", ".join(f"{t}.5" for t in loop)
            rows.append(f"let s{n} = for t in [{over}] do volume(m0 & (img >. t))")
            rows += [f"let i{n}x{t} = volume(m0 & (img >. {t}.5))" for t in loop]
            rows += [f"let j{n}x{t} = m0 & (img >. {t}.5)" for t in loop]
            rows += [f"let k{n}x{t} = img >. {t}.5" for t in loop]
            rows.append(f"let t{n} = sum(s{n})")
            rows.append(f'print "t{n}" t{n}')
        for goal in self.goals:
            rows.append(f"let v{goal} = volume(m{goal})")
            rows.append(f'print "v{goal}" v{goal}')
        return "\n".join(rows) + "\n"

    def formulas(self) -> dict[str, "Formula"]:
        """Return what each name stands for."""
        image = Formula(f"image {self.voxels}")
        found = {"img": image}
        for n, line in enumerate(self.lines):
            inputs = [found[f"m{i}"] for i in line.inputs]
            found[f"m{n}"] = formula(line.sign, inputs or [image], line.numbers)
        for n, loop in enumerate(self.loops):
            items: list[Formula] = []
            for t in loop:
                above = found[f"k{n}x{t}"] = formula(">.", [image], (t + 0.5,))
                both = found[f"j{n}x{t}"] = formula("&", [found["m0"], above])
                found[f"i{n}x{t}"] = formula("volume", [both])
                items.append(found[f"i{n}x{t}"])
            found[f"s{n}"] = Formula(f"[{','.join(i.text for i in items)}]", tuple(items), True)
            found[f"t{n}"] = formula("sum", [found[f"s{n}"]])
        for goal in self.goals:
            found[f"v{goal}"] = formula("volume", [found[f"m{goal}"]])
        return found

    def asked(self) -> list[str]:
        """Return the names that goals ask for."""
        return [f"v{goal}" for goal in self.goals] + [f"t{n}" for n in range(len(self.loops))]


@dataclass(frozen=True)
class Formula:
    """A value as a text without names, what it is made of, whether that is a list of the values."""

    text: str
    inputs: tuple["Formula", ...] = ()
    is_list: bool = False


def formula(sign: str, inputs: list[Formula], numbers: tuple[float, ...] = ()) -> Formula:
    """Return an operation; the order of what `&` and `|` are given is no part of it."""
    if sign in "&|":
        inputs = sorted(inputs, key=lambda given: given.text)
    texts = [given.text for given in inputs] + [str(number) for number in numbers]
    return Formula(f"{sign}({','.join(texts)})", tuple(inputs))


@dataclass
class Desk:
    """What there is: programs of before and now, what the store knows, what a run does.

    Parameters
    ----------
    known
        By formula: whether the value is kept.
    """

    random: Random
    program: Program
    before: list[Program] = field(default_factory=list[Program])
    known: dict[str, bool] = field(default_factory=dict[str, bool])
    queued: list[Formula] = field(default_factory=list[Formula])
    running: list[Formula] = field(default_factory=list[Formula])
    failed: set[str] = field(default_factory=set[str])
    blocked: set[str] = field(default_factory=set[str])
    analysis: Analysis | None = None
    text: str = ""
    done: Counter[str] = field(default_factory=Counter[str])
    told: Counter[str] = field(default_factory=Counter[str])

    def step(self) -> None:
        """Do something at random."""
        deeds = {
            "edit": 6,
            "undo": 3,
            "run": 3,
            "begin": 8,
            "finish": 12,
            "fail": 4,
            "cancel": 1,
            "crash": 2,
            "evict": 2,
            "clear": 1,
            "input": 1,
        }
        deed = self.random.choices(list(deeds), list(deeds.values()))[0]
        getattr(self, deed)()
        self.done[deed] += 1

    def edit(self) -> None:
        """Change a line, a goal or a loop."""
        self.before.append(self.program)
        del self.before[:-50]
        self.program = edited(self.program, self.random)

    def undo(self) -> None:
        """Take the last edit back."""
        if self.before:
            self.program = replace(self.before.pop(), voxels=self.program.voxels)

    def run(self) -> None:
        """Begin a run: what is demanded is queued, what failed is tried again."""
        self.cancel()
        self.failed.clear()
        self.blocked.clear()
        self.queued = [f for f in self.needed() if not f.is_list]

    def begin(self) -> None:
        """Let something run whose inputs are there."""
        there = [f for f in self.queued if all(map(self.is_there, f.inputs))]
        if there:
            self.running.append(chosen := self.random.choice(there))
            self.queued.remove(chosen)

    def finish(self) -> None:
        """Record something that ran."""
        if self.running:
            done = self.running.pop(self.random.randrange(len(self.running)))
            self.known[done.text] = (
                done.text.startswith(("volume", "sum")) or self.random.random() < 0.7
            )

    def fail(self) -> None:
        """Let something that runs fail; what is queued and needs it is blocked."""
        if self.running:
            lost = self.running.pop()
            self.failed.add(lost.text)
            hit = [f for f in self.queued if lost in parts(f)]
            self.blocked.update(f.text for f in hit)
            self.queued = [f for f in self.queued if f not in hit]

    def cancel(self) -> None:
        """End the run; what has been recorded stays."""
        self.queued, self.running = [], []

    def crash(self) -> None:
        """End the runner: what ran has failed."""
        self.failed.update(f.text for f in self.running)
        self.cancel()

    def evict(self) -> None:
        """Remove the value of something, its record stays."""
        if self.known:
            self.known[self.random.choice(sorted(self.known))] = False

    def clear(self) -> None:
        """Forget everything, or nearly."""
        for text in sorted(self.known):
            if self.random.random() < 0.8:
                del self.known[text]

    def input(self) -> None:
        """Put another image where the old one was, or the old one back."""
        self.program = replace(self.program, voxels=self.random.randrange(3))

    def is_there(self, wanted: Formula) -> bool:
        """Return whether a value can be had, in the run or from the store."""
        if wanted.is_list:
            return all(map(self.is_there, wanted.inputs))
        return wanted.text in self.known

    def is_kept(self, wanted: Formula) -> bool:
        """Return whether the store can give a value."""
        if wanted.is_list:
            return all(map(self.is_kept, wanted.inputs))
        return self.known.get(wanted.text, False)

    def needed(self) -> list[Formula]:
        """Return what a run would need, inputs first: from the goals down to what is kept."""
        found: dict[str, Formula] = {}

        def need(wanted: Formula) -> None:
            if wanted.text not in found and not self.is_kept(wanted):
                for given in wanted.inputs:
                    need(given)
                found[wanted.text] = wanted

        formulas = self.program.formulas()
        for name in self.program.asked():
            need(formulas[name])
        return list(found.values())

    def expected(self) -> dict[str, str]:
        """Return the status of each name by what the words mean."""
        needed = {f.text for f in self.needed()}
        queued, running = ({f.text for f in each} for each in (self.queued, self.running))
        found: dict[str, str] = {}
        for name, wanted in self.program.formulas().items():
            text = wanted.text
            for is_so, word in (
                (text in running, "running"),
                (text in self.failed, "failed"),
                (text in self.blocked, "blocked"),
                (text in queued, "queued"),
                (wanted.is_list and self.is_kept(wanted) and self.is_used(wanted), "kept"),
                (not wanted.is_list and self.is_kept(wanted), "kept"),
                (text in self.known, "known"),
                (text in needed, "to do"),
                (True, "not needed"),
            ):
                if is_so:
                    found[name] = word
                    break
        return found

    def is_used(self, wanted: Formula) -> bool:
        """Return whether something that is to be made is made of a list."""
        return any(wanted in f.inputs for f in self.needed())

    def shown(self) -> dict[str, str]:
        """Return the status of each name as the editor tells it."""
        analysis = self._analysed()
        plan = analysis.plan
        name_of = {f.text: plan.declarations[n] for n, f in self.program.formulas().items()}
        assert len(set(name_of.values())) == len(name_of), "two values share an id"
        records = {
            name_of[text]: _record(name_of[text], text, is_kept=is_kept)
            for text, is_kept in self.known.items()
            if text in name_of
        }

        def ids(texts: set[str]) -> frozenset[NodeId]:
            return frozenset(name_of[text] for text in texts if text in name_of)

        activity = Activity(
            ids({f.text for f in self.queued}),
            ids({f.text for f in self.running}),
            dict.fromkeys(ids(self.failed), "it broke"),
            ids(self.blocked),
        )
        within = Inside(catalogue(), lambda wanted: {n: records[n] for n in wanted if n in records})
        demanded = demand(plan, records, within)
        return {
            name: status(
                plan.nodes[plan.declarations[name]],
                nodes=plan.nodes,
                records=records,
                activity=activity,
                demanded=demanded,
                deferred=plan.deferred,
            )
            for name in self.program.formulas()
        }

    def check(self) -> None:
        """See that what is shown is what is so."""
        expected, shown = self.expected(), self.shown()
        self.told.update(shown.values())
        wrong = {n: (shown[n], expected[n]) for n in expected if shown[n] != expected[n]}
        assert not wrong, f"{wrong} in\n{self.program.text()}"

    def _analysed(self) -> Analysis:
        text = f"// {self.program.voxels}\n{self.program.text()}"
        if self.analysis is None or text != self.text:
            self.text = text
            self.analysis = analyse(
                SourceText(text, "/home/main.imgql"),
                catalogue=catalogue(),
                world=FakeWorld({_PATH: str(self.program.voxels)}),
                before=self.analysis,
            )
            assert not self.analysis.errors, self.analysis.errors
        return self.analysis


def desk(seed: int) -> Desk:
    """Return a desk with a program made up from a seed."""
    random = Random(seed)
    lines = tuple(_line(random, n) for n in range(LINES))
    return Desk(random, Program(lines, (LINES - 1,), ((1, 2),), 0))


def edited(program: Program, random: Random) -> Program:
    """Return a program with something changed."""
    match random.randrange(5):
        case 0:
            goals = sorted({*program.goals} ^ {random.randrange(LINES)})
            return replace(program, goals=tuple(goals))
        case 1:
            loops = [tuple(sorted({1, 2, 3, 4} - {random.randrange(1, 6)})) for _ in range(2)]
            return replace(program, loops=tuple(dict.fromkeys(loops))[: random.randrange(3)])
        case _:
            number = random.randrange(LINES)
            lines = list(program.lines)
            lines[number] = _line(random, number)
            return replace(program, lines=tuple(lines))


def parts(whole: Formula) -> list[Formula]:
    """Return all that a value is made of."""
    found: list[Formula] = []
    stack = [whole]
    while stack:
        inputs = stack.pop().inputs
        found += inputs
        stack += inputs
    return found


def _line(random: Random, number: int) -> Line:
    sign = random.choice(["near", "interior", "&", "|"] if number > 1 else [">."])
    if sign == ">.":
        return Line(sign, (), (random.randrange(4) + 0.25,))
    count = 2 if sign in "&|" else 1
    return Line(sign, tuple(random.sample(range(number), count)))


def _written(line: Line) -> str:
    given = [f"m{i}" for i in line.inputs]
    if line.sign == ">.":
        return f"img >. {line.numbers[0]}"
    return f" {line.sign} ".join(given) if line.sign in "&|" else f"{line.sign}({given[0]})"


def _record(node: NodeId, text: str, *, is_kept: bool) -> Record:
    if text.startswith(("volume", "sum")):
        return record(node, NUMBER, stored=Inline(3.0) if is_kept else NOT_KEPT)
    return record(node, MASK) if is_kept else record(node, MASK, stored=NOT_KEPT)
