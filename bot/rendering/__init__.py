"""How a reply looks on each messaging channel, within the channel's limits, and what a typed choice means."""

from bot.rendering import messenger, slack, telegram, whatsapp
from bot.rendering.choices import chosen, is_awaited
from bot.rendering.render import ALIAS, ChannelFile, Part, Press, Renderer, load_words, meant, reply_of, short
from bot.rendering.surface import Surface

__all__ = [
    "ALIAS",
    "ChannelFile",
    "Part",
    "Press",
    "Renderer",
    "Surface",
    "chosen",
    "is_awaited",
    "load_words",
    "meant",
    "messenger",
    "reply_of",
    "short",
    "slack",
    "telegram",
    "whatsapp",
]
