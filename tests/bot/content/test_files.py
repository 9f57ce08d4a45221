"""A tutor's slip in a content file is named by file, line and key, and never passes silently."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content import load
from bot.content.check import check
from bot.errors import ContentError
from bot.settings import ROOT

TOPIC = """topics:
  - id: small-topic
    title: A small topic
    gist: A small topic stands here only to be read by a test.
    sources: [aftercare]
    facets:
      what:
        ask: [what is it, what is small, small topic, define small, tell me small]
        say: This answer is long enough to be an answer, and that is all it is.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("bodies.yml", "coverage.yml"):
        shutil.copy(ROOT / "knowledge" / name, tmp_path / name)
    (tmp_path / "coverage.yml").write_text("rows:\n  area: [row-one]\n")
    (tmp_path / "sources").mkdir()
    (tmp_path / "topics").mkdir()
    (tmp_path / "sources" / "units.yml").write_text("sources:\n  aftercare:\n    title: Teaching notes\n")
    (tmp_path / "topics" / "small.yml").write_text(TOPIC)
    return tmp_path


def changed(folder: Path, old: str, new: str) -> list[str]:
    """The problems found when `old` is replaced by `new` in the topic file."""
    (folder / "topics" / "small.yml").write_text(TOPIC.replace(old, new))
    with pytest.raises(ContentError) as raised:
        load(folder)
    return raised.value.problems


def test_a_whole_file_is_read(folder: Path) -> None:
    assert [answerable.id for answerable in load(folder).answerables] == ["small-topic.what"]


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("    gist:", "    jist:", 4, "jist"),
        ("        say: This", "        says: This", 9, "says"),
        ("id: small-topic", "id: Small Topic", 2, "id"),
        ("what is it, ", "", 8, "ask"),
        ("sources: [aftercare]", "sources: []", 5, "sources"),
        ("      what:", "      how:", 6, "facets"),
        ("is all it is.", "is " + "long " * 200, 9, "say"),
    ],
)
def test_a_slip_is_named_by_file_line_and_key(folder: Path, old: str, new: str, line: int, key: str) -> None:
    problems = changed(folder, old, new)
    assert any(f"small.yml:{line}: " in problem and key in problem for problem in problems), problems


def test_broken_yaml_is_named_by_line(folder: Path) -> None:
    assert (
        "small.yml:5" in changed(folder, "sources: [aftercare]", "sources: [aftercare")[0]
        or "small.yml:6" in changed(folder, "sources: [aftercare]", "sources: [aftercare")[0]
    )


def test_a_key_that_stands_twice_is_refused(folder: Path) -> None:
    assert "stands twice" in changed(folder, "    gist:", "    title: Again\n    gist:")[0]


def test_a_file_that_is_not_text_is_refused(folder: Path) -> None:
    (folder / "topics" / "small.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ContentError, match=r"small\.yml"):
        load(folder)


def test_the_checker_finds_what_does_not_fit_together(folder: Path) -> None:
    (folder / "topics" / "small.yml").write_text(
        TOPIC.replace("sources: [aftercare]", "sources: [nowhere]\n    related: [absent]").replace(
            "        say:", "        covers: [row-two]\n        say:"
        )
    )
    errors = "\n".join(check(load(folder), date(2026, 11, 22)).errors)
    for expected in (
        "row-one is taught by no answer",
        "row-two, which is not in coverage.yml",
        "nowhere does not exist",
        "absent does not exist",
    ):
        assert expected in errors


def test_law_due_for_review_is_a_warning_that_time_alone_makes(folder: Path) -> None:
    (folder / "topics" / "small.yml").write_text(
        TOPIC.replace("    facets:", "    law:\n      act: An Act 2015\n      checked_on: 2026-01-01\n    facets:")
    )
    library = load(folder)
    assert check(library, date(2026, 12, 31)).warnings == ()
    assert "over 12 months ago" in check(library, date(2027, 1, 2)).warnings[0]


def test_wording_taken_from_an_original_is_found(folder: Path, tmp_path: Path) -> None:
    originals = tmp_path / "originals"
    originals.mkdir()
    (originals / "page.txt").write_text("Long before, THIS answer is long enough, to be an answer! And so on.")
    assert any("repeats" in error for error in check(load(folder), date(2026, 11, 22), originals).errors)
    (originals / "page.txt").write_text("This answer is quite long enough to be read, and so on.")
    assert not any("repeats" in error for error in check(load(folder), date(2026, 11, 22), originals).errors)


def test_the_projects_own_content_is_whole() -> None:
    report = check(load(ROOT / "knowledge"), date(2026, 11, 22))
    assert report.errors == ()
    assert report.covered == report.required > 470
