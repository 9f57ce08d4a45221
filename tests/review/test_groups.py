"""The desk's groups: made, joined, set work, seen only by those whom they concern."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from bot.groups.record import Joined
from bot.quiz.attempt import Attempt
from bot.records import keep
from bot.records.accounts import Tutor, add_tutor
from bot.records.groups import LearnerGroups
from bot.records.trail import entries
from tests.review.conftest import MONDAY, PASSWORD, Clock

FRIDAY = "2026-12-04"


@pytest.fixture
def group(tutor_client: FlaskClient) -> int:
    """A group of Tom's."""
    made = tutor_client.post("/groups", data={"name": "Tuesday evening"})
    assert made.status_code == 303
    return int(made.location.rpartition("/")[2])


def join(engine: Engine, group: int, name: str, sender: str = "") -> None:
    with engine.begin() as connection:
        keep(connection, sender or name, [Joined(group, name, MONDAY)])


def answer(engine: Engine, sender: str, topic: str, verdict: str, at: int) -> None:
    """An item of a quiz answered, `at` hours from now."""
    given = Attempt("q1", "quiz", at, 1, f"item-{at}", topic, "single", verdict, None, 0, "a", "a", 3.0, MONDAY + timedelta(hours=at))
    with engine.begin() as connection:
        keep(connection, sender, [given])


def give(client: FlaskClient, group: int, kind: str, target: str, due: str = "") -> TestResponse:
    return client.post(f"/groups/{group}/work", data={"kind": kind, kind: target, "due": due})


def code_in(page: str) -> str:
    found = re.search(r"join ([2-9A-Z]{6})<", page)
    assert found
    return found[1]


def test_a_tutor_makes_a_group_and_gets_code_and_link(tutor_client: FlaskClient, group: int, engine: Engine) -> None:
    page = tutor_client.get(f"/groups/{group}").text
    code = code_in(page)
    assert f":5005/join/{code}" in page
    found = LearnerGroups(engine).open_group(code)
    assert found
    assert (found.name, found.tutors) == ("Tuesday evening", ("Tom",))
    assert "Tuesday evening" in tutor_client.get("/groups").text
    tutor_client.post(f"/groups/{group}/code")
    assert code_in(tutor_client.get(f"/groups/{group}").text) != code
    assert LearnerGroups(engine).open_group(code) is None


def test_a_name_that_cannot_be_used_is_refused_with_what_was_typed(tutor_client: FlaskClient) -> None:
    refused = tutor_client.post("/groups", data={"name": "x"})
    assert refused.status_code == 400
    assert "2 to 80 characters" in refused.text
    assert 'value="x"' in refused.text


@pytest.fixture
def with_work(tutor_client: FlaskClient, group: int, engine: Engine) -> int:
    """The group with two learners, a quiz due on Friday that one of them did, and a topic."""
    for name in ("Ann", "Ben"):
        join(engine, group, name)
    assert give(tutor_client, group, "quiz", "mixed", FRIDAY).status_code == 303
    assert give(tutor_client, group, "topic", "later-model").status_code == 303
    for number, verdict in enumerate(("right", "wrong", "right", "right", "right"), 1):
        answer(engine, "Ann", "later-model", verdict, number)
    answer(engine, "Ben", "csat", "right", 1)
    return group


def test_progress_of_each_learner_is_told_in_words(
    tutor_client: FlaskClient, with_work: int, clock: Clock, as_tutor: Callable[[Tutor], FlaskClient], tom: Tutor
) -> None:
    page = tutor_client.get(f"/groups/{with_work}").text
    assert "due Friday 4 December" in page
    chips = re.findall(r'<span class="chip ([a-z]*)">([^<]+)<', page)
    assert chips == [("good", "done, 4 of 5 right"), ("good", "done"), ("", "started, 1 of 1 right"), ("", "not started")]
    clock.now = MONDAY + timedelta(days=5)
    later = as_tutor(tom).get(f"/groups/{with_work}").text
    assert '<span class="chip warn">started, 1 of 1 right, late</span>' in later
    assert later.count(", late<") == 1, "who was done in time stays so, and what has no date is never late"


@pytest.mark.parametrize(
    "wanted",
    [
        ("topic", "no-such-topic", ""),
        ("scenario", "later-model", ""),
        ("homework", "later-model", ""),
        ("quiz", "mixed", "2026-11-29"),
        ("quiz", "mixed", "4.12.2026"),
        ("quiz", "mixed", "9999-12-31"),
    ],
)
def test_what_cannot_be_set_is_refused(tutor_client: FlaskClient, group: int, wanted: tuple[str, str, str], engine: Engine) -> None:
    refused = give(tutor_client, group, *wanted)
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert LearnerGroups(engine).work_in(group) == ()


