"""The one thing to do next after a run, and what else could be done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.content import Library
from bot.content.scenarios import Scenario
from bot.debrief.result import Advice, Criticism
from bot.debrief.words import DebriefFile, small
from bot.reply import Button

_LAST = "later-model"


@dataclass(frozen=True)
class Adviser:
    """`quizzed` are the topics that have quiz items."""

    words: DebriefFile
    library: Library
    quizzed: Collection[str]

    def next(self, scenario: Scenario, criticisms: Sequence[Criticism]) -> Advice:
        """By the most important criticism: its line once more, a quiz on the law, or a topic. Without any, a quiz."""
        top = criticisms[0] if criticisms else None
        do = self.words.faults[top.name].do if top else "quiz"
        if top and do == "retry":
            return self._retry(scenario, top.turn or 1)
        if top and do == "topic" and (advice := self._topic(self.words.faults[top.name].topic)):
            return advice
        return self._quiz(scenario) or self._topic(scenario.topics[0]) or self._retry(scenario, 1)

    def further(self, scenario: Scenario, criticisms: Sequence[Criticism], chosen: Advice) -> tuple[Button, ...]:
        """The other ways on: once more, a quiz, a topic."""
        turn = next((criticism.turn for criticism in criticisms if criticism.turn), 1)
        topic = next((self.words.faults[criticism.name].topic for criticism in criticisms if self.words.faults[criticism.name].topic), None)
        ways = (self._retry(scenario, turn), self._quiz(scenario), self._topic(topic) or self._topic(_LAST))
        return tuple(way.button for way in ways if way and way.button != chosen.button)

    def _retry(self, scenario: Scenario, turn: int) -> Advice:
        words = self.words
        if scenario.writing:
            return Advice(words.advice["rewrite"], Button(words.buttons["rewrite"], f"practice:retry.{turn}"))
        place = words.say["turn"].format(number=turn)
        button = Button(words.buttons["retry"].format(place=place), f"practice:retry.{turn}")
        return Advice(words.advice["retry"].format(place=place), button)

    def _quiz(self, scenario: Scenario) -> Advice | None:
        wanted = (*(owed.topic for owed in scenario.owed), *scenario.topics)
        topic = next((topic for topic in wanted if topic in self.quizzed and topic in self.library.topics), None)
        if topic is None:
            return None
        title = self.library.topics[topic].title
        button = Button(self.words.buttons["quiz"].format(topic=title), f"quiz:topic.{topic}")
        return Advice(self.words.advice["quiz"].format(topic=_inside(title)), button)

    def _topic(self, id: str | None) -> Advice | None:
        topic = self.library.topics.get(id or "")
        if topic is None:
            return None
        return Advice(self.words.advice["topic"].format(topic=_inside(topic.title)), Button(topic.title, f"ask:{topic.id}.what"))


def _inside(title: str) -> str:
    """As inside a sentence: "CSAT" stays, "Follow-up" does not."""
    return title if title[1:2].isupper() else small(title)
