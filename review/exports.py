"""Exports: whole tables, statements, the question bank, and a learner's evidence pack, each streamed and noted in the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.engine import Engine

from bot.evidence import Gatherer
from bot.evidence.versions import versions_of
from bot.exporting import FORMATS, Statements, in_format
from bot.exporting.kinds import KINDS
from bot.exporting.learner_pack import LearnerPack
from bot.exporting.statement_file import statement_lines, statements_in
from bot.quiz.exchange import gift_of, moodle_xml_of
from bot.records import trail
from bot.records.engine import reading
from bot.records.groups import groups_seen, members_of
from bot.records.selection import Selection, selected
from bot.records.trail import Entry
from review.access import current_tutor, need_group, need_learner, viewer
from review.desk import desk
from review.trail import note

pages = Blueprint("exports", __name__, url_prefix="/exports")
_HERE: Final = ZoneInfo("Europe/London")
_EVER: Final = 1e12  # seconds since 1970: later than anything
_LEARNERS_OFFERED: Final = 500
_BANKS: Final = {"gift": (gift_of, "gift", "text/plain; charset=utf-8"), "moodle-xml": (moodle_xml_of, "xml", "application/xml")}


@dataclass
class _Trail:
    """Notes an export once it has ended, with how much there was of it; a client that goes away ends it early."""

    engine: Engine
    now: Callable[[], datetime]
    by: str
    what: str
    subject: str
    detail: str
    count: int = field(default=0, init=False)

    def counted(self, things: Iterator[Any]) -> Iterator[Any]:
        for thing in things:
            self.count += 1
            yield thing

    def noted(self, pieces: Iterator[Any]) -> Iterator[Any]:
        ended = "stopped early"
        try:
            yield from pieces
            ended = "whole"
        finally:
            detail = f"{self.count} {self.detail}, {ended}"
            with self.engine.begin() as connection:
                trail.note(connection, Entry(self.now().timestamp(), self.by, self.what, self.subject, detail))


@pages.get("")
def shown() -> str:
    return _page()


@pages.post("/tables/<kind>")
def table(kind: str) -> Response | tuple[str, int]:
    """Conversations, messages, answers or practices as CSV or JSON."""
    format_ = request.form.get("format", "csv")
    if kind not in KINDS or format_ not in FORMATS:
        abort(404)
    wanted = _selection()
    if isinstance(wanted, str):
        return _page(wanted), 400
    selection, subject = wanted
    chosen, form = KINDS[kind], FORMATS[format_]
    kept = _trail(f"exported {kind}", subject, f"rows as {format_}{_within()}")
    rows = kept.counted(chosen.read(desk().engine, viewer(), selection))
    return _file(kept.noted(in_format(format_, chosen.row, rows)), kind, form.ending, form.media)


@pages.post("/statements")
def statements() -> Response | tuple[str, int]:
    """xAPI statements as JSON lines."""
    wanted = _selection()
    if isinstance(wanted, str):
        return _page(wanted), 400
    selection, subject = wanted
    content, settings = desk().content, desk().settings
    made = Statements(settings.home_page, settings.secret, content.bank, content.library, content.practice.scenarios)
    kept = _trail("exported statements", subject, f"xAPI statements{_within()}")
    found = kept.counted(statements_in(desk().engine, viewer(), selection, made))
    return _file(kept.noted(statement_lines(found)), "statements", "jsonl", "application/x-ndjson; charset=utf-8")


@pages.post("/evidence")
def evidence() -> Response | tuple[str, int]:
    """One learner's evidence pack."""
    number = request.form.get("learner", "").strip()
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return _page("Choose a learner, or give the number that stands on the learner's page."), 400
    learner = int(number)
    with reading(desk().engine) as connection:
        need_learner(connection, learner)
    content, settings = desk().content, desk().settings
    gatherer = Gatherer.load(settings.knowledge, content.debriefer, content.bank)
    pack = LearnerPack(desk().engine, gatherer, versions_of(settings), viewer(), desk().now())
    kept = _trail("exported evidence", f"learner {learner}", "bytes of an evidence pack")
    return _file(kept.noted(_measured(kept, pack.of(learner))), "evidence", "zip", "application/zip")


@pages.post("/bank")
def bank() -> Response:
    """The question bank for Moodle and others."""
    name = request.form.get("format", "")
    if name not in _BANKS:
        abort(404)
    write, ending, media = _BANKS[name]
    content = desk().content
    exported = write(list(content.bank.items.values()), content.library.topics)
    note("exported the question bank", name, f"{len(content.bank.items)} items")
    return _file(iter([exported.text]), "questions", ending, media)


def _page(problem: str = "") -> str:
    with reading(desk().engine) as connection:
        groups = groups_seen(connection, viewer())
        members = {group.id: members_of(connection, group.id) for group in groups if not group.closed_at}
    offered = sum(map(len, members.values())) <= _LEARNERS_OFFERED
    return render_template(
        "exports/shown.html",
        problem=problem,
        groups=groups,
        members=members if offered else {},
        form=request.form,
        home=desk().settings.home_page,
    )


def _selection() -> tuple[Selection, str] | str:
    """Whose records of which time, and how the trail names them; or what is wrong with what was asked."""
    group = request.form.get("group", "")
    try:
        since, until = _day("since", 0.0), _day("until", _EVER, after=1)
    except ValueError:
        return "Give dates as year-month-day, such as 2026-11-30."
    if since >= until:
        return "The first day is after the last one."
    if not group:
        return selected(viewer(), None, since, until), "all whom they may see"
    if not (group.isascii() and group.isdigit() and len(group) < 10):
        abort(404)
    with reading(desk().engine) as connection:
        need_group(connection, int(group))
    return selected(viewer(), int(group), since, until), f"group {int(group)}"


def _day(name: str, otherwise: float, after: int = 0) -> float:
    """The beginning of the day in a field, or of one after it, in seconds since 1970. Raises ValueError."""
    text = request.form.get(name, "").strip()
    if not text:
        return otherwise
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=after), time(), _HERE).timestamp()
    except OverflowError as error:
        raise ValueError(text) from error


def _within() -> str:
    """The days that were asked for, once they are known to be days."""
    since, until = (request.form.get(name, "").strip() for name in ("since", "until"))
    return "".join((f" from {since}" if since else "", f" until {until}" if until else ""))


def _trail(what: str, subject: str, detail: str) -> _Trail:
    return _Trail(desk().engine, desk().now, current_tutor().name, what, subject, detail)


def _measured(kept: _Trail, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        kept.count += len(piece)
        yield piece


def _file(pieces: Iterator[Any], what: str, ending: str, media: str) -> Response:
    """Saved under a name of ours: nothing that anybody typed stands in it."""
    today = desk().now().astimezone(_HERE).date().isoformat()
    response = Response(pieces, content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="aftercare-{what}-{today}.{ending}"'
    return response
