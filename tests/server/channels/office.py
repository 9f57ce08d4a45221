"""The channels of one server process over a real database and the vendors' stand-ins, with a tutor that answers in a word."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from multidict import CIMultiDict
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered

from bot.records.channel_tables import addresses, sendings
from bot.records.tables import deliveries, events
from bot.settings import read_settings
from server.channels.channel import MessagingChannel
from server.channels.served import messaging_channels
from server.database import Database
from server.tracker_store import TutorTrackerStore
from tests.server.channels.people import Request
from tests.server.channels.vendors import Vendors

SECRET = "the secret of these tests"
LONG_TOKEN = "ask:" + "long-" * 15 + "topic.what"
MENU = [
    {"title": title, "payload": token} for title, token in (("First thing", "ask:one"), ("Other thing", LONG_TOKEN), ("Third", "ask:three"))
]


@dataclass
class Office:
    """One server process. `before_turn` is waited for in every turn; `closed` ends it without a word, as a crash does."""

    database: Database
    vendors: Vendors
    before_turn: Callable[[], Awaitable[None]] | None = None

    def __post_init__(self) -> None:
        environment = {**self.vendors.environment, "AFTERCARE_SECRET": SECRET, "AFTERCARE_MESSAGES_PER_MINUTE": "60"}
        self.settings = read_settings(environment)
        self.store = TutorTrackerStore(Domain.empty(), opened=self.database)
        self.channels: dict[str, MessagingChannel] = {one.name(): one for one in messaging_channels(self.settings, self.database)}
        for channel in self.channels.values():
            channel.courier._on_message = self._tutor

    async def get(self, request: Request) -> int:
        """The status of our answer."""
        made = SimpleNamespace(
            headers=CIMultiDict(request.headers), body=request.body, path=f"/webhooks/{request.channel}/webhook", query_string=""
        )
        response = await self.channels[request.channel].receive(made)  # type: ignore[arg-type]
        return int(response.status)

    async def rest(self) -> None:
        """Until all that was begun is done."""
        while tasks := [task for channel in self.channels.values() for task in channel.courier._tasks]:
            await asyncio.wait(tasks)

    async def look(self) -> None:
        """What a server does now and then: take up what was left."""
        for channel in self.channels.values():
            looking = asyncio.ensure_future(channel.courier._look())
            await asyncio.sleep(0.3)
            looking.cancel()
        await self.rest()

    async def crash(self) -> None:
        """All that the process was at ends where it is, and what it held is free, as the system frees it."""
        doing = asyncio.all_tasks() - {asyncio.current_task()}
        for task in doing:
            task.cancel()
        await asyncio.gather(*doing, return_exceptions=True)
        for channel in self.channels.values():
            await channel.line.close()

    async def close(self) -> None:
        await self.rest()
        for channel in self.channels.values():
            await channel.line.close()

    async def _tutor(self, message: UserMessage) -> None:
        """A turn as Rasa takes it."""
        if self.before_turn:
            await self.before_turn()
        tracker = await self.store.get_or_create_tracker(message.sender_id)
        heard = UserUttered(message.text, message_id=message.message_id, input_channel=message.input_channel)
        tracker.update(heard, self.store.domain)
        said, length = f"You said {message.text}.", 9000 if message.text == "long" else 0
        menu = MENU if message.text == "menu" else []
        reply = {"text": said + " And so on. " * (length // 12), "kind": "answer", "buttons": menu}
        await message.output_channel.send_response(message.sender_id, reply)
        tracker.update(ActionExecuted("action_listen"), self.store.domain)
        await self.store.save(tracker)

    def turns(self) -> list[str]:
        """The words of every stored turn."""
        with self.database.engine.connect() as connection:
            found = connection.execute(sa.select(events.c.data).where(events.c.type_name == "user").order_by(events.c.id)).scalars()
            return [json.loads(data)["text"] for data in found]

    def rows(self, table: sa.Table) -> list[Any]:
        with self.database.engine.connect() as connection:
            return connection.execute(sa.select(table)).all()

    def everything_but_addresses(self) -> str:
        return repr([self.rows(table) for table in (events, deliveries, sendings)])

    def reached(self) -> set[str]:
        return {row.address for row in self.rows(addresses)}

    def let_leases_run_out(self) -> None:
        with self.database.engine.begin() as connection:
            for table in (sendings, deliveries):
                connection.execute(sa.update(table).values(claimed_until=time.time() - 1))
