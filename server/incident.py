"""Logs failures without what people said: the kinds of errors and where they arose, never their texts or local variables."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog

_FRAMES = 12
# What Rasa's structured log entries may keep; everything else could hold a learner's words.
_KEPT = ("event", "event_info", "level", "timestamp", "action_name", "component", "model_id", "exc_info", "error_type")


def report(logger: logging.Logger, what: str, error: BaseException) -> None:
    """One error entry: what could not be done, the chain of error types, the places."""
    logger.error("%s: %s", what, describe(error))


def describe(error: BaseException) -> str:
    """`Type at file:line in function < ... ; caused by Type at ...` without messages, which may quote what was said."""
    return "; caused by ".join(_one(link) for link in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _one(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in reversed(frames))
    return f"{type(error).__module__}.{type(error).__qualname__} at {places or 'an unknown place'}"


class PlainFormatter(logging.Formatter):
    """Time, level, logger, message; exceptions described as above."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        return describe(ei[1]) if ei and ei[1] else ""


def _without_words(_: Any, __: str, entry: dict[str, Any]) -> dict[str, Any]:
    error = entry.get("exc_info")
    if error is True or isinstance(error, BaseException):
        import sys

        raised = error if isinstance(error, BaseException) else sys.exc_info()[1]
        entry["error_type"] = describe(raised) if raised else "unknown"
    return {key: entry[key] for key in _KEPT if key in entry and key != "exc_info"}


def configure_logging(level: int = logging.WARNING) -> None:
    """Quiet logs to standard error, the same for Python's and Rasa's structured ones. Call before Rasa logs anything."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFormatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("aftercare").setLevel(logging.INFO)
    logging.captureWarnings(True)  # deprecations inside Rasa's dependencies are nobody's business at run time
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
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
