"""What can be set: topics, quizzes and scenarios by title, and the buttons that start them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content import Library
from bot.content.scenarios import Scenario
from bot.groups.work import KINDS, MIXED, SetWork
from bot.quiz.bank import Bank


@dataclass(frozen=True)
class Catalogue:
    """Titles by id of topics and scenarios; `items` counts a topic's items for quizzes, where it has any."""

    topics: Mapping[str, str]
    scenarios: Mapping[str, str]
    items: Mapping[str, int]

    @classmethod
    def of(cls, library: Library, bank: Bank, scenarios: Mapping[str, Scenario]) -> Catalogue:
        topics = {topic.id: topic.title for topic in library.topics.values()}
        titles = {scenario.id: scenario.title for scenario in scenarios.values()}
        return cls(topics, titles, {topic: len(items) for topic, items in bank.by_topic.items()})

    def knows(self, kind: str, target: str) -> bool:
        """Whether such work can be set, and be done."""
        return kind in KINDS and target in self.targets(kind)

    def targets(self, kind: str) -> dict[str, str]:
        """Titles by id of all that can be set of a kind, by title."""
        if kind == "quiz":
            return {MIXED: "Mixed, from all topics", **_by_title({id: self.topics[id] for id in self.items if id in self.topics})}
        return _by_title(self.scenarios if kind == "scenario" else self.topics)

    def title(self, work: SetWork) -> str | None:
        """None for what has been taken out of the content meanwhile."""
        if work.kind == "quiz" and work.target == MIXED:
            return "mixed topics"
        return (self.scenarios if work.kind == "scenario" else self.topics).get(work.target)

    def items_for(self, work: SetWork) -> int:
        """How many items its quiz can draw on."""
        return sum(self.items.values()) if work.target == MIXED else self.items.get(work.target, 0)

    def token(self, work: SetWork) -> str:
        """What a button sends to start it."""
        if work.kind == "topic":
            return f"ask:{work.target}.what"
        if work.kind == "scenario":
            return f"practice:start.{work.target}"
        return "quiz:start" if work.target == MIXED else f"quiz:topic.{work.target}"


def _by_title(titles: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(titles.items(), key=lambda pair: pair[1].lower()))
