"""Marks a filled form: complete, a day to follow up, nothing recorded that is not needed; and gives one better wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.answer.wording import stems, words
from bot.content.scenarios import Scenario
from bot.paperwork.days import in_working_days, read_day
from bot.paperwork.reflection import shortened
from bot.paperwork.surplus import Excess, Privacy
from bot.paperwork.turn import Turn
from bot.paperwork.words import Field, PaperworkFile, dated
from bot.practice.state import mark

_NUMBER_AT = 2
_FOLLOWED_IN = 3  # working days, where a better wording needs a day
_LEAST_TOLD = 7  # words of a customer's sentence that can stand alone
_LEAST_KEPT = 4  # words of an answer that is worth keeping once something is left out


@dataclass(frozen=True)
class Gap:
    """What is missing of a box: `part` in words."""

    box: str
    need: str
    part: str


@dataclass(frozen=True)
class Surplus:
    """What should not be in a box: the words, data in brackets, and why."""

    box: str
    kind: str
    quote: str
    why: str


@dataclass(frozen=True)
class Better:
    """One better wording, of one box."""

    box: str
    text: str


@dataclass(frozen=True)
class Marked:
    """A filled form. `fields` are (key, title, text) in order, with "" for an empty box; `number` is the firm's own line."""

    form: str
    title: str
    fields: tuple[tuple[str, str, str], ...]
    gaps: tuple[Gap, ...]
    surplus: tuple[Surplus, ...]
    due: date | None
    better: Better | None
    number: tuple[str, str] | None = None

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """All of the form as titles and texts, the number after date and customer."""
        lines = tuple((title, text) for _, title, text in self.fields)
        return (*lines[:_NUMBER_AT], self.number, *lines[_NUMBER_AT:]) if self.number else lines

    @property
    def complete(self) -> bool:
        return not self.gaps

    @property
    def faulty(self) -> tuple[str, ...]:
        """The boxes to put right, in order."""
        wrong = {*(gap.box for gap in self.gaps), *(surplus.box for surplus in self.surplus)}
        return tuple(key for key, _, _ in self.fields if key in wrong)

    def to_dict(self) -> dict[str, Any]:
        """As it is recorded, in JSON types."""
        return {
            "form": self.form,
            "title": self.title,
            "fields": [list(line) for line in self.lines],
            "complete": self.complete,
            "missing": [gap.part for gap in self.gaps],
            "due": self.due.isoformat() if self.due else None,
            "minimal": not self.surplus,
            "surplus": [[surplus.kind, surplus.quote] for surplus in self.surplus],
            "better": [self._title(self.better.box), self.better.text] if self.better else None,
        }

    def _title(self, box: str) -> str:
        return next(title for key, title, _ in self.fields if key == box)


class Marker:
    """Every method is a function of its arguments."""

    def __init__(self, file: PaperworkFile, privacy: Privacy) -> None:
        self._file, self._privacy = file, privacy
        self._signs: Mapping[str, re.Pattern[str]] = {name: re.compile(pattern) for name, pattern in file.signs.items()}
        self._glossed, self._honest = re.compile(file.outcomes.glossed), re.compile(file.outcomes.honest)

    def mark(self, turn: Turn) -> Marked:
        """The form as it stands."""
        session, scenario = turn.session, turn.scenario
        form = self._file.forms[session.form]  # type: ignore[index]
        fields = tuple((key, field.title, session.answers.get(key, "")) for key, field in form.fields.items())
        gaps = tuple(gap for key, field in form.fields.items() for gap in self._gaps(key, field, turn))
        surplus = tuple(self._surplus(key, one) for key, _, text in fields for one in self._privacy.excess(text, scenario))
        better = _Wording(self._file, self._privacy, turn).better(gaps, surplus)
        number = (form.number.title, form.number.text.format(number=returns_number(scenario))) if form.number else None
        return Marked(session.form, form.title, fields, gaps, surplus, session.day, better, number)

    def _surplus(self, key: str, excess: Excess) -> Surplus:
        return Surplus(key, excess.kind, excess.quote, self._file.surplus[excess.kind].why)

    def _gaps(self, key: str, field: Field, turn: Turn) -> Iterator[Gap]:
        text = turn.session.answers.get(key, "")
        if not text:
            need, part = next(iter(field.needs.items()))
            yield Gap(key, need, part)
            return
        for need, part in field.needs.items():
            if not self._is_met(need, text, turn):
                yield Gap(key, need, part)
                return
        vague = self._signs["vague"].search(text) if {"specific", "owner"} & field.needs.keys() else None
        if vague and len(words(text)) <= self._file.least_words + 2:
            yield Gap(key, "vague", self._file.missing["vague"].format(quote=vague[0], title=field.title))

    def _is_met(self, need: str, text: str, turn: Turn) -> bool:
        tests: Mapping[str, Callable[[], bool]] = {
            "filled": lambda: bool(words(text)),
            "date": lambda: _names_a_day(text, turn.today),
            "case": lambda: bool({*stems(text)} & _of_case(turn.scenario)),
            "specific": lambda: len(words(text)) >= self._file.least_words,
            "due": lambda: turn.session.day is not None,
            "honest": lambda: self._is_honest(text, turn.session.ending),
        }
        return tests[need]() if need in tests else bool(self._signs[need].search(text))

    def _is_honest(self, text: str, ending: str) -> bool:
        """Whether the outcome does not gloss over how the talk ended."""
        glosses = ending in self._file.outcomes.endings and self._glossed.search(text)
        return not glosses or bool(self._honest.search(text))


