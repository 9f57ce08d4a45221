"""Keeps what people said out of Rasa's structured logs."""

from __future__ import annotations

import logging
from typing import Any

import structlog

from bot.incident import describe, log_quietly

# What Rasa's structured log entries may keep; everything else could hold a learner's words.
_KEPT = ("event", "event_info", "level", "timestamp", "action_name", "component", "model_id", "exc_info", "error_type")


def _without_words(_: Any, __: str, entry: dict[str, Any]) -> dict[str, Any]:
    error = entry.get("exc_info")
    if error is True or isinstance(error, BaseException):
        import sys

        raised = error if isinstance(error, BaseException) else sys.exc_info()[1]
        entry["error_type"] = describe(raised) if raised else "unknown"
    return {key: entry[key] for key in _KEPT if key in entry and key != "exc_info"}


def configure_logging(as_json: bool = False, level: int = logging.WARNING) -> None:
    """Quiet logs to standard error, the same for Python's and Rasa's structured ones. Call before Rasa logs anything."""
    log_quietly(as_json, level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.add_log_level,
            _without_words,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        context_class=dict,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
