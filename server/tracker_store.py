"""Conversations in the project's database: SQLite in WAL mode by default, any SQLAlchemy URL by setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy.engine.url import make_url

from bot.settings import read_settings


class TutorTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store on `AFTERCARE_DATABASE_URL`."""

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, host: str | None = None, **_: Any) -> None:
        url = make_url(read_settings().database_url)
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        super().__init__(domain=domain, host=url.render_as_string(hide_password=False), event_broker=event_broker)
        self.engine.hide_parameters = True  # what learners say must not stand in error messages
        if url.get_backend_name() == "sqlite":
            with self.engine.connect() as connection:
                connection.execute(sa.text("PRAGMA journal_mode=WAL"))
