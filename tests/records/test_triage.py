"""What learners say comes into the tutors' inbox, stays right there, and is found."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine, Row

from bot.records import reader as readers
from bot.records.access import Viewer
from bot.records.desk_tables import group_tutors, groups, memberships, messages, practice_marks, tags, triage, tutors
from bot.records.engine import reading
from bot.records.inbox import Filters, Page, choices, conversation, inbox, waiting
from bot.records.reader import Reader, catch_up
from bot.records.search import parts_of, search
from bot.records.tables import appeals, attempts, conversations, deliveries, events, practices
from bot.records.transcripts import read
from bot.records.triage import Change, change, reassess, signs_in
from tests.records.told import DAY, START, Told

LEAD = Viewer(1, lead=True)
NOW = START + DAY
PLAYING = {"id": "r1", "phase": "playing", "state": {"scenario": "kettle", "turn": 2}}
QUIZ = {"id": "s1", "mode": "quiz", "items": ["one", "two"], "seed": 1, "started": START, "shown": START, "at": 1, "results": "r"}


def row(engine: Engine, sender: str = "somebody") -> Row | None:
    with reading(engine) as connection:
        return connection.execute(sa.select(triage).where(triage.c.sender_id == sender)).first()


def reasons(engine: Engine, sender: str = "somebody") -> list[str]:
    found = row(engine, sender)
    assert found
    return [sign.name for sign in signs_in(found.reasons)]


def page(engine: Engine, filters: Filters | None = None, viewer: Viewer = LEAD) -> Page:
    with reading(engine) as connection:
        return inbox(connection, viewer, filters or Filters())


def senders(engine: Engine, viewer: Viewer = LEAD, **filters: object) -> list[str]:
    return [one.sender for one in page(engine, Filters(**filters), viewer).rows]  # type: ignore[arg-type]


def changed(engine: Engine, wanted: Change, sender: str = "somebody", now: float = NOW) -> bool:
    with engine.begin() as connection:
        return change(connection, sender, wanted, now)


def insert(engine: Engine, table: sa.Table, *rows: dict[str, object]) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(table), list(rows))


def finished(engine: Engine, learner: int, band: str = "pass", sender: str = "somebody", **marks: bool | None) -> int:
    """A practice that ended, with marks."""
    known = {"learner_id": learner, "scenario": "kettle", "difficulty": 1, "seed": 1, "hidden": False, "opening": "Well?", "mood": "calm"}
    values = {
        **known,
        "run": f"r{band}",
        "anger": 1,
        "trust": 1,
        "started_at": START,
        "ended_at": START + 9,
        "sender_id": sender,
        "band": band,
    }
    with engine.begin() as connection:
        number = int(connection.execute(sa.insert(practices).values(**values)).inserted_primary_key[0])
        for criterion, mark in marks.items():
            given = {"practice_id": number, "criterion": criterion, "mark": mark, "assessed": mark, "version": 0}
            connection.execute(sa.insert(practice_marks).values(**given))
    return number


# Reading


def test_messages_are_read_with_their_replies_answers_and_labels(engine: Engine) -> None:
    talk = Told(engine).begins()
    talk.says("what is csat", confidence=0.7, slots={"conversation": {"answerable": "csat.what"}})
    talk.says("ask:csat.example", intent="press", confidence=1.0, label="Show me one")
    talk.says("the price of fish", "declined", intent="out_of_scope", confidence=0.4)
    assert not catch_up(engine, NOW, 10)
    with reading(engine) as connection:
        kept = connection.execute(sa.select(messages).order_by(messages.c.event_id)).all()
    assert [(one.text, one.intent, one.reply, one.answer) for one in kept] == [
        ("what is csat", "ask", "answer", "csat.what"),
        ("Show me one", "press", "answer", "csat.what"),
        ("the price of fish", "out_of_scope", "declined", None),
    ]
    stands = row(engine)
    assert stands
    assert (stands.turns, stands.preview, stands.confidence, stands.channel) == (3, "the price of fish", 0.4, "web")
    assert (stands.first_at, stands.last_at, stands.status, stands.need) == (START + 60, START + 180, "new", 0)


def test_reading_on_adds_only_what_is_new(engine: Engine) -> None:
    talk, reader = Told(engine).begins(), Reader(engine)
    talk.says("what is csat", slots={"conversation": {"answerable": "csat.what"}})
    reader.round(NOW)
    talk.says("and again")
    assert not reader.look(NOW)
    reader.look(NOW)
    stands = row(engine)
    assert stands
    assert (stands.turns, stands.preview) == (2, "and again")
    with reading(engine) as connection:
        assert connection.execute(sa.select(messages.c.answer).order_by(messages.c.event_id)).scalars().all() == ["csat.what"] * 2


def test_a_turn_that_was_half_written_is_made_whole(engine: Engine) -> None:
    talk, reader = Told(engine).begins(), Reader(engine)
    talk.writes("user", json.dumps({"text": "what is csat", "parse_data": {"intent": {"name": "ask", "confidence": 0.9}}}), START + 5)
    reader.round(NOW)
    talk.writes("bot", json.dumps({"text": "Well.", "metadata": {"kind": "distress"}}), START + 6)
    reader.look(NOW)
    assert reasons(engine) == ["safeguarding"]
    stands = row(engine)
    assert stands and stands.turns == 1


def test_rows_that_cannot_be_read_leave_the_rest_readable(engine: Engine) -> None:
    talk = Told(engine).begins()
    talk.says("one")
    talk.writes("user", '{"event": "user", "text": "hal')
    talk.writes("something_new", "{}")
    talk.writes("bot", None)
    talk.says("two")
    assert not catch_up(engine, NOW, 10)
    with reading(engine) as connection:
        assert read(connection, "somebody").skipped == 3
        assert connection.execute(sa.select(messages.c.text).order_by(messages.c.event_id)).scalars().all() == ["one", "two"]


def test_a_conversation_without_a_standing_is_read_too(engine: Engine) -> None:
    """As those are that another version of the server has left."""
    Told(engine).says("hello", "greet")
    with engine.begin() as connection:
        connection.execute(sa.delete(conversations))
    catch_up(engine, NOW, 10)
    assert senders(engine) == ["somebody"]


def test_numbers_that_become_visible_late_are_not_missed(engine: Engine) -> None:
    reader = Reader(engine)
    late = Told(engine, "late").says("first", "greet")
    for number in range(5):
        Told(engine, f"other{number}").says("hello")
    with engine.begin() as connection:
        kept = connection.execute(sa.select(events).where(events.c.sender_id == "late")).mappings().all()
        connection.execute(sa.delete(events).where(events.c.sender_id == "late"))
    reader.round(NOW)
    assert row(engine, "late") is None
    insert(engine, events, *map(dict, kept))
    reader.look(NOW)
    with reading(engine) as connection:
        assert connection.execute(sa.select(messages.c.event_id).where(messages.c.sender_id == "late")).scalars().all() == [late]


def test_what_came_in_far_behind_is_found_by_the_sweep(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "OVERLAP", 1)
    monkeypatch.setattr(readers, "_SWEPT", 2)
    reader = Reader(engine)
    for number in range(5):
        Told(engine, f"other{number}").says("hello")
    while reader.round(NOW):
        pass
    with engine.begin() as connection:
        connection.execute(sa.update(triage).where(triage.c.sender_id == "other1").values(last_event_id=0, preview=""))
    reader.look(NOW)
    assert (found := row(engine, "other1")) and found.preview == ""
    later = NOW + readers._REST_SECONDS
    while reader.round(later):
        pass
    assert (found := row(engine, "other1")) and found.preview == "hello"


def test_a_conversation_longer_than_one_go_is_read_whole(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_EVENTS", 7)
    for name, count in (("long", 9), ("short", 1), ("alone", 2)):
        talk = Told(engine, name).begins()
        for number in range(count):
            talk.says(f"message {number}")
    Told(engine, "only replies").writes("bot", json.dumps({"text": "Hello?"}))
    for _ in range(20):
        Told(engine, "many replies").writes("bot", json.dumps({"text": "Hello?"}))
    assert not catch_up(engine, NOW, 20)
    with reading(engine) as connection:
        counts = sa.select(messages.c.sender_id, sa.func.count()).group_by(messages.c.sender_id)
        assert dict(connection.execute(counts).all()) == {"long": 9, "short": 1, "alone": 2}
        turns = dict(connection.execute(sa.select(triage.c.sender_id, triage.c.turns)).all())
    assert turns["long"] == 9


def test_a_learner_erased_while_being_read_stays_erased(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    Told(engine).says("my secret")
    Told(engine, "other").says("hello")
    write = readers._write

    def erased_first(connection: object, read: Sequence[object], now: float) -> None:
        with_connection: sa.engine.Connection = connection  # type: ignore[assignment]
        for table in (conversations, events):
            with_connection.execute(sa.delete(table).where(table.c.sender_id == "somebody"))
        write(with_connection, read, now)  # type: ignore[arg-type]

    monkeypatch.setattr(readers, "_write", erased_first)
    catch_up(engine, NOW, 10)
    assert senders(engine) == ["other"]
    with reading(engine) as connection:
        assert connection.execute(sa.select(messages.c.text)).scalars().all() == ["hello"]


def test_the_sweep_clears_what_an_erasure_has_left(engine: Engine) -> None:
    Told(engine).says("my secret")
    catch_up(engine, NOW, 10)
    with engine.begin() as connection:
        for table in (conversations, events):
            connection.execute(sa.delete(table))
    catch_up(engine, NOW, 10)
    with reading(engine) as connection:
        assert [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() for table in (messages, triage)] == [0, 0]


def test_a_number_that_is_used_again_does_not_bring_old_words_back(engine: Engine) -> None:
    old = Told(engine, "gone").says("my secret")
    catch_up(engine, NOW, 10)
    with engine.begin() as connection:
        connection.execute(sa.delete(events))
    values = {"id": old, "sender_id": "new", "type_name": "user", "timestamp": START, "data": json.dumps({"text": "hello"})}
    insert(engine, events, values)
    catch_up(engine, NOW, 10)
    with reading(engine) as connection:
        assert connection.execute(sa.select(messages.c.sender_id, messages.c.text)).all() == [("new", "hello")]


def test_two_readers_at_once_agree(engine: Engine) -> None:
    for number in range(60):
        Told(engine, f"sender{number}").says("hello", "declined")
    problems: list[BaseException] = []

    def read_all() -> None:
        try:
            catch_up(engine, NOW, 20)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=read_all) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with reading(engine) as connection:
        assert connection.execute(sa.select(sa.func.count(), sa.func.max(triage.c.turns))).one() == (60, 1)


# Signs from records


def test_signs_come_from_what_is_recorded_and_go_with_it(engine: Engine) -> None:
    talk = Told(engine).of(7)
    talk.says("a", "quiz_wrong", slots={"quiz": QUIZ})
    talk.delivered("and then", status="failed")
    answer = {"learner_id": 7, "session": "s1", "mode": "quiz", "place": 0, "number": 1, "item": "one", "topic": "csat", "kind": "single"}
    more = {"verdict": "wrong", "hints": 0, "said": "a", "chosen": "a", "seconds": 1.0, "at": START + 60, "sender_id": "somebody"}
    insert(engine, attempts, {"id": 5, **answer, **more})
    insert(engine, appeals, {"attempt_id": 5, "words": "but I was right", "at": START + 90, "status": "waiting"})
    finished(engine, 7, "fail", resolve=False, disclosed_data=True)
    catch_up(engine, NOW, 10)
    assert reasons(engine) == ["appeal", "disclosed", "failed", "undelivered"]
    with engine.begin() as connection:
        connection.execute(sa.update(appeals).values(status="upheld"))
        connection.execute(sa.update(practice_marks).values(mark=sa.case((practice_marks.c.criterion == "resolve", True), else_=False)))
        connection.execute(sa.update(practices).values(band="pass"))
        reassess(connection, "somebody", NOW)
    assert reasons(engine) == ["undelivered"]


def test_a_message_that_could_not_be_answered_is_seen_without_any_event(engine: Engine) -> None:
    reader = Reader(engine)
    Told(engine, "first").delivered("hello", status="failed")
    old = Told(engine, "old")
    old.says("hello")
    reader.look(NOW)
    reader.round(NOW)
    assert reasons(engine, "first") == ["undelivered"]
    old.at += 60
    old.delivered("and now?", status="failed")
    reader.look(NOW)
    assert reasons(engine, "old") == ["undelivered"]
    reader.round(NOW)
    assert set(senders(engine)) == {"first", "old"}, "the sweep leaves it there"


@pytest.mark.parametrize(("slot", "value"), [("quiz", QUIZ), ("practice", PLAYING)])
def test_giving_up_comes_true_without_another_word(engine: Engine, slot: str, value: dict[str, object]) -> None:
    reader, talk = Reader(engine), Told(engine)
    talk.says("a", f"{slot}_question", slots={slot: value})
    reader.round(talk.at + 60)
    assert reasons(engine) == []
    reader.look(talk.at + DAY + 1)
    assert reasons(engine) == ["gave_up"]


def test_the_one_question_after_an_answer_is_not_given_up(engine: Engine) -> None:
    talk = Told(engine)
    talk.says("quiz:check.one", "quiz_question", slots={"quiz": {**QUIZ, "mode": "check"}})
    catch_up(engine, talk.at + 2 * DAY, 10)
    assert reasons(engine) == []


# Tutors' changes


def test_done_comes_back_with_a_new_sign_and_only_with_that(engine: Engine) -> None:
    talk, reader = Told(engine), Reader(engine)
    talk.says("i feel awful", "distress")
    reader.round(NOW)
    before = row(engine)
    assert before
    assert changed(engine, Change(before.version, before.last_event_id, "done"))
    assert senders(engine) == []
    talk.says("thank you", "thank")
    reader.look(NOW)
    assert (found := row(engine)) and (found.status, found.need) == ("done", 0)
    talk.says("it is worse", "distress")
    reader.look(NOW)
    assert (found := row(engine)) and found.status == "new"
    assert signs_in(found.reasons)[0].count == 1, "what was dealt with does not count again"
    assert changed(engine, Change(found.version, found.last_event_id, "in_progress"))
    assert (found := row(engine)) and signs_in(found.reasons)[0].count == 2, "taken up by hand, all of it shows"


def test_done_is_done_only_up_to_what_the_tutor_saw(engine: Engine) -> None:
    talk, reader = Told(engine), Reader(engine)
    talk.says("no idea", "declined")
    reader.round(NOW)
    seen = row(engine)
    assert seen
    talk.says("i feel awful", "distress")
    reader.look(NOW)
    assert changed(engine, Change(seen.version, seen.last_event_id, "done"))
    assert (found := row(engine)) and (found.status, reasons(engine)) == ("new", ["safeguarding"])


def test_the_second_of_two_tutors_is_told(engine: Engine) -> None:
    Told(engine).says("hello")
    catch_up(engine, NOW, 10)
    insert(engine, tutors, {"id": 3, "name": "Tom", "password": "-", "role": "tutor", "session": 0, "created_at": START})
    seen = row(engine)
    assert seen
    assert changed(engine, Change(seen.version, seen.last_event_id, assigned_to=3))
    assert not changed(engine, Change(seen.version, seen.last_event_id, "flagged"))
    assert (found := row(engine)) and (found.status, found.assigned_to) == ("new", 3)
    assert not changed(engine, Change(0, 0, "flagged"), sender="nobody")


# Finding


@pytest.fixture
def college(engine: Engine) -> Engine:
    """Three learners in two groups, and a visitor."""
    for number, (name, words) in enumerate((("ann", "my kettle broke"), ("bob", "a refund please"), ("cat", "refunds and kettles")), 1):
        talk = Told(engine, name, at=START + number * DAY, channel="telegram" if name == "cat" else "web").of(number)
        talk.says(words, "declined" if name == "bob" else "answer", confidence=number / 10 + 0.2)
    visitor = Told(engine, "visitor", at=START + 9 * DAY)
    visitor.says("ask:csat.what", intent="press", label="Kettles and refunds")
    visitor.says("help me", "distress")
    account = {"password": "-", "role": "tutor", "session": 0, "created_at": START}
    insert(engine, tutors, {"id": 1, "name": "Lena", **account}, {"id": 2, "name": "Tom", **account})
    insert(engine, groups, *({"id": n, "name": f"Group {n}", "code": f"CODE{n}", "created_at": START} for n in (1, 2)))
    insert(engine, group_tutors, {"group_id": 1, "tutor_id": 2})
    for group, learner, name in ((1, 1, "Ann 100%"), (1, 2, "Bob"), (2, 2, "Robert"), (2, 3, "Cat")):
        insert(engine, memberships, {"group_id": group, "learner_id": learner, "name": name, "joined_at": START})
    finished(engine, 1, "pass", "ann", listen=True, verify=None)
    finished(engine, 3, "merit", "cat", listen=False, verify=True)
    insert(engine, tags, {"sender_id": "bob", "tag": "good one", "by": "Lena", "at": START})
    catch_up(engine, START + 9 * DAY + 600, 10)
    return engine


def test_need_comes_first_then_the_newest(college: Engine) -> None:
    assert senders(college) == ["visitor", "cat", "bob", "ann"]
    rows = page(college).rows
    assert [one.name for one in rows] == ["Visitor visito", "Cat", "Bob", "Ann 100%"]
    assert rows[2].groups == ("Group 1", "Group 2")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"learner": "ann"}, ["ann"]),
        ({"learner": "100%"}, ["ann"]),
        ({"learner": "%"}, ["ann"]),
        ({"learner": "_"}, []),
        ({"learner": "learner 2"}, ["bob"]),
        ({"learner": "ROBERT"}, ["bob"]),
        ({"group": 1}, ["bob", "ann"]),
        ({"channel": "telegram"}, ["cat"]),
        ({"scenario": "kettle"}, ["cat", "ann"]),
        ({"criterion": "listen", "mark": "met"}, ["ann"]),
        ({"criterion": "listen", "mark": "missed"}, ["cat"]),
        ({"criterion": "verify", "mark": "not_applied"}, ["ann"]),
        ({"criterion": "listen"}, ["visitor", "cat", "bob", "ann"]),
        ({"tag": "good one"}, ["bob"]),
        ({"below": 0.35}, ["ann"]),
        ({"since": START + 2 * DAY, "until": START + 3 * DAY}, ["bob"]),
        ({"assignee": 0}, ["visitor", "cat", "bob", "ann"]),
        ({"assignee": 2}, []),
        ({"reason": "safeguarding"}, ["visitor"]),
        ({"reason": 'safeguarding" OR 1=1 --%'}, []),
        ({"status": "flagged"}, []),
        ({"words": "kettle"}, ["cat", "ann"]),
        ({"words": "refund kettle"}, ["cat"]),
        ({"words": '"refund please"'}, ["bob"]),
        ({"words": '"please refund"'}, []),
        ({"words": "refund", "group": 1}, ["bob"]),
    ],
)
def test_filters_find_what_they_say(college: Engine, filters: dict[str, object], expected: list[str]) -> None:
    assert senders(college, **filters) == expected


def test_a_tutor_finds_only_their_groups(college: Engine) -> None:
    tom = Viewer(2, lead=False)
    assert senders(college, tom) == ["bob", "ann"]
    assert senders(college, tom, words="kettle") == ["ann"]
    assert senders(college, tom, learner="robert") == [], "a name from a group that is not theirs"
    assert senders(college, tom, group=2) == []
    with reading(college) as connection:
        assert conversation(connection, tom, "visitor") is None
        assert conversation(connection, LEAD, "visitor") is not None
        assert (waiting(connection, tom), waiting(connection, LEAD)) == (0, 1)
        assert choices(connection, tom).groups == ((1, "Group 1"),)
        assert choices(connection, LEAD).channels == ("telegram", "web")


def test_what_was_found_is_shown(college: Engine) -> None:
    shown = page(college, Filters(words="refund")).rows
    assert [(one.sender, one.found and one.found.text) for one in shown] == [("cat", "refunds and kettles"), ("bob", "a refund please")]


def test_pages_follow_each_other_without_gaps(college: Engine) -> None:
    with reading(college) as connection:
        first = inbox(connection, LEAD, Filters(), limit=3)
        assert first.after
        second = inbox(connection, LEAD, Filters(), after=first.after, limit=3)
    assert [one.sender for one in (*first.rows, *second.rows)] == ["visitor", "cat", "bob", "ann"]
    assert second.after is None


@given(typed=st.text(alphabet=st.sampled_from("abk\"'*():^-+{}|&!<>%_\\;NEARORAND \x00é£\u2028"), max_size=40) | st.text(max_size=40))
@example_settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_nothing_typed_breaks_the_search(engine: Engine, typed: str) -> None:
    with reading(engine) as connection:
        assert search(connection, typed.encode("utf-8", "replace").decode()) == {}


def test_words_and_phrases_are_told_apart() -> None:
    assert parts_of('refund "net promoter score" OR -x "" !!! "a') == ("refund", "net promoter score", "OR", "-x", "a")


# A page of a conversation


def test_a_conversation_is_read_in_pages_of_whole_turns(engine: Engine) -> None:
    talk = Told(engine).begins()
    asked = [
        talk.says(f"message {number}", slots={"conversation": {"answerable": "csat.what"}} if not number else None) for number in range(9)
    ]
    with reading(engine) as connection:
        whole = read(connection, "somebody")
        last = read(connection, "somebody", limit=14)
        texts = [said.text for said in last.messages if said.who == "learner"]
        assert texts == ["message 6", "message 7", "message 8"]
        assert [said.answer for said in last.messages if said.who == "learner"] == ["csat.what"] * 3, "set long before this page"
        found, page_before = [*last.messages], last
        while page_before.older:
            page_before = read(connection, "somebody", before=page_before.older, limit=14)
            assert page_before.newer is not None
            found = [*page_before.messages, *found]
        assert found == list(whole.messages)
        forward, at = [], 0
        while True:
            ahead = read(connection, "somebody", after=at, limit=14)
            forward += ahead.messages
            if ahead.newer is None:
                break
            at = ahead.newer
        assert forward == list(whole.messages)
        assert read(connection, "nobody").messages == ()
    assert [said.event_id for said in whole.messages if said.who == "learner"] == asked


def test_deliveries_give_the_labels_of_buttons(engine: Engine) -> None:
    Told(engine).says("practice:start.kettle", "practice_brief", intent="press", label="A kettle that broke")
    with reading(engine) as connection:
        assert read(connection, "somebody").messages[0].text == "A kettle that broke"
        assert connection.execute(sa.select(deliveries.c.press)).scalar() == "practice:start.kettle"
