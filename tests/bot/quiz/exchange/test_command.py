"""What a tutor sees of `aftercare questions`."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.errors import ContentError
from bot.settings import ROOT
from server.questions_command import app


@pytest.fixture
def gift(tmp_path: Path) -> Path:
    path = tmp_path / "old-quiz.gift"
    path.write_text("::Sun:: The sun is out today. {T}\n\nExplain it. {}\n\nBroken {=a", encoding="utf-8")
    return path


def test_check_passes_the_projects_bank_and_shows_what_it_is_made_of() -> None:
    run = CliRunner().invoke(app, ["check"])
    assert run.exit_code == 0
    assert "0 errors" in run.output
    assert "right choice stands at" in run.output


def test_export_writes_a_new_file_and_says_what_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "bank.xml"
    run = CliRunner().invoke(app, ["export", "--format", "moodle-xml", "--into", str(path)])
    assert run.exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("<?xml")
    assert "fixed numbers" in run.output
    again = CliRunner().invoke(app, ["export", "--format", "gift", "--into", str(path)])
    assert isinstance(again.exception, ContentError)
    assert path.read_text(encoding="utf-8").startswith("<?xml")


def test_import_shows_everything_and_writes_nothing_unless_asked(gift: Path) -> None:
    run = CliRunner().invoke(app, ["import", str(gift)])
    assert run.exit_code == 1  # something could not be read
    for expected in ("line 1: true-false sun", "lacks hints", "essay “Explain it.”", "line 5: the { is not closed", "1 items to complete"):
        assert expected in run.output
    assert list(gift.parent.iterdir()) == [gift]


def test_import_writes_drafts_but_never_among_the_items(gift: Path, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["import", str(gift), "--into", str(tmp_path / "draft.yml")])
    assert "id: sun" in (tmp_path / "draft.yml").read_text(encoding="utf-8")
    refused = ROOT / "knowledge" / "questions" / "draft-of-a-test.yml"
    run = CliRunner().invoke(app, ["import", str(gift), "--into", str(refused)])
    assert isinstance(run.exception, ContentError)
    assert not refused.exists()
