"""Which criteria of an awarding body a practice can support, and by which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.content import Library
from bot.content.quiz_file import Criterion
from bot.content.scenarios import Scenario
from bot.debrief import Debrief, Played
from bot.paperwork import Note
from bot.paperwork.reflection import shortened
from bot.paperwork.words import EvidenceWords

_NEEDED_ON_FORM = "due"


@dataclass(frozen=True)
class Support:
    """A criterion, and why it is supported; without `reasons` it is not."""

    id: str
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Supporting:
    """`criteria` are those of knowledge/quiz.yml. Every method is a function of its arguments."""

    words: EvidenceWords
    criteria: Mapping[str, Criterion]
    library: Library

    def of_run(self, scenario: Scenario, played: Played, debrief: Debrief, notes: Sequence[Note]) -> tuple[Support, ...]:
        """All criteria of the learner's awarding body in their order; those of no named body for anybody else."""
        shown = tuple(_Shown(self, scenario, played, debrief, notes).all())
        body = played.body if any(criterion.body == played.body for criterion in self.criteria.values()) else "other"
        return tuple(
            Support(id, criterion.title, tuple(dict.fromkeys(reason for topic, reason in shown if topic in criterion.topics)))
            for id, criterion in self.criteria.items()
            if criterion.body == body
        )


@dataclass(frozen=True)
class _Shown:
    """What one practice shows, as topics with the reason for each."""

    of: Supporting
    scenario: Scenario
    played: Played
    debrief: Debrief
    notes: Sequence[Note]

    def all(self) -> Iterator[tuple[str, str]]:
        """Nothing of a failed talk, of which the good half is not worth copying; what was written after it counts."""
        if self.debrief.band != "fail":
            yield from self._moves()
            yield from self._case()
        for note in self._last_notes():
            yield from self._noted(note)

    def _moves(self) -> Iterator[tuple[str, str]]:
        shows = self.of.words.shows
        for name in self.debrief.criteria:
            if name in shows and self._is_met(name):
                yield from ((topic, self._made(name)) for topic in shows[name])

    def _is_met(self, name: str) -> bool:
        criteria = self.debrief.criteria
        return bool(criteria[name]) and not (name == "verify" and criteria["disclosed_data"])

    def _made(self, name: str) -> str:
        found = met_by(self.debrief, self.played, name)
        title = self.of.words.moves[name]  # type: ignore[index]
        if found is None:
            return self.of.words.reasons["unquoted"].format(name=title)
        return self.of.words.reasons["move"].format(name=title, turn=found[0], quote=found[1])

    def _case(self) -> Iterator[tuple[str, str]]:
        """The law of the case where it was explained and led to a remedy; other topics of the case where a remedy was given."""
        criteria, library = self.debrief.criteria, self.of.library
        explained, resolved = (met_by(self.debrief, self.played, name) for name in ("explain", "resolve"))
        for topic in dict.fromkeys((*(owed.topic for owed in self.scenario.owed), *self.scenario.topics)):
            known = library.topics.get(topic)
            if known is None or not criteria["resolve"]:
                continue
            if known.law and criteria["explain"] and explained:
                yield topic, self._reason("law", known.title, explained)
            elif topic in self.of.words.case_topics and resolved:
                yield topic, self._reason("case", known.title, resolved)

    def _reason(self, name: str, topic: str, found: tuple[int, str]) -> str:
        return self.of.words.reasons[name].format(topic=topic, turn=found[0], quote=found[1])  # type: ignore[index]

    def _last_notes(self) -> Sequence[Note]:
        """The last of each kind: a form that was put right counts as it was left."""
        return tuple({note.kind: note for note in self.notes}.values())

    def _noted(self, note: Note) -> Iterator[tuple[str, str]]:
        words, values = self.of.words, note.values
        if note.kind != "form":
            if values.get("result") in ("found", "part"):
                reason = words.reasons[note.kind].format(quote=shortened(str(values.get("text", ""))))
                yield from ((topic, reason) for topic in words.shows[note.kind])
            return
        title = str(values.get("title", ""))
        if values.get("complete") and values.get(_NEEDED_ON_FORM):
            yield from ((topic, words.reasons["form"].format(title=title)) for topic in words.shows.get(str(values.get("form")), ()))
            if values.get("minimal"):
                yield from ((topic, words.reasons["minimal"].format(title=title)) for topic in words.shows["minimal"])


def met_by(debrief: Debrief, played: Played, name: str) -> tuple[int, str] | None:
    """The turn and the words that met a criterion: those that the debrief praises, else its step's, else those of the first such move."""
    praised = [strength.quote for strength in debrief.strengths if name in strength.names]
    steps = [step.quote for model in (debrief.model, debrief.also) if model for step in model.steps if step.name == name]
    told = (*praised, *steps)
    quote = next((quote for quote in told if quote), None)
    if quote:
        return quote.turn, quote.shown
    move_name = "disclose" if name == "disclosed_data" else name
    found = ((line, move) for line in played.agent for move in line.moves if move.name == move_name)
    return next(((line.turn, words_of(line.text, move.start, move.end)) for line, move in found), None)


def words_of(text: str, start: int, end: int) -> str:
    """The words between two places, in one line and of quotable length; the whole text where the places are wrong."""
    return shortened(" ".join((text[max(0, start) : max(0, end)] or text).split()), 160)
