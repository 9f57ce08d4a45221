"""From review to improvement: the right intent of a misread message, the answer a question belongs to, and what waits to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import yaml
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.engine import Connection
from werkzeug.wrappers import Response

from bot.content import Answerable
from bot.encoder import Encoder
from bot.improving import INTENT, PHRASING, Change, Ground, Reviewed, intents_of, plan, teachable, why_not
from bot.privacy import hidden
from bot.records import improvements
from bot.records.engine import reading
from bot.records.improvements import Said, add_change, applied, said
from bot.similar.answers import answers_by_words, nearest_answers
from review.access import current_tutor, need_sender, viewer
from review.desk import desk
from review.trail import note

pages = Blueprint("improving", __name__)

ASK = "ask"
OUTSIDE = "out_of_scope"
_READ_AS_A_QUESTION = frozenset({None, ASK, "nlu_fallback"})
_GROUND = "improving ground"
OTHER = "other"  # the choice of an answer that is not among those suggested


@pages.get("/improvements")
def shown() -> str:
    with reading(desk().engine) as connection:
        changes = improvements.waiting(connection, viewer())
        done = applied(connection, viewer())
    made = plan(changes, ground(), Reviewed.read(desk().settings.root))
    why = {one.change.id: one.why for one in made.refused}
    note("looked at improvements", "improvements")
    return render_template("improving/shown.html", changes=changes, why=why, difference=made.difference, done=done)


@pages.post("/improvements/<int:number>/withdraw")
def withdraw(number: int) -> Response:
    with desk().engine.begin() as connection:
        gone = improvements.withdraw(connection, number, viewer())
        if gone is None:
            abort(404)
        note("withdrew an improvement", gone.sender, f"{gone.kind} {gone.target}", connection)
    flash("Withdrawn. Nothing will be written of it.")
    return redirect(url_for("improving.shown"), code=303)


@pages.get("/messages/<int:event_id>/relabel")
def relabel(event_id: int) -> str:
    message = message_seen(event_id)
    note("looked at a message", message.sender, f"message {event_id}")
    return _relabel_page(message, masked(message.text))


@pages.post("/messages/<int:event_id>/relabel")
def save_intent(event_id: int) -> Response | tuple[str, int]:
    message = message_seen(event_id)
    text, intent = masked(request.form.get("text", "")), request.form.get("intent", "")
    problem = propose([(message, text)], INTENT, intent)
    if problem:
        return _relabel_page(message, text, intent, problem), 400
    flash("Kept. It is written into the training data, with a test, when changes are applied.")
    return redirect(url_for("improving.shown"), code=303)


@pages.get("/messages/<int:event_id>/attach")
def attach(event_id: int) -> str:
    message = message_seen(event_id)
    note("looked at a message", message.sender, f"message {event_id}")
    return _attach_page(message, masked(message.text))


@pages.post("/messages/<int:event_id>/attach")
def save_phrasing(event_id: int) -> Response | tuple[str, int]:
    message = message_seen(event_id)
    text, answer = masked(request.form.get("text", "")), chosen_answer()
    problem = propose([(message, text)], PHRASING, answer)
    if problem:
        return _attach_page(message, text, problem), 400
    flash("Kept. It becomes a way of asking for that answer, with a test, when changes are applied.")
    return redirect(url_for("improving.shown"), code=303)


def propose(said_so: Sequence[tuple[Said, str]], kind: str, target: str) -> str | None:
    """Keep a change for each message with its text, all or none; returns what stands in the way.

    A question that was not read as one is given to the intent of questions as well, or its answer would never be reached.
    """
    changes = [change for message, text in said_so for change in _changes(message, text, kind, target)]
    with desk().engine.begin() as connection:
        waits = list(improvements.waiting(connection))
        for number, change in enumerate(changes):
            why = why_not(change, [*waits, *changes[:number]], ground())
            if why:
                return why
        for change in changes:
            if add_change(connection, change):
                note("proposed an improvement", change.sender, f"{change.kind} {change.target}", connection)
    return None


def _changes(message: Said, text: str, kind: str, target: str) -> list[Change]:
    change = Change(
        id=0,
        kind=kind,
        text=text,
        target=target,
        was=message.intent if kind == INTENT else message.answer or message.reply,
        by=current_tutor().name,
        at=desk().seconds,
        sender=message.sender,
        event=message.event,
    )
    if kind == INTENT or message.intent in _READ_AS_A_QUESTION:
        return [change]
    return [change, replace(change, kind=INTENT, target=ASK, was=message.intent)]


def message_seen(event: int) -> Said:
    """The message of the event; 404 where there is none that the tutor may see."""
    with reading(desk().engine) as connection:
        return need_message(connection, event)


def need_message(connection: Connection, event: int) -> Said:
    message = said(connection, event)
    if message is None:
        abort(404)
    need_sender(connection, message.sender)
    return message


def masked(text: str) -> str:
    """Fit for a file that others read: on one line, without what looks like somebody's data."""
    return teachable(hidden(text))


def ground() -> Ground:
    """What is taught now, read again when its files have changed."""
    root = desk().settings.root
    files = [root / "domain.yml", *sorted((root / "data" / "nlu").glob("*.yml"))]
    mark = tuple((path, path.stat().st_mtime_ns) for path in files)
    kept = current_app.extensions.get(_GROUND)
    if kept is None or kept[0] != mark:
        kept = mark, Ground.read(root, desk().content.library)
        current_app.extensions[_GROUND] = kept
    found: Ground = kept[1]
    return found


def intent_words() -> dict[str, str]:
    """Every intent that a typed message can have, with plain words for it."""
    words = yaml.safe_load((desk().settings.knowledge / "desk-intents.yml").read_text(encoding="utf-8"))["intents"]
    return {intent: words.get(intent, intent) for intent in intents_of(desk().settings.root)}


def chosen_answer() -> str:
    """The answer that the form names: one of those suggested, or the one chosen from all."""
    choice = request.form.get("choice", OTHER)
    return request.form.get("target", "") if choice == OTHER else choice


def suggested(text: str, search: str) -> list[Answerable]:
    """Answers that the form offers: found by the words of a search, and the five nearest in meaning."""
    library, settings = desk().content.library, desk().settings
    found = answers_by_words(search, library) if search else ()
    encoder = Encoder.load(lean=True)  # the index holds the tuned encoder's vectors
    near = nearest_answers(search or text, library, encoder, settings.var / "index")
    return [library.by_id[answer] for answer in dict.fromkeys([*found, *near]) if answer in library.by_id]


def _relabel_page(message: Said, text: str, intent: str = "", problem: str = "") -> str:
    return render_template("improving/relabel.html", message=message, text=text, intents=intent_words(), chosen=intent, problem=problem)


def _attach_page(message: Said, text: str, problem: str = "") -> str:
    search = request.args.get("q", "").strip()[:200]
    return render_template(
        "improving/attach.html",
        message=message,
        text=text,
        search=search,
        offered=suggested(text, search),
        library=desk().content.library,
        problem=problem,
    )
