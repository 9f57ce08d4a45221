"""Copies of the whole database, taken while it is in use, and brought back: by each kind of database's own means."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine.url import URL, make_url

from bot.errors import AftercareError
from bot.records.engine import open_engine, reading, short_reason
from bot.records.migrate import LATEST, version
from bot.records.tables import conversations, events, metadata

MANIFEST: Final = "manifest.json"
SECRET: Final = "secret"  # noqa: S105 - a file's name
_FILES: Final = {"sqlite": "aftercare.db", "postgresql": "aftercare.dump"}
_PAGES: Final = 2000  # copied at a time, so that writers get their turn between


class BackupError(AftercareError):
    """A copy cannot be made or brought back; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `made_at` is ISO 8601 in UTC, `rows` are counted in the copy, by table."""

    backend: str
    version: str
    made_at: str
    sha256: str
    rows: Mapping[str, int]


def back_up(address: str, folder: Path, made_at: str, secret: Path | None) -> Manifest:
    """Write the copy, the secret where it is kept in a file, and a manifest into a new folder. Raises BackupError.

    The folder can be read by its owner alone: it holds all that learners wrote.
    """
    url = make_url(address)
    backend = url.get_backend_name()
    if folder.exists():
        raise BackupError(f"{folder} is there already. Name a folder that is not.")
    part = folder.with_name(f"{folder.name}.part")
    try:
        part.mkdir(mode=0o700, parents=True)
        copy = part / _FILES[backend]
        rows = _copy_sqlite(url, copy) if backend == "sqlite" else _dump(url, address, copy)
        if secret and secret.exists():
            _write(part / SECRET, secret.read_bytes())
        manifest = Manifest(backend, LATEST, made_at, _sha256(copy), rows)
        _write(part / MANIFEST, json.dumps(asdict(manifest), indent=2).encode())
        part.rename(folder)  # whole or not at all
    except OSError as error:
        raise BackupError(f"The backup cannot be written to {folder}: {error.strerror}.") from error
    return manifest


def restore(address: str, folder: Path, replace: bool) -> Manifest:
    """Put a backup in the place of the database, then check it row by row count. The servers must be stopped. Raises BackupError.

    A database that holds conversations is only replaced when told so.
    """
    manifest, copy = read_backup(folder)
    url = make_url(address)
    if url.get_backend_name() != manifest.backend:
        raise BackupError(f"This is a backup of {manifest.backend}; the database set here is {url.get_backend_name()}.")
    if manifest.version > LATEST:
        raise BackupError(f"The backup comes from a newer Aftercare (tables {manifest.version}, here {LATEST}). Install that one first.")
    if not replace and _holds_conversations(address):
        raise BackupError("The database holds conversations. Add --replace to put the backup in their place.")
    if manifest.backend == "sqlite":
        _bring_back_sqlite(url, copy)
    else:
        _run(
            ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", f"--dbname={url.database}"],
            url,
            copy,
        )
    found = _rows(address)
    if found != dict(manifest.rows):
        raise BackupError("What was brought back does not have the rows that the backup counted. Keep both and ask for help.")
    return manifest


def read_backup(folder: Path) -> tuple[Manifest, Path]:
    """A backup's manifest and its copy of the database, checked. Raises BackupError for anything else than a whole one."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        copy = folder / _FILES[manifest.backend]
        digest = _sha256(copy)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BackupError(f"{folder} is not a whole backup of Aftercare.") from error
    if digest != manifest.sha256:
        raise BackupError(f"{copy.name} is not what was written when the backup was made: it was altered or damaged.")
    return manifest, copy


def _copy_sqlite(url: URL, target: Path) -> dict[str, int]:
    if not url.database or not Path(url.database).exists():
        raise BackupError(f"There is no database at {url.database}.")
    try:
        with closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as source, closing(sqlite3.connect(target)) as copy:
            os.chmod(target, 0o600)
            source.backup(copy, pages=_PAGES, sleep=0.01)
            copy.execute("PRAGMA journal_mode=DELETE")
            if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise BackupError(
                    "The database is damaged: SQLite's own check of the copy failed. Keep the files and restore an older backup."
                )
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be copied: {error}.") from error
    return _rows(f"sqlite:///{target}")


def _bring_back_sqlite(url: URL, copy: Path) -> None:
    if not url.database:
        raise BackupError("A database in memory has no file that could be brought back.")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(url.database, timeout=2)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be replaced: {error}. Is every server stopped?") from error


def _dump(url: URL, address: str, target: Path) -> dict[str, int]:
    """Counted before the dump in the same snapshot, so that the count is of what is in it."""
    engine = open_engine(address)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
            rows = _counted(connection)
            _run(["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}", f"--dbname={url.database}"], url)
    except sa.exc.SQLAlchemyError as error:
        raise BackupError(f"The database cannot be read: {short_reason(error)}.") from error
    finally:
        engine.dispose()
    os.chmod(target, 0o600)
    return rows


def _run(command: list[str], url: URL, *files: Path) -> None:
    """One of PostgreSQL's tools; the password goes by environment, where other users of the machine do not see it."""
    place = (
        [f"--host={url.host}"] * bool(url.host)
        + [f"--port={url.port}"] * bool(url.port)
        + [f"--username={url.username}"] * bool(url.username)
    )
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    try:
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            [*command, *place, "--no-password", *map(str, files)], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupError(f"{command[0]} is not installed here. It comes with PostgreSQL's client package.") from error
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise BackupError(f"{command[0]} failed: {reason[0]}")


def _holds_conversations(address: str) -> bool:
    engine = open_engine(address)
    try:
        with reading(engine) as connection:
            if version(connection) is None:
                return (
                    sa.inspect(connection).has_table("events") and connection.execute(sa.select(events.c.id).limit(1)).first() is not None
                )
            return connection.execute(sa.select(conversations.c.sender_id).limit(1)).first() is not None
    except sa.exc.SQLAlchemyError as error:
        raise BackupError(f"The database cannot be looked at: {short_reason(error)}.") from error
    finally:
        engine.dispose()


def _rows(address: str) -> dict[str, int]:
    engine = open_engine(address)
    try:
        with reading(engine) as connection:
            return _counted(connection)
    finally:
        engine.dispose()


def _counted(connection: sa.engine.Connection) -> dict[str, int]:
    there = set(sa.inspect(connection).get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in there]
    return {table.name: int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()) for table in tables}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
