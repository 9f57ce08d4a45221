"""What is known not to be for us."""

from __future__ import annotations

from pathlib import Path

import yaml


def outside_messages(root: Path) -> list[str]:
    """The messages known not to be for us: the examples of the intent `out_of_scope`, tutors' too."""
    folder = root / "data" / "nlu"
    return [text for name in ("out_of_scope.yml", "reviewed.yml") for text in examples(folder / name, "out_of_scope")]


def examples(path: Path, intent: str) -> list[str]:
    """The examples of an intent in a file of training data; none where there is no file."""
    data = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {"nlu": []}
    blocks = [block["examples"] for block in data["nlu"] if block["intent"] == intent]
    return [line[2:].strip() for block in blocks for line in block.splitlines() if line.startswith("- ")]
