"""`aftercare evidence LEARNER` writes the page to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.evidence import Kept
from bot.evidence.versions import content_version, versions_of
from bot.settings import read_settings
from server.evidence_command import evidence_command
from tests.bot.evidence.pages import Reader, model


class Runs:
    """Practices of one learner."""

    def runs(self, learner: str) -> Sequence[Kept]:
        return (model(),) if learner == "web:7/a" else ()


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command("evidence")(evidence_command(lambda settings: Runs()))
    return made


def test_it_writes_one_file_and_says_where(app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["web:7/a"])
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == ["evidence-web-7-a.html"]
    assert "evidence-web-7-a.html" in result.output
    reader = Reader((tmp_path / "evidence-web-7-a.html").read_text(encoding="utf-8"))
    assert reader.faults == []
    assert "web:7/a" in reader.text
    assert content_version(read_settings().knowledge) in reader.text


def test_it_writes_where_it_is_told_to(app: typer.Typer, tmp_path: Path):
    result = CliRunner().invoke(app, ["web:7/a", "--into", str(tmp_path / "page.html")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "page.html").stat().st_size > 10_000


def test_a_learner_without_practices_is_told_of(app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["nobody"])
    assert result.exit_code == 1
    assert "there is no practice to show" in result.output
    assert list(tmp_path.iterdir()) == []


def test_versions_are_those_of_what_is_at_hand(tmp_path: Path):
    versions = versions_of(read_settings())
    assert versions.content == content_version(read_settings().knowledge)
    assert len(versions.assessor) == 16
    (tmp_path / "a.yml").write_text("a: 1")
    before = content_version(tmp_path)
    (tmp_path / "a.yml").write_text("a: 2")
    assert content_version(tmp_path) != before
