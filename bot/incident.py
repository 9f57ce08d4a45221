"""Logs failures without what people said: the kinds of errors and where they arose, never their texts or local variables."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

_FRAMES = 12


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


class JsonFormatter(PlainFormatter):
    """One JSON object a line: time in UTC, level, logger, process, message, and the kind of error where there was one."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        error = self.formatException(record.exc_info) if record.exc_info else ""
        return json.dumps({**entry, **({"error": error} if error else {})}, ensure_ascii=False)


def log_quietly(as_json: bool = False, level: int = logging.WARNING) -> None:
    """To standard error; ours from INFO on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if as_json else PlainFormatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("aftercare").setLevel(logging.INFO)
    logging.captureWarnings(True)  # deprecations inside dependencies are nobody's business at run time
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
