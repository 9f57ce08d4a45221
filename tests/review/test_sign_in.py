"""Who gets in, for how long, and what guessing earns."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from bot.records.accounts import AccountError, Tutor, add_tutor, close_account, set_password
from bot.records.desk_tables import audit, failed_sign_ins, tutors
from tests.review.conftest import MONDAY, PASSWORD, Clock

PAGE = "/team"  # any page behind the sign-in


def enter(client: FlaskClient, name: str = "Lena", password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/sign-in", data={"name": name, "password": password, **more})


def is_in(client: FlaskClient) -> bool:
    return client.get(PAGE).status_code == 200


def test_the_right_password_opens_the_desk_and_signing_out_closes_it(desk_app: Flask, lena: Tutor) -> None:
    client = desk_app.test_client()
    assert not is_in(client)
    assert enter(client, "  lena ").status_code == 303  # names are compared without regard to capitals
    assert is_in(client)
    client.post("/sign-out")
    assert not is_in(client)


def test_whoever_was_sent_to_sign_in_goes_on_to_where_they_wanted(desk_app: Flask, lena: Tutor) -> None:
    client = desk_app.test_client()
    sent = client.get("/audit?subject=x")
    assert sent.status_code == 303
    form = client.get(sent.location).text
    wanted = re.search(r'name="then" value="([^"]*)"', form)
    assert wanted
    assert enter(client, then=wanted[1]).location == "/audit?subject=x"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "/a\nb"]
)
def test_signing_in_never_leads_to_another_site(desk_app: Flask, lena: Tutor, elsewhere: str) -> None:
    assert enter(desk_app.test_client(), then=elsewhere).location == "/"


def test_an_unknown_name_and_a_wrong_password_read_the_same(desk_app: Flask, lena: Tutor) -> None:
    client = desk_app.test_client()
    answers = [enter(client, "Lena", "not the password at all"), enter(client, "Nobody", PASSWORD)]
    assert [answer.status_code for answer in answers] == [401, 401]
    said = [re.search(r'role="alert">([^<]*)', answer.text) for answer in answers]
    assert said[0] and said[1] and said[0][1] == said[1][1]


def test_guessing_is_slowed_even_for_the_right_password_and_then_forgiven(desk_app: Flask, lena: Tutor, clock: Clock) -> None:
    client = desk_app.test_client()
    for _ in range(5):
        assert enter(client, password="guess after guess").status_code == 401
    refused = enter(client)
    assert refused.status_code == 429
    assert "15 minutes" in refused.text
    clock.now += timedelta(minutes=15, seconds=1)
    assert enter(client).status_code == 303


def test_one_persons_guessing_does_not_lock_the_account_for_its_owner(desk_app: Flask, lena: Tutor) -> None:
    stranger, owner = desk_app.test_client(), desk_app.test_client()
    for _ in range(6):
        stranger.post("/sign-in", data={"name": "Lena", "password": "guess"}, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert enter(owner).status_code == 303


def test_an_address_that_guesses_at_many_names_is_slowed(desk_app: Flask, lena: Tutor) -> None:
    client = desk_app.test_client()
    for number in range(30):
        enter(client, f"name{number}", "guess")
    assert enter(client).status_code == 429


def test_neither_names_nor_addresses_of_failures_are_kept_in_the_clear(desk_app: Flask, engine: Engine, lena: Tutor) -> None:
    enter(desk_app.test_client(), password="guess")
    with engine.connect() as connection:
        row = connection.execute(sa.select(failed_sign_ins)).one()
    assert "127.0.0.1" not in str(tuple(row)) and "lena" not in str(tuple(row)).lower()


def test_a_session_ends_when_it_idles_and_after_a_working_day(as_tutor: Callable[[Tutor], FlaskClient], lena: Tutor, clock: Clock) -> None:
    client = as_tutor(lena)
    clock.now += timedelta(minutes=59)
    assert is_in(client)
    clock.now += timedelta(minutes=61)
    assert not is_in(client)
    busy = as_tutor(lena)
    for _ in range(24):
        clock.now += timedelta(minutes=29)
        assert is_in(busy)
    clock.now += timedelta(minutes=29)
    assert not is_in(busy)


def test_a_new_password_ends_every_other_session(as_tutor: Callable[[Tutor], FlaskClient], lena: Tutor) -> None:
    here, there = as_tutor(lena), as_tutor(lena)
    new = "plum river candle sock"
    wrong = here.post("/password", data={"old": "what was it again", "new": new, "again": new})
    assert wrong.status_code == 400 and is_in(there)
    assert here.post("/password", data={"old": PASSWORD, "new": new, "again": "plum"}).status_code == 400
    assert here.post("/password", data={"old": PASSWORD, "new": new, "again": new}).status_code == 303
    assert is_in(here) and not is_in(there)


def test_closing_an_account_ends_its_sessions_at_once(client: FlaskClient, tutor_client: FlaskClient, tom: Tutor, desk_app: Flask) -> None:
    assert tutor_client.get("/password").status_code == 200
    client.post("/team/close", data={"name": "Tom"})
    assert tutor_client.get("/password").status_code == 303
    assert enter(desk_app.test_client(), "Tom").status_code == 401


def test_a_cookie_that_was_altered_is_no_session(desk_app: Flask, client: FlaskClient) -> None:
    cookie = client.get_cookie("aftercare_desk")
    assert cookie
    other = desk_app.test_client()
    other.set_cookie("aftercare_desk", cookie.value[:-2] + "xx")
    assert not is_in(other)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk_app: Flask, lena: Tutor) -> None:
    plain = enter(desk_app.test_client()).headers["Set-Cookie"]
    assert "HttpOnly" in plain and "SameSite=Lax" in plain and "Secure" not in plain
    over_https = desk_app.test_client().post("/sign-in", data={"name": "Lena", "password": PASSWORD}, base_url="https://desk.example")
    assert "Secure" in over_https.headers["Set-Cookie"]


def test_passwords_are_kept_as_slow_hashes_and_weak_ones_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        add_tutor(connection, "Lena", PASSWORD, "lead", 0.0)
        stored = connection.execute(sa.select(tutors.c.password)).scalar_one()
        assert stored.startswith("scrypt:32768:") and PASSWORD not in stored
        for weak in ("short", "lena is my name", "aaaaaaaaaaaaaaaa", "x" * 300):
            with pytest.raises(AccountError):
                set_password(connection, "Lena", weak)
        for name, role in (("LENA", "tutor"), ("", "tutor"), ("Mo", "boss")):
            with pytest.raises(AccountError):
                add_tutor(connection, name, PASSWORD, role, 0.0)
        with pytest.raises(AccountError):
            close_account(connection, "nobody", 0.0)


def test_every_try_is_in_the_audit_trail(desk_app: Flask, engine: Engine, lena: Tutor) -> None:
    client = desk_app.test_client()
    enter(client, password="guess")
    enter(client)
    client.post("/sign-out")
    with engine.connect() as connection:
        noted = connection.execute(sa.select(audit.c.by, audit.c.what).order_by(audit.c.id)).all()
    assert [tuple(row) for row in noted] == [("Lena", "failed to sign in"), ("Lena", "signed in"), ("Lena", "signed out")]


def test_leads_alone_see_the_team_and_the_trail(client: FlaskClient, tutor_client: FlaskClient) -> None:
    for path in ("/team", "/audit"):
        assert client.get(path).status_code == 200
        assert tutor_client.get(path).status_code == 404
    for path in ("/team", "/team/close", "/team/password"):
        assert tutor_client.post(path, data={"name": "Lena", "password": PASSWORD, "role": "lead"}).status_code == 404


def test_the_trail_shows_where_it_was_altered(client: FlaskClient, engine: Engine) -> None:
    for _ in range(3):
        client.get("/audit")
    assert "The trail is whole." in client.get("/audit?verify=yes").text
    with engine.begin() as connection:
        second = connection.execute(sa.select(audit.c.id).order_by(audit.c.id)).scalars().all()[1]
        connection.execute(sa.update(audit).where(audit.c.id == second).values(by="Somebody else"))
    assert f"Entry {second} does not follow" in client.get("/audit?verify=yes").text


def test_times_in_pages_are_british(client: FlaskClient, clock: Clock) -> None:
    clock.now = MONDAY.replace(month=7)
    client.get("/audit")
    assert "30 July 2026, 10:00" in client.get("/audit").text
