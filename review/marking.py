"""Marks: a tutor changes one, decides an appeal, or marks a practice a second time without seeing the first; how far markers agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.engine import Connection
from werkzeug.wrappers import Response

from bot.agreement import ENOUGH, LEAST
from bot.assess.transcript import CRITERIA
from bot.debrief import Debriefer, Played
from bot.records.engine import reading
from bot.records.marked import Answered, PracticeMarks, answer_of, attempt_of_appeal, event_at, practice_of
from bot.records.marking import (
    LONGEST_REASON,
    VERDICTS,
    Clash,
    Criterion,
    Ruling,
    change_answer,
    change_criterion,
    decide_appeal,
    named,
)
from bot.records.second_marks import agreed, has_marked, how_many_marked, keep_second_marks, queue, reband_next
from bot.records.triage import reassess
from review.access import current_tutor, need_learner, need_sender, viewer
from review.conversation_page import asked, practice_shown
from review.desk import Desk, desk
from review.inbox import words
from review.trail import note

pages = Blueprint("marking", __name__)
Marked = TypeVar("Marked", PracticeMarks, Answered)
MARKS: dict[str, bool | None] = {"met": True, "missed": False, "open": None}
_OFFERED = 10
_BANDS_AT_A_TIME = 20


@pages.post("/practices/<int:practice>/criteria/<criterion>")
def change(practice: int, criterion: str) -> Response | tuple[str, int]:
    """Mark a criterion of a practice otherwise. `version` is that of the mark as it was shown."""
    found, mark, version = _practice(practice), request.form.get("mark", ""), request.form.get("version", type=int)
    if mark not in MARKS or version is None or criterion not in {one.criterion for one in found.marks}:
        abort(400)
    back = _place(found.sender, found.started, f"practice-{practice}")
    ruling = _ruling("changed a criterion", found.sender, f"practice {practice}, {criterion}: {named(MARKS[mark])}")
    if ruling is None:
        return _no_reason(back)
    seen = Criterion(practice, criterion, version)
    clash = change_criterion(desk().engine, seen, MARKS[mark], ruling, bander(desk().content.debriefer))
    if clash:
        title = f"{practice_shown(found, desk().content).title}, {_criteria().get(criterion, criterion)}"
        return _clashed(title, clash, named(MARKS[mark]), back)
    flash(f"{_criteria().get(criterion, criterion).capitalize()}: {named(MARKS[mark])}. The learner will be told, with your reason.")
    return redirect(back, code=303)


@pages.post("/answers/<int:answer>/mark")
def change_item(answer: int) -> Response | tuple[str, int]:
    """Mark an answer otherwise. `was` is its mark as it was shown."""
    found, verdict = _answer(answer), request.form.get("verdict", "")
    if verdict not in VERDICTS:
        abort(400)
    back = _place(found.sender, found.at, f"answer-{answer}")
    ruling = _ruling("changed an answer's mark", found.sender, f"answer {answer}: {verdict}")
    if ruling is None:
        return _no_reason(back)
    clash = change_answer(desk().engine, answer, request.form.get("was", ""), verdict, ruling)
    if clash:
        return _clashed(asked(found.item, desk().content), clash, verdict, back)
    flash("The answer is marked, and what the learner revises follows. They will be told, with your reason.")
    return redirect(back, code=303)


@pages.post("/appeals/<int:appeal>")
def decide(appeal: int) -> Response | tuple[str, int]:
    """Uphold or decline an appeal."""
    with reading(desk().engine) as connection:
        attempt = attempt_of_appeal(connection, appeal)
    decision = request.form.get("decision", "")
    if attempt is None or decision not in ("uphold", "decline"):
        abort(404 if attempt is None else 400)
    found = _answer(attempt)
    back = _place(found.sender, found.at, f"answer-{attempt}")
    ruling = _ruling("decided an appeal", found.sender, f"answer {attempt}: {decision}")
    if ruling is None:
        return _no_reason(back)
    clash = decide_appeal(desk().engine, appeal, decision == "uphold", ruling)
    if clash:
        return _clashed(asked(found.item, desk().content), clash, "upheld" if decision == "uphold" else "declined", back)
    flash("Upheld: the answer counts as right." if decision == "uphold" else "Declined: the mark stays.")
    return redirect(back, code=303)


@pages.get("/marking")
def shown() -> str:
    """What to mark a second time, and how far markers agree."""
    with reading(desk().engine) as connection:
        waiting, done = queue(connection, viewer(), _OFFERED), how_many_marked(connection, viewer().tutor)
        criteria = agreed(connection)
    note("looked at the marking", "marking")
    return render_template(
        "marking/shown.html", waiting=waiting, done=done, criteria=criteria, names=_criteria(), title=_title, least=LEAST, enough=ENOUGH
    )


@pages.get("/marking/<int:practice>")
def blind(practice: int) -> str:
    """A practice to be marked: what was said and nothing that anybody thought of it."""
    found = _practice(practice)
    with reading(desk().engine) as connection:
        if not found.marks or has_marked(connection, practice, viewer().tutor):
            abort(404)
    note("opened a practice to mark", found.sender, f"practice {practice}")
    return _blind(found)


@pages.post("/marking/<int:practice>")
def mark(practice: int) -> Response | tuple[str, int]:
    """Keep a tutor's own marks of every criterion."""
    found = _practice(practice)
    given = {one.criterion: request.form.get(one.criterion, "") for one in found.marks}
    if not given or not all(value in MARKS for value in given.values()):
        return _blind(found, given, "Mark every criterion first."), 400
    marks = {criterion: MARKS[value] for criterion, value in given.items()}
    with desk().engine.begin() as connection:
        kept = keep_second_marks(connection, practice, viewer().tutor, marks, desk().seconds)
        if kept:
            note("marked a practice", found.sender, f"practice {practice}", connection)
    flash("Your marks are kept." if kept else "You have marked that practice already, so nothing was changed.")
    return redirect(url_for("marking.shown"), code=303)


