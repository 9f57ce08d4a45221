"""Pages about learning: activity, mastery and where learners leave; questions, practice criteria and tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request
from sqlalchemy.engine import Connection

from bot.records import activity
from bot.records import statistics as records
from bot.records.engine import reading
from bot.records.groups import Desk, groups_seen
from bot.records.selection import WEEK, Selection, period_start, selected, selected_learner
from bot.statistics import ENOUGH, Flag
from review.access import current_tutor, need_group, need_learner, viewer
from review.desk import desk
from review.learning import ItemRow, criterion_rows, item_rows, overview, test_rows, topic_rows
from review.trail import note

pages = Blueprint("statistics", __name__, url_prefix="/statistics")
RANGES = {4: "the last 4 weeks", 12: "the last 12 weeks", 26: "the last half year", 52: "the last year", 0: "all time"}
_USUAL = 12
_SEVERITY = tuple(Flag)
SORTS: dict[str, Callable[[ItemRow], Any]] = {  # None for what cannot be told stands at the end
    "flags": lambda row: (_SEVERITY.index(row.flags[0]), row.figures.index or 0) if row.flags else (len(_SEVERITY), row.figures.n < ENOUGH),
    "question": lambda row: row.item.ask.lower(),
    "topic": lambda row: (row.topic.lower(), row.item.id),
    "n": lambda row: row.figures.n,
    "facility": lambda row: row.figures.facility,
    "index": lambda row: row.figures.index,
    "efficiency": lambda row: row.figures.efficiency,
}


@dataclass(frozen=True)
class Chosen:
    """What the page is about: `group` and `weeks` as in the address (0 weeks for all time), `who` in words, the records meant, and the
    `groups` that could be chosen.
    """

    group: int | None
    weeks: int
    who: str
    selection: Selection
    groups: Sequence[Desk]

    @property
    def query(self) -> dict[str, int]:
        """For links to other pages about the same."""
        return {name: value for name, value in (("group", self.group), ("weeks", self.weeks)) if value is not None}


@pages.get("")
def shown() -> str:
    """Everybody whom the tutor may see, or a group of theirs."""
    with reading(desk().engine) as connection:
        chosen = _chosen(connection)
        found = overview(connection, desk().content, chosen.selection)
        members = activity.members(connection, chosen.group, chosen.selection) if chosen.group is not None else ()
    return _page("shown", chosen, found=found, members=members)


@pages.get("/learners/<int:learner>")
def learner(learner: int) -> str:
    """One learner, by the name they gave."""
    with reading(desk().engine) as connection:
        need_learner(connection, learner)
        since, until, weeks = _time()
        name = activity.known_as(connection, viewer(), learner) or f"Learner {learner}"
        chosen = Chosen(None, weeks, name, selected_learner(learner, since, until), ())
        found = overview(connection, desk().content, chosen.selection)
    note("looked at a learner's statistics", f"learner {learner}")
    return _rendered("learner", chosen, found=found)


@pages.get("/topics")
def topics() -> str:
    """What was asked about and answered, topic by topic."""
    with reading(desk().engine) as connection:
        chosen = _chosen(connection)
        rows = topic_rows(connection, desk().content, chosen.selection)
    return _page("topics", chosen, rows=rows)


@pages.get("/items")
def items() -> str:
    """Questions with their figures, those that need a look first."""
    sort, down = request.args.get("sort", "flags"), bool(request.args.get("down"))
    topic = request.args.get("topic", "")
    if sort not in SORTS:
        abort(404)
    with reading(desk().engine) as connection:
        chosen = _chosen(connection)
        rows = item_rows(connection, desk().content, chosen.selection)
        names = sorted({(row.item.topic, row.topic) for row in rows}, key=lambda pair: pair[1].lower())
        kept = [row for row in rows if topic in ("", row.item.topic)]
    return _page("items", chosen, rows=_ordered(kept, sort, down), topics=names, topic=topic, sort=sort, down=down)


@pages.get("/items/<name>")
def item(name: str) -> str:
    """One question: its words, what was chosen, and its figures over time."""
    with reading(desk().engine) as connection:
        chosen = _chosen(connection)
        row = next((row for row in item_rows(connection, desk().content, chosen.selection) if row.item.id == name), None)
        if row is None:
            abort(404)
        history = records.item_history(connection, chosen.selection, name)
        spells = [(period_start(spell.period, records.MONTH_WEEKS), spell) for spell in history]
        changes = records.item_changes(connection, chosen.selection, name)
    return _page("item", chosen, row=row, spells=spells, changes=changes)


@pages.get("/criteria")
def criteria() -> str:
    """Criteria of practices with their figures."""
    with reading(desk().engine) as connection:
        chosen = _chosen(connection)
        rows = criterion_rows(connection, chosen.selection)
    return _page("criteria", chosen, rows=rows)


@pages.get("/tests")
def tests() -> str:
    """Checkpoints and the mock test, with their internal consistency."""
    with reading(desk().engine) as connection:
        chosen = _chosen(connection)
        rows = test_rows(connection, desk().content, chosen.selection)
    return _page("tests", chosen, rows=rows)


def _page(name: str, chosen: Chosen, **values: object) -> str:
    """A page about several learners, noted in the trail."""
    everybody = "all learners" if current_tutor().is_lead else "own groups"
    note("looked at statistics", everybody if chosen.group is None else f"group {chosen.group}", name)
    return _rendered(name, chosen, **values)


def _rendered(name: str, chosen: Chosen, **values: object) -> str:
    shared = {"chosen": chosen, "ranges": RANGES, "enough": ENOUGH, "week_start": _week_start}
    return render_template(f"statistics/{name}.html", **shared, **values)


def _chosen(connection: Connection) -> Chosen:
    """From the address. 404 for a group that the viewer may not see."""
    group = request.args.get("group", type=int)
    if group is not None:
        need_group(connection, group)
    since, until, weeks = _time()
    offered = groups_seen(connection, viewer())
    everybody = "all learners" if current_tutor().is_lead else "all your groups"
    who = next((found.name for found in offered if found.id == group), everybody)
    return Chosen(group, weeks, who, selected(viewer(), group, since, until), offered)


def _time() -> tuple[float, float, int]:
    """Since when, until when, and how many weeks that is."""
    weeks = request.args.get("weeks", _USUAL, type=int)
    if weeks not in RANGES:
        abort(404)
    now = desk().seconds
    return (now - weeks * WEEK if weeks else 0.0), now, weeks


def _week_start(number: int) -> float:
    return period_start(number, 1)


def _ordered(rows: list[ItemRow], sort: str, down: bool) -> list[ItemRow]:
    key = SORTS[sort]
    told = [row for row in rows if key(row) is not None]
    return sorted(told, key=key, reverse=down) + [row for row in rows if key(row) is None]
