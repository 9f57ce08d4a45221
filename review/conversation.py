"""A conversation: what was said, how it was understood and marked, and what tutors write beside it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.engine import Connection
from werkzeug.wrappers import Response

from bot.evidence.drawing import HEIGHT, WIDTH
from bot.records.accounts import all_tutors
from bot.records.comments import LONGEST_COMMENT, LONGEST_TAG, Example, Place, add_comment, add_tag, examples, known_tags, remove
from bot.records.engine import reading
from bot.records.vectors import known_as
from bot.transcripts import Said
from review.access import current_tutor, need_sender, viewer
from review.conversation_page import Page, Where, asked, given, page_of
from review.desk import desk
from review.inbox import STATUS_LABELS, words
from review.pieces import Piece, Span, found_in, pieces
from review.trail import note

pages = Blueprint("conversation", __name__)
VERDICTS = {"right": "Right", "partly": "Partly right", "wrong": "Wrong", "revealed": "Answer shown", "skipped": "Skipped"}
_MOST_EXAMPLES = 100


@dataclass(frozen=True)
class Draft:
    """What was typed and could not be taken, with why."""

    problem: str = ""
    text: str = ""
    tag: str = ""
    quote: str = ""
    event: int | None = None


@pages.get("/conversations/<path:sender>")
def shown(sender: str) -> str:
    """The newest page, or the one that the address asks for."""
    where = Where(*(request.args.get(name, type=int) for name in ("before", "after", "event")))
    with reading(desk().engine) as connection:
        need_sender(connection, sender)
        page = page_of(connection, viewer(), sender, where, desk().content)
    if page.overview is None and not page.transcript.messages and not page.contested:
        abort(404)
    note("looked at a conversation", sender)
    return _rendered(page, Draft())


@pages.post("/conversations/<path:sender>/comments")
def comment(sender: str) -> Response | tuple[str, int]:
    return _remark(sender, is_tag=False)


@pages.post("/conversations/<path:sender>/tags")
def tag(sender: str) -> Response | tuple[str, int]:
    return _remark(sender, is_tag=True)


@pages.post("/conversations/<path:sender>/remove")
def take_away(sender: str) -> Response:
    """A comment or tag of one's own."""
    number, is_tag = request.form.get("id", type=int), request.form.get("kind") == "tag"
    if number is None:
        abort(400)
    with desk().engine.begin() as connection:
        need_sender(connection, sender)
        gone = remove(connection, sender, number, current_tutor().name, is_tag)
        if gone:
            note("removed a tag" if is_tag else "removed a comment", sender, connection=connection)
    flash("Removed." if gone else "It is gone already, or somebody else's.")
    return redirect(_place(sender, request.form.get("event", type=int)), code=303)


@pages.get("/tags/<name>")
def tagged(name: str) -> str:
    """What carries a tag, among the conversations that may be seen."""
    with reading(desk().engine) as connection:
        found = examples(connection, viewer(), name, _MOST_EXAMPLES)
        tags, names = known_tags(connection, viewer()), known_as(connection, viewer(), list({one.remark.place.sender for one in found}))
    note("looked at a tag", name)
    return render_template("conversation/tagged.html", name=name, found=found, tags=tags, names=names, cut=_cut)


def _cut(example: Example) -> tuple[Piece, ...]:
    """Its text, with the tagged words as a piece of their own."""
    place = example.remark.place
    spans = [Span(place.start, place.end, remark=example.remark.id)] if place.start is not None and place.end is not None else []
    return pieces(example.text or "", spans)


def _remark(sender: str, is_tag: bool) -> Response | tuple[str, int]:
    """Write a comment or a tag on a message, on words of it, or on the conversation."""
    event, quote = request.form.get("event", type=int), request.form.get("quote", "")
    draft = Draft(text=request.form.get("text", ""), tag=request.form.get("tag", ""), quote=quote, event=event)
    with reading(desk().engine) as connection:
        need_sender(connection, sender)
        page = page_of(connection, viewer(), sender, Where(event=event), desk().content)
    try:
        place = _placed(page, draft)
        with desk().engine.begin() as connection:
            _write(connection, place, draft, is_tag)
    except ValueError as error:
        return _rendered(page, Draft(f"{str(error)[:1].upper()}{str(error)[1:]}.", draft.text, draft.tag, quote, event)), 400
    flash("Tagged." if is_tag else "Comment kept.")
    return redirect(_place(sender, event), code=303)


def _write(connection: Connection, place: Place, draft: Draft, is_tag: bool) -> None:
    who, now = current_tutor().name, desk().seconds
    if is_tag:
        add_tag(connection, place, draft.tag, who, now)
    else:
        add_comment(connection, place, draft.text, who, now)
    note("tagged" if is_tag else "commented", place.sender, f"message {place.event}" if place.event else "", connection)


def _placed(page: Page, draft: Draft) -> Place:
    """Raises ValueError when the words are not in the message; 404 when the message is not in the conversation."""
    if draft.event is None:
        return Place(page.sender)
    said: Said | None = next((one for one in page.transcript.messages if one.event_id == draft.event), None)
    if said is None:
        abort(404)
    if not draft.quote.strip():
        return Place(page.sender, draft.event)
    found = found_in(said.text, draft.quote)
    if found is None:
        raise ValueError("those words are not in that message; leave the field empty to mean all of it")
    return Place(page.sender, draft.event, *found)


def _rendered(page: Page, draft: Draft) -> str:
    content = desk().content
    with reading(desk().engine) as connection:
        tags, tutors = known_tags(connection, viewer()), all_tutors(connection)
    return render_template(
        "conversation/shown.html",
        page=page,
        draft=draft,
        tags=tags,
        tutors=tutors,
        statuses=STATUS_LABELS,
        words=words(desk().settings.knowledge),
        verdicts=VERDICTS,
        asked=lambda item: asked(item, content),
        given=lambda answer: given(answer, content),
        bands=content.debriefer.words.bands,
        here=request.full_path.rstrip("?") if request.method == "GET" else url_for("conversation.shown", sender=page.sender),
        width=WIDTH,
        height=HEIGHT,
        longest_comment=LONGEST_COMMENT,
        longest_tag=LONGEST_TAG,
    )


def _place(sender: str, event: int | None) -> str:
    if event is None:
        return url_for("conversation.shown", sender=sender, _anchor="remarks")
    return url_for("conversation.shown", sender=sender, event=event, _anchor=f"m{event}")
