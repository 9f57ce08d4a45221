"""Takes what a channel heard, answers it in turn, and sees to it that the answer is sent, across restarts."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from rasa.core.channels.channel import UserMessage

from bot.incident import report
from bot.records import Delivery, Postbox, Sending, Status, Stored
from bot.records.deliveries import NOBODY
from bot.records.postbox import GIVEN_UP_SECONDS, LEASE_SECONDS, REMINDER
from bot.reminding.due import LIFETIME
from bot.rendering import ALIAS, Part, Renderer, chosen, meant, reply_of
from bot.reply import Reply
from server.channels.sending import LaterError, MisconfiguredError, RefusedError
from server.database import Database, RecordsAwayError
from server.inbox import Inbox, OnMessage
from server.turns import TurnsHere

logger = logging.getLogger("aftercare.channels")
NOTICE: Final = "notice_"  # begins the kind of a reply that is no turn's
_LOOK_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 8.0  # for as long an answer that cannot be sent is held in hand
_MOST_TRIES: Final = 40
_TURNS_LOOKED_AT: Final = 60
_CLOSING_SECONDS: Final = 10.0
Send = Callable[[str, Part], Awaitable[None]]


@dataclass
class _Work:
    """A sending on its way: what of it is known here even while the database is away. `said` is what came, of which not all is kept."""

    sending: Sending
    delivery: Delivery
    address: str | None
    begun: float


class Courier:
    """One for each channel. `send` puts one part to an address or raises a SendingError."""

    def __init__(self, channel: str, database: Database, inbox: Inbox, renderer: Renderer, send: Send) -> None:
        self._channel = channel
        self._database = database
        self._postbox = Postbox(database.engine)
        self._inbox = inbox
        self._renderer = renderer
        self._send = send
        self._order = TurnsHere()
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None
        self._on_message: OnMessage = _too_early
        self._is_closing = False

    def start(self, on_message: OnMessage) -> None:
        """Look now and then for what was left, by this server before it was stopped or by another."""
        self._on_message = on_message
        self._looking = asyncio.ensure_future(self._look())

    async def close(self) -> None:
        """Finish what was begun, for a while: the rest is gone on with after the next start."""
        self._is_closing = True
        if self._looking:
            self._looking.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_CLOSING_SECONDS)

    async def take(self, delivery: Delivery, address: str, notice: Sequence[Mapping[str, Any]] = ()) -> None:
        """Once this returns, the message is kept and will be answered; a repeat changes nothing. Raises RecordsAwayError."""
        now = time.time()
        sending = await self._database.run(lambda: self._postbox.take(delivery, address, now, [dict(reply) for reply in notice]))
        if sending:
            self.do(self._answer(_Work(sending, delivery, address, now)))

    async def forget(self, sender_id: str) -> None:
        await self._database.run(lambda: self._postbox.forget(sender_id))

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """In the background, kept until it is done."""
        task = asyncio.ensure_future(self._watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            report(logger, f"{self._channel}: an answer could not be sent", error)

    async def _look(self) -> None:
        while True:
            try:
                now = time.time()
                for sending in await self._database.run(lambda: self._postbox.left(self._channel, now)):  # noqa: B023 - awaited at once
                    self.do(self._answer(_Work(sending, sending.delivery, None, now)))
            except RecordsAwayError:
                pass  # the next look finds it
            except Exception as error:
                report(logger, f"{self._channel}: what was left could not be looked for", error)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _answer(self, work: _Work) -> None:
        async with self._order.take(work.delivery.sender_id):  # answers go out in the order in which the messages came
            while True:
                try:
                    return await self._go_on(work)
                except RecordsAwayError:
                    if self._is_closing or time.time() - work.begun > LEASE_SECONDS:
                        return  # whoever looks first once the database is back goes on with it
                    await asyncio.sleep(1)

    async def _go_on(self, work: _Work) -> None:
        if not await self._hold(work):
            return
        work.begun = time.time()
        if work.delivery.message_id.startswith(REMINDER) and work.begun - work.sending.taken_at > LIFETIME.total_seconds():
            return await self._end(work, "too late for a reminder")
        stored = await self._stored(work)
        if stored.status is Status.RECEIVED:  # another server is answering it
            await self._put_off(work, 3.0)
            return
        if await self._database.run(lambda: self._postbox.is_behind(work.sending)):
            await self._put_off(work, 3.0)  # the one before could not be sent yet
            return
        if work.address is None:
            work.address = await self._database.run(lambda: self._postbox.address(work.delivery.sender_id))
        if work.address is None:
            return await self._end(work, "no address")
        is_erased = stored.delivery.sender_id.startswith(NOBODY)
        await self._send_all(work, work.address, self._renderer.parts([reply_of(reply) for reply in stored.replies]), is_erased)

    async def _send_all(self, work: _Work, address: str, parts: Sequence[Part], is_erased: bool) -> None:
        while work.sending.parts < len(parts):
            try:
                await self._send(address, parts[work.sending.parts])
            except LaterError as error:
                if await self._waited(work, error):
                    continue
                return
            except RefusedError as error:
                logger.warning("%s: an answer was refused: %s", self._channel, error)
                if error.gone:
                    await self.forget(work.delivery.sender_id)
                return await self._end(work, str(error))
            work.sending = replace(work.sending, parts=work.sending.parts + 1)
            # Of whoever has just been erased nothing is left to hold, but the rest of the answer is still theirs.
            if not await self._hold(work) and not is_erased:
                return
        await self._end(work)

    async def _waited(self, work: _Work, error: LaterError) -> bool:
        """Whether to try again at once; if not, it was put off or given up."""
        work.sending = replace(work.sending, tries=work.sending.tries + 1)
        if isinstance(error, MisconfiguredError):
            logger.error("%s: %s. `aftercare channels check` tells more.", self._channel, error)
        if work.sending.tries > _MOST_TRIES or time.time() - work.sending.taken_at > GIVEN_UP_SECONDS:
            logger.error("%s: an answer was given up: %s", self._channel, error)
            await self._end(work, str(error))
            return False
        in_hand = time.time() - work.begun + error.seconds < _PATIENCE_SECONDS
        if in_hand and not self._is_closing:
            await asyncio.sleep(error.seconds)
            return await self._hold(work)
        await self._put_off(work, max(error.seconds, min(2.0**work.sending.tries, 600.0)))
        return False

    async def _stored(self, work: _Work) -> Stored:
        """The delivery with its replies; what was pressed or chosen is settled before its turn begins."""
        work.delivery = await self._settled(work.delivery)
        return await self._inbox.answer(work.delivery, self._on_message)

    async def _settled(self, delivery: Delivery) -> Delivery:
        is_alias = bool(delivery.press and delivery.press.startswith(ALIAS))
        if delivery.press and not is_alias:
            return delivery
        turns = await self._database.run(lambda: self._postbox.replies_before(delivery, _TURNS_LOOKED_AT if is_alias else 3))
        token = self._meant(delivery, [[reply_of(reply) for reply in turn] for turn in turns])
        if token == delivery.press:
            return delivery
        await self._database.run(lambda: self._postbox.press(delivery, token))
        return replace(delivery, press=token)

    @staticmethod
    def _meant(delivery: Delivery, turns: Sequence[Sequence[Reply]]) -> str | None:
        """An alias that nobody knows any more counts as its label, typed."""
        if delivery.press:
            return meant(delivery.press, [reply for turn in turns for reply in turn])
        last = next((turn for turn in turns if not all(reply.kind.startswith(NOTICE) for reply in turn)), ())
        button = chosen(delivery.said, last)
        return button.token if button else None

    async def _hold(self, work: _Work) -> bool:
        sending = work.sending
        return await self._database.run(lambda: self._postbox.hold(sending, time.time(), sending.parts))

    async def _put_off(self, work: _Work, seconds: float) -> None:
        sending = work.sending
        await self._database.run(lambda: self._postbox.put_off(sending, time.time() + seconds))

    async def _end(self, work: _Work, problem: str | None = None) -> None:
        sending = work.sending
        await self._database.run(lambda: self._postbox.end(sending, time.time(), problem))


async def _too_early(_: UserMessage) -> None:
    raise RuntimeError("messages come once the server has started")
