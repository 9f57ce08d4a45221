"""Assesses a file of labelled-line or talk records: JSON Lines in, JSON Lines out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.assess.assessor import Assessor
from bot.assess.labels import Move
from bot.assess.transcript import Turn, assess


class RecordError(ValueError):
    """A record that cannot be assessed; the message says what is wrong with it."""


def assess_records(assessor: Assessor, rows: Iterable[str], write: Callable[[str], None], complain: Callable[[int, str], None]) -> int:
    """Write one JSON line per record in order, skip blank rows; how many records were wrong.

    A record is {"id", "customer", "text"} or {"id", "turns": [{"who", "text"}], "scenario"?}; other keys are ignored. Wrong
    ones go to `complain` with their row number, from 1, and the rest are still assessed.
    """
    wrong = 0
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        try:
            write(json.dumps(assess_record(assessor, _read(row)), ensure_ascii=False))
        except RecordError as error:
            wrong += 1
            complain(number, str(error))
    return wrong


def assess_record(assessor: Assessor, record: Mapping[str, Any]) -> dict[str, Any]:
    """The result of one record. Raises RecordError naming what is missing or wrong."""
    if "id" not in record:
        raise RecordError("`id` is missing")
    if "turns" in record:
        turns = _turns(record["turns"])
        assessment = assess(assessor, turns, _text(record, "scenario"))
        shown = [_shown(moves) for moves in assessment.turns]
        return {"id": record["id"], "turns": shown, "criteria": assessment.criteria, "band": assessment.band}
    if "text" not in record:
        raise RecordError("neither `text` nor `turns` is there")
    return {"id": record["id"], **_shown(assessor.moves(_text(record, "customer"), _text(record, "text")))}


def _shown(moves: Sequence[Move]) -> dict[str, Any]:
    evidence = [{"move": move.name, "start": move.start, "end": move.end, "confidence": move.confidence} for move in moves]
    return {"moves": [move.name for move in moves], "evidence": evidence}


def _read(row: str) -> dict[str, Any]:
    try:
        record = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"not JSON ({error})") from error
    if not isinstance(record, dict):
        raise RecordError("not a JSON object")
    return record


def _turns(value: Any) -> list[Turn]:
    if not isinstance(value, list):
        raise RecordError("`turns` must be a list")
    turns = []
    for number, turn in enumerate(value, 1):
        if not isinstance(turn, dict) or turn.get("who") not in {"customer", "agent"}:
            raise RecordError(f"turn {number}: `who` must be customer or agent")
        if "text" not in turn:
            raise RecordError(f"turn {number}: `text` is missing")
        turns.append(Turn(turn["who"], _text(turn, "text", f"turn {number}: ")))
    return turns


def _text(record: Mapping[str, Any], key: str, where: str = "") -> str:
    value = record.get(key, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError(f"{where}`{key}` must be text")
    return value
