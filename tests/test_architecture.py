"""The arrows between folders, and the habits that keep the project easy to change."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

FORBIDDEN = {
    "bot": {"rasa", "rasa_sdk", "sanic", "flask", "actions", "server", "review", "tests"},
    "actions": {"rasa", "sanic", "flask", "server", "review", "tests"},
    "server": {"flask", "review", "tests"},
    "review": {"rasa", "rasa_sdk", "sanic", "actions", "server", "tests"},
}
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|misc)(_|\.|$)")
SOURCES = [path for folder in FORBIDDEN for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    folder = path.relative_to(ROOT).parts[0]
    wrong = {name for name in imported(path) if name.split(".")[0] in FORBIDDEN[folder]}
    assert not wrong


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_named_for_what_they_hold(path: Path) -> None:
    assert not BANNED_NAMES.search(path.name)


def test_tutoring_logic_is_handed_the_clock_and_the_dice() -> None:
    uses = re.compile(r"datetime\.now|date\.today|time\.time\(|\bsleep\(|random\.(random|choice|sample)\(")
    tutoring = [path for path in (ROOT / "bot").rglob("*.py") if path.parent.name != "records"]  # records wait for their database
    assert [path.name for path in tutoring if uses.search(path.read_text(encoding="utf-8"))] == []


def test_importing_the_tutor_opens_nothing_heavy() -> None:
    """`aftercare ask` must start quickly: no Rasa, no TensorFlow, no model."""
    code = "import sys, bot.opening, server.cli; print([m for m in ('rasa', 'tensorflow', 'onnxruntime', 'sanic') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert shown.strip() == "[]"


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).exists()]


def test_no_committed_file_is_large() -> None:
    assert [path.name for path in committed() if path.stat().st_size > 1_500_000] == []


def test_lock_files_name_no_registry() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
    assert not (ROOT / "uv.lock").exists()


def test_readme_is_short_and_what_its_table_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    named = re.findall(r"`((?:knowledge|bot|actions|server|data|tests|docs)/[\w./-]*)`", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
