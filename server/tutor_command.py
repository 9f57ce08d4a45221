"""`aftercare tutor`: accounts of the desk from the command line, where the first lead comes from."""

from __future__ import annotations

import getpass
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.engine import Connection

from bot.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="Accounts of tutors and leads.")
out = Console()
_BY = "command line"
Name = Annotated[str, typer.Argument(help="The name to sign in with.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password and print it once, instead of asking for one.")]


@app.command()
def add(
    name: Name, role: Annotated[str, typer.Option(help="tutor: own groups; lead: everything.")] = "tutor", generate: Generate = False
) -> None:
    """Add an account. Asks for the password, which is never taken from the command line, where others could read it."""
    from bot.records import accounts

    password = _password(generate)
    with _changing(f"added an account as {role}", name) as connection:
        made = accounts.add_tutor(connection, name, password, role, time.time())
    out.print(f"{made.name} can sign in as {made.role}.", highlight=False)


@app.command()
def password(name: Name, generate: Generate = False) -> None:
    """Set a new password; all sessions of the account end."""
    from bot.records import accounts

    new = _password(generate)
    with _changing("set a password", name) as connection:
        accounts.set_password(connection, name, new)
    out.print(f"{name} has a new password.", highlight=False)


@app.command()
def role(name: Name, new: Annotated[str, typer.Argument(help="tutor or lead.")]) -> None:
    """Change what an account may see."""
    from bot.records import accounts

    with _changing(f"changed the role to {new}", name) as connection:
        accounts.set_role(connection, name, new)
    out.print(f"{name} is a {new} now.", highlight=False)


@app.command()
def close(name: Name) -> None:
    """Close an account; what its owner wrote stays."""
    from bot.records import accounts

    with _changing("closed an account", name) as connection:
        accounts.close_account(connection, name, time.time())
    out.print(f"The account of {name} is closed.", highlight=False)


@app.command("list")
def show() -> None:
    """List the open accounts."""
    from bot.records import accounts

    with _database() as engine_connection:
        for one in accounts.all_tutors(engine_connection):
            out.print(f"{one.name} ({one.role})", highlight=False)


def _password(generate: bool) -> str:
    """Asked for twice, or made: 80 bits, read aloud without mistakes."""
    if generate:
        made = "-".join(secrets.token_hex(2) for _ in range(5))
        out.print(f"Password: {made}", highlight=False)
        return made
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise typer.BadParameter("The two are not the same.")
    return first


@contextmanager
def _database() -> Iterator[Connection]:
    from bot.records import migrate, open_engine

    engine = open_engine(read_settings().database_url)
    migrate(engine)
    with engine.begin() as connection:
        yield connection


@contextmanager
def _changing(what: str, name: str) -> Iterator[Connection]:
    """A transaction that notes the change in the audit trail."""
    from bot.records.trail import Entry, note

    with _database() as connection:
        yield connection
        note(connection, Entry(time.time(), _BY, what, name))
