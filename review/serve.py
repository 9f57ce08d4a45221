"""Serves the desk with waitress in a process of its own, so that nothing done here holds up a learner's reply."""

from __future__ import annotations

import os
import sys
import threading

import sqlalchemy as sa
import waitress

from bot.errors import SettingsError
from bot.incident import log_quietly
from bot.records import short_reason
from bot.settings import Settings
from review.app import create_app
from review.background import Background
from review.chores import chores

THREADS = 4
_NICENESS = 10


def serve(settings: Settings, until_input_ends: bool = False) -> None:
    """Serve until stopped; with `until_input_ends` also when standard input closes, which it does when the starting process is gone.

    Raises SettingsError when the database or the port cannot be used.
    """
    log_quietly(settings.log_as_json)
    os.nice(_NICENESS)  # learners' replies come first on a small machine
    try:
        app = create_app(settings)
    except (sa.exc.SQLAlchemyError, OSError, ImportError) as error:
        raise SettingsError(f"The desk's database cannot be used: {short_reason(error)}. Check AFTERCARE_DATABASE_URL.") from error
    try:
        server = waitress.create_server(
            app, host=settings.host, port=settings.review_port, threads=THREADS, ident="", clear_untrusted_proxy_headers=True
        )
    except OSError as error:
        raise SettingsError(f"Port {settings.review_port} cannot be used ({error.strerror}). Set REVIEW_PORT to another.") from error
    if until_input_ends:
        threading.Thread(target=_close_when_input_ends, args=(server,), daemon=True).start()
    Background(chores(app)).start()
    try:
        server.run()
    finally:
        server.close()


def _close_when_input_ends(server: waitress.server.BaseWSGIServer) -> None:
    sys.stdin.buffer.read()
    os._exit(0)  # requests in progress are transactions: whole or not at all
