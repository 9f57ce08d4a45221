"""What an administrator is told of channels before anybody writes to them."""

from __future__ import annotations

import subprocess
from collections import deque
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import ROOT, read_settings
from tests.conftest import AFTERCARE
from tests.server.channels.vendors import MESSENGER_TOKEN, TELEGRAM_SECRET, TELEGRAM_TOKEN, Vendors, vendors

TWILIO = {"AFTERCARE_TWILIO_ACCOUNT": "a", "AFTERCARE_TWILIO_TOKEN": "b"}


def run(var: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(AFTERCARE), "channels", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "AFTERCARE_VAR": str(var), **environment},
        check=False,
        timeout=300,
    )


def test_check_and_connect_tell_what_is_on_and_what_is_wrong(tmp_path: Path) -> None:
    with vendors() as serving:
        serving.trouble["telegram"] = deque([(401, {}, {"ok": False, "error_code": 401, "description": "Unauthorized"})])
        checked = run(tmp_path, "check", **serving.environment)
        connected = run(tmp_path, "connect", **serving.environment)
        _told(serving, checked, connected)


def _told(serving: Vendors, checked: subprocess.CompletedProcess[str], connected: subprocess.CompletedProcess[str]) -> None:
    assert checked.returncode == 1
    lines = dict(line.split(": ", 1) for line in checked.stdout.splitlines())
    assert lines["telegram"] == "PROBLEM: Telegram: 401 Unauthorized"
    assert (lines["slack"], lines["messenger"]) == ("aftercare in College", "College tutor")
    assert lines["whatsapp"] == "College (active), as +441234567890"
    assert connected.returncode == 0, connected.stdout + connected.stderr
    calls = dict(serving.calls)
    assert calls["telegram.setWebhook"]["url"] == "https://tutor.college.example/webhooks/telegram/webhook"
    assert calls["telegram.setWebhook"]["secret_token"] == TELEGRAM_SECRET
    assert set(calls["telegram.setWebhook"]["allowed_updates"]) == {"message", "callback_query", "my_chat_member"}
    assert calls["messenger.messenger_profile"] == {"get_started": {"payload": "GET_STARTED"}}
    assert "https://tutor.college.example/webhooks/slack/webhook" in connected.stdout
    told = checked.stdout + checked.stderr + connected.stdout + connected.stderr
    assert not any(secret in told for secret in (TELEGRAM_TOKEN, TELEGRAM_SECRET, MESSENGER_TOKEN))
    assert serving.wrong == []


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"AFTERCARE_TELEGRAM_TOKEN": "1:a"}, "Telegram is set in part: its secret"),
        ({"AFTERCARE_MESSENGER_TOKEN": "a", "AFTERCARE_MESSENGER_SECRET": "b"}, "verify"),
        ({"AFTERCARE_TELEGRAM_TOKEN": "1:a", "AFTERCARE_TELEGRAM_SECRET": "has spaces in it, so no header"}, "AFTERCARE_TELEGRAM_SECRET"),
        ({"AFTERCARE_TWILIO_ACCOUNT": "a", "AFTERCARE_TWILIO_TOKEN": "b", "AFTERCARE_WHATSAPP_NUMBER": "01234 567"}, "country code"),
        (
            {"AFTERCARE_TWILIO_ACCOUNT": "a", "AFTERCARE_TWILIO_TOKEN": "b", "AFTERCARE_WHATSAPP_NUMBER": "+441234567"},
            "AFTERCARE_PUBLIC_URL",
        ),
    ],
)
def test_an_account_that_is_set_in_part_is_named(tmp_path: Path, environment: dict[str, str], named: str) -> None:
    """A forgotten secret must not leave a channel that believes everybody: with Messenger's usual connector an unset word did."""
    with pytest.raises(SettingsError, match=named.replace("+", r"\+")):
        read_settings(environment, tmp_path)


def test_no_secret_shows_in_the_settings(tmp_path: Path) -> None:
    with vendors() as serving:
        shown = repr(read_settings(serving.environment, tmp_path).vendors)
    assert not any(secret in shown for secret in (TELEGRAM_TOKEN, TELEGRAM_SECRET, MESSENGER_TOKEN, "xoxb", "twilio auth", "signing"))