def test_work_is_set_once_and_withdrawn(tutor_client: FlaskClient, group: int, engine: Engine) -> None:
    assert give(tutor_client, group, "quiz", "mixed").status_code == 303
    again = give(tutor_client, group, "quiz", "mixed")
    assert again.status_code == 400
    assert "set for this group already" in again.text
    (work,) = LearnerGroups(engine).work_in(group)
    assert tutor_client.post(f"/groups/{group}/work/{work.id}/withdraw").status_code == 303
    assert LearnerGroups(engine).work_in(group) == ()
    assert tutor_client.post(f"/groups/{group}/work/{work.id}/withdraw").status_code == 404


def test_a_learner_is_removed_only_after_being_asked(tutor_client: FlaskClient, group: int, engine: Engine) -> None:
    join(engine, group, "Ann")
    found = re.search(rf"/groups/{group}/members/\d+/remove", tutor_client.get(f"/groups/{group}").text)
    assert found
    asked = tutor_client.get(found[0])
    assert "Remove Ann?" in asked.text
    assert LearnerGroups(engine).groups_of("Ann"), "looking removes nobody"
    assert tutor_client.post(found[0]).status_code == 303
    assert LearnerGroups(engine).groups_of("Ann") == ()
    assert tutor_client.post(found[0]).status_code == 404


def test_another_tutor_sees_it_once_added(
    tutor_client: FlaskClient, group: int, engine: Engine, as_tutor: Callable[[Tutor], FlaskClient]
) -> None:
    with engine.begin() as connection:
        ida = add_tutor(connection, "Ida", PASSWORD, "tutor", MONDAY.timestamp())
    other = as_tutor(ida)
    assert "Tuesday evening" not in other.get("/groups").text
    tutor_client.post(f"/groups/{group}/tutors", data={"tutor": str(ida.id)})
    tutor_client.post(f"/groups/{group}/tutors", data={"tutor": "9" * 30})
    assert other.get(f"/groups/{group}").status_code == 200


def test_whoever_does_not_tend_a_group_can_do_nothing_to_it(
    tutor_client: FlaskClient, group: int, engine: Engine, as_tutor: Callable[[Tutor], FlaskClient], client: FlaskClient
) -> None:
    """For another tutor the group does not exist, whatever they send; a lead sees it."""
    join(engine, group, "Ann")
    give(tutor_client, group, "quiz", "mixed")
    (work,) = LearnerGroups(engine).work_in(group)
    with engine.begin() as connection:
        stranger = as_tutor(add_tutor(connection, "Ida", PASSWORD, "tutor", MONDAY.timestamp()))
    member = re.search(rf"/groups/{group}/members/\d+/remove", tutor_client.get(f"/groups/{group}").text)
    assert member
    sent = (f"/groups/{group}/code", f"/groups/{group}/close", f"/groups/{group}/tutors", member[0])
    for path in (*sent, f"/groups/{group}/work", f"/groups/{group}/work/{work.id}/withdraw"):
        data = {"kind": "quiz", "quiz": "mixed", "tutor": "1"}
        assert stranger.post(path, data=data).status_code == 404, path
    for path in (f"/groups/{group}", member[0]):
        assert stranger.get(path).status_code == 404, path
        assert client.get(path).status_code == 200, path
    assert LearnerGroups(engine).groups_of("Ann")
    assert LearnerGroups(engine).work_in(group) == (work,)


def test_a_closed_group_can_be_looked_at_and_no_more(tutor_client: FlaskClient, group: int, engine: Engine) -> None:
    join(engine, group, "Ann")
    code = code_in(tutor_client.get(f"/groups/{group}").text)
    assert tutor_client.post(f"/groups/{group}/close").status_code == 303
    page = tutor_client.get(f"/groups/{group}").text
    assert "Ann" in page
    assert "closed 30 November 2026" in page
    assert code not in page
    assert [tutor_client.post(f"/groups/{group}/{what}").status_code for what in ("code", "close", "tutors")] == [404] * 3
    assert give(tutor_client, group, "quiz", "mixed").status_code == 404


def test_names_of_learners_and_groups_are_shown_as_text(tutor_client: FlaskClient, engine: Engine) -> None:
    made = tutor_client.post("/groups", data={"name": "<b>bold</b>"})
    number = int(made.location.rpartition("/")[2])
    join(engine, number, "<script>alert(1)</script>")
    page = tutor_client.get(f"/groups/{number}").text
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_every_view_and_change_stands_in_the_trail_without_a_name(tutor_client: FlaskClient, group: int, engine: Engine) -> None:
    join(engine, group, "Ann")
    give(tutor_client, group, "quiz", "mixed")
    tutor_client.get(f"/groups/{group}")
    tutor_client.post(f"/groups/{group}/code")
    with engine.begin() as connection:
        noted = entries(connection)
    assert [entry.what for entry in noted] == ["gave a group a new code", "looked at a group", "set work", "made a group"]
    assert {entry.subject for entry in noted} == {f"group {group}"}
    assert not any("Ann" in entry.detail for entry in noted)
