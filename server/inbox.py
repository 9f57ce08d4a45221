"""Takes every message of every channel: once, in order, with its reply stored before it is sent."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.incident import describe, report
from bot.records import Deliveries, Delivery, Status, Stored, with_the_turn
from bot.records.deliveries import NOBODY
from server.button_tokens import read_as_pressed
from server.database import Database, RecordsAwayError
from server.metrics import metrics
from server.open_delivery import (
    AnsweredElsewhereError,
    ErasedMeanwhileError,
    OpenDelivery,
    OvertakenError,
    WholeReplies,
    current_delivery,
)
from server.turns import Turns, TurnsHere

logger = logging.getLogger(__name__)
LEFT_REMEMBERED = 10_000
_FINISHING_SECONDS = 10.0
OnMessage = Callable[[UserMessage], Awaitable[Any]]


class Inbox:
    """`apology` is what a learner reads when a turn fails."""

    def __init__(self, database: Database, apology: str, turns: Turns | None = None) -> None:
        self._database = database
        self._deliveries = Deliveries(database.engine)
        self._apology = ({"kind": "failed", "text": apology, "buttons": []},)
        self._turns = turns or TurnsHere()
        self._answering: set[asyncio.Future[Stored]] = set()
        self._left: set[tuple[str, str]] = set()  # what was being answered here when the database went away

    async def answer(self, delivery: Delivery, on_message: OnMessage) -> Stored:
        """The delivery with its reply: made now, or the stored one of a repeat; `received` when another process is answering it.

        Raises RecordsAwayError when the database is away: then nothing of the turn is stored, and the same delivery can come again.
        """
        # A client that goes away does not take the turn with it: its repeat will find the reply.
        answering = asyncio.ensure_future(self._timed(delivery, on_message))
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)
        return await asyncio.shield(answering)

    async def finish(self) -> None:
        """What was begun when this is called is answered, whether anybody still waits for it or not, unless it takes too long."""
        if self._answering:
            await asyncio.wait(set(self._answering), timeout=_FINISHING_SECONDS)

    async def _timed(self, delivery: Delivery, on_message: OnMessage) -> Stored:
        with metrics.answering(delivery.channel, delivery.press is not None):
            try:
                stored = await self._in_turn(delivery, on_message)
            except RecordsAwayError:
                metrics.away.inc()
                raise
        metrics.outcomes.labels(delivery.channel, stored.status.value).inc()
        return stored

    async def _in_turn(self, delivery: Delivery, on_message: OnMessage) -> Stored:
        async with self._turns.take(delivery.sender_id):  # one message of a conversation at a time, in the order they came
            try:
                stored = await self._taken(delivery)
                if stored.mine:
                    stored = await self._reply(stored, delivery, on_message)
                # An erased conversation took the delivery with it, and one that was answered elsewhere has gone on: the turn begins anew.
                return await self._reply(stored, delivery, on_message) if stored.mine and stored.status is Status.RECEIVED else stored
            except RecordsAwayError:
                if len(self._left) >= LEFT_REMEMBERED:
                    self._left.clear()  # their repeats then wait for the lease
                self._left.add((delivery.channel, delivery.message_id))
                raise

    async def _taken(self, delivery: Delivery) -> Stored:
        """A repeat of what this process left unanswered need not wait until the lease runs out."""
        stored = await self._database.run(lambda: self._deliveries.take(delivery, time.time()))
        name = (delivery.channel, delivery.message_id)
        if name in self._left:
            if stored.status is Status.RECEIVED and not stored.mine:
                await self._database.run(lambda: self._deliveries.release(stored.id))
                stored = await self._database.run(lambda: self._deliveries.take(delivery, time.time()))
            self._left.discard(name)
        return stored

    async def _reply(self, stored: Stored, sent: Delivery, on_message: OnMessage) -> Stored:
        """Answers what was sent, of which the stored delivery may not keep every word."""
        delivery = sent if sent.is_repeat_of(stored.delivery) else stored.delivery
        opened = OpenDelivery(stored.id, WholeReplies(), said=delivery.said)
        current_delivery.set(opened)
        with_the_turn.set(opened.unit)
        message = UserMessage(
            delivery.text,
            opened.output,
            delivery.sender_id,
            parse_data=read_as_pressed(delivery.press) if delivery.press else None,
            input_channel=delivery.channel,
            message_id=delivery.message_id,
        )
        try:
            await on_message(message)
        except RecordsAwayError:
            raise  # nothing is stored; the repeat is answered
        except (AnsweredElsewhereError, ErasedMeanwhileError):
            return await self._taken(delivery)
        except OvertakenError:
            await self._database.run(lambda: self._deliveries.release(stored.id))
            return await self._taken(delivery)  # to begin anew from where the conversation stands now
        except Exception as error:  # whatever it was: it is kept, the learner hears of it, the server stays up
            report(logger, "a message could not be answered", error)
            return await self._fail(stored, describe(error))
        if opened.away:
            raise opened.away  # an action could not read what it needed; nothing is stored
        if not opened.stored:
            return await self._fail(stored, "no reply was made; the log has the cause")
        answered = replace(delivery, said=opened.said, sender_id=NOBODY if opened.is_erased else delivery.sender_id)
        return replace(stored, delivery=answered, status=Status.ANSWERED, replies=tuple(opened.output.messages), mine=False)

    async def _fail(self, stored: Stored, problem: str) -> Stored:
        await self._database.run(lambda: self._deliveries.fail(stored.id, self._apology, problem, time.time()))
        return await self._taken(stored.delivery)  # the apology, unless another process was quicker

    async def history(self, sender_id: str, after: int, limit: int) -> list[Stored]:
        """Deliveries of a conversation since its last restart, oldest first."""
        return await self._database.run(lambda: self._deliveries.since(sender_id, after, limit))
