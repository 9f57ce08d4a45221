"""All items, and how topics make up areas and criteria. Immutable."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.content.files import read
from bot.content.items import load_items
from bot.content.questions import Item
from bot.content.quiz_file import CheckpointFile, QuizFile

CHECKPOINTS = ("checkpoint-first", "checkpoint-second")
CHECKPOINT_ITEMS = 15


@dataclass(frozen=True)
class Bank:
    """Items by id in reading order; `file` is knowledge/quiz.yml; `forms` are the two checkpoints' item ids."""

    items: Mapping[str, Item]
    file: QuizFile
    forms: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, folder: Path) -> Bank:
        """Raises ContentError."""
        forms = read(folder / "checkpoint.yml", CheckpointFile)
        items = {item.id: item for item in load_items(folder / "questions")}
        return cls(items, read(folder / "quiz.yml", QuizFile), dict(zip(CHECKPOINTS, (forms.first, forms.second), strict=True)))

    @cached_property
    def for_practice(self) -> tuple[Item, ...]:
        """What quizzes draw on. Checkpoints keep their items to themselves, or they would measure what was drilled."""
        reserved = {name for form in self.forms.values() for name in form}
        return tuple(item for item in self.items.values() if item.id not in reserved)

    @cached_property
    def by_topic(self) -> Mapping[str, tuple[Item, ...]]:
        """Items for quizzes, by topic."""
        topics: dict[str, list[Item]] = {}
        for item in self.for_practice:
            topics.setdefault(item.topic, []).append(item)
        return {topic: tuple(items) for topic, items in topics.items()}

    @cached_property
    def area_of(self) -> Mapping[str, str]:
        """The area's key, by topic."""
        return {topic: key for key, area in self.file.areas.items() for topic in area.topics}

    def area_title(self, item: Item) -> str:
        return self.file.areas[self.area_of[item.topic]].title

    def topics_of(self, areas: Collection[str]) -> frozenset[str]:
        return frozenset(topic for key in areas for topic in self.file.areas[key].topics)

    def criteria_of(self, topic: str, body: str) -> tuple[str, ...]:
        """The keys of the body's criteria that draw on the topic."""
        return tuple(key for key, criterion in self.file.criteria.items() if criterion.body == body and topic in criterion.topics)
