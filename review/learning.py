"""What the pages about learning show: figures from the records, with the words of what is taught."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.engine import Connection

from bot.assess.transcript import CRITERIA
from bot.content.questions import Item
from bot.quiz.bank import CHECKPOINTS, Bank
from bot.quiz.plan import MOCK_ITEMS
from bot.quiz.session import Mode
from bot.quiz.sums import without_numbers
from bot.records import activity, statistics
from bot.records.activity import FirstVisits, Week
from bot.records.selection import Selection, period_of, period_start
from bot.statistics import (
    Flag,
    Form,
    ItemFigures,
    Picks,
    Stage,
    flags_of,
    form_of,
    guess_score,
    item_figures,
    known_now,
    picks_of,
    stages_of,
)
from bot.statistics.criteria import UNWANTED
from review.desk import Content

_MOST_PERIODS = 106  # two years of weeks: more columns than that are no picture
_STAGES = 20


@dataclass(frozen=True)
class Point:
    """A value of a series at a period that began at `at`; `n` is of how many. No value where there was nothing to count."""

    at: float
    value: float | None
    n: int


@dataclass(frozen=True)
class AreaRow:
    """Of `items` questions on an area the mean learner has met `seen` and probably knows `known` (both from 0 to 1)."""

    title: str
    items: int
    seen: float
    known: float


@dataclass(frozen=True)
class Overview:
    """`criteria` has the share met by fortnight, by criterion, in the order of debriefs; for unwanted ones the share that kept clear."""

    weeks: tuple[Week, ...]
    areas: tuple[AreaRow, ...]
    learners: int
    criteria: Mapping[str, tuple[Point, ...]]
    quizzes: tuple[Stage, ...]
    practices: tuple[Stage, ...]
    visits: FirstVisits


def overview(connection: Connection, content: Content, selection: Selection) -> Overview:
    remembered = activity.remembered(connection, selection)
    return Overview(
        _weeks(connection, selection),
        _areas(content.bank, remembered, selection.until),
        remembered.learners,
        _criteria_over_time(connection, selection),
        stages_of(activity.quizzes_ended(connection, selection, (Mode.QUIZ.value,)), _STAGES),
        stages_of(activity.practices_ended(connection, selection), _STAGES),
        activity.first_visits(connection, selection),
    )


def _weeks(connection: Connection, selection: Selection) -> tuple[Week, ...]:
    """Every week from the first with anything in it, or from the selection's beginning."""
    found = activity.by_week(connection, selection)
    last = period_of(selection.until, 1)
    first = max(min(found, default=last), period_of(selection.since, 1), last - _MOST_PERIODS)
    return tuple(found.get(number, Week(number)) for number in range(first, last + 1))


def _areas(bank: Bank, remembered: activity.Remembered, now: float) -> tuple[AreaRow, ...]:
    chances = known_now(remembered.stability, remembered.last_review, now) * remembered.count
    sums = np.bincount(remembered.item, chances, len(remembered.items))
    known = dict(zip(remembered.items, sums.tolist(), strict=True))
    items: dict[str, list[Item]] = defaultdict(list)
    for item in bank.for_practice:
        items[bank.area_of[item.topic]].append(item)

    def mean(by_item: Mapping[str, float], area: str) -> float:
        return sum(by_item.get(item.id, 0) for item in items[area]) / max(1, len(items[area]) * remembered.learners)

    return tuple(
        AreaRow(bank.file.areas[key].title, len(items[key]), mean(remembered.seen, key), mean(known, key))
        for key in bank.file.areas
        if key in items
    )


def _criteria_over_time(connection: Connection, selection: Selection) -> dict[str, tuple[Point, ...]]:
    met = {(row.number, row.criterion): row for row in activity.criteria_by_fortnight(connection, selection)}
    numbers = sorted({number for number, _ in met})
    if not numbers:
        return {}
    spans = range(max(numbers[0], numbers[-1] - _MOST_PERIODS), numbers[-1] + 1)
    return {name: tuple(_point(met.get((number, name)), number, name in UNWANTED) for number in spans) for name in CRITERIA}


def _point(met: activity.Met | None, number: int, unwanted: bool) -> Point:
    at = period_start(number, activity.FORTNIGHT)
    if met is None:
        return Point(at, None, 0)
    return Point(at, (met.n - met.met if unwanted else met.met) / met.n, met.n)


@dataclass(frozen=True)
class TopicRow:
    """How often a topic was asked about, how many learners answered questions on it, how many first answers they gave, and the share of
    those that were right (from 0 to 1).
    """

    topic: str
    title: str
    area: str
    asked: int
    learners: int
    answers: int
    right: float | None


