"""`aftercare assess` reads lines and talks, and says which records are wrong without stopping."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.assess import Assessor
from bot.assess.command import assess_records
from server.assess_command import assess

app = typer.Typer()
app.command()(assess)

LINE = {"id": "a", "customer": "It broke on day two.", "text": "I'm sorry that it broke on day two.", "labels": ["unused"]}
TALK = {
    "id": "b",
    "scenario": "A toaster broke.",
    "turns": [{"who": "customer", "text": "It broke."}, {"who": "agent", "text": "It's only a toaster, calm down."}],
}


def run(assessor: Assessor, *rows: str) -> tuple[list[dict], list[tuple[int, str]], int]:
    written: list[str] = []
    complaints: list[tuple[int, str]] = []
    wrong = assess_records(assessor, rows, written.append, lambda number, problem: complaints.append((number, problem)))
    return [json.loads(line) for line in written], complaints, wrong


def test_lines_and_talks_may_be_mixed_and_stay_in_order(assessor: Assessor) -> None:
    results, complaints, wrong = run(assessor, json.dumps(TALK), "", json.dumps(LINE))
    assert (complaints, wrong) == ([], 0)
    assert [result["id"] for result in results] == ["b", "a"]
    talk, line = results
    assert set(talk) == {"id", "turns", "criteria", "band"}
    assert talk["turns"][0]["moves"] == []
    assert "dismissive" in talk["turns"][1]["moves"]
    assert talk["band"] == "fail"
    assert "apologise" in line["moves"]
    assert all(line["evidence"][n]["move"] == name for n, name in enumerate(line["moves"]))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "not JSON"),
        ("[" * 5000, "not JSON"),
        ("7", "not a JSON object"),
        ('{"text": "Hello"}', "`id` is missing"),
        ('{"id": 1}', "neither `text` nor `turns`"),
        ('{"id": 1, "text": 5}', "`text` must be text"),
        ('{"id": 1, "turns": {}}', "`turns` must be a list"),
        ('{"id": 1, "turns": [{"who": "bot", "text": "x"}]}', "turn 1: `who`"),
        ('{"id": 1, "turns": [{"who": "agent"}]}', "turn 1: `text` is missing"),
        ('{"id": 1, "turns": [], "scenario": []}', "`scenario` must be text"),
    ],
)
def test_a_wrong_record_is_named_and_the_rest_is_assessed(assessor: Assessor, row: str, said: str) -> None:
    results, complaints, wrong = run(assessor, json.dumps(LINE), row, json.dumps(LINE))
    assert len(results) == 2
    assert wrong == 1
    assert complaints[0][0] == 2
    assert said in complaints[0][1]


def test_the_command_writes_results_to_one_stream_and_problems_to_the_other(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(f"{json.dumps(LINE)}\nnonsense\n", encoding="utf-8")
    shown = CliRunner().invoke(app, [str(file)])
    assert shown.exit_code == 1
    assert json.loads(shown.stdout.splitlines()[0])["id"] == "a"
    assert f"{file}:2: not JSON" in shown.stderr


def test_a_file_that_cannot_be_read_is_one_message(tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, [str(tmp_path / "nothing.jsonl")])
    assert shown.exit_code == 2
    assert "cannot be read" in shown.stderr
    assert "Traceback" not in shown.stderr
