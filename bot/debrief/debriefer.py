"""Makes the debrief of a run. The same run always gives the same debrief: no clock, no dice, no database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.assess.cues import CueBook
from bot.content import Library
from bot.content.scenarios import Owed, Scenario
from bot.debrief.advice import Adviser
from bot.debrief.better import Betters
from bot.debrief.critic import Critic
from bot.debrief.curve import curve_of
from bot.debrief.faults import faults, told_of, without
from bot.debrief.marks import band_of, criteria_of, makes, steps_of
from bot.debrief.played import Given, Played
from bot.debrief.quotes import Quoter, Signs
from bot.debrief.result import Debrief, LegalPoint, Model, Quote, Step
from bot.debrief.strengths import strengths_of
from bot.debrief.talk import read_talk
from bot.debrief.words import DebriefFile, load_words
from bot.practice import Practice
from bot.privacy import invented, personal

Names = dict[str, str]
_PRIVACY = "disclosure"  # the topic of private details
_TITLES = frozenset({"Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Sir", "Lady", "The"})


@dataclass(frozen=True)
class Debriefer:
    """Immutable: safe to share. `quizzed` are the topics that have quiz items."""

    words: DebriefFile
    library: Library
    practice: Practice
    signs: Signs
    adviser: Adviser

    @classmethod
    def load(cls, knowledge: Path, library: Library, practice: Practice, quizzed: Collection[str]) -> Debriefer:
        """Raises ContentError naming file, line and key."""
        words = load_words(knowledge)
        return cls(words, library, practice, Signs(CueBook.load(knowledge), words.signs), Adviser(words, library, quizzed))

    def debrief(self, played: Played) -> Debrief:
        """Of any run with at least one line of the learner's. Raises KeyError for an unknown scenario, ValueError without a line."""
        scenario = self.practice.scenarios[played.scenario]
        if not played.turns:
            raise ValueError("there is no debrief without a line of the learner's")
        return _Making(self, scenario, played).made()


