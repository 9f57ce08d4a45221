"""Faults of quiz items beyond their schema: what a tutor is told before learners meet them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from bot.content.check import LAW_REVIEW_DAYS, repeated_runs, runs_of
from bot.content.check_sums import numeric_faults
from bot.content.library import Library
from bot.content.questions import Item, Multiple, Numeric, Single, wordings
from bot.quiz.statistics import Share, by_topic, longest_is_right
from bot.quiz.sums import PLACEHOLDER

FEWEST_FOR_BIAS = 3
HIGHEST_BIAS = 45  # per cent of single items; chance gives 25 to 33
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven")


class Findings(NamedTuple):
    """Errors stop a release; warnings do so only when the check is strict."""

    errors: tuple[str, ...]
    warnings: tuple[str, ...]


def check_questions(items: Sequence[Item], library: Library, today: date, originals: Path | None = None) -> Findings:
    """Everything that is wrong with or due in the bank. `originals` is a folder of texts whose wording must not be repeated."""
    errors = chain(
        _repeated(items),
        chain.from_iterable(_unknown_names(item, library) for item in items),
        chain.from_iterable(_form_faults(item) for item in items),
        chain.from_iterable(_number_faults(item) for item in items),
        _always_longest(items),
        _copied(items, originals) if originals else (),
    )
    return Findings(tuple(errors), (*_overdue(items, today), *_longest_overall(items)))


def _repeated(items: Iterable[Item]) -> Iterator[str]:
    ids = Counter(item.id for item in items)
    yield from (f"{name}: the id stands {times} times" for name, times in ids.items() if times > 1)
    asked = Counter((item.story, item.ask) for item in items)
    yield from (f"{item.id}: another item asks the same" for item in items if asked[item.story, item.ask] > 1)


def _unknown_names(item: Item, library: Library) -> Iterator[str]:
    rows = set(chain.from_iterable(library.rows.values()))
    topic = library.topics.get(item.topic)
    if topic is None:
        yield f"{item.id}: the topic {item.topic} does not exist"
    elif topic.law and item.checked_on is None:
        yield f"{item.id}: is about law and has no `checked_on`"
    if not item.tests:
        yield f"{item.id}: tests no row of coverage.yml"
    yield from (f"{item.id}: tests the row {row}, which is not in coverage.yml" for row in item.tests if row not in rows)
    if item.source not in library.sources:
        yield f"{item.id}: the source {item.source} does not exist"


def _form_faults(item: Item) -> Iterator[str]:
    if item.hints[0] == item.hints[1]:
        yield f"{item.id}: both hints are the same"
    if isinstance(item, Multiple):
        number = _NUMBERS[sum(choice.right for choice in item.choices)]
        if not re.search(rf"\b{number}\b", item.ask, re.IGNORECASE):
            yield f"{item.id}: `ask` does not say that {number} choices are right"


def _number_faults(item: Item) -> Iterator[str]:
    if isinstance(item, Numeric):
        yield from (f"{item.id}: {fault}" for fault in numeric_faults(item))
    elif any(PLACEHOLDER.search(text) for text in wordings(item)):
        yield f"{item.id}: only numeric items have numbers in curly brackets"


def _always_longest(items: Iterable[Item]) -> Iterator[str]:
    for topic, group in by_topic(item for item in items if isinstance(item, Single)).items():
        if len(group) >= FEWEST_FOR_BIAS and all(map(longest_is_right, group)):
            yield f"{topic}: the longest choice is the right one in all {len(group)} single items"


def _longest_overall(items: Iterable[Item]) -> Iterator[str]:
    singles = [item for item in items if isinstance(item, Single)]
    share = Share(sum(map(longest_is_right, singles)), len(singles))
    if len(singles) >= FEWEST_FOR_BIAS and share.percent > HIGHEST_BIAS:
        yield f"the longest choice is the right one in {share.part} of {share.whole} single items"


def _overdue(items: Iterable[Item], today: date) -> Iterator[str]:
    for item in items:
        if item.checked_on and (today - item.checked_on).days > LAW_REVIEW_DAYS:
            yield f"{item.id}: the law was last checked on {item.checked_on.isoformat()}, over 12 months ago"


def _copied(items: Iterable[Item], originals: Path) -> Iterator[str]:
    runs = runs_of(originals)
    for item in items:
        yield from repeated_runs(item.id, wordings(item), runs)
