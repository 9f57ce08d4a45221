"""Finds the trained file that belongs to the lines, cues, code and tuning at hand, and has it made when it is missing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.assess.lines import training_files
from bot.assess.model import Model
from bot.assess.pair_encoder import fingerprint
from bot.settings import Settings

_CODE = ("cues.py", "features.py", "labels.py", "lines.py", "model.py", "overlap.py", "train.py")


def ready(settings: Settings) -> Path:
    """The trained file of exactly this state of things; takes up to a minute when it has to be made.

    Raises ContentError for wrong lines or cues, EncoderError without the tuning, IndexUnusableError when nothing can be written.
    """
    path = trained_file(settings)
    if Model.read(path) is None:
        from bot.assess.train import make

        make(settings.knowledge).save(path)
    return path


def trained_file(settings: Settings) -> Path:
    """Where the trained file of this state of things stands or would stand."""
    return settings.var / "assessor" / f"{_key(settings.knowledge)}.npz"


def _key(knowledge: Path) -> str:
    digest = hashlib.sha256(f"{fingerprint()}\0".encode())
    code = [Path(__file__).with_name(name) for name in _CODE]
    for path in (*code, knowledge / "moves" / "cues.yml", *training_files(knowledge / "moves")):
        digest.update(f"{path.name}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
