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
    """The up-to-date model, trained now if it is missing or `force` is set; the one in use where the gate refused that.

    Raises SettingsError when training fails.
    """
    model = up_to_date_model(settings)
    if model.exists() and not force:
        return model
    kept = None if force else kept_instead(settings)
    return kept or take(settings, _trained(settings, settings.models))


def candidate(settings: Settings) -> Path:
    """The up-to-date model, apart from the one in use until `take` or `refuse`; that itself when it is up to date."""
    model = up_to_date_model(settings)
    return model if model.exists() else _trained(settings, settings.models / "candidate")


def take(settings: Settings, trained: Path) -> Path:
    """Put a trained model into use and remove the ones before it."""
    model = settings.models / trained.name
    if trained != model:
        trained.replace(model)
    for old in _models(settings):
        if old != model:
            old.unlink()
    _refused(settings).unlink(missing_ok=True)
    return model


def refuse(settings: Settings, trained: Path) -> None:
    """Leave the model in use where it is, until the data change again or training is forced."""
    if trained.parent == settings.models:
        return
    trained.unlink()
    _refused(settings).write_text(trained.name, encoding="utf-8")


def kept_instead(settings: Settings) -> Path | None:
    """The model in use, where the up-to-date one is missing because the gate refused it."""
    refused, models = _refused(settings), _models(settings)
    wanted = up_to_date_model(settings)
    if wanted.exists() or not models or not refused.exists() or refused.read_text(encoding="utf-8") != wanted.name:
        return None
    return max(models, key=lambda path: path.stat().st_mtime)


def _trained(settings: Settings, folder: Path) -> Path:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from server.incident import configure_logging

    configure_logging()
    import rasa.model_training

    root, model = settings.root, folder / up_to_date_model(settings).name
    result = rasa.model_training.train(
        domain=str(root / "domain.yml"),
        config=str(root / "config.yml"),
        training_files=[str(root / "data")],
        output=str(folder),
        force_training=True,
        fixed_model_name=model.name.removesuffix(".tar.gz"),
    )
    if result.code != 0 or not model.exists():
        raise SettingsError("Training failed. Run `rasa data validate` to see what is wrong with the data.")
    return model


def _models(settings: Settings) -> list[Path]:
    return list(settings.models.glob("aftercare-*.tar.gz"))


def _refused(settings: Settings) -> Path:
    return settings.models / "refused.txt"


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256()
    data = sorted((root / "data").rglob("*.yml"))
    for path in [root / "config.yml", root / "domain.yml", *data, *(root / name for name in _CODE)]:
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    digest.update("".join(f"{name}=={version(name)};" for name in _PACKAGES).encode())
    return digest.hexdigest()[:16]
