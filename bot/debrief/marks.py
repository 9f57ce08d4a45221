"""Criteria, steps and band of a run, by the published rules for transcripts, with what the scenario knows besides.

A tutor's mark stands in place of the assessor's. A criterion that is only advisory, or does not apply, counts in the band as neither met
nor missed: it cannot fail a run, nor stand between it and a higher band.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.assess.labels import BAD
from bot.assess.transcript import CRITERIA, LATER, Band
from bot.content.scenarios import Scenario
from bot.debrief.played import Review
from bot.debrief.talk import Said

_MOST_MISSED = 2  # of the six steps, for a merit
_MOVE_OF = {"disclosed_data": "disclose"}
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


def criteria_of(scenario: Scenario, talk: Sequence[Said], review: Review) -> Criteria:
    """In the order of CRITERIA."""
    found: Criteria = {name: any(makes(scenario, said, name) for said in talk) for name in CRITERIA}
    found["disclosed_data"] = any(said.unsafe for said in talk)
    found["verify"] = _verified(scenario, talk)
    return {**found, **{name: mark for name, mark in review.marks.items() if name in found}}


def steps_of(criteria: Criteria, review: Review) -> tuple[int, int]:
    """How many steps of LATER are met, and how many count: those that apply and are not advisory."""
    counted = [criteria[name] for name in LATER if name not in review.advisory and criteria[name] is not None]
    return sum(map(bool, counted)), len(counted)


def is_timed(talk: Sequence[Said]) -> bool:
    """Whether a promise to get back names a time."""
    return any(said.has("follow_up") and said.heard.promise for said in talk)


def band_of(criteria: Criteria, talk: Sequence[Said], review: Review) -> tuple[Band, str]:
    """The band, and the key of `reasons` that says what decided it or what the next one needs."""

    def missed(*names: str) -> bool:
        return all(criteria[name] is False and name not in review.advisory for name in names)

    def against(name: str) -> bool:
        return bool(criteria[name]) and name not in review.advisory

    for failing, reason in (
        (against("disclosed_data"), "fail_disclosed_data"),
        (against("defensive"), "fail_defensive"),
        (missed("resolve"), "fail_resolve"),
        (missed("apologise", "empathise"), "fail_warmth"),
    ):
        if failing:
            return "fail", reason
    steps_missed = sum(missed(name) for name in LATER)
    for missing, reason in (
        (missed("follow_up"), "pass_follow_up"),
        (missed("verify"), "pass_verify"),
        (steps_missed > _MOST_MISSED, "pass_steps"),
    ):
        if missing:
            return "pass", reason
    for missing, reason in (
        (steps_missed > 0, "merit_steps"),
        (missed("check"), "merit_check"),
        (not _keeps_time(talk, review), "merit_timed"),
        (not _is_clean(talk, review), "merit_clean"),
    ):
        if missing:
            return "merit", reason
    return "distinction", "distinction"


def _keeps_time(talk: Sequence[Said], review: Review) -> bool:
    """Whether the promise to get back names a time; one that only a tutor heard may stand in any line."""
    if "follow_up" in review.advisory:
        return True
    return is_timed(talk) or bool(review.marks.get("follow_up") and any(said.heard.promise for said in talk))


def _is_clean(talk: Sequence[Said], review: Review) -> bool:
    """Whether no line does harm, but for harm that a tutor did not see or that is only advisory."""
    let_be = {_MOVE_OF.get(name, name) for name in review.advisory | review.denied}
    return not any(move.name in BAD and move.name not in let_be for said in talk for move in said.moves)


def _verified(scenario: Scenario, talk: Sequence[Said]) -> bool | None:
    """Asked before anything was told; None where nobody had to ask."""
    asked = next((said.turn for said in talk if said.has("verify")), None)
    told = next((said.turn for said in talk if said.unsafe), None)
    if told is not None:
        return asked is not None and asked < told
    if scenario.identity.kind == "account":
        return asked is not None
    return True if asked is not None and scenario.identity.kind == "third_party" else None
