"""Logs tell an engineer what broke and where, and nobody what a learner said."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys

from bot.incident import PlainFormatter, describe, report
from bot.settings import ROOT

SECRET = "my name is Zebedee Quillfeather"


def failing(said: str) -> None:
    raise ValueError(f"cannot read {said}")


def caught() -> BaseException:
    try:
        try:
            failing(SECRET)
        except ValueError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError as error:
        return error


def test_an_error_is_described_by_kind_and_place_without_its_words() -> None:
    described = describe(caught())
    assert "RuntimeError" in described
    assert "ValueError" in described
    assert "test_incident.py" in described
    assert "Zebedee" not in described


def test_reports_and_tracebacks_of_the_standard_log_keep_words_out() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFormatter())
    logger = logging.getLogger("test_incident")
    logger.propagate = False
    logger.addHandler(handler)
    report(logger, "a message could not be answered", caught())
    logger.error("it broke", exc_info=caught())
    assert "could not be answered" in stream.getvalue()
    assert "Zebedee" not in stream.getvalue()


def test_logs_for_programs_are_one_object_a_line_and_hold_no_words_either() -> None:
    code = f"""
import logging
from server.incident import configure_logging
configure_logging(as_json=True)
import structlog
try:
    raise ValueError({SECRET!r})
except ValueError:
    logging.getLogger("aftercare").exception("a page could not be made")
    structlog.get_logger().exception("processor.failed", user_text={SECRET!r})
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    entries = [json.loads(line) for line in shown.stderr.splitlines()]
    assert [entry["level"] for entry in entries] == ["ERROR", "ERROR"]
    assert "ValueError" in entries[0]["error"]
    assert "Zebedee" not in shown.stderr


def test_rasas_structured_log_loses_texts_and_local_variables() -> None:
    code = f"""
from server.incident import configure_logging
configure_logging()
import structlog
log = structlog.get_logger()
log.error("rest.message.received.failure", text={SECRET!r}, event_info="it failed")
try:
    said = {SECRET!r}
    raise ValueError(said)
except ValueError:
    log.exception("processor.failed", user_text=said)
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "rest.message.received.failure" in shown.stderr
    assert "ValueError" in shown.stderr
    assert "Zebedee" not in shown.stderr + shown.stdout
