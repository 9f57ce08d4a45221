"""Finds what a message names outright: topics by their aliases, awarding bodies, nations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.answer.wording import words
from bot.content import Library

_LONGEST = 7
_NATIONS = {
    "scotland": r"\b(scotland|scottish|scots|glasgow|edinburgh)\b",
    "northern-ireland": r"\b(northern ireland|n\.? ?ireland|belfast|\bni\b)\b",
    "england-wales": r"\b(england|english law|wales|welsh)\b",
}


@dataclass(frozen=True)
class Named:
    """Topic ids, awarding body and nation that a message names; `None` where it names none."""

    topics: frozenset[str]
    body: str | None
    nation: str | None


class Names:
    """Looks names up by their words. Shouted names (LATER) count only in capitals."""

    def __init__(self, library: Library) -> None:
        self._topics: dict[tuple[str, ...], str] = {}
        self._shouted: dict[str, str] = {}
        for topic in library.topics.values():
            for alias in (*topic.aliases, topic.title):
                self._topics.setdefault(tuple(words(alias)), topic.id)
            self._shouted.update(dict.fromkeys(topic.shouted, topic.id))
        self._bodies = {tuple(words(name)): key for key, body in library.bodies.items() for name in body.names}

    def find(self, said: str, plain: str) -> Named:
        """`said` is as typed (capitals count there), `plain` is corrected."""
        tokens = words(plain)
        spans = _spans(tokens)
        shouted = {topic for name, topic in self._shouted.items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)}
        shouting = said.isupper() and len(tokens) > 2
        return Named(
            frozenset(_longest(spans, self._topics) | (set() if shouting else shouted)),
            next((self._bodies[span] for span in [*spans, *_spans(words(said))] if span in self._bodies), None),
            next((nation for nation, pattern in _NATIONS.items() if re.search(pattern, plain)), None),
        )


def _spans(tokens: list[str]) -> list[tuple[str, ...]]:
    return [tuple(tokens[i : i + n]) for n in range(_LONGEST, 0, -1) for i in range(len(tokens) - n + 1)]


def _longest(spans: list[tuple[str, ...]], names: Mapping[tuple[str, ...], str]) -> set[str]:
    """Topics named, without those whose name is only part of a longer name that was found."""
    found = [span for span in dict.fromkeys(spans) if span in names]
    inside = [span for span in found if any(span != other and _within(span, other) for other in found)]
    return {names[span] for span in found if span not in inside}


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))
