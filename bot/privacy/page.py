"""All that is kept of a learner as one HTML file that needs nothing else and prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

# Characters that no HTML may hold, and those that turn the direction of all that follows.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_SPEAKERS = {"user": "You", "bot": "Aftercare"}


def page(data: Mapping[str, Any], link: str = "") -> str:
    """`data` as bot.records.learner_data.everything gives it; `link` is the address of the same as JSON. To be written as UTF-8."""
    tables = data["tables"]
    turns: dict[int, list[Any]] = {}
    for line in tables.get("practice_turns", ()):
        turns.setdefault(line["practice_id"], []).append(line)
    notes: dict[int, list[Any]] = {}
    for note in tables.get("practice_notes", ()):
        notes.setdefault(note["practice_id"], []).append(note)
    shown = {"data": data, "tables": tables, "link": link, "turns": turns, "notes": notes, "talks": talks(tables)}
    return _UNFIT.sub("\ufffd", _template().render(**shown))


def talks(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[list[tuple[str, str, str]]]:
    """What was said in each conversation: the moment, who, the words."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in tables.get("events", ()):
        for line in _lines(row):
            found.setdefault(row["sender_id"], []).append(line)
    return list(found.values())


def _lines(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    speaker, event = _SPEAKERS.get(row["type_name"]), row["data"]
    if speaker and isinstance(event, Mapping) and isinstance(event.get("text"), str):
        yield row["timestamp"] or "", speaker, event["text"]


def written(moment: str | None) -> str:
    """ "29 November 2026, 14:05" of an ISO moment."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%B %Y, %H:%M}"


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["written"] = written
    return environment.get_template("page.html")
