"""The evidence page: one HTML file that needs nothing else and prints on A4."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.debrief import Line
from bot.debrief.words import large
from bot.evidence.drawing import HEIGHT, WIDTH, draw
from bot.evidence.evidence import Evidence
from bot.evidence.support import met_by, words_of
from bot.paperwork.words import dated

# Characters that no HTML may hold, and those that turn the direction of all that follows.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def page(evidence: Evidence) -> str:
    """The page as text, to be written as UTF-8. Whatever the learner typed stays text."""
    return _UNFIT.sub("\ufffd", _template().render(evidence=evidence, words=evidence.words.evidence, marks=evidence.marks))


def earned(line: Line) -> list[tuple[list[str], str]]:
    """The words of a line that earned moves, in the order in which they stand, each with the moves that it earned."""
    found: dict[str, list[str]] = {}
    for move in sorted(line.moves, key=lambda move: (move.start, move.end)):
        found.setdefault(words_of(line.text, move.start, move.end), []).append(move.name)
    return [(names, text) for text, names in found.items()]


def written(day: date) -> str:
    """ "29 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def clock(time: datetime) -> str:
    """ "14:05 UTC"."""
    return f"{time:%H:%M} {time:%Z}".strip()


def day_of(iso: object) -> str:
    """An ISO date in words; nothing for anything else."""
    try:
        return dated(date.fromisoformat(str(iso)))
    except ValueError:
        return ""


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    pages.filters.update(earned=earned, written=written, clock=clock, day=day_of, large=large, draw=draw)
    pages.globals.update(met_by=met_by, width=WIDTH, height=HEIGHT)
    return pages.get_template("page.html")
