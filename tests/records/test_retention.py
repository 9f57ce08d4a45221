"""What has been kept for long enough goes, in order: words before results; what is recent stays; a second run finds nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records import retention
from bot.records.desk_tables import audit, failed_sign_ins, messages
from bot.records.research import pseudonym, research
from bot.records.retention import Periods, results_cut, retain
from bot.records.tables import attempts, events, learners, metadata
from bot.transcripts import event_of, transcript_of
from tests.records import test_learner_data
from tests.records.test_learner_data import college, dumped, learner, put

NOW = datetime(2027, 10, 15, 12, tzinfo=timezone.utc)
PERIODS = Periods(deliveries=90, words=365, results=1, trail=1095)


@pytest.fixture
def engine(own_engine: Engine) -> Engine:
    with own_engine.begin() as connection:
        college(connection)
    return own_engine


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Any:
    """Makes a learner of whom everything was written so many days ago."""

    def made(name: str, days: int, word: str) -> int:
        monkeypatch.setattr(test_learner_data, "AT", (NOW - timedelta(days=days)).timestamp())
        with engine.begin() as connection:
            return learner(connection, name, word=word)

    return made


def rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        counted = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables
        }
    return {name: count for name, count in counted.items() if count}


@pytest.mark.parametrize(
    ("now", "years", "cut"),
    [("2026-11-30", 1, "2025-09-01"), ("2027-08-31", 1, "2025-09-01"), ("2027-09-01", 1, "2026-09-01"), ("2027-01-01", 0, "2026-09-01")],
)
def test_academic_years(now: str, years: int, cut: str) -> None:
    assert results_cut(years, datetime.fromisoformat(f"{now}T00:00:00+00:00")) == datetime.fromisoformat(f"{cut}T00:00:00+00:00")


def test_words_go_first_then_results_and_what_is_recent_stays(engine: Engine, at: Any) -> None:
    at("new", 5, "kestrel")
    at("some months", 200, "wagtail")
    at("last year", 380, "zebrafinch")
    at("long ago", 800, "linnet")
    before = dumped(engine).count("kestrel")
    counted = retain(engine, PERIODS, NOW, dry_run=True)
    assert dumped(engine).count("kestrel") == before and "linnet" in dumped(engine), "a dry run changes nothing"
    done = retain(engine, PERIODS, NOW)
    assert done["deliveries"] == counted["deliveries"] == 6
    assert done["words in answers"] == counted["words in answers"] == 2
    assert done["quiz answers"] == counted["quiz answers"] == 1
    left = dumped(engine)
    assert left.count("kestrel") == before
    assert "wagtail line" in left and "wagtail question" in left, "words of this year stay"
    assert "linnet" not in left
    for words in ("question", "answer", "appeal", "line", "note", "comment", "example"):
        assert f"zebrafinch {words}" not in left
    with engine.connect() as connection:
        verdicts = connection.execute(sa.select(attempts.c.verdict, attempts.c.said).order_by(attempts.c.id)).all()
        assert [tuple(row) for row in verdicts] == [("wrong", "kestrel answer"), ("wrong", "wagtail answer"), ("wrong", "")]
        assert connection.execute(sa.select(messages.c.intent).where(messages.c.text == "")).all() != []
        kept = connection.execute(sa.select(events).where(events.c.sender_id == "last year").order_by(events.c.id)).all()
    made = transcript_of("last year", map(event_of, kept))
    assert len(made.messages) == 2, "that there was a message and a reply is still known"
    assert not any(retain(engine, PERIODS, NOW).values()), "a second run finds nothing more"


def test_it_works_in_batches_and_goes_on_where_it_was_broken_off(engine: Engine, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        at(f"someone {number}", 800, "linnet")
    monkeypatch.setattr(retention, "BATCH", 2)
    done = retain(engine, PERIODS, NOW)
    assert done["quiz answers"] == 7 and done["practices"] >= 7
    assert "linnet" not in dumped(engine)


def test_learners_of_whom_nothing_is_left_go_too(engine: Engine, at: Any) -> None:
    at("long ago", 800, "linnet")
    at("new", 5, "kestrel")
    done = retain(engine, PERIODS, NOW)
    assert done["learners of whom nothing was left"] == 1
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(learners)).scalar() == 1
    assert "long ago" not in dumped(engine)


def test_the_trail_and_failed_sign_ins_have_their_own_periods(engine: Engine) -> None:
    with engine.begin() as connection:
        for days in (10, 40, 1000, 1200):
            moment = (NOW - timedelta(days=days)).timestamp()
            put(connection, "audit", at=moment, by="Tom", what="looked", subject="ann", detail="", digest="x")
            put(connection, "failed_sign_ins", account="a", address="b", at=moment)
    retain(engine, PERIODS, NOW)
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(audit)).scalar() == 3
        assert connection.execute(sa.select(sa.func.count()).select_from(failed_sign_ins)).scalar() == 1


def test_research_gets_pseudonyms_and_no_names(engine: Engine, at: Any) -> None:
    number = at("ann", 5, "Tina")
    with engine.begin() as connection:
        words = "I'm tina brown, mail jo@gmail.com; my name is Kim. What did Tom say?"
        said = json.dumps({"event": "user", "text": words, "parse_data": {}})
        put(connection, "events", sender_id="ann", type_name="user", timestamp=NOW.timestamp(), intent_name="ask", data=said)
        put(connection, "events", sender_id="ann", type_name="user", timestamp=NOW.timestamp(), intent_name="ask", data='{"half')
    lines = [json.loads(line) for line in research(engine, "secret")]
    text = json.dumps(lines)
    for name in ("Tina", "tina", "Brown", "Kim", "Tom", "jo@gmail.com", '"ann"', "sender"):
        assert name not in text
    assert {line["learner"] for line in lines} == {pseudonym("secret", f"learner {number}")}
    assert {line["type"] for line in lines} == {"message", "answer", "practice"}
    assert any(line.get("text") == "I'm [name], mail [email]; my name is [name]. What did [name] say?" for line in lines)
    assert pseudonym("secret", "learner 1") != pseudonym("another", "learner 1")
