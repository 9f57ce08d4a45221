"""Only a token that this server signed, for this purpose, and that has not ended, opens a conversation."""

from __future__ import annotations

import base64
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tokens import (
    AUDIENCE,
    LIFETIME_SECONDS,
    TokenRefusedError,
    _signing_key,
    conversation_key,
    conversation_of,
    issue,
    new_conversation,
)

SECRET = "a secret of this server"
NOW = 4_000_000_000.0  # far ahead: what ends is tested with times of its own
CLAIMS = {"aud": AUDIENCE, "sub": "someone", "iat": 1_000, "exp": int(NOW)}


def signed(claims: dict[str, object], key: bytes | None = None, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, _signing_key(SECRET) if key is None else key, algorithm=algorithm)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_opens_its_conversation() -> None:
    import time

    token = issue(SECRET, "someone", time.time())
    assert conversation_of(SECRET, token.text) == "someone"
    assert token.ends == pytest.approx(time.time() + LIFETIME_SECONDS, abs=5)


def test_a_token_says_nothing_about_the_person() -> None:
    claims = jwt.decode(issue(SECRET, "someone", 1_000.0).text, options={"verify_signature": False})
    assert set(claims) == {"aud", "sub", "iat", "exp"}


def test_a_token_ends() -> None:
    import time

    assert conversation_of(SECRET, issue(SECRET, "someone", time.time() - LIFETIME_SECONDS + 60).text) == "someone"
    with pytest.raises(TokenRefusedError):
        conversation_of(SECRET, issue(SECRET, "someone", time.time() - LIFETIME_SECONDS - 60).text)


FORGED = {
    "nothing": "",
    "words": "hello",
    "three dots": "...",
    "another key": signed(CLAIMS, b"x" * 32),
    "the secret itself as key": signed(CLAIMS, SECRET.encode().ljust(32, b"\0")),
    "no signature": f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(CLAIMS)}.",
    "no signature, written None": f"{part({'alg': 'None'})}.{part(CLAIMS)}.",
    "no signature, unnamed": f"{part({'typ': 'JWT'})}.{part(CLAIMS)}.",
    "another algorithm": signed(CLAIMS, b"x" * 64, "HS512"),
    "the right key with another algorithm": jwt.encode(CLAIMS, _signing_key(SECRET) * 2, algorithm="HS384"),
    "a key from the token": f"{part({'alg': 'HS256', 'jwk': {'kty': 'oct', 'k': 'eHg'}, 'kid': '/dev/null'})}.{part(CLAIMS)}.eHg",
    "another audience": signed({**CLAIMS, "aud": "review"}),
    "no audience": signed({name: value for name, value in CLAIMS.items() if name != "aud"}),
    "no end": signed({name: value for name, value in CLAIMS.items() if name != "exp"}),
    "no conversation": signed({name: value for name, value in CLAIMS.items() if name != "sub"}),
    "a number for a conversation": signed({**CLAIMS, "sub": 7}),
    "an end that is no number": signed({**CLAIMS, "exp": "never"}),
    "ended": signed({**CLAIMS, "exp": 1_001}),
    "not begun": signed({**CLAIMS, "iat": int(NOW)}),
    "letters of no alphabet": "ä.ö.ü",
    "half characters": "\udcff.\udcff.\udcff",
    "very long": "a." * 100_000,
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_opens_nothing(token: str) -> None:
    with pytest.raises(TokenRefusedError):
        conversation_of(SECRET, token)


@given(st.integers(0, 10_000), st.integers(1, 63))
def test_a_token_with_one_letter_changed_opens_nothing(at: int, by: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = signed(CLAIMS)
    at %= len(token) - 1  # the last letter holds bits that count for nothing
    old = token[at]
    new = "." if old == "." else alphabet[(alphabet.index(old) + by) % 64]
    if new == old:
        return
    with pytest.raises(TokenRefusedError):
        conversation_of(SECRET, token[:at] + new + token[at + 1 :])


@given(st.text(max_size=300))
def test_any_text_is_refused_and_nothing_else_happens(token: str) -> None:
    with pytest.raises(TokenRefusedError):
        conversation_of(SECRET, token)


def test_another_servers_tokens_open_nothing() -> None:
    with pytest.raises(TokenRefusedError):
        conversation_of("another secret", signed(CLAIMS))


def test_names_of_conversations_cannot_be_guessed_or_read_back() -> None:
    made = {new_conversation() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(name) == 32 for name in made)
    key = conversation_key(SECRET, "rest", "tom@college.example")
    assert "tom" not in key
    assert key == conversation_key(SECRET, "rest", "tom@college.example"), "the same person comes back to the same conversation"
    others = {
        conversation_key("another secret", "rest", "tom@college.example"),
        conversation_key(SECRET, "web", "tom@college.example"),
        conversation_key(SECRET, "rest", "tim@college.example"),
    }
    assert key not in others
    assert len(others) == 3
