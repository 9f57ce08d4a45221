"""Clients that close the connection in mid message: a phone in a lift, a page reloaded."""

from __future__ import annotations

import json
import random
import socket
import struct
import time
import uuid
from statistics import median
from urllib.parse import urlsplit

from tests.faults.books import Books
from tests.faults.conftest import LONG, Record
from tests.faults.learner import QUESTIONS, Learner, Message, Outcome
from tests.faults.served import Served


def send_and_leave(learner: Learner, message: Message, seconds: float, abruptly: bool) -> None:
    """Send the whole message, then close the connection without reading; abruptly means with a reset."""
    body = json.dumps({"id": message.id, "text": message.text})
    lines = (
        "POST /api/messages HTTP/1.1",
        "Host: tutor",
        f"Authorization: Bearer {learner.token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    address = urlsplit(learner.url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        time.sleep(seconds)
        if abruptly:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_client_that_leaves_finds_its_reply_when_it_comes_back(served: Served, record: Record) -> None:
    times = 1000 if LONG else 60
    dice, waits = random.Random(6), list[float]()
    learners = [Learner(served.url) for _ in range(4)]
    for number in range(times):
        learner = learners[number % len(learners)]
        if not learner.token:
            learner.insist()
        message = Message(str(uuid.uuid4()), QUESTIONS[number % len(QUESTIONS)])
        learner.messages.append(message)
        send_and_leave(learner, message, dice.choice((0, 0.002, 0.01, 0.03, 0.08)), abruptly=number % 2 == 0)
        came_back = time.monotonic()
        learner.insist()
        waits.append(time.monotonic() - came_back)
        first = message.turn
        assert learner.send(message) is Outcome.ANSWERED
        assert message.turn == first, "a repeat gets the same reply"
    kept = Books(served.database).check(learners)
    served.check_health()
    assert max(waits) < 3, f"somebody waited {max(waits):.1f} seconds for a reply"
    record(
        "Clients that leave in mid message",
        f"{times} left and came back: the reply was there after {median(waits):.2f} s (median; worst {max(waits):.2f} s), "
        f"the same at each repeat. {kept} messages acknowledged: 0 lost, 0 doubled",
    )