def bander(debriefer: Debriefer) -> Callable[[Played], str | None]:
    """The band of a run; None where its scenario has been taken out."""
    known = debriefer.practice.scenarios
    return lambda played: debriefer.debrief(played).band if played.scenario in known and played.turns else None


def bands_again(at: Desk) -> bool:
    """Bands follow what has become advisory, a few at a time. Whether more wait."""

    def band(played: Played) -> str | None:  # content is read once there is something to do
        return bander(at.content.debriefer)(played)

    return reband_next(at.engine, band, _BANDS_AT_A_TIME)


def _ruling(what: str, sender: str, detail: str) -> Ruling | None:
    """By whoever is signed in, for the reason that the form gives; None without one. The inbox follows in the same transaction."""
    now = desk().seconds

    def noting(connection: Connection) -> None:
        note(what, sender, detail, connection)
        reassess(connection, sender, now)

    try:
        return Ruling(current_tutor().name, request.form.get("reason", ""), now, noting)
    except ValueError:
        return None


def _practice(practice: int) -> PracticeMarks:
    return _seen(practice_of, practice)


def _answer(answer: int) -> Answered:
    return _seen(answer_of, answer)


def _seen(find: Callable[[Connection, int], Marked | None], number: int) -> Marked:
    """404 unless it is there and its learner may be seen."""
    with reading(desk().engine) as connection:
        found = find(connection, number)
        if found is None:
            abort(404)
        _need(connection, found.sender, found.learner)
    return found


def _place(sender: str, at: float, anchor: str) -> str:
    """The page of the conversation that holds the moment."""
    with reading(desk().engine) as connection:
        return url_for("conversation.shown", sender=sender, event=event_at(connection, sender, at), _anchor=anchor)


def _need(connection: Connection, sender: str, learner: int) -> None:
    """Records from before conversations were noted have only their learner."""
    if sender:
        need_sender(connection, sender)
    need_learner(connection, learner)


def _no_reason(back: str) -> tuple[str, int]:
    says = f"A mark is changed with a reason of 1 to {LONGEST_REASON} characters, which the learner reads. Nothing was changed."
    return render_template("marking/problem.html", says=says, back=back), 400


def _clashed(title: str, clash: Clash, wanted: str, back: str) -> tuple[str, int]:
    reason = request.form.get("reason", "").strip()
    return render_template("marking/clash.html", title=title, clash=clash, wanted=wanted, reason=reason, back=back), 409


def _blind(found: PracticeMarks, given: dict[str, str] | None = None, problem: str = "") -> str:
    scenario = desk().content.practice.scenarios.get(found.played.scenario)
    criteria = [name for name in CRITERIA if name in {one.criterion for one in found.marks}]
    return render_template(
        "marking/blind.html",
        practice=practice_shown(found, desk().content),
        scenario=scenario,
        criteria=criteria,
        names=_criteria(),
        given=given or {},
        problem=problem,
    )


def _criteria() -> dict[str, str]:
    return words(desk().settings.knowledge).criteria


def _title(scenario: str) -> str:
    found = desk().content.practice.scenarios.get(scenario)
    return found.title if found else scenario
