"""Groups and their work in the database: who is in, who sees, what was done."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.groups.record import Joined, Left
from bot.groups.work import Answer, Asked, Played
from bot.practising.record import Began, Finished
from bot.quiz.attempt import Attempt
from bot.records import keep
from bot.records.access import Viewer
from bot.records.accounts import add_tutor, close_account
from bot.records.desk_tables import memberships, messages
from bot.records.groups import (
    CODE_LENGTH,
    GroupError,
    LearnerGroups,
    Wanted,
    add_group_tutor,
    close_group,
    deeds,
    give_work,
    group_seen,
    groups_seen,
    make_group,
    members_of,
    new_code,
    remove_member,
    withdraw_work,
)
from bot.records.learners import learner_of
from bot.records.resume_codes import ALPHABET

AT = datetime(2026, 11, 30, 9, tzinfo=timezone.utc)
NOW = AT.timestamp()
PASSWORD = "teal kettle orbit parade"


@pytest.fixture
def tom(engine: Engine) -> int:
    with engine.begin() as connection:
        return add_tutor(connection, "Tom", PASSWORD, "tutor", NOW).id


@pytest.fixture
def group(engine: Engine, tom: int) -> int:
    with engine.begin() as connection:
        return make_group(connection, "Tuesday evening", tom, NOW)


def join(engine: Engine, group: int, sender: str = "ann", name: str = "Ann") -> None:
    with engine.begin() as connection:
        keep(connection, sender, [Joined(group, name, AT)])


def code_of(engine: Engine, group: int) -> str:
    with engine.begin() as connection:
        found = group_seen(connection, Viewer(0, lead=True), group)
    assert found
    return found.code


def test_codes_can_be_read_out_and_are_no_words(engine: Engine, group: int) -> None:
    """A code that is all letters could be a word that somebody says, one that is all digits a number."""
    codes = [code_of(engine, group)]
    with engine.begin() as connection:
        codes += [new_code(connection, group) for _ in range(60)]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert len(code) == CODE_LENGTH
        assert set(code) <= set(ALPHABET)
        assert any(character.isdigit() for character in code)
        assert any(character.isalpha() for character in code)


def test_joining_makes_a_learner_once_and_a_new_name_replaces_the_old(engine: Engine, group: int) -> None:
    join(engine, group)
    join(engine, group, name="Annie")
    with engine.begin() as connection:
        members = members_of(connection, group)
        learner = learner_of(connection, "ann")
    assert [(member.learner, member.name) for member in members] == [(learner, "Annie")]
    mine = LearnerGroups(engine)
    assert [(own.name, own.tutors) for own in mine.groups_of("ann")] == [("Tuesday evening", ("Tom",))]
    assert mine.known_as("ann") == "Annie"
    assert mine.groups_of("somebody else") == ()


def test_leaving_and_being_removed_end_a_membership(engine: Engine, group: int) -> None:
    join(engine, group)
    with engine.begin() as connection:
        keep(connection, "ann", [Left(group, AT)])
        keep(connection, "never in", [Left(group, AT)])
        assert members_of(connection, group) == ()
    join(engine, group)
    with engine.begin() as connection:
        learner = learner_of(connection, "ann")
        assert learner
        assert remove_member(connection, group, learner)
        assert not remove_member(connection, group, learner)
    assert LearnerGroups(engine).groups_of("ann") == ()


def test_an_old_code_and_a_closed_group_let_nobody_in(engine: Engine, group: int) -> None:
    mine, old = LearnerGroups(engine), code_of(engine, group)
    with engine.begin() as connection:
        fresh = new_code(connection, group)
    assert mine.open_group(old) is None
    assert mine.open_group(fresh)
    join(engine, group)
    with engine.begin() as connection:
        give_work(connection, group, Wanted("quiz", "mixed", None), "Tom", NOW)
        assert close_group(connection, group, NOW)
        assert not close_group(connection, group, NOW)
    join(engine, group, "ben", "Ben")
    with engine.begin() as connection:
        assert [member.name for member in members_of(connection, group)] == ["Ann"]
    assert (mine.open_group(fresh), mine.group(group), mine.groups_of("ann"), mine.work_of("ann"), mine.newest_work("ann")) == (
        None,
        None,
        (),
        (),
        0,
    )


def test_a_name_must_be_usable(engine: Engine, tom: int) -> None:
    with engine.begin() as connection:
        for name in ("", " x ", "y" * 81, "a\u202eb", "a\x00b"):
            with pytest.raises(GroupError):
                make_group(connection, name, tom, NOW)


def test_tutors_see_their_groups_and_leads_all(engine: Engine, group: int, tom: int) -> None:
    with engine.begin() as connection:
        ida = add_tutor(connection, "Ida", PASSWORD, "tutor", NOW).id
        assert groups_seen(connection, Viewer(ida, lead=False)) == ()
        assert group_seen(connection, Viewer(ida, lead=False), group) is None
        assert add_group_tutor(connection, group, ida)
        assert not add_group_tutor(connection, group, ida)
        assert not add_group_tutor(connection, group, 10**6)
        (seen,) = groups_seen(connection, Viewer(ida, lead=False))
        assert (seen.tutors, seen.members) == (("Ida", "Tom"), 0)
        close_account(connection, "Tom", NOW)
        assert groups_seen(connection, Viewer(0, lead=True))[0].tutors == ("Ida",)


def test_work_is_set_once_and_can_be_withdrawn(engine: Engine, group: int) -> None:
    join(engine, group)
    mine = LearnerGroups(engine)
    with engine.begin() as connection:
        first = give_work(connection, group, Wanted("topic", "later-model", None), "Tom", NOW)
        second = give_work(connection, group, Wanted("quiz", "later-model", NOW + 60), "Tom", NOW)
        with pytest.raises(GroupError):
            give_work(connection, group, Wanted("topic", "later-model", NOW), "Tom", NOW)
    assert [work.id for work in mine.work_of("ann")] == [second, first]
    assert mine.work_in(group) == mine.work_of("ann")
    assert mine.newest_work("ann") == second
    assert (mine.work_of("ben"), mine.newest_work("ben")) == ((), 0)
    with engine.begin() as connection:
        assert not withdraw_work(connection, group + 1, second, NOW), "only through its own group"
        assert withdraw_work(connection, group, second, NOW)
        assert not withdraw_work(connection, group, second, NOW)
    assert [work.id for work in mine.work_of("ann")] == [first]


def test_what_was_done_is_gathered_from_all_of_a_learners_records(engine: Engine, group: int) -> None:
    join(engine, group)
    join(engine, group, "ben", "Ben")
    attempt = Attempt("q1", "quiz", 0, 1, "item", "later-model", "single", "right", None, 0, "a", "a", 3.0, AT)
    began = Began("r1", "lamp", 1, 7, False, "My lamp broke.", "cross", 50, 50, None, None, AT)
    with engine.begin() as connection:
        keep(connection, "ann", [attempt, began, Finished("r1", "satisfied", "merit", {}, (), AT)])
        said = {"event_id": 1, "sender_id": "ann", "at": NOW, "text": "what is LATER", "answer": "later-model.what"}
        connection.execute(
            sa.insert(messages).values([said, {**said, "event_id": 2, "answer": None}, {**said, "event_id": 3, "at": NOW - 9}])
        )
        ann, ben = learner_of(connection, "ann"), learner_of(connection, "ben")
        assert ann
        assert ben
        found = deeds(connection, [ann, ben], NOW)
    assert found[ann].answers == (Answer("q1", 0, 1, "later-model", "right", NOW),)
    assert found[ann].asked == (Asked("later-model", NOW),)
    assert found[ann].played == (Played("lamp", NOW, NOW, "satisfied", "merit"),)
    assert found[ben].answers == found[ben].asked == found[ben].played == ()
    assert LearnerGroups(engine).deeds_of("ann", NOW) == found[ann]
    assert LearnerGroups(engine).deeds_of("nobody", NOW).answers == ()


def test_an_erased_learner_is_in_no_group(engine: Engine, group: int) -> None:
    """Memberships go with the learner."""
    join(engine, group)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM learners"))
        assert connection.execute(sa.select(memberships)).first() is None
