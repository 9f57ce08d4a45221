"""Pages that hold figures keep what people wrote on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.page import BenchmarkError, figures_on, run_and_show, write_figures


def test_only_what_stands_between_the_markers_changes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Ours\n<!-- a: begin -->\nold\n<!-- a: end -->\nkept <!-- b: begin -->\nb\n<!-- b: end -->\n")
    write_figures(page, "a", "new\n")
    assert page.read_text() == "# Ours\n<!-- a: begin -->\nnew\n<!-- a: end -->\nkept <!-- b: begin -->\nb\n<!-- b: end -->\n"
    assert figures_on(page, "b").strip() == "b"


@pytest.mark.parametrize("text", ["no markers", "<!-- a: begin -->", "<!-- a: end --> <!-- a: begin -->"])
def test_a_page_without_both_markers_in_order_is_left_alone_and_the_figures_are_told(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(BenchmarkError, match="figures of an hour"):
        write_figures(page, "a", "figures of an hour\n")
    assert page.read_text() == text


def test_a_page_or_section_that_is_missing_is_begun(tmp_path: Path) -> None:
    page = tmp_path / "new.md"
    write_figures(page, "a", "1\n")
    write_figures(page, "b", "2\n", section="\n## More\n")
    assert page.read_text() == "<!-- a: begin -->\n1\n<!-- a: end -->\n\n## More\n\n<!-- b: begin -->\n2\n<!-- b: end -->\n"


def test_what_cannot_be_measured_is_one_message_and_leaves_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    folders: list[Path] = []

    def fail(folder: Path) -> str:
        folders.append(folder)
        raise BenchmarkError("the side could not be started")

    assert run_and_show("trial", fail, lambda _: None) == 1
    assert not folders[0].exists()
    assert "Traceback" not in capsys.readouterr().err
