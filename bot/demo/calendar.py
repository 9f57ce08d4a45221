"""When made-up learners come, and what for: weeks of visits, with the planted problems in the last of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from bot.demo.doings import Doings
from bot.demo.persona import Persona
from bot.demo.said import Doing

Does = Callable[[Doings], Doing]
_FIRST_HOUR, _LAST_HOUR = 9, 20
_SUNDAY: Final = 6
_RECENT_DAYS: Final = 9  # planted problems are this fresh
_ABSENT_WEEKS: Final = 4
_LEFT_DAYS: Final = 5  # a practice that was left shows after a day, and is the learner's last visit

# What is planted, each as often as it stands here where there are learners enough; once where there are few.
PLANTED: Final = (
    "safeguarding", "appeal", "disclosed", "declines", "failed", "abandoned", "low confidence", "private data", "insult", "absence",
    "unhelped", "unhappy", "safeguarding", "appeal", "declines", "failed", "abandoned", "failed", "abandoned", "low confidence", "absence",
)  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """`does` are done one after another from `at` on; `planted` names the problem in it."""

    at: datetime
    persona: Persona
    growth: float
    does: tuple[Does, ...]
    planted: str = ""


@dataclass(frozen=True)
class Work:
    """Work set for every group: its kind and target as groups have them, and the week in which it is set, from 0 on."""

    kind: str
    target: str
    week: int


@dataclass(frozen=True)
class Calendar:
    """`now` is the end of the last week; nothing happens after it."""

    now: datetime
    weeks: int
    work: Sequence[Work]
    dice: Random

    def visits(self, people: Sequence[Persona]) -> tuple[Visit, ...]:
        """All visits in the order of time."""
        planted = self._planted(people)
        found = [visit for persona in people for visit in self._of(persona, planted.get(persona.number, ()))]
        return tuple(sorted(found, key=lambda visit: (visit.at, visit.persona.number)))

    def _planted(self, people: Sequence[Persona]) -> dict[int, tuple[str, ...]]:
        """The problems of each learner who has some."""
        kinds = PLANTED if len(people) >= 2 * len(PLANTED) else tuple(dict.fromkeys(PLANTED))
        numbers = [persona.number for persona in people]
        self.dice.shuffle(numbers)
        planted: dict[int, tuple[str, ...]] = {}
        for at, kind in enumerate(kinds):
            number = numbers[at % len(numbers)]
            planted[number] = (*planted.get(number, ()), kind)
        return planted

    def _of(self, persona: Persona, planted: tuple[str, ...]) -> Iterator[Visit]:
        """Of one learner: the first visit, those of every week, and those with a problem at the end."""
        first = self.dice.random() * min(1.0, self.weeks / 4)
        yield self._visit(first, persona, (lambda do: do.greet(), lambda do: do.join(), lambda do: do.checkpoint()))
        gone_from = self.weeks - (_ABSENT_WEEKS if "absence" in planted else 1 if "abandoned" in planted else 0)
        for week in range(self.weeks):
            if week < first or week >= gone_from:
                continue
            for does in self._week(persona, week):
                yield self._visit(week + self.dice.random(), persona, does)
        for kind in planted:
            longest = _LEFT_DAYS if kind == "abandoned" else min(_RECENT_DAYS, 7 * self.weeks / 2)
            days = self.dice.uniform(1.5 if kind == "abandoned" else 0.2, longest)
            yield self._visit(self.weeks - days / 7, persona, _PROBLEMS[kind], kind)

    def _week(self, persona: Persona, week: int) -> Iterator[tuple[Does, ...]]:
        """What a learner comes for in a week: the work that was set, and what they like."""
        dice = self.dice
        for work in self.work:
            if work.week == week and dice.random() < 0.1 + 0.65 * persona.diligence:
                yield (_set_work(work),)
        if dice.random() > 0.35 + 0.5 * persona.diligence:
            return
        chance = dice.random()
        if chance < 0.4:
            count = dice.randint(1, 3)
            yield (lambda do: do.ask(count),)
        elif chance < 0.5:
            theme = dice.choice(("money", "money", "dates", "own_job", "selling"))
            yield (lambda do: do.ask(1), lambda do: do.ask_uncovered(1, theme))
        elif chance < 0.75:
            most = dice.randint(3, 6)
            yield (lambda do: do.quiz(most),)
        elif chance < 0.93:
            yield (_practice(persona, dice),)
        else:
            yield (lambda do: do.progress(), lambda do: do.ask(1))
        if week == self.weeks - 1 and persona.diligence > 0.8:
            yield (lambda do: do.checkpoint(), lambda do: do.progress())

    def _visit(self, week: float, persona: Persona, does: tuple[Does, ...], planted: str = "") -> Visit:
        """At an hour when people are awake, and before now."""
        start = self.now - timedelta(weeks=self.weeks)
        moment = start + timedelta(weeks=week)
        if moment.weekday() == _SUNDAY:
            moment -= timedelta(days=1)
        moment = moment.replace(
            hour=self.dice.randint(_FIRST_HOUR, _LAST_HOUR), minute=self.dice.randint(0, 59), second=self.dice.randint(0, 59)
        )
        latest = self.now - timedelta(hours=1, minutes=self.dice.randint(0, 59))
        moment = max(start, min(moment, latest))
        return Visit(moment, persona, min(1.0, max(0.0, week / self.weeks)), does, planted)


def _practice(persona: Persona, dice: Random) -> Does:
    """Practices of the able go well more often; one in ten is left without a word."""
    skill = persona.ability + dice.gauss(0, 0.8)
    leaves = dice.randint(2, 3) if dice.random() < 0.1 else None
    if skill > 0.3:
        return lambda do: do.practise("good", leaves_after=leaves)
    return lambda do: do.practise("mixed" if skill > -0.9 else "bad", leaves_after=leaves)


def _set_work(work: Work) -> Does:
    if work.kind == "quiz":
        return lambda do: do.quiz(6, topic=work.target)
    if work.kind == "scenario":
        return lambda do: do.practise("good" if do.persona.ability > 0.2 else "mixed", work.target)
    return lambda do: do.ask(2, "complaints")


_PROBLEMS: Final[dict[str, tuple[Does, ...]]] = {
    "safeguarding": (lambda do: do.ask(1), lambda do: do.worry()),
    "appeal": (lambda do: do.appeal(),),
    "disclosed": (lambda do: do.disclose(),),
    "declines": (lambda do: do.ask_uncovered(3, "money"), lambda do: do.ask_uncovered(1, "own_job")),
    "failed": (lambda do: do.practise("bad"),),
    "abandoned": (lambda do: do.practise("mixed", leaves_after=3),),
    "low confidence": (lambda do: do.garble(4),),
    "private data": (lambda do: do.ask(1), lambda do: do.private()),
    "insult": (lambda do: do.ask_uncovered(1, "dates"), lambda do: do.insult()),
    "unhelped": (lambda do: do.unhelped(),),
    "unhappy": (lambda do: do.quiz(4), lambda do: do.unhappy()),
    "absence": (lambda do: do.come_back(), lambda do: do.ask(2)),
}
