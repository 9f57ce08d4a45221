"""The content as it stands, read once for all tests of this folder, and paperwork done from beginning to end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content.scenarios import Scenario, load_scenarios
from bot.paperwork import Note, Paperwork, Session, Step
from bot.paperwork.words import PaperworkFile, load_words
from bot.settings import ROOT

KNOWLEDGE = ROOT / "knowledge"
TODAY = date(2026, 12, 1)  # a Tuesday
GYM, BLAZER = "gym-cancelled-still-charged", "blazer-cut-too-small"
REFLECTIONS = ("The payment firm was changed and the notices were not carried over", "Compare leavers with payments every month")
LOG = (
    "today, at the counter",
    "Mr Khan, membership 5521",
    "Three payments taken since he cancelled on 3 July; stamped copy of his notice seen.",
    "Wants £114 back. Agreed.",
    "I send the refund today",
    "Phone",
    "next Tuesday",
    "Open until followed up",
)
RETURN = (
    "today, by phone",
    "Mrs Doyle, order 4471",
    "one blazer, tag 34",
    "Measures 32 across the chest although the tag says 34; noticed when first worn.",
    "Exchange",
    "handed in at the shop, nothing to pay",
    "authorised by me, swapped on Thursday",
    "in 5 working days",
)


@lru_cache(maxsize=1)
def paperwork() -> Paperwork:
    return Paperwork.load(KNOWLEDGE)


@lru_cache(maxsize=1)
def file() -> PaperworkFile:
    return load_words(KNOWLEDGE)


@lru_cache(maxsize=1)
def scenarios() -> Mapping[str, Scenario]:
    return load_scenarios(KNOWLEDGE / "scenarios")


def begun(scenario: str = GYM, ending: str | None = "satisfied") -> Step:
    return paperwork().begin(scenarios()[scenario], ending)


def at_form(scenario: str = GYM, ending: str | None = "satisfied") -> Step:
    return paperwork().begin_form(scenarios()[scenario], ending, TODAY)


def say(step: Step, text: str, today: date = TODAY) -> Step:
    """The next turn, its session read back from JSON as a slot would."""
    assert step.session is not None
    session = Session.from_dict(json.loads(json.dumps(step.session.to_dict())))
    assert session == step.session
    return paperwork().take(session, text, scenarios()[session.scenario], today)


def done(step: Step, texts: Iterable[str]) -> tuple[Step, list[Note]]:
    """The last step, and everything noted on the way."""
    notes = list(step.notes)
    for text in texts:
        step = say(step, text)
        notes += step.notes
    return step, notes


def told(step: Step) -> str:
    return "\n\n".join(reply.text for reply in step.replies)


def tokens(step: Step) -> list[str]:
    return [button.token for reply in step.replies for button in reply.buttons]


def form(notes: Iterable[Note]) -> Mapping[str, Any]:
    """The values of the last form noted."""
    return [note.values for note in notes if note.kind == "form"][-1]


def lines(name: str) -> list[dict[str, Any]]:
    """The labelled lines of a file in this folder."""
    return [json.loads(line) for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()]
