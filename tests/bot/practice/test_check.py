"""An author is told what is wrong with a scenario, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content import load
from bot.content.check_scenarios import check_scenarios
from bot.content.scenarios import Scenario, ScriptLine, load_scenarios
from bot.errors import ContentError
from bot.practice import Practice
from bot.practice.rehearsal import problems
from bot.settings import ROOT
from tests.bot.practice.opened import practice

LIBRARY = load(ROOT / "knowledge")
WRITTEN = (ROOT / "knowledge" / "scenarios" / "faulty-baby-monitor.yml").read_text(encoding="utf-8")


def changed(folder: Path, old: str, new: str) -> Scenario:
    """The scenario with `old` replaced; raises ContentError when its schema refuses it."""
    assert old in WRITTEN
    (folder / "faulty-baby-monitor.yml").write_text(WRITTEN.replace(old, new), encoding="utf-8")
    return load_scenarios(folder)["faulty-baby-monitor"]


def told(scenario: Scenario, originals: Path | None = None) -> tuple[list[str], list[str]]:
    played = Practice({scenario.id: scenario}, practice().tables, practice().reader)
    return check_scenarios(
        {scenario.id: scenario}, LIBRARY, practice().tables.lines, lambda each: problems(played, each), originals=originals
    )


def test_what_stands_has_no_errors() -> None:
    errors, _ = check_scenarios(practice().scenarios, LIBRARY, practice().tables.lines)
    assert errors == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("temperament: brisk", "temperament: grumpy", "temperament"),
        ("worth: full", "worth: partial", "remedies"),
        ("  walked_out:", "  left:", "endings"),
        ("    needed: true", "    neeeded: true", "neeeded"),
        ("moves: [resolve]", "moves: [solve]", "model"),
        ("  need_reason:", "  need_raisin:", "says"),
        ("It's in the bag.", "It's in the {bag}.", "says"),
        ("id: faulty-baby-monitor", "id: faulty-monitor", "id"),
        ("  - id: saturday", "  - id: proof", "facts"),
    ],
)
def test_a_slip_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    with pytest.raises(ContentError) as raised:
        changed(tmp_path, old, new)
    assert any("faulty-baby-monitor.yml:" in problem and key in problem for problem in raised.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("topics: [cra-right-to-reject,", "topics: [cra-right-to-object,", "topic cra-right-to-object does not exist"),
        ("covers: [cra-30-day-reject,", "covers: [cra-31-day-reject,", "the row cra-31-day-reject"),
        ("moves: [apologise, empathise, thank, probe]", "moves: [empathise, thank, probe]", "makes the move apologise"),
        ("I can put the full £64.00 back on your card now", "I can put it right for you now", "model script ends"),
        (WRITTEN[WRITTEN.index("\ndefensive:") :], "\ndefensive:\n  - say: Righto.\n    moves: [listen]\n", "defensive script ends"),
        ("Fine. It took two visits", "Okay. I accept that.\n    - Fine. It took two visits", "stands in lines.yml"),
        ("cues: [box, packaging, wrapper,", "cues: [n t, box, packaging, wrapper,", "does not bring out the fact box"),
    ],
)
def test_what_the_schema_cannot_know_is_found(tmp_path: Path, old: str, new: str, problem: str) -> None:
    errors, _ = told(changed(tmp_path, old, new))
    assert any(problem in error for error in errors), errors


def test_a_script_that_gives_something_away_is_told_which_phrase() -> None:
    parcel = practice().scenarios["late-birthday-parcel"]
    line = ScriptLine(say=f"Look, it's {parcel.identity.guarded[0]}, all right?", moves=("dismissive",))
    scenario = parcel.copy(update={"defensive": (line, *parcel.defensive)})
    errors, _ = told(scenario)
    assert any("defensive script ends unsafe" in error and f"“{parcel.identity.guarded[0]}” (guarded)" in error for error in errors), errors


def test_a_line_of_voices_among_those_for_every_channel_is_found() -> None:
    shared = practice().tables.lines
    lines = shared.copy(update={"lines": {**shared.lines, "nothing": ("You've a nice voice, but what was that?",)}})
    errors, _ = check_scenarios({}, LIBRARY, lines)
    assert any("“voice”" in error for error in errors)


@pytest.mark.parametrize("value", ["no", "12.50"])
def test_a_cue_that_yaml_would_read_as_something_else_is_named(tmp_path: Path, value: str) -> None:
    with pytest.raises(ContentError) as raised:
        changed(tmp_path, "cues: [box,", f"cues: [{value}, box,")
    assert any("cues" in problem and "str" in problem for problem in raised.value.problems)


def test_thin_scenarios_are_warned_about(tmp_path: Path) -> None:
    _, warnings = told(changed(tmp_path, "    needed: true\n", ""))
    assert any("no fact is `needed`" in warning for warning in warnings)


def test_wording_of_other_texts_is_found(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "notes.txt").write_text("she said: I paid you in money, not vouchers, and that was so")
    scenario = changed(tmp_path, "I paid you in money, not vouchers.", "But I paid you in money, not vouchers, and that was that.")
    assert any("from notes.txt" in error for error in told(scenario, tmp_path / "texts")[0])