class _Wording:
    """Finds the one better wording of a form."""

    def __init__(self, file: PaperworkFile, privacy: Privacy, turn: Turn) -> None:
        self._file, self._privacy, self._turn = file, privacy, turn
        self._day = turn.session.day or in_working_days(turn.today, _FOLLOWED_IN)

    def better(self, gaps: tuple[Gap, ...], surplus: tuple[Surplus, ...]) -> Better | None:
        """Of the first box with something that is not needed; else of the follow-up; else of the first with something missing."""
        if surplus:
            return Better(surplus[0].box, self._left_out(surplus[0].box))
        gap = next((gap for gap in gaps if gap.need == "due"), gaps[0] if gaps else None)
        return Better(gap.box, self._filled(gap.box)) if gap else None

    def _left_out(self, box: str) -> str:
        """The learner's own words without what is not needed, where enough is left of them."""
        kept = self._privacy.without(self._turn.session.answers[box], self._turn.scenario)
        return kept[:1].upper() + kept[1:] if len(words(kept)) >= _LEAST_KEPT else self._filled(box, kept)

    def _filled(self, box: str, kept: str | None = None) -> str:
        scenario, file = self._turn.scenario, self._file
        before = self._turn.session.answers.get(box, "") if kept is None else kept
        values: Mapping[str, str] = {
            "date": dated(self._turn.today if box == "received" else self._day),
            "channel": file.channels[scenario.channel],
            "name": scenario.customer.name,
            "told": self._told(),
            "product": scenario.phrases.product.removeprefix("the ").removeprefix("my "),
            "remedy": next(remedy.name for remedy in scenario.remedies if remedy.worth == "full"),
            "before": before.rstrip(" .") or file.better["no_before"],
        }
        text = file.better[box].format(**values)
        return text[:1].upper() + text[1:]

    def _told(self) -> str:
        """The customer's own words that say most of the matter and nothing private."""
        scenario = self._turn.scenario
        said = (*scenario.opening, *(tell for fact in scenario.facts for tell in fact.tells))
        pieces = [piece for text in said for piece in re.split(r"(?<=[.!?])\s+", text) if len(words(piece)) >= _LEAST_TOLD]
        plain = [piece for piece in pieces if not self._privacy.excess(piece, scenario)]
        matter = {*stems(f"{scenario.title} {scenario.phrases.problem} {scenario.phrases.product}")}
        best = max(plain or pieces or said, key=lambda piece: len(matter & {*stems(piece)}))
        return shortened(" ".join(best.split()))


def returns_number(scenario: Scenario) -> str:
    """The number that the seller gives the return: the same whenever it is asked."""
    return f"RMA-{mark(scenario.id).upper()}"


def _names_a_day(text: str, today: date) -> bool:
    found = read_day(text, today, ahead=False)
    return found is not None and found.day is not None


def _of_case(scenario: Scenario) -> frozenset[str]:
    """Stems of what is known of the case, everyday words left out."""
    told = (tell for fact in scenario.facts for tell in fact.tells)
    phrases = scenario.phrases
    screen = scenario.brief.screen
    texts = (scenario.title, phrases.product, phrases.problem, scenario.wants, scenario.cause.root, *screen, *scenario.opening, *told)
    return frozenset(stem for text in texts for stem in stems(text) if len(stem) > 2)
