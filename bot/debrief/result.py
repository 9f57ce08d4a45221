"""A debrief as a value: everything that can be told, shown or kept of a run, already in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.assess.transcript import Band
from bot.reply import Button, Curve


@dataclass(frozen=True)
class Quote:
    """The learner's own words. `place` is the number of the turn, in a writing of the sentence; `cut` that the line goes on."""

    turn: int
    place: int
    text: str
    cut: bool = False

    @property
    def shown(self) -> str:
        return f"{self.text} …" if self.cut else self.text


@dataclass(frozen=True)
class Strength:
    """What went well. `names` are moves or keys of `strengths`; `quote` is None for what no single line shows."""

    names: tuple[str, ...]
    quote: Quote | None
    text: str


@dataclass(frozen=True)
class Step:
    """One step of the model, with the words that first made it; `quote` is None when it is absent, or is there by a tutor's mark alone."""

    name: str
    label: str
    quote: Quote | None
    by_tutor: bool = False

    @property
    def is_met(self) -> bool:
        return self.quote is not None or self.by_tutor


@dataclass(frozen=True)
class Model:
    """The awarding body's complaint model as it was followed, moves counted in any order."""

    title: str
    steps: tuple[Step, ...]

    @property
    def met(self) -> int:
        return sum(step.is_met for step in self.steps)


@dataclass(frozen=True)
class Criticism:
    """What to improve. `text` quotes the learner or says "absent", and gives `better`, one line for that very situation.

    `turn` is None for what was absent from the whole run; `others` are further turns with the same fault. `also` names other things
    that were absent and that the same better line would have brought.
    """

    name: str
    turn: int | None
    quote: Quote | None
    better: str
    text: str
    others: tuple[int, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also)


@dataclass(frozen=True)
class LegalPoint:
    """What the customer is owed, and where it stands. `checked_on` is None for a rule of the house."""

    topic: str
    act: str
    section: str | None
    checked_on: date | None
    text: str


@dataclass(frozen=True)
class Advice:
    """The one thing to do next."""

    text: str
    button: Button


@dataclass(frozen=True)
class Debrief:
    """Equal for equal conversations. `criteria["verify"]` is None where no identity had to be checked; `personal` names kinds of data.

    `reviewed` says what a tutor marked otherwise and why; `advisory` are criteria that the band leaves out.
    """

    scenario: str
    name: str
    ending: str | None
    turns: int
    writing: bool
    outcome: str
    curve: Curve
    strengths: tuple[Strength, ...]
    model: Model
    also: Model | None
    model_note: str
    criticisms: tuple[Criticism, ...]
    criteria: dict[str, bool | None]
    band: Band
    score: str
    law: LegalPoint
    wants: str
    root: str
    personal: tuple[str, ...]
    personal_note: str
    advice: Advice
    further: tuple[Button, ...]
    reviewed: tuple[str, ...] = ()
    advisory: tuple[str, ...] = ()
