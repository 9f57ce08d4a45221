"""Practices as they are kept, and the pages made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from html.parser import HTMLParser

from bot.debrief import Played
from bot.evidence import Evidence, Gatherer, Kept, Versions, page
from bot.paperwork import Note
from bot.quiz import Bank
from tests.bot.debrief.played import KNOWLEDGE, debriefer, play, practice, script
from tests.bot.paperwork.filed import LOG, REFLECTIONS, RETURN, begun, done

GYM, BLAZER = "gym-cancelled-still-charged", "blazer-cut-too-small"
STARTED = datetime(2026, 12, 1, 14, 5, tzinfo=timezone.utc)
VERSIONS = Versions("c0ffee0123456789", "feed456789abcdef", "aftercare 9.9")
MADE = date(2026, 12, 2)
VOID = {"meta", "line", "polygon", "polyline", "circle", "br", "img", "link", "input", "hr"}


@lru_cache(maxsize=1)
def gatherer() -> Gatherer:
    return Gatherer.load(KNOWLEDGE, debriefer(), Bank.load(KNOWLEDGE))


@lru_cache(maxsize=8)
def notes(scenario: str, ending: str | None) -> tuple[Note, ...]:
    """Two reflections and a good form."""
    cause = "One box of blazers was cut to 32 and labelled 34"
    prevention = "Keep a tape measure on the counter and measure before anybody says no"
    reflections = (cause, prevention) if scenario == BLAZER else REFLECTIONS
    return tuple(done(begun(scenario, ending), (*reflections, *(RETURN if scenario == BLAZER else LOG)))[1])


def model(scenario: str = GYM, body: str | None = "biiab") -> Kept:
    """The scenario's model answer, with reflections and a form."""
    played = script(practice().scenarios[scenario], "model", body)
    return Kept(played, notes(scenario, played.ending), STARTED, STARTED + timedelta(minutes=9))


def defensive(scenario: str = GYM, body: str | None = "biiab") -> Kept:
    return Kept(script(practice().scenarios[scenario], "defensive", body), (), STARTED + timedelta(hours=1))


def typed(text: str, note: str = "") -> Kept:
    """A practice in which the learner typed the text, and put `note` into reflection and form."""
    played = play(GYM, [(text, ("apologise", "listen"))])
    boxes = {"fields": [[note, note]], "missing": [note], "surplus": [[note, note]], "better": [note, note]}
    form = {"form": "complaint-log", "title": note, "due": note, **boxes}
    kept = (Note("root-cause", {"text": note, "result": note, "own": note}), Note("form", form))
    return Kept(played, kept, STARTED)


def gathered(*kept: Kept, reference: str = "learner-7") -> Evidence:
    return gatherer().gather(reference, kept, VERSIONS, MADE)


def made(*kept: Kept, reference: str = "learner-7") -> str:
    return page(gathered(*kept, reference=reference))


def with_body(kept: Kept, body: str | None) -> Kept:
    played: Played = replace(kept.played, body=body)
    return replace(kept, played=played)


class Reader(HTMLParser):
    """Reads a page and remembers what is wrong with it, its elements and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())

    def tags(self, name: str) -> Sequence[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if len({name for name, _ in attrs}) < len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.pieces.append(data)
