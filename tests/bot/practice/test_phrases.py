"""Set phrases in a line: quick to find, whatever the endings, and sums for what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.practice.phrases import before, clauses, holds, place, places, stems

WORDS = st.sampled_from(["refund", "refunds", "refnud", "money", "back", "replace", "replacement", "the", "your", "complaint", "complant"])


def alike(stem: str, other: str) -> bool:
    """The rule in its plain form: equal, or for six letters or more a slip apart."""
    if stem == other:
        return True
    slips = 2 if len(stem) > 8 else 1
    return len(stem) >= 6 and stem[0] == other[0] and abs(len(stem) - len(other)) <= 2 and OSA.distance(stem, other) <= slips


def found_plainly(cue: tuple[str, ...], said: tuple[str, ...]) -> list[int]:
    """Where the cue stands, each of its stems at the first fit of the three after the one before."""
    found = []
    for start in range(len(said)):
        at: int | None = start if alike(cue[0], said[start]) else None
        for stem in cue[1:]:
            at = None if at is None else next((i for i in range(at + 1, min(at + 4, len(said))) if alike(stem, said[i])), None)
        found += [start] if at is not None else []
    return found


@given(st.lists(WORDS, min_size=1, max_size=3), st.lists(WORDS, max_size=12))
def test_the_quick_way_finds_what_the_plain_rule_finds(cue: list[str], said: list[str]) -> None:
    assert list(places(" ".join(cue), stems(" ".join(said)))) == found_plainly(stems(" ".join(cue)), stems(" ".join(said)))


@pytest.mark.parametrize(
    ("cue", "text", "found"),
    [
        ("£50", "I can give you £50.", True),
        ("£50", "I can give you £50.00.", True),
        ("£50", "That makes 50 pounds.", True),
        ("£50", "That makes 50 quid.", True),
        ("£50", "I can give you £38.50.", False),
        ("£50", "It takes 50 days.", False),
        ("£50", "I can give you £150.", False),
        ("£1000", "It cost £1,000 then.", True),
        ("£38", "It was £38.50.", False),
        ("38.50", "It was £38.50.", True),
        ("20:52", "It went at 20:52.", True),
        ("24b", "Starts 24B, I think.", True),
        ("20%", "I can give 20% off.", True),
    ],
)
def test_a_sum_is_that_sum_only(cue: str, text: str, found: bool) -> None:
    assert holds(stems(text), (cue,)) == found


def test_a_sum_is_not_cut_at_its_point() -> None:
    assert clauses("It was £38.50, at 12:16. So there.") == ["it was £38.50", "at 12:16", "so there"]


def test_what_stands_before_a_turn_of_the_sentence_does_not_reach_beyond_it() -> None:
    said = stems("it did not work and I will refund you")
    at = place("refund", said)
    assert at is not None
    assert list(before(said, at, 9)) == ["i", "will"]
