"""Which quiz a message asks for: kind of quiz, topics, number and kind of questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rapidfuzz import fuzz, process

from bot.calculate.spelling import plain_text
from bot.content.quiz_file import QuizFile

FEWEST, MOST = 1, 20
_COUNT: Final = re.compile(r"\b(\d{1,3})\s*(?:\w+\s+){0,3}?(?:questions?|qs|items?|of them)\b|\b(?:give|ask|do) (?:me )?(\d{1,2})\b")
_ABOUT: Final = re.compile(
    r"\b(?:on|about|in|covering|regarding|re|over|for|of)\s+(?:the |my |some |all )*(.+?)"
    r"(?:\s+(?:please|pls|plz|thanks|now|today|again))*[.!?]*$"
)
_POINTS_BACK: Final = re.compile(r"\b(?:those|that|these|this|them|it|what we (?:just )?(?:did|talked about|covered))\b")
_KINDS: Final = ("true-false", "single", "numeric", "short", "ordering", "matching")
_LEVELS: Final[Mapping[str, int]] = {"easy": 1, "hard": 3}
_QUICK: Final = 5
_ALIKE: Final = 84.0


@dataclass(frozen=True)
class Wanted:
    """`mode` is `quiz`, `mock`, `checkpoint`, `due` or `wrong`. `topics` None means all; `what` is how to call them."""

    mode: str = "quiz"
    topics: frozenset[str] | None = None
    what: str = ""
    count: int | None = None
    kinds: frozenset[str] | None = None
    level: int | None = None


@dataclass(frozen=True)
class Requests:
    """Reads requests by the words in knowledge/quiz.yml. `titles` are the topics' titles; `named` finds the topics that a text names,
    `nearest` the topic that a phrase is about, or None.
    """

    file: QuizFile
    titles: Mapping[str, str]
    named: Callable[[str], Sequence[str]]
    nearest: Callable[[str], str | None]

    @cached_property
    def _asks(self) -> re.Pattern[str]:
        return re.compile("|".join(self.file.asks))

    @cached_property
    def _groups(self) -> Mapping[str, tuple[frozenset[str], str]]:
        """Topics and title by every name of an area or collection."""
        areas = self.file.areas
        groups = {name: (frozenset(area.topics), area.title) for area in areas.values() for name in area.names}
        for part in self.file.collections.values():
            topics = frozenset(part.topics) | {topic for key in part.areas for topic in areas[key].topics}
            groups |= dict.fromkeys(part.names, (topics, part.title))
        return groups

    def asks(self, text: str) -> bool:
        """Whether the message asks for a quiz, by its words alone."""
        return bool(self._asks.search(_plain(text)))

    def read(self, text: str, hand: Sequence[str] = ()) -> Wanted:
        """What is wanted. `hand` are the topics in hand, meant by "quiz me on those". Never raises on any text."""
        plain = _plain(text)
        said = {name for name, phrases in self.file.requests.items() if _says(plain, phrases)}
        mode = next((mode for mode in ("mock", "checkpoint", "due", "wrong") if mode in said), "quiz")
        topics, what = self._topics(plain, text, hand) if mode in ("quiz", "wrong") else (None, "")
        kinds = frozenset(kind for kind in _KINDS if kind in said)
        level = next((level for name, level in _LEVELS.items() if name in said), None)
        count = _count(text) or (_QUICK if "short-quiz" in said else None)
        return Wanted(mode, topics, what, count, kinds or None, level)

    def _topics(self, plain: str, text: str, hand: Sequence[str]) -> tuple[frozenset[str] | None, str]:
        group = self._group(plain)
        if group:
            return group
        named = [topic for topic in self.named(text) if topic in self.titles]
        if named:
            return frozenset(named), self._listed(named)
        if hand and _POINTS_BACK.search(plain):
            return self._around(hand)
        about = _ABOUT.search(plain)
        if not about or about[1] in _ANYTHING:
            return None, ""
        close = process.extractOne(about[1], self._groups.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if close:
            return self._groups[close[0]]
        topic = self.nearest(about[1])
        return (frozenset([topic]), self.titles[topic]) if topic else (None, "")

    def _group(self, plain: str) -> tuple[frozenset[str], str] | None:
        """The area or collection of the longest name in the message."""
        about = _ABOUT.search(plain)
        for part in ([about[1]] if about else []) + [plain]:
            found = [name for name in self._groups if re.search(rf"\b{re.escape(name)}\b", part)]
            if found:
                return self._groups[max(found, key=len)]
        return None

    def _around(self, hand: Sequence[str]) -> tuple[frozenset[str], str]:
        """The areas of the topics in hand: one topic alone has few questions."""
        areas = [area for area in self.file.areas.values() if set(hand) & set(area.topics)]
        if not areas:
            return frozenset(hand), self._listed([topic for topic in hand if topic in self.titles])
        return frozenset(topic for area in areas for topic in area.topics), " and ".join(area.title for area in areas)

    def _listed(self, topics: Sequence[str]) -> str:
        return ", ".join(self.titles[topic] for topic in topics)


_ANYTHING: Final = frozenset(
    {
        "anything",
        "everything",
        "any topic",
        "whatever",
        "you choose",
        "all topics",
        "unit",
        "course",
        "all",
        "customer service",
        "random",
        "something",
        "all of it",
    }
)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())


def _says(plain: str, phrases: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", plain) for phrase in phrases)


def _count(text: str) -> int | None:
    found = _COUNT.search(plain_text(text))
    number = int(found[1] or found[2]) if found else 0
    return max(FEWEST, min(MOST, number)) if number else None
