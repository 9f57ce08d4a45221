"""Criteria, steps and band of a run, by the published rules for transcripts, with what the scenario knows besides."""

from __future__ import annotations

from collections.abc import Sequence

from bot.assess.labels import BAD
from bot.assess.transcript import CRITERIA, LATER, Band
from bot.content.scenarios import Scenario
from bot.debrief.talk import Said

_MERIT_STEPS = 4
_NO_HELP = frozenset({"wrong", "not_allowed"})
Criteria = dict[str, bool | None]


def makes(scenario: Scenario, said: Said, name: str) -> bool:
    """Whether the line makes the move. A remedy may consist of another move; it is none where it does not help, may not be given, or is
    less than owed and not taken either.
    """
    if name != "resolve":
        return said.has(name)
    remedy = scenario.remedy(said.heard.remedy)
    if remedy is None:
        return said.has("resolve")
    if not said.has(remedy.move) or remedy.worth in _NO_HELP:
        return False
    return "settles" in said.events or (remedy.worth == "full" and not said.heard.less)


def is_premature(scenario: Scenario, said: Said) -> bool:
    """Whether the line is the first to offer the right remedy, before what it depends on was known."""
    known = {*said.facts, *said.heard.facts}
    unknown = any(fact.needed and fact.id not in known for fact in scenario.facts)
    return unknown and not said.offered and bool({"full", "cold"} & said.events)


def criteria_of(scenario: Scenario, talk: Sequence[Said]) -> Criteria:
    """In the order of CRITERIA."""
    found: Criteria = {name: any(makes(scenario, said, name) for said in talk) for name in CRITERIA}
    found["disclosed_data"] = any(said.unsafe for said in talk)
    found["verify"] = _verified(scenario, talk)
    return found


def steps_met(criteria: Criteria) -> int:
    """Of the six of LATER."""
    return sum(bool(criteria[name]) for name in LATER)


def is_timed(talk: Sequence[Said]) -> bool:
    """Whether a promise to get back names a time."""
    return any(said.has("follow_up") and said.heard.promise for said in talk)


def band_of(criteria: Criteria, talk: Sequence[Said]) -> tuple[Band, str]:
    """The band, and the key of `reasons` that says what decided it or what the next one needs."""
    for failing, reason in (
        (criteria["disclosed_data"], "fail_disclosed_data"),
        (criteria["defensive"], "fail_defensive"),
        (not criteria["resolve"], "fail_resolve"),
        (not (criteria["apologise"] or criteria["empathise"]), "fail_warmth"),
    ):
        if failing:
            return "fail", reason
    steps = steps_met(criteria)
    for missing, reason in (
        (not criteria["follow_up"], "pass_follow_up"),
        (criteria["verify"] is False, "pass_verify"),
        (steps < _MERIT_STEPS, "pass_steps"),
    ):
        if missing:
            return "pass", reason
    for missing, reason in (
        (steps < len(LATER), "merit_steps"),
        (not criteria["check"], "merit_check"),
        (not is_timed(talk), "merit_timed"),
        (any(move.name in BAD for said in talk for move in said.moves), "merit_clean"),
    ):
        if missing:
            return "merit", reason
    return "distinction", "distinction"


def _verified(scenario: Scenario, talk: Sequence[Said]) -> bool | None:
    """Asked before anything was told; None where nobody had to ask."""
    asked = next((said.turn for said in talk if said.has("verify")), None)
    told = next((said.turn for said in talk if said.unsafe), None)
    if told is not None:
        return asked is not None and asked < told
    if scenario.identity.kind == "account":
        return asked is not None
    return True if asked is not None and scenario.identity.kind == "third_party" else None
