"""What nothing needs is not loaded; what is needed always is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.conftest import Server

LOOK = """
import sys
from pathlib import Path
from server.without_tensorflow import leave_out_tensorflow
print(leave_out_tensorflow(Path(sys.argv[1])))
"""


def left_out(configuration: Path) -> bool:
    shown = subprocess.run([sys.executable, "-c", LOOK, str(configuration)], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    return shown.strip() == "True"


def test_the_server_has_no_tensorflow_in_memory(server: Server) -> None:
    assert server.say("hello")
    mapped = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "onnxruntime" in mapped
    assert "tensorflow" not in mapped


def test_our_own_pipeline_needs_none() -> None:
    assert left_out(ROOT / "config.yml")


@pytest.mark.parametrize(
    "written",
    [
        "pipeline: [{name: DIETClassifier}]\npolicies: [{name: RulePolicy}]",
        "pipeline: [{name: rasa.nlu.classifiers.diet_classifier.DIETClassifier}]\npolicies: []",
        "pipeline: [{name: WhitespaceTokenizer}]\npolicies: [{name: TEDPolicy}]",
        "recipe: default.v1",
        "pipeline: null\npolicies: null",
        "{",
    ],
)
def test_a_pipeline_that_might_need_it_keeps_it(tmp_path: Path, written: str) -> None:
    (tmp_path / "config.yml").write_text(written)
    assert not left_out(tmp_path / "config.yml")
    assert not left_out(tmp_path / "missing.yml")
