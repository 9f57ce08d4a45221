"""Consistency of knowledge/quiz.yml and the checkpoints with the items and topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.content import Library
from bot.quiz.bank import CHECKPOINT_ITEMS, Bank


def check_bank(bank: Bank, library: Library) -> tuple[str, ...]:
    """Errors, one line each."""
    return (*_topics(bank, library), *_forms(bank), *_criteria(bank, library))


def _topics(bank: Bank, library: Library) -> Iterator[str]:
    """The areas share out the topics that have items."""
    counts = Counter(topic for area in bank.file.areas.values() for topic in area.topics)
    yield from (f"quiz.yml: the topic {topic} stands in {count} areas" for topic, count in counts.items() if count > 1)
    used = {item.topic for item in bank.items.values()}
    yield from (f"quiz.yml: the topic {topic} has items and stands in no area" for topic in sorted(used - set(counts)))
    named = {*counts, *(topic for part in bank.file.collections.values() for topic in part.topics)}
    yield from (f"quiz.yml: the topic {topic} does not exist" for topic in sorted(named - set(library.topics)))
    areas = {area for part in bank.file.collections.values() for area in part.areas}
    yield from (f"quiz.yml: the area {area} does not exist" for area in sorted(areas - set(bank.file.areas)))


def _forms(bank: Bank) -> Iterator[str]:
    """Two forms measure the same only where their items match one by one."""
    first, second = bank.forms.values()
    unknown = [name for name in (*first, *second) if name not in bank.items]
    yield from (f"checkpoint.yml: the item {name} does not exist" for name in unknown)
    if unknown:
        return
    if len(first) != len(second) or len({*first, *second}) != len(first) + len(second):
        yield "checkpoint.yml: both forms need the same number of items, and no item twice"
    if len(first) != CHECKPOINT_ITEMS:
        yield f"checkpoint.yml: a form has {CHECKPOINT_ITEMS} items"
    for one, other in zip(first, second, strict=False):
        if _measured(bank, one) != _measured(bank, other):
            yield f"checkpoint.yml: {one} and {other} differ in area, kind or difficulty"


def _measured(bank: Bank, name: str) -> tuple[str, str, int]:
    item = bank.items[name]
    return bank.area_of[item.topic], item.kind, item.difficulty


def _criteria(bank: Bank, library: Library) -> Iterator[str]:
    rows = {row for of_area in library.rows.values() for row in of_area}
    for key, criterion in bank.file.criteria.items():
        if key not in rows:
            yield f"quiz.yml: the criterion {key} is no row of coverage.yml"
        for topic in criterion.topics:
            if topic not in library.topics:
                yield f"quiz.yml: the criterion {key} names the topic {topic}, which does not exist"
        if not any(topic in bank.by_topic for topic in criterion.topics):
            yield f"quiz.yml: the criterion {key} has no items"
