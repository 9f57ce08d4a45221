"""Replies as values: text and buttons, the same for every channel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import Answerable, Library, Topic
from bot.content.files import read
from bot.content.schema import Strict

LONGEST = 1200
_TOKEN = re.compile(r"^(ask|do|body|quiz|practice):[a-z0-9][a-z0-9._-]{0,119}$")
_MOST_BUTTONS = 4
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_LONGEST_POINT = 300
_BULLET = re.compile(r"\n\s*- ")
_FACETS_OFFERED = ("example", "how", "why", "limits", "exceptions", "pitfalls", "examiners", "what")


class WrittenButton(Strict):
    """A button as it is written in knowledge/replies.yml."""

    title: str
    token: str


class ReplyFile(Strict):
    """knowledge/replies.yml."""

    replies: dict[str, str]
    welcome: tuple[WrittenButton, ...]
    facets: dict[str, str]
    offers: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Button:
    """A label and the token that pressing it sends."""

    title: str
    token: str


@dataclass(frozen=True)
class Bar:
    """A row of a bar chart; `value` is from 0 to 1, `text` the same in words."""

    label: str
    value: float
    text: str


@dataclass(frozen=True)
class Bars:
    """A bar chart, where a channel can draw; the reply's text says the same."""

    title: str
    rows: tuple[Bar, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "bars", "title": self.title, "rows": [vars(row) for row in self.rows]}


@dataclass(frozen=True)
class Point:
    """A point of a curve; `value` is from 0 to 1."""

    label: str
    value: float


@dataclass(frozen=True)
class Curve:
    """A line through points in order; `low` and `high` say in words what 0 and 1 stand for."""

    title: str
    low: str
    high: str
    points: tuple[Point, ...]

    def to_dict(self) -> dict[str, Any]:
        points = [vars(point) for point in self.points]
        return {"kind": "curve", "title": self.title, "low": self.low, "high": self.high, "points": points}


@dataclass(frozen=True)
class Meter:
    """One value from 0 to 1, and the same in words."""

    title: str
    value: float
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "meter", "title": self.title, "value": self.value, "text": self.text}


Picture = Bars | Curve | Meter


@dataclass(frozen=True)
class Reply:
    """What is said. `kind` names it for logs and tests, for example `answer` or `declined`."""

    kind: str
    text: str
    buttons: tuple[Button, ...] = ()
    picture: Picture | None = None

    @property
    def in_words(self) -> str:
        """The text for channels that cannot draw: a meter is said, other pictures show what the text says anyway."""
        return f"{self.text}\n\n({self.picture.title}: {self.picture.text})" if isinstance(self.picture, Meter) else self.text


def is_token(text: str) -> bool:
    """Whether the text is a button's token rather than something typed."""
    return bool(_TOKEN.fullmatch(text))


def _point(answerable: Answerable) -> str:
    """The first sentence of an answer, which is written to hold its core; nothing where that is a long list."""
    first = _SENTENCE_END.split(" ".join(_BULLET.sub(" ", answerable.facet.say).split()))[0]
    return first if len(first) <= _LONGEST_POINT else ""


class Words:
    """Puts words on results. The only place where content becomes the text of a reply."""

    def __init__(self, file: ReplyFile, library: Library) -> None:
        self._file = file
        self._library = library

    @classmethod
    def load(cls, folder: Path, library: Library) -> Words:
        return cls(read(folder / "replies.yml", ReplyFile), library)

    def plain(self, name: str, buttons: Sequence[Button] = (), **values: object) -> Reply:
        """The reply of that name with its placeholders filled."""
        return Reply(name, self._file.replies[name].format(**values), tuple(buttons))

    def talk(self, name: str, again: bool, buttons: Sequence[Button] = ()) -> Reply:
        """Small talk, in other words where it comes twice running and `<name>_again` is written."""
        words = self._file.replies.get(f"{name}_again") if again else None
        return Reply(name, words or self._file.replies[name], tuple(buttons))

    def offer(self, name: str) -> tuple[Button, ...]:
        """Buttons of the topics that go with a reply."""
        return self.topics([self._library.topics[topic] for topic in self._file.offers[name] if topic in self._library.topics])

    def topics(self, topics: Sequence[Topic]) -> tuple[Button, ...]:
        return tuple(Button(topic.title, f"ask:{topic.id}.what") for topic in topics)

    def choices(self, answerables: Sequence[Answerable]) -> tuple[Button, ...]:
        return tuple(Button(self._label(answerable), f"ask:{answerable.id}") for answerable in answerables)

    def bodies(self) -> tuple[Button, ...]:
        return tuple(Button(body.title, f"body:{key}") for key, body in self._library.bodies.items())

    def answer(self, answerable: Answerable, caveat: bool = False, near: Sequence[Answerable] = (), also: Sequence[Topic] = ()) -> Reply:
        """The answer with its caveat, the points of near answers, its law or source, and buttons for more.

        At most LONGEST characters: near answers are left out, last first, until the text fits.
        """
        text = self._joined(answerable, caveat, near)
        while near and len(text) > LONGEST:
            near = near[:-1]
            text = self._joined(answerable, caveat, near)
        return Reply("answer", text, self._more(answerable, also))

    def _joined(self, answerable: Answerable, caveat: bool, near: Sequence[Answerable]) -> str:
        replies = self._file.replies
        points = [f"- {point}" for point in map(_point, near) if point]
        parts = [replies["caveat"]] if caveat else []
        parts += [answerable.facet.say, *(["\n".join([replies["near"], *points])] if points else []), self._footnote(answerable)]
        return "\n\n".join(parts)

    def compared(self, first: Topic, second: Topic) -> Reply:
        """Two topics side by side by their gists."""
        text = self._file.replies["compared"].format(first=first.gist, second=second.gist)
        titles = "; ".join(dict.fromkeys(self._library.sources[key].title for key in (*first.sources[:1], *second.sources[:1])))
        return Reply("compared", f"{text}\n\n{self._file.replies['sources'].format(titles=titles)}", self.topics((first, second)))

    def _footnote(self, answerable: Answerable) -> str:
        topic, facet = answerable.topic, answerable.facet
        if topic.law:
            section = f", {facet.section}" if facet.section else ""
            checked = topic.law.checked_on
            date = f"{checked.day} {checked:%B %Y}"
            return self._file.replies["law_note"].format(act=topic.law.act, section=section, date=date)
        titles = "; ".join(self._library.sources[key].title for key in (facet.sources or topic.sources)[:2])
        return self._file.replies["sources"].format(titles=titles)

    def _more(self, answerable: Answerable, also: Sequence[Topic]) -> tuple[Button, ...]:
        topic = answerable.topic
        facets = [name for name in _FACETS_OFFERED if name in topic.facets and name != answerable.name][: _MOST_BUTTONS - 1]
        buttons = [Button(self._file.facets[name], f"ask:{topic.id}.{name}") for name in facets]
        related = [self._library.topics[other] for other in topic.related if other in self._library.topics]
        return (*buttons, *self.topics([*also, *related][: _MOST_BUTTONS - len(buttons)]))

    def _label(self, answerable: Answerable) -> str:
        facet: Mapping[str, str] = self._file.facets
        if answerable.name == "what":
            return answerable.topic.title
        return f"{answerable.topic.title}: {facet.get(answerable.name, answerable.name.replace('-', ' ')).lower()}"
