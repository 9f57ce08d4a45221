"""Tutors change marks in the desk: learners see it, colleagues are not overwritten, and blind marks are blind."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bot.assess.transcript import CRITERIA
from bot.debrief import Debriefer
from bot.evidence import Gatherer, Versions
from bot.evidence import page as portfolio
from bot.records import Practices, Study
from bot.records.accounts import Tutor
from bot.records.desk_tables import advisory_criteria, audit, mark_changes, practice_marks, second_marks
from bot.records.tables import appeals, attempts, practices
from review.marking import bands_again
from tests.review.held import START, join
from tests.review.test_conversation import practised, quizzed, text_of

REASON = "Read the <b>second</b> line again."


def only(engine: Engine, column: sa.Column) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(column)).scalar_one())


def test_a_changed_criterion_is_what_learner_and_desk_see(client: FlaskClient, desk_app: Flask, engine: Engine) -> None:
    practised(engine)
    practice = only(engine, practices.c.id)
    for criterion in ("resolve", "follow_up"):
        answer = client.post(f"/practices/{practice}/criteria/{criterion}", data={"mark": "met", "version": 0, "reason": REASON})
        assert answer.status_code == 303
    shown = client.get(answer.location).text
    assert "band <b>pass</b>" in shown
    row = text_of(shown[shown.index(f'id="mark-{practice}-resolve"') :])
    assert "Met Lena changed it from not met to met" in row
    assert REASON in row
    played = Practices(engine).played("ann", "r1")
    assert played
    debriefer: Debriefer = desk_app.extensions["desk"].content.debriefer
    told = debriefer.debrief(played[1])
    assert (told.band, told.criteria["resolve"]) == ("pass", True)
    assert Practices(engine).practice_results("ann") == {"late-birthday-parcel": "walked_out"}
    assert [(one.criterion, one.mark) for one in Study(engine).changed_marks("ann")] == [("resolve", "met"), ("follow_up", "met")]
    with engine.connect() as connection:
        noted = connection.execute(sa.select(audit.c.detail).where(audit.c.what == "changed a criterion")).scalars().all()
    assert noted == [f"practice {practice}, {name}: met" for name in ("resolve", "follow_up")]


def test_the_portfolio_page_shows_the_tutors_mark_and_why(client: FlaskClient, desk_app: Flask, engine: Engine) -> None:
    practised(engine)
    client.post(f"/practices/{only(engine, practices.c.id)}/criteria/resolve", data={"mark": "met", "version": 0, "reason": REASON})
    at = desk_app.extensions["desk"]
    gatherer = Gatherer.load(at.settings.knowledge, at.content.debriefer, at.content.bank)
    made = portfolio(gatherer.gather("ann", Practices(engine).runs("ann"), Versions("content", "assessor", "program"), date(2026, 12, 1)))
    assert "Offered a remedy that helps, by a tutor yes" in text_of(made)
    assert f"marked it met. Reason: {REASON}" in text_of(made)
    assert "<b>second</b>" not in made


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("practices/{practice}/criteria/thank", {"mark": "met", "version": 0}),
        ("practices/{practice}/criteria/thank", {"mark": "met", "version": 0, "reason": "x" * 501}),
        ("practices/{practice}/criteria/thank", {"mark": "superb", "version": 0, "reason": "x"}),
        ("practices/{practice}/criteria/thank", {"mark": "met", "reason": "x"}),
        ("practices/{practice}/criteria/charm", {"mark": "met", "version": 0, "reason": "x"}),
        ("answers/{attempt}/mark", {"verdict": "right", "was": "wrong", "reason": " "}),
        ("answers/{attempt}/mark", {"verdict": "skipped", "was": "wrong", "reason": "x"}),
        ("appeals/{appeal}", {"decision": "uphold"}),
        ("appeals/{appeal}", {"decision": "perhaps", "reason": "x"}),
    ],
)
def test_without_reason_or_sense_nothing_changes(client: FlaskClient, engine: Engine, path: str, data: dict[str, object]) -> None:
    practised(engine)
    quizzed(engine)
    ids = {"practice": only(engine, practices.c.id), "attempt": only(engine, attempts.c.id), "appeal": only(engine, appeals.c.id)}
    assert client.post(path.format(**ids), data=data).status_code == 400
    with engine.connect() as connection:
        assert connection.execute(sa.select(mark_changes.c.id)).all() == []


def test_of_two_tutors_the_second_is_told_and_sees_both(client: FlaskClient, tutor_client: FlaskClient, engine: Engine, tom: Tutor) -> None:
    practised(engine)
    quizzed(engine)
    join(engine, "ann", tom.id)
    practice, attempt, appeal = only(engine, practices.c.id), only(engine, attempts.c.id), only(engine, appeals.c.id)
    for path, first, second in (
        (f"/practices/{practice}/criteria/thank", {"mark": "met", "version": 0}, {"mark": "open", "version": 0}),
        (f"/appeals/{appeal}", {"decision": "decline"}, {"decision": "uphold"}),
        (f"/answers/{attempt}/mark", {"verdict": "right", "was": "wrong"}, {"verdict": "partly", "was": "wrong"}),
    ):
        assert tutor_client.post(path, data={**first, "reason": "Tom's reason"}).status_code == 303, path
        late = client.post(path, data={**second, "reason": "Lena's reason"})
        assert late.status_code == 409, path
        shown = text_of(late.text)
        assert "Tom changed this mark" in shown
        assert "Tom's reason" in shown
        assert "Lena's reason" in shown
    with engine.connect() as connection:
        assert connection.execute(sa.select(mark_changes.c.by)).scalars().all() == ["Tom"] * 3
        assert connection.execute(sa.select(practice_marks.c.mark).where(practice_marks.c.criterion == "thank")).scalar() is True
        assert connection.execute(sa.select(attempts.c.verdict)).scalar() == "right"


def test_an_appeal_upheld_is_right_and_stands_beside_the_answer(client: FlaskClient, engine: Engine) -> None:
    quizzed(engine)
    answer = client.post(f"/appeals/{only(engine, appeals.c.id)}", data={"decision": "uphold", "reason": REASON})
    page = client.get(answer.location).text
    assert "Appeals waiting" not in page
    shown = text_of(page)
    assert f"Upheld by Lena: {REASON}" in shown
    assert "Lena changed it from wrong to right" in shown
    assert Study(engine).answered("ann") == (1, 0), "right, with a hint"


def test_nobody_marks_another_groups_learners(tutor_client: FlaskClient, engine: Engine, lena: Tutor) -> None:
    practised(engine)
    quizzed(engine)
    join(engine, "ann", lena.id)
    practice, attempt, appeal = only(engine, practices.c.id), only(engine, attempts.c.id), only(engine, appeals.c.id)
    given = {"reason": "x", "mark": "met", "version": 0, "verdict": "right", "was": "wrong", "decision": "uphold"}
    for path in (f"/practices/{practice}/criteria/thank", f"/answers/{attempt}/mark", f"/appeals/{appeal}", f"/marking/{practice}"):
        assert tutor_client.post(path, data=given).status_code == 404, path
    assert tutor_client.get(f"/marking/{practice}").status_code == 404
    assert "There is nothing left for you to mark." in tutor_client.get("/marking").text
    for path in ("/practices/99999/criteria/thank", "/answers/99999/mark", "/appeals/99999", "/marking/99999"):
        assert tutor_client.post(path, data=given).status_code == 404, path


def test_blind_marks_are_given_once_without_seeing_any(client: FlaskClient, engine: Engine) -> None:
    practised(engine)
    practice = only(engine, practices.c.id)
    client.post(f"/practices/{practice}/criteria/resolve", data={"mark": "met", "version": 0, "reason": "a telling reason"})
    assert f'href="/marking/{practice}"' in client.get("/marking").text
    page = client.get(f"/marking/{practice}").text
    assert "Could I take your order number?" in html.unescape(page)
    for hidden in ("<mark", "a telling reason", "fail", "pass", "upset", "checked=", " checked>"):
        assert hidden not in page[page.index("<main") :], hidden
    some = client.post(f"/marking/{practice}", data={"listen": "met"})
    assert some.status_code == 400
    assert re.search(r'name="listen" value="met" required checked', some.text), "what was marked is not lost"
    marks = dict.fromkeys(CRITERIA, "missed") | {"apologise": "met", "verify": "open"}
    assert client.post(f"/marking/{practice}", data=marks).status_code == 303
    again = client.post(f"/marking/{practice}", data=dict.fromkeys(CRITERIA, "met"), follow_redirects=True)
    assert "You have marked that practice already" in again.text
    with engine.connect() as connection:
        kept = {row.criterion: row.mark for row in connection.execute(sa.select(second_marks))}
    assert (kept["apologise"], kept["verify"], kept["thank"]) == (True, None, False)
    assert client.get(f"/marking/{practice}").status_code == 404
    row = text_of(again.text[again.text.index("checked identity first") :])
    assert row.startswith("checked identity first 0 – – 1 0 % 0.00 yes")


def test_an_advisory_criterion_is_called_so_and_leaves_stored_bands(client: FlaskClient, desk_app: Flask, engine: Engine) -> None:
    practised(engine)
    practice = only(engine, practices.c.id)
    with engine.begin() as connection:
        for name in ("resolve", "apologise", "empathise"):
            connection.execute(sa.insert(advisory_criteria).values(criterion=name, kappa=0.2, pairs=30, at=START))
        connection.execute(sa.text("INSERT INTO desk_readers (name, event_id) VALUES ('bands', 0)"))
    with desk_app.app_context():
        at = desk_app.extensions["desk"]
        assert bands_again(at)
        assert not bands_again(at)
    page = client.get("/conversations/ann").text
    assert "advisory" in text_of(page[page.index(f'id="mark-{practice}-resolve"') :])[:60]
    assert "band <b>pass</b>" in page, "no remedy fails nobody while markers do not agree on it"
