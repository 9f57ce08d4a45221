"""Slack: a section of mrkdwn, escaped, and a block of buttons."""

from __future__ import annotations

from typing import Any, Final

from bot.rendering.bold import plain, starred
from bot.rendering.render import Part
from bot.rendering.surface import Surface, units


def escaped(text: str) -> str:
    """The three characters that begin something in Slack's texts."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SURFACE: Final = Surface(text=3000, presses=25, title=75, token=2000, measure=lambda text: units(escaped(text)))


def message(part: Part) -> dict[str, Any]:
    """The fields of chat.postMessage but `channel`; `text` is what notifications and screen readers get."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": starred(part.text, escaped)}}
    blocks: list[dict[str, Any]] = [section]
    if part.presses:
        blocks.append({"type": "actions", "elements": [_button(at, press.title, press.token) for at, press in enumerate(part.presses)]})
    return {"text": escaped(plain(part.text)), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _button(at: int, title: str, token: str) -> dict[str, Any]:
    return {"type": "button", "action_id": f"press-{at}", "text": {"type": "plain_text", "text": title}, "value": token}
