"""Exports hold what a viewer may see, with marks as they stand, and need no more memory for more rows."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine

from bot.exporting import FORMATS, in_format
from bot.exporting.kinds import KINDS
from bot.exporting.rows import AttemptRow
from bot.quiz.bank import Bank
from bot.records.access import Viewer
from bot.records.accounts import Tutor, add_tutor
from bot.records.exporting import attempt_rows, conversation_rows, message_rows, practice_rows
from bot.records.marking import Criterion, Ruling, change_answer, change_criterion
from bot.records.selection import selected
from bot.records.tables import metadata
from bot.settings import Settings
from tests.records.exported import ANSWERS, EVIL, NOW, crowd, fill

EVER = 1e12
CROWD = 20_000  # conversations
LEAD = Viewer(0, lead=True)
RULING = Ruling("Lena", "It says the same.", NOW.timestamp())


@pytest.fixture(scope="module")
def bank(settings: Settings) -> Bank:
    return Bank.load(settings.knowledge)


@pytest.fixture
def tom(engine: Engine) -> Tutor:
    with engine.begin() as connection:
        return add_tutor(connection, "Tom", "teal kettle orbit parade", "tutor", 0.0)


@pytest.fixture
def numbers(engine: Engine, tom: Tutor, bank: Bank) -> dict[str, int]:
    return fill(engine, tom, {kind: (next(item.id for item in bank.items.values() if item.kind == kind), "1") for kind in ANSWERS})


def test_a_tutor_exports_their_own_learners_only(engine: Engine, tom: Tutor, numbers: dict[str, int]) -> None:
    own, everybody = Viewer(tom.id, lead=False), selected(LEAD, None, 0, EVER)
    mine = selected(own, None, 0, EVER)
    assert [row.conversation for row in conversation_rows(engine, LEAD, everybody)] == ["ann", "bob"]
    (seen,) = conversation_rows(engine, own, mine)
    assert (seen.conversation, seen.learner, seen.names, seen.groups) == ("ann", numbers["ann"], "Ann, “A”", "=Tuesday")
    assert (seen.answers, seen.right, seen.practices, seen.last_band) == (8, 7, 1, "pass")
    assert {row.conversation for row in message_rows(engine, own, mine)} == {"ann"}
    assert {row.learner for row in attempt_rows(engine, own, mine)} == {row.learner for row in practice_rows(engine, own, mine)}


def test_messages_come_with_what_was_made_of_them_and_within_the_days_asked_for(engine: Engine, numbers: dict[str, int]) -> None:
    whole = list(message_rows(engine, LEAD, selected(LEAD, None, 0, EVER)))
    heard, told = whole[:2]
    assert (heard.who, heard.text, heard.intent, heard.confidence, heard.reply) == ("learner", EVIL, "ask", 0.8123456, "answer")
    assert (heard.answer, told.who, told.kind) == ("csat.what", "tutor", "answer")
    since = NOW.replace(day=24).timestamp()
    assert {row.conversation for row in message_rows(engine, LEAD, selected(LEAD, None, since, EVER))} == {"bob"}
    assert not list(conversation_rows(engine, LEAD, selected(LEAD, None, since + 9e6, EVER)))


def test_marks_are_those_that_tutors_left(engine: Engine, numbers: dict[str, int]) -> None:
    everything = selected(LEAD, None, 0, EVER)
    wrong = next(row for row in attempt_rows(engine, LEAD, everything) if row.verdict == "wrong")
    (played,) = practice_rows(engine, LEAD, everything)
    assert (wrong.appeal, wrong.score, wrong.changes, played.criteria["listen"], played.turns) == ("waiting", 0.0, 0, True, 2)
    change_answer(engine, wrong.attempt, "wrong", "right", RULING)
    change_criterion(engine, Criterion(played.practice, "listen", 0), False, RULING, lambda _: "fail")
    after = next(row for row in attempt_rows(engine, LEAD, everything) if row.attempt == wrong.attempt)
    assert (after.verdict, after.score, after.changes, after.marked_before) == ("right", 1.0, 1, "wrong")
    (played,) = practice_rows(engine, LEAD, everything)
    assert (played.criteria["listen"], played.band, played.changes) == (False, "fail", 1)


def test_no_cell_is_a_formula_and_every_format_holds_the_same(engine: Engine, numbers: dict[str, int]) -> None:
    for kind in KINDS.values():
        rows = list(kind.read(engine, LEAD, selected(LEAD, None, 0, EVER)))
        text = {name: "".join(in_format(name, kind.row, rows)) for name in FORMATS}
        cells = list(csv.DictReader(io.StringIO(text["csv"].removeprefix("\ufeff"), newline="")))
        lines = [json.loads(line) for line in text["jsonl"].splitlines()]
        assert lines == json.loads(text["json"])
        assert [row.keys() for row in cells] == [line.keys() for line in lines]
        assert cells
        assert not [cell for row in cells for cell in row.values() if cell.strip()[:1] in tuple("=+-@") or cell[:1] in tuple("\t\r")]


def test_an_export_holds_no_transaction_between_batches(engine: Engine, numbers: dict[str, int]) -> None:
    """A learner's turn can be written while somebody reads an export slowly."""
    rows: Iterator[AttemptRow] = attempt_rows(engine, LEAD, selected(LEAD, None, 0, EVER))
    first = next(rows)
    assert engine.pool.checkedout() == 0
    change_answer(engine, first.attempt, "right", "wrong", RULING)
    assert len(list(rows)) == 7


@pytest.fixture(scope="module")
def heavy(migrated: Engine) -> Iterator[Engine]:
    crowd(migrated, CROWD)
    yield migrated
    with migrated.begin() as connection:
        for table in metadata.tables.values():
            connection.execute(table.delete())


@pytest.mark.parametrize("kind", ["conversations", "messages", "attempts"])
def test_memory_stays_flat_over_twenty_thousand_conversations(kind: str, heavy: Engine) -> None:
    chosen = KINDS[kind]
    pieces = in_format("csv", chosen.row, chosen.read(heavy, LEAD, selected(LEAD, None, 0, EVER)))
    next(pieces)
    tracemalloc.start()
    rows = 0
    for piece in pieces:
        rows += piece.count("\r\n")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == CROWD * (2 if kind == "messages" else 1)
    assert most < 30_000_000
