"""The words themselves: enough of them, in role, and the published page as the tables are."""

from __future__ import annotations

import itertools
import re

import pytest

from bot.content.scenarios import MOODS, MOVES, SITUATIONS, TEMPERAMENTS, all_said, said_at
from bot.practice import State
from bot.practice.speech import Speech
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


@pytest.mark.parametrize("channel", ["chat", "social", "email"])
def test_nobody_hears_a_voice_or_stands_at_a_counter_where_people_write(channel: str) -> None:
    of_voices = {*all_said(SHARED.spoken), *all_said(SHARED.face_to_face)}
    assert "You've gone very quiet." in of_voices
    for situation, mood in itertools.product(SITUATIONS, MOODS):
        assert not of_voices.intersection(SHARED.at(situation, mood, channel))


def test_on_the_phone_there_is_a_voice_and_no_counter() -> None:
    on_the_phone = {line for situation, mood in itertools.product(SITUATIONS, MOODS) for line in SHARED.at(situation, mood, "phone")}
    assert set(all_said(SHARED.spoken)) <= on_the_phone
    assert not on_the_phone.intersection(all_said(SHARED.face_to_face))


@pytest.mark.parametrize(
    ("line", "filled"),
    [
        ("All right. {remedy} is better than nothing.", "All right. A full refund is better than nothing."),
        ("“Well!” {remedy}, then.", "“Well!” A full refund, then."),
        ("I'll take {remedy}. {remedy}!", "I'll take a full refund. A full refund!"),
        ("{remedy} it is.", "A full refund it is."),
        ("Well… {remedy} will do.", "Well… a full refund will do."),
    ],
)
def test_a_phrase_that_begins_a_sentence_has_a_capital(line: str, filled: str) -> None:
    speech = Speech(SHARED, practice().scenarios["faulty-baby-monitor"], State(), "calm", {"remedy": "a full refund"})
    assert speech.say_one([line])
    assert speech.pieces == [filled]


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
