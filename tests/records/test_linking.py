"""Conversations become one learner's, with all that was recorded of either, and can be separated; nobody else's can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.groups.record import Joined
from bot.linking.record import CodeGiven, Linked, Owner, Unlinked
from bot.practising.record import Began, Finished
from bot.quiz.attempt import Appeal, Attempt
from bot.quiz.memory.schedule import Outcome
from bot.records import Practices, ResumeCodes, Study, keep, migrate, open_engine, trail
from bot.records.access import Viewer, may_see_sender
from bot.records.accounts import add_tutor
from bot.records.erasure import erase_conversations_of, remains
from bot.records.groups import LearnerGroups, Wanted, give_work, make_group, members_of
from bot.records.learner_data import LearnerData
from bot.records.links import Links
from bot.records.people import people, person_of
from bot.records.resume_codes import LIFETIME_SECONDS
from bot.records.study import correct
from bot.records.tables import attempts, conversations, events, learners, metadata
from bot.records.triage import Fresh, assess
from tests.databases import KINDS, ready_database

NOW = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
AT = NOW.timestamp()
WEB, PHONE, OTHERS = "a web conversation", "a telegram conversation", "somebody else's"


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with ready_database(request.param, tmp_path) as address:
        opened = open_engine(address)
        migrate(opened)
        yield opened
        opened.dispose()


@pytest.fixture
def links(engine: Engine) -> Links:
    return Links(engine, "a secret")


def record(engine: Engine, sender: str, *records: Any) -> None:
    with engine.begin() as connection:
        keep(connection, sender, records)


def code_of(links: Links, sender: str, at: datetime = NOW) -> str:
    """The digest of a code that was given to the conversation."""
    made = links.new_code()
    record(links.engine, sender, CodeGiven(made.digest, at))
    return made.digest


def join(links: Links, first: str, second: str, at: datetime = NOW) -> None:
    record(links.engine, second, Linked(code_of(links, first, at), at))


def answer(session: str, item: str, outcome: Outcome, hours: float, place: int = 0) -> Attempt:
    verdict = "wrong" if outcome is Outcome.WRONG else "right"
    at = NOW + timedelta(hours=hours)
    return Attempt(session, "quiz", place, 1, item, "nps", "single", verdict, outcome, 0, "said", "", 3.0, at, 10)


def learner_count(engine: Engine) -> int:
    with engine.connect() as connection:
        return len(list(people(connection)))


def test_two_with_records_become_one_as_if_they_had_always_been(engine: Engine, links: Links) -> None:
    """What a third learner, who answered all that in one conversation, remembers is what the two remember together."""
    web = [answer("w1", "both", Outcome.WRONG, 0), answer("w1", "web", Outcome.RIGHT, 1, 1), answer("w2", "both", Outcome.RIGHT, 60)]
    phone = [answer("p1", "both", Outcome.RIGHT, 30), answer("p1", "phone", Outcome.WRONG, 31, 1)]
    record(engine, PHONE, *phone)
    record(engine, WEB, *web)
    record(engine, OTHERS, *sorted([*web, *phone], key=lambda one: one.at))
    join(links, WEB, PHONE, NOW + timedelta(hours=70))
    study = Study(engine)
    assert study.cards(WEB) == study.cards(PHONE) == study.cards(OTHERS)
    assert set(study.cards(WEB)) == {"both", "web", "phone"}
    assert study.cards(WEB)["both"].reps == 3
    assert study.answered(WEB) == study.answered(OTHERS) == (5, 3)
    assert len(study.attempts_of(WEB, "p1")) == 2
    assert learner_count(engine) == 2
    record(engine, PHONE, answer("p2", "web", Outcome.RIGHT, 80))
    assert study.cards(WEB)["web"].reps == 2, "and they go on as one"


def test_what_a_practice_showed_counts_on(engine: Engine, links: Links) -> None:
    began = Began("r1", "late", 2, 1, False, "Hello?", "angry", 60, 30, None, None, NOW)
    ended = Finished("r1", "satisfied", "pass", {"thank": True}, ("both",), NOW + timedelta(hours=5))
    record(engine, PHONE, began, ended)
    record(engine, WEB, answer("w1", "both", Outcome.RIGHT, 0))
    join(links, WEB, PHONE, NOW + timedelta(hours=6))
    card = Study(engine).cards(WEB)["both"]
    assert (card.reps, card.last) == (2, Outcome.WRONG)
    assert [kept.played.scenario for kept in Practices(engine).runs(WEB)] == ["late"]
    assert Practices(engine).practice_results(WEB) == {"late": "satisfied"}


def test_groups_work_appeals_and_changed_marks_come_along(engine: Engine, links: Links) -> None:
    with engine.begin() as connection:
        tom = add_tutor(connection, "Tom", "teal kettle orbit parade", "tutor", 1.0).id
        ann = add_tutor(connection, "Ann", "teal kettle orbit parade", "tutor", 1.0).id
        both, alone = make_group(connection, "Both", tom, AT), make_group(connection, "Alone", ann, AT)
        work = give_work(connection, alone, Wanted("quiz", "mixed", None), "Ann", AT)
        for sender in (WEB, PHONE):
            event = connection.execute(sa.insert(events).values(sender_id=sender, type_name="user", timestamp=AT, data="{}"))
            assess(connection, [sender], AT, {sender: Fresh(event.inserted_primary_key[0], AT, AT, "web")})
    record(engine, WEB, Joined(both, "Zoë", NOW))
    record(engine, PHONE, Joined(both, "Zoe B", NOW + timedelta(hours=1)), Joined(alone, "Zoe", NOW))
    wrong = answer("p1", "nps", Outcome.WRONG, 0)
    record(engine, PHONE, wrong, Appeal("p1", 0, 1, "I was right", NOW))
    with engine.begin() as connection:
        number = connection.execute(sa.select(attempts.c.id)).scalar_one()
        assert not may_see_sender(connection, Viewer(ann, False), WEB)
        connection.execute(
            sa.insert(metadata.tables["mark_changes"]).values(
                kind="item", attempt_id=number, old="wrong", new="right", reason="fair", by="Ann", at=AT
            )
        )
        correct(connection, number, "wrong", "right")
    join(links, WEB, PHONE)
    groups = LearnerGroups(engine)
    assert [group.name for group in groups.groups_of(WEB)] == ["Alone", "Both"]
    assert groups.newest_work(WEB) == work
    assert [changed.reason for changed in Study(engine).changed_marks(WEB)] == ["fair"]
    with engine.connect() as connection:
        (member,) = members_of(connection, both)
        assert (member.name, member.joined_at) == ("Zoe B", AT)
        assert may_see_sender(connection, Viewer(ann, False), WEB)
        triage = metadata.tables["triage"]
        owners = set(connection.execute(sa.select(triage.c.learner_id)).scalars())
        assert owners == {person_of(connection, WEB).learner}
        assert next(entry.what for entry in trail.entries(connection)) == "linked conversations"
        assert trail.first_altered(connection) is None


@pytest.mark.parametrize("known", [(), (WEB,), (PHONE,)])
def test_where_one_or_none_had_records(engine: Engine, links: Links, known: tuple[str, ...]) -> None:
    for sender in known:
        record(engine, sender, answer("s1", "nps", Outcome.RIGHT, 0))
    join(links, WEB, PHONE)
    with engine.connect() as connection:
        assert person_of(connection, WEB) == person_of(connection, PHONE)
    assert learner_count(engine) == 1
    assert len(Study(engine).cards(WEB)) == len(known)


def test_a_third_conversation_comes_to_both(engine: Engine, links: Links) -> None:
    join(links, WEB, PHONE)
    record(engine, "slack", answer("s1", "nps", Outcome.RIGHT, 0))
    join(links, PHONE, "slack")
    assert links.others(WEB) == links.others("slack") == 2
    assert Study(engine).cards(WEB) == Study(engine).cards("slack") != {}


def test_the_number_of_a_learner_that_is_gone_is_not_given_again(engine: Engine, links: Links) -> None:
    record(engine, WEB, answer("w1", "nps", Outcome.RIGHT, 0))
    record(engine, PHONE, answer("p1", "nps", Outcome.RIGHT, 0))
    with engine.connect() as connection:
        gone = person_of(connection, PHONE).learner
    join(links, WEB, PHONE)
    record(engine, OTHERS, answer("o1", "nps", Outcome.RIGHT, 0))
    with engine.connect() as connection:
        assert person_of(connection, OTHERS).learner != gone


def test_separated_a_conversation_begins_anew(engine: Engine, links: Links) -> None:
    record(engine, WEB, answer("w1", "nps", Outcome.RIGHT, 0))
    join(links, WEB, PHONE)
    record(engine, PHONE, answer("p1", "csat", Outcome.RIGHT, 1))
    record(engine, PHONE, Unlinked(NOW))
    study = Study(engine)
    assert set(study.cards(WEB)) == {"nps", "csat"}, "what was recorded stays"
    assert study.cards(PHONE) == {}
    assert links.others(WEB) == links.others(PHONE) == 0
    record(engine, PHONE, Unlinked(NOW), answer("p2", "ces", Outcome.RIGHT, 2))
    assert set(study.cards(PHONE)) == {"ces"} and learner_count(engine) == 2
    join(links, PHONE, WEB)
    assert set(study.cards(PHONE)) == {"nps", "csat", "ces"}


def test_a_code_works_once_for_a_quarter_of_an_hour_and_in_its_place(engine: Engine, links: Links) -> None:
    digest = code_of(links, WEB)
    ends = AT + LIFETIME_SECONDS
    assert links.owner(PHONE, digest, ends) is Owner.OTHER
    assert links.owner(PHONE, digest, ends + 1) is None
    assert links.owner(WEB, digest, AT) is Owner.THIS
    record(engine, OTHERS, Linked(digest, NOW + timedelta(seconds=LIFETIME_SECONDS + 1)))
    assert links.others(OTHERS) == 0, "too old"
    digest = code_of(links, WEB)
    record(engine, PHONE, Linked(digest, NOW))
    record(engine, OTHERS, Linked(digest, NOW))
    assert links.owner(OTHERS, digest, AT) is None
    assert (links.others(PHONE), links.others(OTHERS)) == (1, 0), "used"
    second, third = code_of(links, WEB), code_of(links, WEB)
    assert links.owner(OTHERS, second, AT) is None, "the newest code is the only one"
    assert links.owner(PHONE, third, AT) is Owner.LINKED
    record(engine, PHONE, Linked(third, NOW))
    assert links.others(WEB) == 1


def test_the_code_of_one_purpose_is_none_for_the_other(engine: Engine, links: Links) -> None:
    resume = ResumeCodes(engine, "a secret")
    resume.keep("ABCD2345", WEB, AT)
    made = links.new_code()
    record(engine, WEB, CodeGiven(made.digest, NOW))
    assert links.owner(PHONE, links.digest("ABCD2345"), AT) is None
    assert resume.use(made.shown, AT) is None
    assert resume.use("ABCD-2345", AT) == WEB, "neither took the other's place"
    assert links.owner(PHONE, links.digest(made.shown), AT) is Owner.OTHER
    assert Links(engine, "another secret").digest(made.shown) != made.digest
    with engine.connect() as connection:
        rows = repr(connection.execute(sa.select(metadata.tables["resume_codes"])).all())
    assert made.shown not in rows and made.shown.replace("-", "") not in rows


def test_of_two_who_use_a_code_at_once_one_is_linked(engine: Engine, links: Links) -> None:
    digest = code_of(links, WEB)
    racing = [Thread(target=record, args=(engine, sender, Linked(digest, NOW))) for sender in (PHONE, OTHERS)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    assert sorted((links.others(PHONE), links.others(OTHERS))) == [0, 1]


def test_a_turn_that_is_being_stored_loses_nothing(engine: Engine, links: Links) -> None:
    """Its conversation is held; linking waits, and what the turn recorded comes along."""
    record(engine, WEB, answer("w1", "nps", Outcome.RIGHT, 0))
    record(engine, PHONE, answer("p1", "csat", Outcome.RIGHT, 0))
    with engine.begin() as connection:
        connection.execute(sa.insert(conversations).values(sender_id=PHONE, last_event_id=0, slots="{}"))
    digest = code_of(links, PHONE)
    linking = Thread(target=record, args=(engine, WEB, Linked(digest, NOW)))
    with engine.begin() as connection:
        connection.execute(sa.update(conversations).where(conversations.c.sender_id == PHONE).values(last_event_id=1))
        linking.start()
        linking.join(0.5)
        keep(connection, PHONE, [answer("p2", "ces", Outcome.RIGHT, 1)])
    linking.join()
    assert set(Study(engine).cards(WEB)) == {"nps", "csat", "ces"}


def test_all_conversations_of_a_learner_are_shown_and_erased(engine: Engine, links: Links) -> None:
    for sender in (WEB, PHONE, OTHERS):
        record(engine, sender, answer(f"s {sender}"[:16], "nps", Outcome.RIGHT, 0))
        with engine.begin() as connection:
            connection.execute(sa.insert(events).values(sender_id=sender, type_name="user", timestamp=AT, data="{}"))
    join(links, WEB, PHONE)
    code_of(links, WEB)
    held = LearnerData(engine).held(PHONE).counts
    assert (held["conversations"], held["messages"], held["answers"]) == (2, 2, 2)
    assert LearnerData(engine).everything(WEB, NOW)["conversations"] == sorted((WEB, PHONE))
    with engine.begin() as connection:
        person = person_of(connection, PHONE)
        erase_conversations_of(connection, PHONE, AT)
        assert not any(remains(connection, person).values())
        for sender in (WEB, PHONE):
            assert connection.execute(sa.select(events.c.id).where(events.c.sender_id == sender)).first() is None
        assert connection.execute(sa.select(sa.func.count()).select_from(learners).where(learners.c.created_at > 0)).scalar_one() == 1
    assert len(Study(engine).cards(OTHERS)) == 1
