"""Records as xAPI 1.0.3 statements: answers, quizzes and practices of pseudonymous actors.

A statement's id follows from what it is about and from how often its mark was changed. Sent again it is the same statement; after a
tutor changed a mark there is a new one, and another that voids the one before.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.content import Library
from bot.content.questions import Item, Matching, Multiple, Numeric, Ordering, Short, Single, TrueFalse
from bot.content.scenarios import Scenario
from bot.exporting.rows import AttemptRow, PracticeRow, iso
from bot.quiz.bank import Bank
from bot.quiz.sums import without_numbers

VERSION: Final = "1.0.3"
LANGUAGE: Final = "en-GB"
_VERB: Final = "http://adlnet.gov/expapi/verbs/"
_TYPE: Final = "http://adlnet.gov/expapi/activities/"
_BANDS: Final[Mapping[str, float]] = {"fail": 0.0, "pass": 1 / 3, "merit": 2 / 3, "distinction": 1.0}
_UNIT: Final = "the-unit"  # the topic that is about the unit itself
_UNANSWERED: Final = frozenset({"skipped", "revealed"})

Statement = dict[str, Any]


@dataclass(frozen=True)
class Statements:
    """`home` is the address that accounts and activities belong to, `secret` keys the pseudonyms."""

    home: str
    secret: str
    bank: Bank
    library: Library
    scenarios: Mapping[str, Scenario]

    def of_attempts(self, rows: Iterable[AttemptRow]) -> Iterator[Statement]:
        """For every answer one that says so, after those that void what was said of it before; the first of a quiz begins it."""
        for row in rows:
            if row.place == 0 and row.number == 1:
                yield self._began_quiz(row)
            yield from self._voided(self._attempt_key(row), row.learner, row.changes, row.at)
            yield self._answered(row)

    def of_practices(self, rows: Iterable[PracticeRow]) -> Iterator[Statement]:
        """Its beginning and, once it has ended, its completion with the marks that count."""
        for row in rows:
            yield self._began_practice(row)
            if row.ended_at is not None:
                yield from self._voided(self._practice_key(row), row.learner, row.changes, row.ended_at)
                yield self._completed(row, row.ended_at)

    def pseudonym(self, learner: int) -> str:
        """The same for the same learner, and no way back without the secret."""
        key = hmac.new(self.secret.encode(), b"pseudonyms of statements", hashlib.sha256).digest()
        return hmac.new(key, str(learner).encode(), hashlib.sha256).hexdigest()[:32]

    # Statements

    def _answered(self, row: AttemptRow) -> Statement:
        result: Statement = {"score": {"scaled": row.score, "raw": row.score, "min": 0, "max": 1}, "duration": duration(row.seconds)}
        if row.verdict not in _UNANSWERED:
            result["success"] = row.verdict == "right"
        item = self.bank.items.get(row.item)
        given = response(item, row.chosen) if item else ""
        if given:
            result["response"] = given
        result["extensions"] = {self._iri("extensions/hints"): row.hints, self._iri("extensions/verdict"): row.verdict}
        parent = [self._quiz(row.mode)]
        about = self._question(row.item, row.topic, item)
        statement = self._statement(f"{self._attempt_key(row)}:{row.changes}", row.learner, "answered", about, row.at)
        return {**statement, "result": result, "context": self._context(f"quiz:{row.learner}:{row.session}", parent)}

    def _began_quiz(self, row: AttemptRow) -> Statement:
        key = f"quiz:{row.learner}:{row.session}"
        statement = self._statement(f"{key}:began", row.learner, "initialized", self._quiz(row.mode), row.at - row.seconds)
        return {**statement, "context": self._context(key, [])}

    def _began_practice(self, row: PracticeRow) -> Statement:
        key = self._practice_key(row)
        statement = self._statement(f"{key}:began", row.learner, "initialized", self._scenario(row.scenario), row.started_at)
        return {**statement, "context": self._context(key, [])}

    def _completed(self, row: PracticeRow, ended_at: float) -> Statement:
        score = round(_BANDS.get(row.band, 0.0), 4)
        result: Statement = {
            "score": {"scaled": score},
            "success": row.band != "fail",
            "completion": bool(row.ending),
            "duration": duration(ended_at - row.started_at),
            "extensions": {
                self._iri("extensions/band"): row.band,
                self._iri("extensions/ending"): row.ending or "left",
                self._iri("extensions/criteria"): {name: met for name, met in row.criteria.items() if met is not None},
            },
        }
        key = self._practice_key(row)
        statement = self._statement(f"{key}:{row.changes}", row.learner, "completed", self._scenario(row.scenario), ended_at)
        return {**statement, "result": result, "context": self._context(key, [])}

    def _voided(self, key: str, learner: int, changes: int, at: float) -> Iterator[Statement]:
        """What was said before each change of the mark."""
        for number in range(changes):
            voided = {"objectType": "StatementRef", "id": self._id(f"{key}:{number}")}
            yield self._statement(f"{key}:{number}:voided", learner, "voided", voided, at)

    def _statement(self, key: str, learner: int, verb: str, about: Statement, at: float) -> Statement:
        account = {"homePage": self.home, "name": self.pseudonym(learner)}
        return {
            "id": self._id(key),
            "actor": {"objectType": "Agent", "account": account},
            "verb": {"id": f"{_VERB}{verb}", "display": {LANGUAGE: verb}},
            "object": about,
            "timestamp": iso(at),
            "version": VERSION,
        }

    def _context(self, registration: str, parent: list[Statement]) -> Statement:
        unit = self.library.topics.get(_UNIT)
        course = self._activity("unit", unit.title if unit else _UNIT, f"{_TYPE}course")
        activities: Statement = {"parent": parent} if parent else {}
        return {
            "registration": self._id(registration),
            "contextActivities": {**activities, "grouping": [course]},
            "platform": "Aftercare",
            "language": LANGUAGE,
        }

    # Activities

    def _quiz(self, mode: str) -> Statement:
        return self._activity(f"quizzes/{mode}", mode.replace("-", " ").capitalize(), f"{_TYPE}assessment")

    def _scenario(self, name: str) -> Statement:
        scenario = self.scenarios.get(name)
        return self._activity(f"scenarios/{name}", scenario.title if scenario else name, f"{_TYPE}simulation")

    def _question(self, name: str, topic: str, item: Item | None) -> Statement:
        """With how it is answered, where the bank still has the item."""
        if item is None:
            return self._activity(f"questions/{name}", name, f"{_TYPE}question")
        asked = without_numbers(f"{item.story} {item.ask}" if item.story else item.ask)
        found = self._activity(f"questions/{name}", asked, f"{_TYPE}cmi.interaction")
        known = self.library.topics.get(topic)
        title = {"description": {LANGUAGE: known.title}} if known else {}
        return {**found, "definition": {**found["definition"], **title, **interaction(item)}}

    def _activity(self, path: str, name: str, kind: str) -> Statement:
        return {"objectType": "Activity", "id": self._iri(path), "definition": {"name": {LANGUAGE: name}, "type": kind}}

    # Names

    def _iri(self, path: str) -> str:
        return f"{self.home.rstrip('/')}/xapi/{path}"

    def _id(self, key: str) -> str:
        """Of this college's own: two may have a learner of the same number."""
        own = hmac.new(self.secret.encode(), b"ids of statements", hashlib.sha256).hexdigest()
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.home}#{own}:{key}"))

    def _attempt_key(self, row: AttemptRow) -> str:
        return f"attempt:{row.learner}:{row.session}:{row.place}:{row.number}"

    def _practice_key(self, row: PracticeRow) -> str:
        return f"practice:{row.learner}:{row.run}"