class _Making:
    """One debrief while it is made."""

    def __init__(self, debriefer: Debriefer, scenario: Scenario, played: Played) -> None:
        self._of, self._words, self._scenario, self._played = debriefer, debriefer.words, scenario, played
        self._talk = read_talk(debriefer.practice, scenario, played)
        self._invented = invented(scenario)
        self._quoter = Quoter(scenario, debriefer.signs, self._invented)
        self._names = self._filling()

    def made(self) -> Debrief:
        played, scenario, words = self._played, self._scenario, self._words
        criteria = criteria_of(scenario, self._talk, played.review)
        critic = Critic(words, self._quoter, Betters(scenario, self._of.signs), self._names)
        found = faults(scenario, self._of.practice.tables.cues, self._talk, criteria)
        named = without(told_of(list(found), self._talk), played.review.denied)
        criticisms = critic.criticisms(named, was_left=played.ending is None)
        body = words.body(played.body)
        band, reason = band_of(criteria, self._talk, played.review)
        met, of = steps_of(criteria, played.review)
        advice = self._of.adviser.next(scenario, () if band == "distinction" else criticisms)
        score = words.say["score"].format(met=met, of=of, band=words.bands[band], reason=words.reasons[reason])
        kinds, note = self._personal()
        return Debrief(
            scenario=scenario.id,
            name=self._names["name"],
            ending=played.ending,
            turns=played.turns,
            writing=scenario.writing,
            outcome=self._outcome(),
            curve=curve_of(words, played, self._names["name"]),
            strengths=strengths_of(words, self._quoter, self._talk, self._names, played.review.denied),
            model=self._model(body.model),
            also=self._model(body.also) if body.also else None,
            model_note=body.note,
            criticisms=criticisms,
            criteria=criteria,
            band=band,
            score=score,
            law=self._law(bool(criteria["disclosed_data"])),
            wants=words.say["wanted"].format(name=self._names["name"], wants=scenario.wants),
            root=words.say["cause"].format(root=scenario.cause.root),
            personal=kinds,
            personal_note=note,
            advice=advice,
            further=self._of.adviser.further(scenario, criticisms, advice),
            reviewed=tuple(map(self._reviewed, played.review.given)),
            advisory=tuple(name for name in criteria if name in played.review.advisory),
        )

    def _filling(self) -> Names:
        """What fills the braces of outcomes and reasons."""
        played, say = self._played, self._words.say
        moods = [line.mood for line in played.lines if line.mood] or [""]
        turns = say["one_turn"] if played.turns == 1 else say["turns"].format(count=played.turns)
        name = self._scenario.customer.name
        place = self._words.place(played.agent[-1].turn, self._scenario.writing)
        return {"name": name, "who": _short(name), "turns": turns, "start": moods[0], "end": moods[-1], "place": place}

    def _outcome(self) -> str:
        outcomes = self._words.writing_outcomes if self._scenario.writing else self._words.outcomes
        return outcomes[self._played.ending or "abandoned"].format(**self._names)

    def _model(self, key: str) -> Model:
        model = self._words.models[key]
        return Model(model.title, tuple(self._step(move, label) for move, label in model.steps.items()))

    def _step(self, move: str, label: str) -> Step:
        """A tutor's mark decides whether it was made; the words are those that the assessor found, if any."""
        given = self._played.review.marks
        if given.get(move, True) is not True:
            return Step(move, label, None)
        quote = self._first(move)
        return Step(move, label, quote, by_tutor=quote is None and move in given)

    def _reviewed(self, given: Given) -> str:
        words = self._words
        mark = words.say["marked_open" if given.mark is None else "marked_met" if given.mark else "marked_missed"]
        return words.say["reviewed"].format(criterion=words.criteria[given.criterion], mark=mark, reason=given.reason)

    def _first(self, move: str) -> Quote | None:
        """The words that first made the move."""
        making = (said for said in self._talk if makes(self._scenario, said, move))
        return next((quote for said in making if (quote := self._quoter.of_move(said, move))), None)

    def _personal(self) -> tuple[tuple[str, ...], str]:
        """Kinds of real-looking data that the learner typed, and what is said about them."""
        kinds = {line.turn: [one.kind for one in personal(line.text, self._invented)] for line in self._played.agent}
        turns = [turn for turn, found in kinds.items() if found]
        if not turns:
            return (), ""
        named = tuple(dict.fromkeys(kind for turn in turns for kind in kinds[turn]))
        told = self._words.listed([self._words.personal[kind] for kind in named])
        places = self._words.say["reply"] if self._scenario.writing else self._words.turns(turns)
        return named, self._words.personal_say.format(places=places, kinds=told)

    def _law(self, disclosed: bool) -> LegalPoint:
        """What was owed by law, with the date on which its topic was checked; else what was owed by the house's rules.

        After private details were told it is the law on those.
        """
        scenario, library, say = self._scenario, self._of.library, self._words.say
        by_law = [owed for owed in scenario.owed if _has_law(library, owed.topic)]
        if disclosed and _has_law(library, _PRIVACY) and not any(owed.topic == _PRIVACY for owed in by_law):
            topic = library.topics[_PRIVACY]
            by_law = [Owed(topic=topic.id, act=topic.law.act if topic.law else "", says=topic.gist)]
        elif disclosed:
            by_law.sort(key=lambda owed: owed.topic != _PRIVACY)
        owed = next(iter(by_law), scenario.owed[0])
        found = library.topics.get(owed.topic)
        if found is None or found.law is None:
            return LegalPoint(owed.topic, owed.act, owed.section, None, say["rule_point"].format(says=owed.says, act=owed.act))
        section = owed.section or found.facets["what"].section
        checked = found.law.checked_on
        act = f"{owed.act}, {section}" if section else owed.act
        source = library.sources[found.sources[0]].title
        text = say["law_point"].format(says=owed.says, act=act, date=f"{checked.day} {checked:%B %Y}", source=source)
        return LegalPoint(owed.topic, owed.act, section, checked, text)


def _has_law(library: Library, topic: str) -> bool:
    found = library.topics.get(topic)
    return found is not None and found.law is not None


def _short(name: str) -> str:
    """The first name; with a title, all of it."""
    first = name.split(maxsplit=1)[0].rstrip(".")
    return name if first in _TITLES else first
