"""Settings: one place, clear errors, a secret that is kept."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import ROOT, read_settings


def test_defaults_serve_this_machine_only(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path)
    assert (settings.host, settings.port, settings.review_port) == ("127.0.0.1", 5005, 5006)
    assert settings.database_url == f"sqlite:///{tmp_path / 'var' / 'aftercare.db'}"
    assert settings.rest_enabled


def test_elsewhere_the_rest_channel_is_off_unless_asked_for(tmp_path: Path) -> None:
    assert not read_settings({"HOST": "0.0.0.0"}, tmp_path).rest_enabled
    assert read_settings({"HOST": "0.0.0.0", "AFTERCARE_REST": "yes"}, tmp_path).rest_enabled


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=6001\nREVIEW_PORT=6002\n")
    settings = read_settings({"PORT": "7001"}, tmp_path)
    assert (settings.port, settings.review_port) == (7001, 6002)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("AFTERCARE_ORIGINS", "*"),
        ("AFTERCARE_ORIGINS", "college.example"),
        ("AFTERCARE_REST", "maybe"),
        ("AFTERCARE_MESSAGE_CHARACTERS", "5"),
    ],
)
def test_an_unusable_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value}, tmp_path)


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = read_settings({}, tmp_path).secret
    assert len(first) >= 48
    assert read_settings({}, tmp_path).secret == first
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600


def test_the_example_file_documents_every_setting() -> None:
    code = (ROOT / "bot" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'get\("([A-Z_]+)"', code)) | set(re.findall(r'values\.get\("([A-Z_]+)"', code))
    documented = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M))
    assert documented == read
