"""The words themselves: enough of them, in role, and the published page as the tables are."""

from __future__ import annotations

import re

import pytest

from bot.content.scenarios import MOODS, MOVES, SITUATIONS, TEMPERAMENTS, said_at
from bot.settings import ROOT
from tests.bot.practice.opened import practice, scenarios

SHARED = practice().tables.lines
COACHING = re.compile(
    r"\b(LATER|LAST model|[Ee]mpathi[sz]e|acknowledge my|[Aa]ctive listening|good agent|criteria|[Rr]ole[- ]?play|scenario|"
    r"[Aa]s an AI|language model|[Yy]ou should (say|apologi[sz]e|thank)|[Tt]ry saying)\b"
)
PERSONAL = re.compile(r"\b(0\d{9,10}|[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}|\d{4} ?\d{4} ?\d{4} ?\d{4}|\S+@\S+)\b")


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("mood", MOODS)
def test_every_situation_has_shared_words_in_every_mood(situation: str, mood: str) -> None:
    assert said_at(SHARED.lines, situation, mood)


def test_no_shared_line_stands_twice() -> None:
    lines = list(SHARED.all())
    assert sorted({line for line in lines if lines.count(line) > 1}) == []


def test_customers_do_not_coach_and_give_no_personal_data() -> None:
    said = [*SHARED.all(), *(line for scenario in scenarios() for line in (*scenario.opening, *scenario.lines()))]
    assert [line for line in said if COACHING.search(line)] == []
    assert [line for line in said if PERSONAL.search(line)] == []


def test_every_temperament_sounds_different() -> None:
    assert all(len(SHARED.tempers[temper]) >= 5 for temper in TEMPERAMENTS)  # type: ignore[index]


def test_every_line_can_be_filled() -> None:
    values = dict.fromkeys(("product", "problem", "want", "org", "blamed", "name", "remedy", "promise", "ignored", "leave"), "x")
    assert all("{" not in line.format(**values) for line in SHARED.all())


def test_the_published_page_has_the_numbers_of_the_tables() -> None:
    page, table = (ROOT / "docs" / "practice.md").read_text(encoding="utf-8"), practice().tables.moves
    rows = {cells[1].strip("` "): cells[-4:-1] for cells in (line.split("|") for line in page.splitlines() if line.startswith("| `"))}
    assert set(rows) == {*table.moves, *table.events}
    for name, by_mood in {**table.moves, **table.events}.items():
        read = [tuple(int(number) for number in cell.split("/")) for cell in rows[name]]
        assert read == [by_mood[mood] for mood in MOODS], name  # type: ignore[index]
    assert set(table.moves) == set(MOVES) - {"resolve"}
    for number in (table.walk_out, table.satisfied.anger, table.satisfied.trust, table.manager.anger, table.manager.trust, table.longest):
        assert re.search(rf"\b{number}\b", page)
