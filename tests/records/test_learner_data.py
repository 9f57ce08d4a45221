"""Everything of a learner can be written out and erased: counted, and looked for in the database's own files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.privacy.page import page
from bot.records import trail
from bot.records.erasure import GONE, erase, remains, sweep, vacuum
from bot.records.learner_data import LearnerData, everything
from bot.records.people import find_person, person_of
from bot.records.tables import deliveries, events, learners, metadata

NOW = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
AT = NOW.timestamp()
MARKER = "zebrafinch"
OF_NOBODY = {"tutors", "failed_sign_ins", "groups", "group_tutors", "set_work", "desk_readers", "advisory_criteria", "audit"}


@pytest.fixture
def engine(own_engine: Engine) -> Engine:
    with own_engine.begin() as connection:
        college(connection)
    return own_engine


def college(connection: Connection) -> None:
    put(connection, "tutors", id=1, name="Tom", password="x", role="tutor", session=0, created_at=AT)
    put(connection, "groups", id=1, name="Group A", code="K7QM2F", created_at=AT)


def put(connection: Connection, table: str, **values: Any) -> int:
    made = connection.execute(sa.insert(metadata.tables[table]).values(**values))
    return int(made.inserted_primary_key[0]) if isinstance(made.inserted_primary_key[0], int) else 0


def learner(connection: Connection, name: str, senders: tuple[str, ...] = (), word: str = MARKER) -> int:
    """A learner with a row in every table that can have one of theirs, the word in every text of theirs."""
    number = put(connection, "learners", created_at=AT)
    for sender in senders or (name,):
        put(connection, "identities", sender_id=sender, learner_id=number)
        conversation(connection, sender, word)
    put(connection, "memberships", group_id=1, learner_id=number, name=f"{word} Brown", joined_at=AT)
    attempt = put(
        connection,
        "attempts",
        learner_id=number,
        session="s1",
        mode="quiz",
        place=0,
        number=1,
        item="nps",
        topic="nps",
        kind="short",
        verdict="wrong",
        outcome="wrong",
        hints=0,
        said=f"{word} answer",
        chosen="",
        seconds=3.0,
        at=AT,
        sender_id=name,
    )
    put(
        connection,
        "cards",
        learner_id=number,
        item="nps",
        stability=1.0,
        difficulty=5.0,
        due=AT,
        last_review=AT,
        reps=1,
        lapses=1,
        last="wrong",
    )
    put(connection, "appeals", attempt_id=attempt, words=f"{word} appeal", at=AT, status="waiting")
    practice = put(
        connection,
        "practices",
        learner_id=number,
        run="r1",
        scenario="late",
        difficulty=2,
        seed=1,
        hidden=False,
        opening="Hello?",
        mood="angry",
        anger=60,
        trust=30,
        started_at=AT,
        ended_at=AT,
        ending="satisfied",
        band="pass",
        sender_id=name,
    )
    put(
        connection,
        "practice_turns",
        practice_id=practice,
        turn=1,
        said=f"{word} line",
        moves="[]",
        reply="Hm.",
        mood="calm",
        anger=1,
        trust=1,
        at=AT,
    )
    put(connection, "practice_notes", practice_id=practice, kind="form", values=json.dumps({"text": f"{word} note"}), at=AT)
    put(connection, "practice_marks", practice_id=practice, criterion="thank", mark=True, assessed=False, version=1)
    put(connection, "second_marks", practice_id=practice, criterion="thank", tutor_id=1, mark=True, at=AT)
    put(
        connection,
        "mark_changes",
        kind="criterion",
        practice_id=practice,
        criterion="thank",
        old="no",
        new="yes",
        reason=f"{word} reason",
        by="Tom",
        at=AT,
    )
    put(connection, "mark_changes", kind="item", attempt_id=attempt, old="wrong", new="right", reason=f"{word} reason", by="Tom", at=AT)
    return number


def conversation(connection: Connection, sender: str, word: str = MARKER) -> None:
    user = json.dumps({"event": "user", "text": f"{word} question", "parse_data": {"text": f"{word} question"}})
    event = put(connection, "events", sender_id=sender, type_name="user", timestamp=AT, intent_name="ask", data=user)
    bot = json.dumps({"event": "bot", "text": f"You said {word} question"})
    last = put(connection, "events", sender_id=sender, type_name="bot", timestamp=AT, data=bot)
    put(
        connection,
        "conversations",
        sender_id=sender,
        last_event_id=last,
        slots=json.dumps({"conversation": {"question": f"{word} question"}}),
    )
    put(
        connection,
        "deliveries",
        channel="web",
        message_id=f"m-{sender}",
        sender_id=sender,
        said=f"{word} question",
        status="answered",
        received_at=AT,
        claimed_until=AT,
        answered_at=AT,
        replies=json.dumps([{"text": f"You said {word} question"}]),
    )
    put(connection, "resume_codes", digest=hashlib.sha256(sender.encode()).hexdigest(), sender_id=sender, expires_at=AT)
    put(connection, "addresses", sender_id=sender, channel="web", address=f"{word} address", heard_at=AT)
    put(connection, "reminders", sender_id=sender, is_on=True, changed_at=AT)
    put(
        connection,
        "sendings",
        channel="web",
        message_id=f"m-{sender}",
        sender_id=sender,
        parts=1,
        tries=0,
        claim=1,
        claimed_until=AT,
        taken_at=AT,
    )
    put(connection, "messages", event_id=event, sender_id=sender, at=AT, text=f"{word} question", intent="ask", confidence=0.9)
    put(connection, "message_vectors", event_id=event, vector=f"{word} vector".encode())
    put(
        connection,
        "triage",
        sender_id=sender,
        channel="web",
        last_event_id=last,
        first_at=AT,
        last_at=AT,
        turns=1,
        preview=f"{word} question",
        need=1,
        reasons=json.dumps([{"words": f"{word} question"}]),
        status="new",
        version=0,
    )
    put(connection, "comments", sender_id=sender, event_id=event, text=f"{word} comment", by="Tom", at=AT)
    put(connection, "tags", sender_id=sender, event_id=event, tag=f"{word} tag", by="Tom", at=AT)
    for applied in (None, AT):
        put(
            connection,
            "improvements",
            kind="intent",
            event_id=event,
            sender_id=sender,
            text=f"{word} example",
            target="ask",
            by="Tom",
            at=AT,
            applied_at=applied,
        )


def dumped(engine: Engine) -> str:
    """Every row of every table."""
    with engine.connect() as connection:
        return repr([tuple(row) for table in metadata.sorted_tables for row in connection.execute(sa.select(table))])


def test_every_table_is_either_of_learners_or_named_here(engine: Engine) -> None:
    """A new table has to be erased and written out, or be said to hold nothing of learners."""
    with engine.begin() as connection:
        learner(connection, "ann")
        counted = set(remains(connection, person_of(connection, "ann")))
        assert counted == set(metadata.tables) - OF_NOBODY
        assert all(remains(connection, person_of(connection, "ann")).values()), "the test has a row in each"


def test_all_is_gone_and_counted_and_others_are_untouched(engine: Engine) -> None:
    with engine.begin() as connection:
        learner(connection, "bob", word="kestrel")
        number = learner(connection, "ann", ("ann", "ann on her phone"))
        learner(connection, "cid", word="kestrel")
    before = dumped(engine).count("kestrel")
    with engine.begin() as connection:
        person = person_of(connection, "ann")
        assert (person.learner, person.senders) == (number, ("ann", "ann on her phone"))
        there = remains(connection, person)
        done = erase(connection, person, "Lena", AT)
        assert dict(done.counts) == there, "what was there was counted"
        assert done.applied == 2
        assert not any(remains(connection, person).values())
    assert MARKER not in dumped(engine)
    assert dumped(engine).count("kestrel") == before
    with engine.connect() as connection:
        (entry,) = trail.entries(connection)
        assert (entry.by, entry.what, entry.subject) == ("Lena", "erased a learner", f"learner {number}")
        assert trail.first_altered(connection) is None


def test_a_conversation_of_which_nothing_else_is_recorded_is_erased_too(engine: Engine) -> None:
    with engine.begin() as connection:
        conversation(connection, "passer-by")
        done = erase(connection, person_of(connection, "passer-by"), "the learner", AT)
        assert done.counts["events"] == 2
    assert MARKER not in dumped(engine)


def files_of(engine: Engine) -> Iterator[bytes]:
    """The database's file, its log and whatever else lies beside it."""
    folder = Path(str(engine.url.database)).parent
    yield from (path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_the_word_is_nowhere_in_the_files(engine: Engine) -> None:
    """In the middle of thousands of others, with deleted words in the full-text index, the log and free pages."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's files are its administrator's; rows are looked at in the other tests")
    for number in range(60):
        with engine.begin() as connection:
            learner(connection, f"someone {number}", word=f"kestrel{number}")
            if number == 30:
                learner(connection, "ann", ("ann", "ann on her phone"))
    assert any(MARKER.encode() in content for content in files_of(engine)), "it can be found while it is there"
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM message_words WHERE message_words MATCH :word"), {"word": MARKER}).scalar()
        erase(connection, person_of(connection, "ann"), "Lena", AT)
    assert sweep(engine)
    assert not any(MARKER.encode() in content.lower() for content in files_of(engine))
    assert any(b"kestrel59" in content for content in files_of(engine))
    with engine.connect() as connection:
        connection.execute(sa.text("INSERT INTO message_words(message_words) VALUES ('integrity-check')"))


def test_postgresql_sweeps_its_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        learner(connection, "ann")
        erase(connection, person_of(connection, "ann"), "Lena", AT)
    vacuum(engine)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            swept = sa.text("SELECT last_vacuum IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'events'")
            assert connection.execute(swept).scalar() in (True, False)


def test_numbers_are_not_given_again(engine: Engine) -> None:
    """A page that is open, or a reader that remembers how far it has come, must not take a new row for an old one."""
    for _ in range(2):
        with engine.begin() as connection:
            conversation(connection, "bob", "kestrel")
            number = learner(connection, "ann")
            newest = {
                table.name: connection.execute(sa.select(sa.func.max(table.c.id))).scalar_one() for table in (events, deliveries, learners)
            }
            erase(connection, person_of(connection, "ann"), "Lena", AT)
            erase(connection, person_of(connection, "bob"), "Lena", AT)
        with engine.begin() as connection:
            assert learner(connection, "cid", word="kestrel") > number
            for table in (events, deliveries, learners):
                assert connection.execute(sa.select(sa.func.min(table.c.id)).where(_real(table))).scalar_one() > newest[table.name]
            erase(connection, person_of(connection, "cid"), "Lena", AT)
            left = {
                table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in (events, deliveries, learners)
            }
            assert all(count <= 1 for count in left.values()), "at most one empty row holds the place"


def _real(table: sa.Table) -> Any:
    return table.c.created_at > 0 if table is learners else ~table.c.sender_id.like(f"{GONE}%")


def test_people_are_found_by_number_and_by_conversation(engine: Engine) -> None:
    with engine.begin() as connection:
        number = learner(connection, "ann")
        conversation(connection, "passer-by")
        assert find_person(connection, str(number)) == find_person(connection, f"learner {number}") == find_person(connection, "ann")
        assert find_person(connection, "passer-by") is not None
        for nobody in ("99", "nobody", "", "learner", "1; DROP TABLE learners", "' OR 1=1 --"):
            assert find_person(connection, nobody) is None
        erase(connection, person_of(connection, "ann"), "Lena", AT)
        assert find_person(connection, str(number)) is None


def test_everything_is_written_out(engine: Engine) -> None:
    with engine.begin() as connection:
        number = learner(connection, "ann", ("ann", "ann on her phone"))
        learner(connection, "bob", word="kestrel")
        person = person_of(connection, "ann")
        data = everything(connection, person, NOW)
        there = remains(connection, person)
    text = json.dumps(data)
    assert "kestrel" not in text
    assert (data["format"], data["version"], data["learner"], data["made_at"]) == (
        "aftercare-learner-data",
        1,
        number,
        "2026-11-30T12:00:00+00:00",
    )
    assert set(data["tables"]) == set(there) - {"message_vectors"}, "vectors are made from the messages"
    for name, rows in data["tables"].items():
        assert len(rows) == (there[name] + 2 if name == "improvements" else there[name])
    assert data["tables"]["events"][0]["data"]["text"] == f"{MARKER} question", "JSON is written as JSON"
    assert data["tables"]["attempts"][0]["at"] == "2026-11-30T12:00:00.000+00:00"
    assert data["tables"]["memberships"][0]["group"] == "Group A"
    own = LearnerData(engine).everything("ann on her phone", NOW)
    assert set(data["tables"]) - set(own["tables"]) == {"comments", "tags", "triage", "improvements", "second_marks"}


def test_the_readable_page_holds_it_all_and_nothing_runs_in_it(engine: Engine) -> None:
    script = "<script>alert(1)</script>"
    with engine.begin() as connection:
        learner(connection, "ann", word=script)
        data = everything(connection, person_of(connection, "ann"), NOW)
    shown = page(data, "/data/x/json")
    assert "<script" not in shown
    for what in ("question", "answer", "appeal", "line", "note", "reason", "comment", "tag", "Brown"):
        assert f"&lt;script&gt;alert(1)&lt;/script&gt; {what}" in shown or "\\u003cscript" in shown, what
    assert page(everything_of(engine, "nobody at all"))


def everything_of(engine: Engine, sender: str) -> dict[str, Any]:
    return LearnerData(engine).everything(sender, NOW)


def test_a_row_that_was_half_written_is_written_out_as_it_is(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, "events", sender_id="ann", type_name="user", timestamp=None, data='{"event": "user", "te')
        put(connection, "events", sender_id="ann", type_name="martian", timestamp=AT, data=None)
    data = everything_of(engine, "ann")
    assert data["tables"]["events"][0]["data"] == '{"event": "user", "te'
    assert page(data)


def test_what_is_held_is_counted(engine: Engine) -> None:
    with engine.begin() as connection:
        learner(connection, "ann", ("ann", "ann on her phone"))
    held = LearnerData(engine).held("ann")
    assert held.counts == {"conversations": 2, "messages": 2, "answers": 1, "practices": 1, "notes": 1, "appeals": 1, "groups": 1}
    assert held.since == NOW
    nobody = LearnerData(engine).held("nobody")
    assert nobody.since is None and not any(nobody.counts.values())
