"""What a tutor is told about the make-up of the bank."""

from __future__ import annotations

from datetime import date

from bot.content.questions import Choice, Item, Single, TrueFalse
from bot.quiz.statistics import Share, statistics

WHY = "Because it is so in this test."


def single(name: str, topic: str, *texts: str, key: int) -> Single:
    """A single item whose right choice stands at place `key`, from 1."""
    choices = tuple(Choice(text=text, right=place == key, why=WHY) for place, text in enumerate(texts, 1))
    return Single(**common(name, topic), kind="single", choices=choices)


def verdict(name: str, true: bool) -> TrueFalse:
    return TrueFalse(**common(name, "talk"), kind="true-false", true=true, why_wrong=WHY)


def common(name: str, topic: str) -> dict[str, object]:
    return {
        "id": name,
        "topic": topic,
        "tests": ("row-a",),
        "source": "notes",
        "difficulty": 2,
        "ask": "What is asked in this test?",
        "hints": (WHY, f"{WHY} Really."),
        "explain": WHY,
        "checked_on": date(2026, 11, 22),
    }


BANK: tuple[Item, ...] = (
    single("one", "law", "short", "rather longer", "tiny", key=2),
    single("two", "law", "as long", "as this", "and it", key=1),
    single("three", "talk", "short", "a longer one", "tiny", key=3),
    verdict("four", True),
    verdict("five", False),
    verdict("six", True),
)


def test_a_bank_is_counted() -> None:
    counted = statistics(BANK, {"first": ("row-a", "row-b"), "second": ("row-c",)})
    assert counted.items == 6
    assert counted.by_topic == {"law": 2, "talk": 4}
    assert counted.by_kind == {"single": 3, "true-false": 3}
    assert counted.by_difficulty == {2: 6}
    assert counted.tested == {"first": Share(1, 2), "second": Share(0, 1)}
    assert counted.untested == ("row-b", "row-c")
    assert counted.key_positions == {1: 1, 2: 1, 3: 1}
    assert counted.true == Share(2, 3)


def test_the_longest_choice_counts_only_when_it_is_strictly_longest() -> None:
    counted = statistics(BANK, {})
    assert counted.longest_is_right == Share(1, 3)
    assert counted.longest_is_right_by_topic == {"law": Share(1, 2), "talk": Share(0, 1)}


def test_an_empty_bank_has_no_shares() -> None:
    counted = statistics((), {"first": ("row-a",)})
    assert counted.true.percent == counted.longest_is_right.percent == 0
    assert counted.untested == ("row-a",)
