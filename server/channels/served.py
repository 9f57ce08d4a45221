"""Which messaging channels this server has: those whose vendor's account is set."""

from __future__ import annotations

from bot.settings import Settings
from server.channels.channel import MessagingChannel
from server.channels.messenger import MessengerChannel
from server.channels.slack import SlackChannel
from server.channels.telegram import TelegramChannel
from server.channels.whatsapp import WhatsAppChannel
from server.database import Database


def messaging_channels(settings: Settings, opened: Database) -> list[MessagingChannel]:
    vendors = settings.vendors
    made: list[MessagingChannel] = []
    if vendors.telegram:
        made.append(TelegramChannel(settings, opened, vendors.telegram))
    if vendors.slack:
        made.append(SlackChannel(settings, opened, vendors.slack))
    if vendors.messenger:
        made.append(MessengerChannel(settings, opened, vendors.messenger))
    if vendors.whatsapp:
        made.append(WhatsAppChannel(settings, opened, vendors.whatsapp))
    return made
