"""Files that spreadsheets open safely, statements that keep to xAPI 1.0.3, archives made piece by piece."""

from __future__ import annotations

import csv
import io
import re
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Library
from bot.exporting import AttemptRow, PracticeRow, Statements
from bot.exporting.files import csv_text, safe
from bot.exporting.pack import Part, packed
from bot.practice import open_practice
from bot.quiz.bank import Bank
from bot.settings import Settings

AT = datetime(2026, 11, 30, 9, tzinfo=timezone.utc).timestamp()
INTERACTIONS = {
    "true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert", "numeric", "other",
}  # fmt: skip
COMPONENTS = {"choice": {"choices"}, "sequencing": {"choices"}, "matching": {"source", "target"}}


# CSV


@given(st.text())
def test_no_cell_runs_whatever_was_typed(text: str) -> None:
    shown = next(csv.reader([*io.StringIO("".join(csv_text(["a", "b"], [{"a": "x", "b": text}])), newline="")][1:]))[1]
    kept = text.replace("\x00", "")
    assert shown in (kept, f"'{kept}")
    assert not re.match(r"\s*[=+\-@]", shown)


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-2", "@SUM(1)", "\tx", "\rx", "  =1", "\u00a0=1", "\ufeff=1", "\u200b@a", "\uff1d1", "\n=1"]
)
def test_formulas_are_made_words(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_numbers_stay_numbers() -> None:
    assert [safe(value) for value in (-2, 0.5, None, True, False, "a-b")] == ["-2", "0.5", "", "yes", "no", "a-b"]


# Statements


@pytest.fixture(scope="module")
def made(settings: Settings, library: Library) -> Statements:
    knowledge = settings.knowledge
    return Statements("https://college.example", "secret", Bank.load(knowledge), library, open_practice(knowledge).scenarios)


def attempt(**changes: Any) -> AttemptRow:
    row = AttemptRow(
        1, 12, "Ann", "Tuesday", "ann", AT, "5e55", "quiz", 0, 1, 5, "none-such", "csat", "single", "right", 1.0, 1, 3.456, "1",
        "my own words", "", 0, "",
    )  # fmt: skip
    return replace(row, **changes)


def practice(**changes: Any) -> PracticeRow:
    row = PracticeRow(
        1, 12, "Ann", "Tuesday", "ann", "0000ab12", "faulty-baby-monitor", 1, AT, AT + 90, 4, "satisfied", "merit", "", 0,
        {"listen": True, "verify": None},
    )  # fmt: skip
    return replace(row, **changes)


def test_statements_of_every_item_keep_to_the_specification(made: Statements) -> None:
    chosen = {"single": "1", "true-false": "0", "multiple": "02", "ordering": "102", "matching": "210", "numeric": "12.5", "short": ""}
    rows = [
        attempt(item=item.id, topic=item.topic, kind=item.kind, place=place, verdict=verdict, chosen=chosen[item.kind])
        for place, item in enumerate(made.bank.items.values())
        for verdict in ("right", "partly", "wrong", "skipped", "revealed")
    ]
    statements = [*made.of_attempts([*rows, attempt(place=400)]), *made.of_practices([practice(), practice(run="b", ended_at=None)])]
    for statement in statements:
        check_statement(statement)
    assert {statement["verb"]["id"].rpartition("/")[2] for statement in statements} == {"initialized", "answered", "completed"}
    kinds = {statement["object"]["definition"].get("interactionType") for statement in statements}
    assert kinds == {"choice", "true-false", "sequencing", "matching", "numeric", "long-fill-in", None}


def test_right_answers_are_those_that_match_the_pattern(made: Statements) -> None:
    """What was chosen, read by the specification's own rules, equals the pattern exactly where it is right."""
    for item in made.bank.items.values():
        if item.kind not in ("single", "multiple", "true-false", "ordering", "matching"):
            continue
        count = len(getattr(item, "choices", None) or getattr(item, "steps", None) or getattr(item, "pairs", None) or "ab")
        places = [place for place, choice in enumerate(getattr(item, "choices", ())) if choice.right] or list(range(count))
        right = "".join(map(str, places)) if item.kind != "true-false" else ("0" if item.true else "1")
        for given_, is_right in ((right, True), (right[::-1] if len(right) > 1 else str(1 - int(right[0] == "1")), False)):
            (statement,) = made.of_attempts([attempt(item=item.id, place=3, chosen=given_)])
            parts = [set(text.split("[,]")) if item.kind == "multiple" else text for text in _both(statement)]
            assert (parts[0] == parts[1]) is (is_right or (item.kind == "multiple" and given_ != right))


def _both(statement: Mapping[str, Any]) -> tuple[str, str]:
    return statement["result"]["response"], statement["object"]["definition"]["correctResponsesPattern"][0]


def test_nobody_is_named_and_nothing_that_they_wrote_is_told(made: Statements) -> None:
    told = str([*made.of_attempts([attempt(kind="short")]), *made.of_practices([practice()])])
    assert "Ann" not in told
    assert "my own words" not in told
    assert "'12'" not in told
    other = replace(made, secret="another").pseudonym(12)
    assert len({made.pseudonym(12), made.pseudonym(13), other}) == 3


def test_sent_twice_it_is_the_same_and_a_changed_mark_voids_the_one_before(made: Statements) -> None:
    first, again = list(made.of_attempts([attempt(place=1)])), list(made.of_attempts([attempt(place=1)]))
    assert first == again
    *voided, now = made.of_attempts([attempt(place=1, verdict="wrong", score=0.0, changes=2)])
    assert voided[0]["object"]["id"] == first[0]["id"]
    assert len({now["id"], *(one["id"] for one in voided), *(one["object"]["id"] for one in voided)}) == 5
    for one in voided:
        check_statement(one)
    assert [one["verb"]["id"] for one in voided] == ["http://adlnet.gov/expapi/verbs/voided"] * 2


# The archive


def test_an_archive_is_made_of_pieces_and_holds_its_files() -> None:
    wanted = {"a/b.txt": "Zoë: “yes”\n" * 5000, "empty.csv": ""}
    parts = [Part(name, [text[at : at + 999] for at in range(0, len(text), 999)]) for name, text in wanted.items()]
    pieces = list(packed(parts, datetime(2026, 11, 30, 9, 30, tzinfo=timezone.utc)))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    assert {name: archive.read(name).decode() for name in archive.namelist()} == wanted
    assert len(pieces) > 2


# What the specification asks of a statement (xAPI 1.0.3, part two, sections 2.2 to 2.4 and 4)


def check_statement(statement: Mapping[str, Any]) -> None:
    assert {"id", "actor", "verb", "object"} <= statement.keys()
    assert statement.keys() <= {"id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version"}
    assert statement["version"] == "1.0.3"
    _is_uuid(statement["id"])
    _is_moment(statement["timestamp"])
    assert statement["actor"].keys() == {"objectType", "account"}  # one inverse functional identifier and no more
    assert statement["actor"]["account"].keys() == {"homePage", "name"}
    _is_iri(statement["actor"]["account"]["homePage"])
    _is_iri(statement["verb"]["id"])
    _is_language_map(statement["verb"]["display"])
    if statement["object"]["objectType"] == "StatementRef":
        _is_uuid(statement["object"]["id"])
        assert statement["verb"]["id"].endswith("/voided")
    else:
        _is_activity(statement["object"])
    _check_result(statement.get("result", {}))
    _check_context(statement.get("context"))
    assert not [path for path, value in _leaves(statement) if value is None]


def _check_result(result: Mapping[str, Any]) -> None:
    assert result.keys() <= {"score", "success", "completion", "response", "duration", "extensions"}
    score = result.get("score", {})
    assert score.keys() <= {"scaled", "raw", "min", "max"}
    assert -1 <= score.get("scaled", 0) <= 1
    assert score.get("min", 0) <= score.get("raw", 0) <= score.get("max", 1)
    assert all(isinstance(result[name], bool) for name in ("success", "completion") if name in result)
    assert isinstance(result.get("response", ""), str)
    assert re.fullmatch(r"P(?:\d+D)?T(?:\d+H)?(?:\d+M)?\d+(?:\.\d{1,2})?S", result.get("duration", "PT0S"))
    for name in result.get("extensions", {}):
        _is_iri(name)


def _check_context(context: Mapping[str, Any] | None) -> None:
    if context is None:
        return
    assert context.keys() <= {"registration", "instructor", "team", "contextActivities", "revision", "platform", "language", "statement"}
    _is_uuid(context["registration"])
    assert re.fullmatch(r"[a-z]{2}-[A-Z]{2}", context["language"])
    assert context["contextActivities"].keys() <= {"parent", "grouping", "category", "other"}
    for activities in context["contextActivities"].values():
        assert isinstance(activities, list)
        for activity in activities:
            _is_activity(activity)


def _is_activity(activity: Mapping[str, Any]) -> None:
    assert activity.keys() <= {"objectType", "id", "definition"}
    assert activity["objectType"] == "Activity"
    _is_iri(activity["id"])
    definition = activity["definition"]
    about = {"name", "description", "type", "moreInfo", "extensions"}
    asked = {"interactionType", "correctResponsesPattern", "choices", "scale", "source", "target", "steps"}
    assert definition.keys() <= about | asked
    _is_iri(definition["type"])
    for name in {"name", "description"} & definition.keys():
        _is_language_map(definition[name])
    if not definition.keys() & asked:
        return
    kind = definition["interactionType"]
    assert kind in INTERACTIONS
    assert definition.keys() & {"choices", "scale", "source", "target", "steps"} == COMPONENTS.get(kind, set())
    assert all(isinstance(pattern, str) for pattern in definition.get("correctResponsesPattern", []))
    for name in COMPONENTS.get(kind, set()):
        ids = [part["id"] for part in definition[name]]
        assert len(set(ids)) == len(ids)
        assert not [one for one in ids if re.search(r"\s|\[", one)]
        for part in definition[name]:
            assert part.keys() == {"id", "description"}
            _is_language_map(part["description"])


def _is_uuid(text: str) -> None:
    assert str(uuid.UUID(text)) == text
    assert uuid.UUID(text).variant == uuid.RFC_4122


def _is_moment(text: str) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", text)


def _is_iri(text: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", text)


def _is_language_map(values: Mapping[str, str]) -> None:
    assert values
    assert all(re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", tag) and isinstance(text, str) and text for tag, text in values.items())
    assert "{" not in "".join(values.values())


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _leaves(part, f"{path}.{name}")
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, path)
    else:
        yield path, value
