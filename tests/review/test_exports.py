"""The page of exports: what a tutor gets, what it is called, and what the trail says of it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bot.records.accounts import Tutor
from bot.records.engine import reading
from bot.records.trail import entries
from tests.records.exported import fill


@pytest.fixture
def numbers(engine: Engine, tom: Tutor) -> dict[str, int]:
    return fill(engine, tom, {"single": ("later-model-which-e", "1")})


def trail_of(engine: Engine) -> list[tuple[str, str, str, str]]:
    with reading(engine) as connection:
        return [(entry.by, entry.what, entry.subject, entry.detail) for entry in entries(connection)]


def test_every_table_comes_as_a_file_of_our_name_and_is_noted(client: FlaskClient, engine: Engine, numbers: dict[str, int]) -> None:
    for kind, rows in (("conversations", 2), ("messages", 4), ("attempts", 2), ("practices", 1)):
        answer = client.post(f"/exports/tables/{kind}", data={"format": "csv", "since": "2026-11-01", "until": "2026-11-30"})
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="aftercare-{kind}-2026-11-30.csv"'
        assert answer.headers["Cache-Control"] == "no-store"
        text = answer.get_data(as_text=True)
        cells = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert len(cells) == rows
        assert not [cell for row in cells for cell in row.values() if re.match(r"\s*[=+\-@]", cell)]
        noted = f"{rows} rows as csv from 2026-11-01 until 2026-11-30, whole"
        assert trail_of(engine)[0] == ("Lena", f"exported {kind}", "all whom they may see", noted)


def test_a_tutor_gets_their_own_groups_only(tutor_client: FlaskClient, engine: Engine, numbers: dict[str, int]) -> None:
    answer = tutor_client.post("/exports/tables/messages", data={"format": "json", "group": "4"})
    assert {row["conversation"] for row in json.loads(answer.data)} == {"ann"}
    assert tutor_client.post("/exports/tables/messages", data={"group": "5"}).status_code == 404
    assert tutor_client.post("/exports/evidence", data={"learner": numbers["bob"]}).status_code == 404
    assert tutor_client.post("/exports/tables/attempts", data={"format": "jsonl"}).data.count(b"\n") == 2
    page = tutor_client.get("/exports").get_data(as_text=True)
    assert f'<option value="{numbers["ann"]}">Ann' in page
    assert "=Tuesday" in page


@pytest.mark.parametrize("wrong", ["tables/passwords", "tables/..%2f..%2fetc", "tables/messages?format=exe", "bank"])
def test_there_is_nothing_else_to_export(client: FlaskClient, wrong: str) -> None:
    assert client.post(f"/exports/{wrong}", data={"format": "exe"}).status_code == 404


@pytest.mark.parametrize("days", [{"since": "30/11/2026"}, {"since": "2026-12-01", "until": "2026-11-01"}, {"until": "9999-12-31"}])
def test_days_that_cannot_be_are_told(client: FlaskClient, days: dict[str, str]) -> None:
    answer = client.post("/exports/tables/attempts", data=days)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_statements_speak_of_pseudonyms(client: FlaskClient, engine: Engine, numbers: dict[str, int]) -> None:
    answer = client.post("/exports/statements", data={"group": "4"})
    statements = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    verbs = [statement["verb"]["id"].rpartition("/")[2] for statement in statements]
    assert verbs == ["initialized", "answered", "answered", "initialized", "completed"]
    assert b"Ann" not in answer.data
    assert trail_of(engine)[0][1:] == ("exported statements", "group 4", "5 xAPI statements, whole")


def test_the_evidence_pack_holds_page_practices_marks_and_answers(client: FlaskClient, engine: Engine, numbers: dict[str, int]) -> None:
    archive = zipfile.ZipFile(io.BytesIO(client.post("/exports/evidence", data={"learner": numbers["ann"]}).data))
    assert archive.namelist() == ["evidence.html", "practices/01-faulty-baby-monitor.txt", "marks.csv", "answers.csv"]
    assert "Sorry about that." in archive.read("practices/01-faulty-baby-monitor.txt").decode()
    assert "listen,met,met" in archive.read("marks.csv").decode()
    assert "'\t-2+3" in archive.read("answers.csv").decode()
    assert trail_of(engine)[0][1:3] == ("exported evidence", f"learner {numbers['ann']}")
    empty = client.post("/exports/evidence", data={"learner": numbers["bob"]})
    assert zipfile.ZipFile(io.BytesIO(empty.data)).namelist() == ["marks.csv", "answers.csv"]
    assert client.post("/exports/evidence", data={"learner": "../1"}).status_code == 400


def test_the_question_bank_comes_in_both_formats(client: FlaskClient, engine: Engine) -> None:
    assert b"$CATEGORY" in client.post("/exports/bank", data={"format": "gift"}).data
    assert client.post("/exports/bank", data={"format": "moodle-xml"}).data.startswith(b"<?xml")
    assert trail_of(engine)[0][1:3] == ("exported the question bank", "moodle-xml")


def test_a_client_that_goes_away_is_noted(desk_app: Flask, client: FlaskClient, engine: Engine, numbers: dict[str, int]) -> None:
    answer = client.post("/exports/tables/messages", data={"format": "json"}, buffered=False)
    next(iter(answer.response))
    answer.close()
    assert trail_of(engine)[0][3].endswith("stopped early")
