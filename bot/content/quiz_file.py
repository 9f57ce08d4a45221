"""What knowledge/quiz.yml and knowledge/checkpoint.yml may hold."""

from __future__ import annotations

from typing import Literal

from bot.content.schema import Slug, Strict


class Area(Strict):
    """Part of the unit. The areas share out the topics that have items."""

    title: str
    names: tuple[str, ...]
    topics: tuple[Slug, ...]


class Collection(Strict):
    """What learners ask for that is no one area: whole areas, or topics out of several."""

    title: str
    names: tuple[str, ...]
    areas: tuple[Slug, ...] = ()
    topics: tuple[Slug, ...] = ()


class Criterion(Strict):
    """An assessment criterion and the topics that it draws on."""

    body: Literal["biiab", "aofaq", "other"]
    title: str
    topics: tuple[Slug, ...]


class QuizFile(Strict):
    """knowledge/quiz.yml."""

    areas: dict[Slug, Area]
    collections: dict[Slug, Collection]
    criteria: dict[Slug, Criterion]
    commands: dict[str, tuple[str, ...]]
    signs: dict[str, str]
    asks: tuple[str, ...]
    requests: dict[str, tuple[str, ...]]
    replies: dict[str, str]
    names: dict[str, str]
    labels: dict[str, str]


class CheckpointFile(Strict):
    """knowledge/checkpoint.yml: two parallel forms. The nth items of both test the same area at the same difficulty."""

    first: tuple[Slug, ...]
    second: tuple[Slug, ...]
