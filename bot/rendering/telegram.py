"""Telegram: text without a parse mode, so that nothing in it is taken for markup, and an inline keyboard."""

from __future__ import annotations

from typing import Any, Final

from bot.rendering.bold import as_entities
from bot.rendering.render import Part
from bot.rendering.surface import Surface

# Labels have no limit of the vendor's; a phone cuts them at about this length. 100 buttons are what its servers take.
SURFACE: Final = Surface(text=4096, presses=100, title=36, token=64)
_SHORT: Final = 12
_IN_A_ROW: Final = 4


def message(part: Part) -> dict[str, Any]:
    """The fields of sendMessage but `chat_id`."""
    text, entities = as_entities(part.text)
    body: dict[str, Any] = {"text": text, "link_preview_options": {"is_disabled": True}}
    if entities:
        body["entities"] = entities
    if part.presses:
        body["reply_markup"] = {"inline_keyboard": _rows(part)}
    return body


def _rows(part: Part) -> list[list[dict[str, str]]]:
    """Short labels side by side, long ones on lines of their own."""
    rows: list[list[dict[str, str]]] = []
    beside = False
    for press in part.presses:
        is_short = len(press.title) <= _SHORT
        if not (beside and is_short and len(rows[-1]) < _IN_A_ROW):
            rows.append([])
        rows[-1].append({"text": press.title, "callback_data": press.token})
        beside = is_short
    return rows
