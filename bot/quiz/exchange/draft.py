"""Questions of other banks as items to be completed. A bank such as Moodle's lacks much of what ours needs; each gap is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from bot.content.library import Library
from bot.content.questions import QuestionFile
from bot.quiz.exchange.draft_kinds import GAP, Part, part_of
from bot.quiz.exchange.gift_reader import Read, read_gift
from bot.quiz.exchange.question import Question

LONGEST_ID: Final = 60
_WORDS_OF_ID: Final = 7
_STAND_INS: Final[Mapping[str, Any]] = {"topic": "gap", "difficulty": 1, "checked_on": date.min.isoformat(), "result": "1"}


@dataclass(frozen=True)
class Draft:
    """An item as plain values, with the word TODO at each gap. `lacks` says what is to be done, `lost` what it has no place for."""

    line: int
    item: Mapping[str, Any]
    lacks: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True)
class Imported:
    """`not_carried` are questions of kinds that we do not have, `problems` what could not be read; both are lines to be shown."""

    drafts: tuple[Draft, ...]
    not_carried: tuple[str, ...]
    problems: tuple[str, ...]


def import_gift(data: bytes, library: Library, taken: Iterable[str] = ()) -> Imported:
    """What a GIFT file would bring. Nothing is written. `taken` are the ids of the bank."""
    reading = read_gift(data)
    ids = set(taken)
    drafts: list[Draft] = []
    not_carried: list[str] = []
    for read in reading.questions:
        part = part_of(read.question)
        if part is None:
            not_carried.append(f"line {read.line}: {type(read.question).__name__.lower()} “{_short(read.question)}” has nothing to mark")
        else:
            drafts.append(_draft(read, part, library, ids))
    return Imported(tuple(drafts), tuple(not_carried), reading.problems)


def _draft(read: Read, part: Part, library: Library, ids: set[str]) -> Draft:
    question = read.question
    tags = _tags(question)
    story, ask = _story_and_ask(question.stem)
    topic = _topic(question, tags, library)
    law = topic in library.topics and library.topics[topic].law
    checked = {"checked_on": tags.get("checked-on", [GAP])[0]} if law or "checked-on" in tags else {}
    wanted_id, free_id = _ids(question, ids)
    item = {
        "id": free_id,
        "kind": part.kind,
        "topic": topic,
        "tests": tags.get("tests", [GAP]),
        "source": tags.get("source", [GAP])[0],
        "difficulty": _difficulty(tags),
        **checked,
        **({"story": story} if story else {}),
        "ask": ask,
        **part.values,
        "hints": [GAP, GAP],
        "explain": " ".join(question.feedback.split()) or GAP,
    }
    lacks = [
        *([f"id: {wanted_id} is taken; is this the same item?"] if free_id != wanted_id else []),
        *(f"{key}: {what}" for key, what in _WANTED.items() if item.get(key) in (GAP, [GAP])),
        "hints: two, the second saying more than the first",
        *part.lacks,
        *_misfits(item),
    ]
    return Draft(read.line, item, tuple(lacks), part.lost)


_WANTED: Final[Mapping[str, str]] = {
    "topic": "the id of a topic of ours",
    "tests": "the rows of coverage.yml that it tests",
    "source": "the key of a source of ours",
    "difficulty": "1, 2 or 3",
    "checked_on": "the date on which the law was held against the Act",
    "explain": "why the right answer is right",
}


def _tags(question: Question) -> dict[str, list[str]]:
    """Tags such as `source:unit-notes`, as our own exports have them, by what stands before the colon."""
    tags: dict[str, list[str]] = {}
    for tag in question.tags:
        name, colon, value = tag.partition(":")
        if colon:
            tags.setdefault(name, []).append(value)
    return tags


def _topic(question: Question, tags: Mapping[str, list[str]], library: Library) -> str:
    """The topic that a tag or the last part of the category names."""
    last = re.split(r"(?<!/)/(?!/)", question.category)[-1].replace("//", "/").strip().lower()
    named = [*tags.get("topic", ()), *(topic.id for topic in library.topics.values() if last in (topic.title.lower(), topic.id))]
    return next((name for name in named if name in library.topics), GAP)


def _difficulty(tags: Mapping[str, list[str]]) -> int | str:
    given = tags.get("difficulty", [""])[0]
    return int(given) if given in ("1", "2", "3") else GAP


def _story_and_ask(stem: str) -> tuple[str, str]:
    """The last paragraph is what is asked; what stands before it is the story."""
    *story, ask = (" ".join(part.split()) for part in re.split(r"\n\s*\n", stem.strip()))
    return " ".join(story), ask


def _ids(question: Question, ids: set[str]) -> tuple[str, str]:
    """The id that label, name or first words make, and one like it that is not in `ids` yet; that is added there."""
    words = re.findall(r"[a-z0-9]+", (question.label or question.name).lower())
    words = words or re.findall(r"[a-z0-9]+", question.stem.lower())[:_WORDS_OF_ID] or ["question"]
    wanted = "-".join(words)[:LONGEST_ID].strip("-")
    free, number = wanted, 1
    while free in ids:
        number += 1
        free = f"{wanted[: LONGEST_ID - 4].strip('-')}-{number}"
    ids.add(free)
    return wanted, free


def _misfits(item: Mapping[str, Any]) -> list[str]:
    """What the schema refuses in the texts that are there."""
    try:
        QuestionFile.parse_obj({"questions": [_filled(item, "")]})
    except ValidationError as error:
        return [f"{'.'.join(map(str, problem['loc'][3:]))}: {problem['msg']}" for problem in error.errors()]
    return []


def _filled(value: Any, key: str) -> Any:
    """The same values with something acceptable at each gap."""
    if isinstance(value, Mapping):
        return {name: _filled(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, key) for each in value]
    return _STAND_INS.get(key, "to be written") if value == GAP else value


def _short(question: Question) -> str:
    text = " ".join((question.name or question.stem).split())
    return text if len(text) <= LONGEST_ID else f"{text[:LONGEST_ID]}…"
