"""What stands on a form and is not needed there: found, quoted, and hidden where it may not even be kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answer.wording import clean, stems
from bot.content.scenarios import Scenario
from bot.paperwork.words import PaperworkFile
from bot.privacy import KINDS, hidden, personal, plain


@dataclass(frozen=True)
class Excess:
    """`quote` is what stood there, data in brackets."""

    kind: str
    quote: str


class Privacy:
    """Every method is a function of its arguments."""

    def __init__(self, words: PaperworkFile) -> None:
        self._words = words
        self._patterns = {kind: re.compile(surplus.pattern) for kind, surplus in words.surplus.items() if kind not in KINDS}
        self._told = re.compile(words.told)
        self._kinds = {_label(surplus.title): kind for kind, surplus in words.surplus.items() if surplus.masked}
        self._markers = re.compile(rf"\[({'|'.join(map(re.escape, self._kinds))})\]")

    def masked(self, text: str, scenario: Scenario) -> tuple[str, tuple[str, ...]]:
        """The text as it may be kept, and the titles of what was hidden. What the scenario itself invented stays."""
        text = clean(text)
        invented = given(scenario)
        kinds = [kind for kind, surplus in self._words.surplus.items() if surplus.masked]
        found: list[str] = []
        for kind in kinds:
            text, count = self._replaced(text, kind, invented)
            found += [kind] * bool(count)
        found += [one.kind for one in personal(text, invented)]
        titles = tuple(dict.fromkeys(self._words.surplus[kind].title for kind in found))
        return hidden(text, invented), titles

    def excess(self, text: str, scenario: Scenario) -> tuple[Excess, ...]:
        """What is not needed in a masked text, in the order of the file."""
        found = [Excess(one.kind, text[one.start : one.end]) for one in personal(text) if text[one.start] == "["]
        found += [Excess(self._kinds[match[1]], match[0]) for match in self._markers.finditer(text)]
        case = frozenset(stems(_core(scenario)))
        for kind, pattern in self._patterns.items():
            found += [Excess(kind, match[0]) for match in pattern.finditer(text) if not self._is_allowed(kind, match, case)]
        return tuple(dict.fromkeys(found))

    def without(self, text: str, scenario: Scenario) -> str:
        """The clauses of the text that hold nothing of the sort."""
        clauses = re.split(r"(?<=[.;!?])\s+|,\s+|\s+-\s+", text)
        return "; ".join(clause.strip(" .;") for clause in clauses if clause.strip(" .;") and not self.excess(clause, scenario))

    def _replaced(self, text: str, kind: str, invented: str) -> tuple[str, int]:
        label = _label(self._words.surplus[kind].title)
        count = 0

        def hide(match: re.Match[str]) -> str:
            nonlocal count
            if _digits(match[0]) and _digits(match[0]) in invented:
                return match[0]
            count += 1
            return f"[{label}]"

        return self._patterns[kind].sub(hide, text), count

    def _is_allowed(self, kind: str, match: re.Match[str], case: frozenset[str]) -> bool:
        surplus = self._words.surplus[kind]
        if surplus.masked:
            return True
        said = {*stems(match[0])}
        if surplus.case and said and said <= case:
            return True
        before = match.string[: match.start()]
        return surplus.told and bool(self._told.search(before) or before.count("“") > before.count("”") or before.count('"') % 2)


def given(scenario: Scenario) -> str:
    """Everything that the scenario's own words bring, as it is compared."""
    return " ".join(map(plain, _texts(scenario)))


def _texts(scenario: Scenario) -> Iterator[str]:
    brief = scenario.brief
    yield from (scenario.customer.name, scenario.title, brief.role, *brief.may, *brief.policy, *brief.screen)
    yield from (*scenario.opening, *scenario.lines(), *(line.say for line in scenario.model))


def _core(scenario: Scenario) -> str:
    """What the case is about: what may be written although it is private in other cases."""
    phrases = scenario.phrases
    return " ".join((scenario.title, phrases.product, phrases.problem, *scenario.brief.policy, *(owed.says for owed in scenario.owed)))


def _digits(text: str) -> str:
    """What is compared of a piece: from its first digit on."""
    return plain(re.sub(r"^\D+", "", text))


def _label(title: str) -> str:
    """What stands in brackets for it: "date of birth"."""
    return re.sub("^an? ", "", title)
