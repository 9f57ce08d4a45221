"""Lines are cut where one act ends and the next begins."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assess.clauses import MOST, clauses


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("I'm sorry. It was our mistake.", ["I'm sorry.", "It was our mistake."]),
        ("I'm sorry about that, but you did sign for it.", ["I'm sorry about that", "but you did sign for it."]),
        ("Sorry about that, I'll send a new one today.", ["Sorry about that", "I'll send a new one today."]),
        ("Oh no. That sounds awful!", ["Oh no.", "That sounds awful!"]),
        ("I'll refund it today - does that suit you?", ["I'll refund it today", "does that suit you?"]),
        ("The label was torn so it went to the wrong depot", ["The label was torn", "so it went to the wrong depot"]),
        ("", []),
        (" ...!", []),
    ],
)
def test_where_lines_are_cut(line: str, pieces: list[str]) -> None:
    assert [clause.text for clause in clauses(line)] == pieces


@given(st.text(max_size=400) | st.text("ab,. but so!?\n-", max_size=400))
def test_clauses_are_parts_of_the_line_in_order(line: str) -> None:
    found = clauses(line)
    assert len(found) <= MOST
    assert all(line[clause.start : clause.end] == clause.text for clause in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
