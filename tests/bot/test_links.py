"""Signed addresses open one learner's page, for a while."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.links import LIFETIME, LinkRefusedError, evidence_path, sender_of

SECRET = "a secret"


def token(secret: str = SECRET, ago: timedelta = timedelta(0)) -> str:
    return evidence_path(secret, "web-ann", datetime.now(timezone.utc) - ago).removeprefix("/evidence/")


def test_it_opens_for_whom_it_was_made() -> None:
    assert sender_of(SECRET, token()) == "web-ann"


@pytest.mark.parametrize(
    "bad",
    [token("another secret"), token(ago=LIFETIME + timedelta(seconds=5)), token()[:-3] + "AAA", "", "a.b.c", "web-ann"],
    ids=["forged", "late", "altered", "empty", "no token", "a name"],
)
def test_anything_else_is_refused(bad: str) -> None:
    with pytest.raises(LinkRefusedError, match="fifteen minutes"):
        sender_of(SECRET, bad)


def test_a_session_token_is_no_link() -> None:
    from server.tokens import issue

    with pytest.raises(LinkRefusedError):
        sender_of(SECRET, issue(SECRET, "web-ann", datetime.now(timezone.utc).timestamp()).text)