def duration(seconds: float) -> str:
    """ISO 8601, to a hundredth of a second."""
    return f"PT{max(0.0, seconds):.2f}S"


def interaction(item: Item) -> Statement:
    """How the item is answered, and its right answers. Sums have fresh numbers each time, so theirs are not told."""
    if isinstance(item, (Single, Multiple)):
        choices = [(f"c{place}", choice.text) for place, choice in enumerate(item.choices)]
        right = "[,]".join(f"c{place}" for place, choice in enumerate(item.choices) if choice.right)
        return {"interactionType": "choice", "choices": _components(choices), "correctResponsesPattern": [right]}
    if isinstance(item, TrueFalse):
        return {"interactionType": "true-false", "correctResponsesPattern": ["true" if item.true else "false"]}
    if isinstance(item, Ordering):
        steps = [(f"s{place}", step.text) for place, step in enumerate(item.steps)]
        right = "[,]".join(name for name, _ in steps)
        return {"interactionType": "sequencing", "choices": _components(steps), "correctResponsesPattern": [right]}
    if isinstance(item, Matching):
        source = [(f"l{place}", pair.left) for place, pair in enumerate(item.pairs)]
        target = [(f"r{place}", pair.right) for place, pair in enumerate(item.pairs)]
        right = "[,]".join(f"l{place}[.]r{place}" for place in range(len(item.pairs)))
        sides = {"source": _components(source), "target": _components(target)}
        return {"interactionType": "matching", **sides, "correctResponsesPattern": [right]}
    return {"interactionType": "numeric" if isinstance(item, Numeric) else "long-fill-in"}


def response(item: Item, chosen: str) -> str:
    """What was chosen, in the item's own terms; nothing of what was said in a learner's own words."""
    if not chosen or isinstance(item, Short):
        return ""
    if isinstance(item, Numeric):
        return chosen
    if not chosen.isdecimal():
        return ""
    if isinstance(item, TrueFalse):
        return "true" if chosen == "0" else "false"
    if isinstance(item, Matching):
        return "[,]".join(f"l{left}[.]r{right}" for left, right in enumerate(chosen))
    letter = "s" if isinstance(item, Ordering) else "c"
    return "[,]".join(f"{letter}{place}" for place in chosen)


def _components(parts: Iterable[tuple[str, str]]) -> list[Statement]:
    return [{"id": name, "description": {LANGUAGE: text}} for name, text in parts]
