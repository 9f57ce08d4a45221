"""Criteria and band of a whole talk, from the moves of its turns by the rules that assessors use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.assess.assessor import Assessor
from bot.assess.labels import BAD, Move

Who = Literal["customer", "agent"]
Band = Literal["distinction", "merit", "pass", "fail"]
BANDS: tuple[Band, ...] = ("fail", "pass", "merit", "distinction")
LATER = ("listen", "apologise", "thank", "empathise", "explain", "resolve")
CRITERIA = (*LATER, "verify", "follow_up", "check", "prevent", "disclosed_data", "defensive")
_MOVE_OF = {"disclosed_data": "disclose"}
_MERIT_STEPS = 4  # of the six LATER
# A whole talk is failed by one turn of these, so that one must be more likely than not; a line's own mark may be less sure.
_SURE = {"defensive": 0.5, "disclose": 0.5}


@dataclass(frozen=True)
class Turn:
    """Something said by the customer or the agent."""

    who: Who
    text: str


@dataclass(frozen=True)
class Assessment:
    """Moves for every turn (none for the customer's), criteria in the order of CRITERIA, and the band.

    `criteria["verify"]` is true when identity was asked for before details, false when it was needed and not asked for,
    and None when no account or personal details were in play.
    """

    turns: tuple[tuple[Move, ...], ...]
    criteria: dict[str, bool | None]
    band: Band


def assess(assessor: Assessor, turns: Sequence[Turn], scenario: str = "") -> Assessment:
    """Assess a talk; `scenario` says what it is about and may be empty."""
    moves: list[tuple[Move, ...]] = []
    heard = ""
    for number, turn in enumerate(turns):
        if turn.who == "customer":
            again = number > 0 and turns[number - 1].who == "customer"
            heard = f"{heard} {turn.text}" if again else turn.text
        moves.append(assessor.moves(heard, turn.text) if turn.who == "agent" else ())
    criteria = criteria_of(assessor, turns, moves, scenario)
    return Assessment(tuple(moves), criteria, band_of(criteria, turns, moves, assessor))


def criteria_of(assessor: Assessor, turns: Sequence[Turn], moves: Sequence[Sequence[Move]], scenario: str) -> dict[str, bool | None]:
    """Whether any agent's turn makes the move of each criterion; `verify` has three values."""
    made = {move.name for turn in moves for move in turn if _sure(move)}
    found: dict[str, bool | None] = {name: _MOVE_OF.get(name, name) in made for name in CRITERIA}
    found["verify"] = _verified(assessor, turns, moves, scenario)
    return found


def band_of(criteria: dict[str, bool | None], turns: Sequence[Turn], moves: Sequence[Sequence[Move]], assessor: Assessor) -> Band:
    """The first band whose conditions hold, from fail to distinction to merit to pass."""
    if criteria["disclosed_data"] or criteria["defensive"] or not criteria["resolve"]:
        return "fail"
    if not (criteria["apologise"] or criteria["empathise"]):
        return "fail"
    steps = sum(bool(criteria[name]) for name in LATER)
    safe = criteria["verify"] is not False
    clean = not any(move.name in BAD for turn in moves for move in turn)
    if steps == len(LATER) and criteria["check"] and safe and clean and _timed(assessor, turns, moves):
        return "distinction"
    if criteria["follow_up"] and steps >= _MERIT_STEPS and safe:
        return "merit"
    return "pass"


def _timed(assessor: Assessor, turns: Sequence[Turn], moves: Sequence[Sequence[Move]]) -> bool:
    """Whether a promise to get back names a time."""
    promises = (turn.text for turn, made in zip(turns, moves, strict=True) if any(move.name == "follow_up" for move in made))
    return any(assessor.book.tells("timeframe", text) for text in promises)


def _verified(assessor: Assessor, turns: Sequence[Turn], moves: Sequence[Sequence[Move]], scenario: str) -> bool | None:
    """Details are in play when some are given away, when records are opened, or when a remedy is given that calls for a check."""
    asked = _first(moves, "verify")
    told = _first(moves, "disclose")
    if asked is not None:
        return told is None or asked <= told
    if told is not None or any(turn.who == "agent" and assessor.book.tells("opens_records", turn.text) for turn in turns):
        return False
    helped = _first(moves, "resolve") is not None
    return False if helped and assessor.book.tells("calls_for_identity", scenario) else None


def _first(moves: Sequence[Sequence[Move]], name: str) -> int | None:
    return next((number for number, made in enumerate(moves) if any(move.name == name and _sure(move) for move in made)), None)


def _sure(move: Move) -> bool:
    return move.confidence >= _SURE.get(move.name, 0.0)
