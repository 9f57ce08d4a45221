"""Accounts of tutors and leads, and who may sign in."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from math import ceil
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from werkzeug.security import check_password_hash, generate_password_hash

from bot.errors import AftercareError
from bot.records.desk_tables import failed_sign_ins, tutors

ROLES: Final = ("tutor", "lead")
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 200
WINDOW_SECONDS: Final = 15 * 60
# Failures in a window after which an account is refused from one address, an address for any account, an account from anywhere.
TRIES, TRIES_OF_ADDRESS, TRIES_AT_ACCOUNT = 5, 30, 60
_METHOD: Final = "scrypt:32768:8:1"
# Compared where there is no such account, so that an unknown name takes as long to refuse as a wrong password.
_NOBODY: Final = generate_password_hash("nobody has this password", _METHOD)


class AccountError(AftercareError):
    """An account cannot be made or changed as asked; the message says why."""


@dataclass(frozen=True)
class Tutor:
    """Someone who works at the desk. `session` must equal that of an open session."""

    id: int
    name: str
    role: str
    session: int

    @property
    def is_lead(self) -> bool:
        return self.role == "lead"


@dataclass(frozen=True)
class Slowed:
    """Too many tries: none is looked at before `minutes` have passed."""

    minutes: int


def add_tutor(connection: Connection, name: str, password: str, role: str, now: float) -> Tutor:
    """A new account. Raises AccountError when the name is taken or unusable, the role unknown, or the password too short."""
    name = " ".join(name.split())
    if not 2 <= len(name) <= 60 or not name.isprintable():
        raise AccountError("A name has 2 to 60 characters.")
    if role not in ROLES:
        raise AccountError(f"The role is one of {', '.join(ROLES)}.")
    if _find(connection, name):
        raise AccountError(f"There is an account of the name {name} already. Names are compared without regard to capitals.")
    values = {"name": name, "password": _hashed(password, name), "role": role, "session": 1, "created_at": now}
    made = connection.execute(sa.insert(tutors).values(values))
    return Tutor(int(made.inserted_primary_key[0]), name, role, 1)


def set_password(connection: Connection, name: str, password: str) -> None:
    """A new password for an open account; all its sessions end. Raises AccountError."""
    found = _find(connection, name)
    if found is None or found.closed_at is not None:
        raise AccountError(f"There is no open account of the name {name}.")
    values = {"password": _hashed(password, name), "session": tutors.c.session + 1}
    connection.execute(sa.update(tutors).where(tutors.c.id == found.id).values(values))


def set_role(connection: Connection, name: str, role: str) -> None:
    """Raises AccountError for an unknown role or account."""
    if role not in ROLES:
        raise AccountError(f"The role is one of {', '.join(ROLES)}.")
    found = _find(connection, name)
    if found is None:
        raise AccountError(f"There is no account of the name {name}.")
    connection.execute(sa.update(tutors).where(tutors.c.id == found.id).values(role=role))


def close_account(connection: Connection, name: str, now: float) -> None:
    """End an account and its sessions; what its owner wrote stays. Raises AccountError when there is none that is open."""
    found = _find(connection, name)
    if found is None or found.closed_at is not None:
        raise AccountError(f"There is no open account of the name {name}.")
    connection.execute(sa.update(tutors).where(tutors.c.id == found.id).values(closed_at=now, session=tutors.c.session + 1))


def all_tutors(connection: Connection, closed: bool = False) -> tuple[Tutor, ...]:
    """Open accounts, or closed ones too, by name."""
    wanted = sa.select(tutors).order_by(sa.func.lower(tutors.c.name))
    rows = connection.execute(wanted if closed else wanted.where(tutors.c.closed_at.is_(None)))
    return tuple(_tutor(row) for row in rows)


def tutor_of_session(connection: Connection, number: int, session: int) -> Tutor | None:
    """Whose session it is; None once the account was closed, or its password changed."""
    same = (tutors.c.id == number, tutors.c.session == session, tutors.c.closed_at.is_(None))
    row = connection.execute(sa.select(tutors).where(*same)).first()
    return _tutor(row) if row else None


class SignIn:
    """Checks names and passwords, ever more slowly for whoever guesses. `secret` keys the digests of accounts and addresses."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.new(secret.encode(), b"sign-in", hashlib.sha256).digest()

    def slowed(self, connection: Connection, name: str, address: str, now: float) -> Slowed | None:
        """Whether the next try must wait."""
        c, account, place = failed_sign_ins.c, self._digest(name.casefold()), self._digest(address)
        for most, same in (
            (TRIES, (c.account == account, c.address == place)),
            (TRIES_OF_ADDRESS, (c.address == place,)),
            (TRIES_AT_ACCOUNT, (c.account == account,)),
        ):
            recent = sa.select(c.at).where(*same, c.at > now - WINDOW_SECONDS).order_by(c.at.desc()).limit(most)
            tries = list(connection.execute(recent).scalars())
            if len(tries) == most:
                return Slowed(max(1, ceil((tries[-1] + WINDOW_SECONDS - now) / 60)))
        return None

    def check(self, connection: Connection, name: str, password: str) -> Tutor | None:
        """The account of that name and password; takes as long whether or not the name exists."""
        row = _find(connection, name)
        stored = row.password if row and row.closed_at is None else _NOBODY
        matches = check_password_hash(stored, password[:LONGEST_PASSWORD])
        return _tutor(row) if row and matches and row.closed_at is None else None

    def note_failure(self, connection: Connection, name: str, address: str, now: float) -> None:
        connection.execute(sa.delete(failed_sign_ins).where(failed_sign_ins.c.at < now - WINDOW_SECONDS))
        values = {"account": self._digest(name.casefold()), "address": self._digest(address), "at": now}
        connection.execute(sa.insert(failed_sign_ins).values(values))

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _find(connection: Connection, name: str) -> Row | None:
    same = sa.func.lower(tutors.c.name) == " ".join(name.split()).lower()
    return connection.execute(sa.select(tutors).where(same)).first()


def _hashed(password: str, name: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; three or four words that only you join.")
    if name.casefold() in password.casefold() or len(set(password)) < 5:
        raise AccountError("That password is too easy to guess. Three or four words that only you would put together are a good one.")
    return str(generate_password_hash(password, _METHOD))


def _tutor(row: Row) -> Tutor:
    return Tutor(row.id, row.name, row.role, row.session)
