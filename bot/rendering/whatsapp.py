"""WhatsApp through Twilio: text alone, as buttons there need a template that somebody has approved. Choices are numbered."""

from __future__ import annotations

from typing import Any, Final

from bot.rendering.bold import starred
from bot.rendering.render import Part
from bot.rendering.surface import Surface

SURFACE: Final = Surface(text=1600, presses=0, title=0, token=0, joins=True)


def message(part: Part) -> dict[str, Any]:
    """The fields of a Message but `From` and `To`."""
    return {"Body": starred(part.text)}