def topic_rows(connection: Connection, content: Content, selection: Selection) -> list[TopicRow]:
    """All topics, those of the areas first."""
    bank, first = content.bank, statistics.first_answers(connection, selection)
    asked: dict[str, int] = defaultdict(int)
    for answer, count in activity.asked_answers(connection, selection).items():
        asked[answer.partition(".")[0]] += count
    topics = {topic: place for place, topic in enumerate(content.library.topics)}
    place = np.array([topics[bank.items[name].topic] if name in bank.items else -1 for name in first.items], dtype=np.int64)
    of = place[first.answers.item] if len(place) else np.zeros(0, dtype=np.int64)
    kept = of >= 0
    counts, rights = (np.bincount(of[kept], weights, len(topics)) for weights in (None, first.answers.mark[kept]))
    pairs = np.unique(first.answers.who[kept] * len(topics) + of[kept])
    learners = np.bincount(pairs % len(topics), minlength=len(topics))
    order = {topic: number for number, topic in enumerate(bank.area_of)}
    rows = [
        TopicRow(
            topic,
            content.library.topics[topic].title,
            bank.file.areas[bank.area_of[topic]].title if topic in bank.area_of else "",
            asked[topic],
            int(learners[number]),
            int(counts[number]),
            float(rights[number] / counts[number]) if counts[number] else None,
        )
        for topic, number in topics.items()
    ]
    return sorted(rows, key=lambda row: order.get(row.topic, len(order)))


@dataclass(frozen=True)
class ItemRow:
    """An item with its figures; `topic` is its topic's title."""

    item: Item
    topic: str
    area: str
    figures: ItemFigures
    picks: Picks
    flags: tuple[Flag, ...]
    guess: float | None


def item_rows(connection: Connection, content: Content, selection: Selection) -> list[ItemRow]:
    """All items of the bank, in its order."""
    first = statistics.first_answers(connection, selection)
    figures = dict(zip(first.items, item_figures(first.answers), strict=True))
    return [_item_row(content, item, figures.get(item.id, ItemFigures(0)), first) for item in content.bank.items.values()]


def _item_row(content: Content, item: Item, figures: ItemFigures, first: statistics.FirstAnswers) -> ItemRow:
    picks = picks_of(item, first.chosen.get(item.id, {}), first.unanswered.get(item.id, 0))
    topic = content.library.topics.get(item.topic)
    return ItemRow(
        item,
        topic.title if topic else item.topic,
        content.bank.area_title(item),
        figures,
        picks,
        flags_of(figures, picks),
        guess_score(item),
    )


@dataclass(frozen=True)
class CriterionRow:
    """`changed` counts marks of any run that a tutor changed; `kappa` is markers' agreement where it made the criterion advisory."""

    name: str
    figures: ItemFigures
    flags: tuple[Flag, ...]
    changed: int
    kappa: float | None


def criterion_rows(connection: Connection, selection: Selection) -> list[CriterionRow]:
    """In the order of debriefs."""
    first = statistics.first_marks(connection, selection, UNWANTED)
    figures = dict(zip(first.items, item_figures(first.answers), strict=True))
    changed, advisory = statistics.marks_changed(connection, selection), statistics.advisory(connection)
    rows = ((name, figures.get(name, ItemFigures(0))) for name in CRITERIA)
    return [CriterionRow(name, own, flags_of(own), changed.get(name, 0), advisory.get(name)) for name, own in rows]


@dataclass(frozen=True)
class TestRow:
    """A kind of test: its `parts` are items, by their words, or areas where every learner has other items."""

    __test__ = False  # the name is the field's; pytest would collect it

    mode: str
    parts: tuple[str, ...]
    form: Form
    by_area: bool


def test_rows(connection: Connection, content: Content, selection: Selection) -> list[TestRow]:
    """Both checkpoints and the mock test, from each learner's first whole one."""
    bank = content.bank
    rows = [_checkpoint(connection, bank, selection, mode) for mode in CHECKPOINTS]
    return [*rows, _mock(connection, bank, selection)]


test_rows.__test__ = False  # type: ignore[attr-defined]


def _checkpoint(connection: Connection, bank: Bank, selection: Selection, mode: str) -> TestRow:
    names = [name for name in bank.forms[mode] if name in bank.items]
    taken = statistics.takings(connection, selection, mode, len(names))
    marks = [[taking.marks[name] for name in names] for taking in taken if all(name in taking.marks for name in names)]
    form = form_of(_matrix(marks, len(names)), [guess_score(bank.items[name]) for name in names])
    return TestRow(mode, tuple(without_numbers(bank.items[name].ask) for name in names), form, by_area=False)


def _mock(connection: Connection, bank: Bank, selection: Selection) -> TestRow:
    """Every learner has other items, drawn evenly over the areas: so an area is a part, its mark the mean over the items drawn from it."""
    areas = [key for key in bank.file.areas if any(bank.area_of[item.topic] == key for item in bank.for_practice)]
    marks = []
    for taking in statistics.takings(connection, selection, Mode.MOCK.value, MOCK_ITEMS):
        by_area: dict[str, list[int]] = defaultdict(list)
        for name, mark in taking.marks.items():
            if name in bank.items:
                by_area[bank.area_of[bank.items[name].topic]].append(mark)
        if all(area in by_area for area in areas):
            marks.append([sum(by_area[area]) / len(by_area[area]) for area in areas])
    return TestRow(Mode.MOCK.value, tuple(bank.file.areas[area].title for area in areas), form_of(_matrix(marks, len(areas))), by_area=True)


def _matrix(rows: Sequence[Sequence[float]], columns: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array(rows, dtype=np.float64).reshape(len(rows), columns)
