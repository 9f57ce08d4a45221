"""Trains the Rasa model when what it is made of has changed, and finds the one that is up to date."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

from bot.errors import SettingsError
from bot.settings import Settings

_CODE = (
    "bot/encoder.py",
    "bot/tuning.py",
    "bot/tuning.npz",
    "server/sentence_vectors.py",
    "server/intent_classifier.py",
    "server/intent_model.py",
    "server/button_tokens.py",
)
_PACKAGES = ("rasa", "scikit-learn", "numpy")


def up_to_date_model(settings: Settings) -> Path:
    """Where the model of the present data and configuration is, or will be."""
    return settings.models / f"aftercare-{_fingerprint(settings.root)}.tar.gz"


def train(settings: Settings, force: bool = False) -> Path:
    """The up-to-date model, trained now if it is missing or `force` is set. Raises SettingsError when training fails."""
    model = up_to_date_model(settings)
    if model.exists() and not force:
        return model
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from server.incident import configure_logging

    configure_logging()
    import rasa.model_training

    root = settings.root
    result = rasa.model_training.train(
        domain=str(root / "domain.yml"),
        config=str(root / "config.yml"),
        training_files=[str(root / "data")],
        output=str(settings.models),
        force_training=True,
        fixed_model_name=model.name.removesuffix(".tar.gz"),
    )
    if result.code != 0 or not model.exists():
        raise SettingsError("Training failed. Run `rasa data validate` to see what is wrong with the data.")
    for old in settings.models.glob("aftercare-*.tar.gz"):
        if old != model:
            old.unlink()
    return model


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256()
    data = sorted((root / "data").rglob("*.yml"))
    for path in [root / "config.yml", root / "domain.yml", *data, *(root / name for name in _CODE)]:
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    digest.update("".join(f"{name}=={version(name)};" for name in _PACKAGES).encode())
    return digest.hexdigest()[:16]
