"""Makes the debrief of a run. The same run always gives the same debrief: no clock, no dice, no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.assess.cues import CueBook
from bot.assess.transcript import LATER
from bot.content import Library
from bot.content.scenarios import Owed, Scenario
from bot.debrief.advice import Adviser
from bot.debrief.better import Betters
from bot.debrief.critic import Critic
from bot.debrief.faults import faults, told_of
from bot.debrief.marks import band_of, criteria_of, makes, steps_met
from bot.debrief.personal import personal, plain
from bot.debrief.played import Line, Played
from bot.debrief.quotes import Quoter, Signs
from bot.debrief.result import Debrief, LegalPoint, Model, Quote, Step
from bot.debrief.strengths import strengths_of
from bot.debrief.talk import read_talk
from bot.debrief.words import DebriefFile, load_words
from bot.practice import Practice
from bot.reply import Curve, Point

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
        self._invented = _invented(scenario)
        self._quoter = Quoter(scenario, debriefer.signs, self._invented)
        self._names = self._filling()

    def made(self) -> Debrief:
        played, scenario, words = self._played, self._scenario, self._words
        criteria = criteria_of(scenario, self._talk)
        critic = Critic(words, self._quoter, Betters(scenario, self._of.signs), self._names)
        found = faults(scenario, self._of.practice.tables.cues, self._talk, criteria)
        criticisms = critic.criticisms(told_of(list(found), self._talk), was_left=played.ending is None)
        body = words.body(played.body)
        band, reason = band_of(criteria, self._talk)
        advice = self._of.adviser.next(scenario, () if band == "distinction" else criticisms)
        score = words.say["score"].format(met=steps_met(criteria), of=len(LATER), band=words.bands[band], reason=words.reasons[reason])
        kinds, note = self._personal()
        return Debrief(
            scenario=scenario.id,
            name=self._names["name"],
            ending=played.ending,
            turns=played.turns,
            writing=scenario.writing,
            outcome=self._outcome(),
            curve=self._curve(),
            strengths=strengths_of(words, self._quoter, self._talk, self._names),
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

    def _curve(self) -> Curve:
        """One point a turn, the opening included: the customer's anger after it."""
        last: dict[int, Line] = {line.turn: line for line in self._played.lines}
        say = self._words.say
        labels = {turn: say["turn"].format(number=turn) if turn else say["at_the_start"] for turn in last}
        points = tuple(Point(labels[turn], round(max(0, min(100, last[turn].anger)) / 100, 2)) for turn in sorted(last))
        title = say["curve_hidden" if self._played.hidden_mood else "curve"].format(**self._names)
        return Curve(title, say["curve_low"], say["curve_high"], points)

    def _model(self, key: str) -> Model:
        model = self._words.models[key]
        return Model(model.title, tuple(Step(move, label, self._first(move)) for move, label in model.steps.items()))

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


def _invented(scenario: Scenario) -> str:
    """All the data that the scenario itself brings, as it is compared."""
    given: Mapping[str, Sequence[str]] = {
        "screen": scenario.brief.screen,
        "given": scenario.identity.given,
        "opening": scenario.opening,
        "policy": (*scenario.brief.policy, *scenario.brief.may, scenario.brief.role),
        "lines": tuple(scenario.lines()),
        "model": tuple(line.say for line in scenario.model),
    }
    return " ".join(plain(text) for texts in given.values() for text in texts)


def _short(name: str) -> str:
    """The first name; with a title, all of it."""
    first = name.split(maxsplit=1)[0].rstrip(".")
    return name if first in _TITLES else first
