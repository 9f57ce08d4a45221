"""Facebook Messenger: buttons that stay where they are few and the text is short, quick replies otherwise."""

from __future__ import annotations

from typing import Any, Final

from bot.rendering.bold import plain
from bot.rendering.render import Part
from bot.rendering.surface import Surface, units

SURFACE: Final = Surface(text=2000, presses=13, title=20, token=1000)
_BUTTONS, _TEXT_ABOVE_BUTTONS = 3, 640


def message(part: Part) -> dict[str, Any]:
    """What stands in `message` of the Send API."""
    text = plain(part.text)
    if not part.presses:
        return {"text": text}
    if len(part.presses) <= _BUTTONS and units(text) <= _TEXT_ABOVE_BUTTONS:
        buttons = [{"type": "postback", "title": press.title, "payload": press.token} for press in part.presses]
        return {"attachment": {"type": "template", "payload": {"template_type": "button", "text": text, "buttons": buttons}}}
    quick = [{"content_type": "text", "title": press.title, "payload": press.token} for press in part.presses]
    return {"text": text, "quick_replies": quick}
