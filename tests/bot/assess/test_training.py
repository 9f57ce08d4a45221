"""Labelled lines and cues are read strictly; the trained file belongs to exactly its sources."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.assess import Assessor, ready
from bot.assess.cues import CueBook
from bot.assess.features import features
from bot.assess.kept import trained_file
from bot.assess.lines import Line, read_lines
from bot.assess.train import best_threshold, fit, folds_of, truth_of
from bot.errors import ContentError, IndexUnusableError
from bot.settings import Settings


def test_the_projects_lines_can_be_read_and_no_text_has_two_labellings(settings: Settings) -> None:
    lines = read_lines(settings.knowledge / "moves")
    assert len(lines) > 2000
    seen: dict[bytes, frozenset[str]] = {}
    assert [line.id for line in lines if seen.setdefault(line.key, line.labels) != line.labels] == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "not a labelled line"),
        ('{"id": "x_a", "customer": "", "text": "Hi"}', "not a labelled line"),
        ('{"id": "x_a", "customer": "", "text": "Hi", "labels": ["kind"]}', "unknown labels: kind"),
    ],
)
def test_a_wrong_line_is_named_with_file_and_number(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "lines.jsonl").write_text(f"\n{row}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=rf"lines\.jsonl:2: {said}"):
        read_lines(tmp_path)


def test_a_repeated_id_is_refused(tmp_path: Path) -> None:
    row = json.dumps({"id": "x_a", "customer": "", "text": "Hi", "labels": []})
    (tmp_path / "lines.jsonl").write_text(f"{row}\n{row}\n", encoding="utf-8")
    with pytest.raises(ContentError, match="stands twice"):
        read_lines(tmp_path)


def test_cues_name_every_move(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "moves").mkdir()
    path = tmp_path / "moves" / "cues.yml"
    path.write_text("moves: {thank: {shows: [thanks]}}\nsigns: {}\ntalk: {}\n", encoding="utf-8")
    with pytest.raises(ContentError, match="exactly"):
        CueBook.load(tmp_path)


def test_words_that_look_like_an_apology_are_passed_over(settings: Settings) -> None:
    book = CueBook.load(settings.knowledge)
    assert not book.seen("I'm sorry you feel that way.")["apologise"].possible
    assert book.seen("I’m sorry about the delay.")["apologise"].shows
    blamed = book.seen("Sorry, but it's your own fault.")["apologise"]
    assert blamed.cancelled or not blamed.shows


@pytest.mark.parametrize(
    ("name", "said", "tells"),
    [
        ("timeframe", "I'll ring you by four.", True),
        ("timeframe", "I'll ring you on Thursday.", True),
        ("timeframe", "I'll ring you within two hours.", True),
        ("timeframe", "I'll ring you once it has come.", False),
        ("opens_records", "I've got your order up now.", True),
        ("opens_records", "Your account shows two payments.", True),
        ("opens_records", "What seems to be the trouble?", False),
        ("calls_for_identity", "Agents may refund after a security check.", True),
        ("calls_for_identity", "The shop exchanges unworn clothes within 28 days.", False),
    ],
)
def test_what_tells_about_a_whole_talk(settings: Settings, name: str, said: str, tells: bool) -> None:
    assert CueBook.load(settings.knowledge).tells(name, said) is tells


def test_a_scenario_is_learned_or_left_out_as_a_whole(settings: Settings) -> None:
    lines = read_lines(settings.knowledge / "moves")
    folds = folds_of(lines)
    by_scenario: dict[str, set[int]] = {}
    for line, fold in zip(lines, folds, strict=True):
        by_scenario.setdefault(line.scenario, set()).add(int(fold))
    assert all(len(found) == 1 for found in by_scenario.values())


def test_training_twice_gives_the_same_weights(settings: Settings) -> None:
    lines = read_lines(settings.knowledge / "moves")[::40]
    book = CueBook.load(settings.knowledge)
    made = [features(book, line.customer, line.text) for line in lines]
    nothing = np.zeros(truth_of(lines).shape[1])
    first, second = (fit(made, truth_of(lines), nothing, nothing, nothing) for _ in range(2))
    assert np.array_equal(first.terms, second.terms)
    assert np.array_equal(first.dense, second.dense)


def test_a_threshold_is_half_the_best_f1_within_bounds() -> None:
    truth = np.array([1.0] * 20 + [0.0] * 80)
    assert best_threshold(truth * 0.8 + 0.1, truth) == 0.5
    assert best_threshold(np.full(100, 0.2), truth) == 0.3


def test_a_changed_line_asks_for_a_new_file(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.knowledge / "moves", tmp_path / "copy" / "knowledge" / "moves")
    copy = replace(settings, root=tmp_path / "copy")
    assert trained_file(copy) == trained_file(settings)
    line = Line("z9_new", "Hello?", "Good morning.", frozenset())
    row = json.dumps({"id": line.id, "customer": line.customer, "text": line.text, "labels": []})
    (tmp_path / "copy" / "knowledge" / "moves" / "lines-z.jsonl").write_text(f"{row}\n", encoding="utf-8")
    assert trained_file(copy) != trained_file(settings)


def test_the_trained_file_is_small_and_a_damaged_one_is_refused_clearly(settings: Settings, tmp_path: Path) -> None:
    assert ready(settings).stat().st_size < 1_500_000
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(IndexUnusableError, match="aftercare train"):
        Assessor.open(damaged, settings.knowledge)
