"""Two servers for the same learners, on one PostgreSQL, with and without Redis: in order, nothing lost, nothing doubled."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.records import open_engine
from bot.records.tables import attempts, deliveries, events
from tests.conftest import Server, start_server
from tests.databases import REDIS, empty_database, redis_space
from tests.server.web_client import WebClient, new_id

NO_LIMIT = "1000000"


@dataclass(frozen=True)
class Pair:
    """Two servers and the database that they share."""

    servers: tuple[Server, Server]
    address: str

    def rows(self, table: sa.Table, *where: Any) -> list[sa.engine.Row]:
        engine = open_engine(self.address)
        with engine.connect() as connection:
            found = connection.execute(sa.select(table).where(*where).order_by(table.c.id)).all()
        engine.dispose()
        return list(found)


@pytest.fixture(scope="module", params=["redis", "postgresql alone"])
def pair(request: pytest.FixtureRequest, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    shared = REDIS if request.param == "redis" else ""
    with redis_space() if shared else nullcontext("s" * 40) as secret, empty_database("postgresql", folder) as address:
        common = {
            "AFTERCARE_DATABASE_URL": address,
            "AFTERCARE_SECRET": secret,
            "AFTERCARE_REDIS_URL": shared,
            "AFTERCARE_MESSAGES_PER_MINUTE": NO_LIMIT,
            "AFTERCARE_ADDRESS_PER_MINUTE": NO_LIMIT,
        }
        one, other = (start_server(folder / name, **common) for name in ("one", "other"))
        yield Pair((one, other), address)
        for server in (one, other):
            if server.process.poll() is None:  # a test kills one
                server.stop()


@dataclass(frozen=True)
class Door:
    """A server as one learner reaches it; each message goes over a connection of its own."""

    url: str
    token: str | None

    def send(self, text: str, number: str | None = None) -> tuple[int, Any]:
        answer = WebClient(self.url, self.token).say(text, number or new_id())
        return answer.status, answer.json


def doors(pair: Pair) -> tuple[Door, Door]:
    """One learner, known to both servers by the same token."""
    token = WebClient(pair.servers[0].url).begin().token
    return Door(pair.servers[0].url, token), Door(pair.servers[1].url, token)


def user_events(pair: Pair, sender: str) -> list[str]:
    """The message ids of what the learner said, in the order of their events."""
    rows = pair.rows(events, events.c.type_name == "user", events.c.sender_id == sender)
    return [json.loads(row.data)["message_id"] for row in rows]


def test_messages_of_one_learner_keep_their_order_across_servers(pair: Pair) -> None:
    both, count, gone = doors(pair), 30, threading.Event()
    answers: dict[int, Any] = {}

    def send(number: int) -> None:
        answers[number] = both[number % 2].send(f"message number {number}", ids[number])

    ids = [new_id() for _ in range(count)]
    threads = []
    for number in range(count):
        threads.append(threading.Thread(target=send, args=(number,)))
        threads[-1].start()
        gone.wait(0.03)  # they set out one after another, long before the one before has its answer
    for thread in threads:
        thread.join()
    assert all(status == 200 and turn["replies"] for status, turn in answers.values())
    taken = pair.rows(deliveries, deliveries.c.message_id.in_(ids))
    assert sorted(row.message_id for row in taken) == sorted(ids)
    said = [
        json.loads(row.data)["message_id"] for row in pair.rows(events, events.c.type_name == "user") if row.sender_id == taken[0].sender_id
    ]
    assert said == [row.message_id for row in taken], "events stand in the order in which messages were taken, each once"
    late = sum(abs(ids.index(row.message_id) - place) > 2 for place, row in enumerate(taken))
    assert late == 0, "what set out first was taken first"


def test_the_same_message_at_both_servers_is_answered_once(pair: Pair) -> None:
    both = doors(pair)
    for round_number in range(6):
        number, answers = new_id(), list[tuple[int, Any]]()

        def send(door: Door, number: str = number, answers: list[tuple[int, Any]] = answers, text: str = f"twice {round_number}") -> None:
            answers.append(door.send(text, number))

        threads = [threading.Thread(target=send, args=(door,)) for door in both * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {status for status, _ in answers} == {200}
        assert len({json.dumps(turn["replies"]) for _, turn in answers if turn["status"] == "answered"}) == 1
        taken = pair.rows(deliveries, deliveries.c.message_id == number)
        assert len(taken) == 1
        assert user_events(pair, taken[0].sender_id).count(number) == 1


def test_a_quiz_goes_on_at_the_other_server(pair: Pair) -> None:
    both = doors(pair)
    _, turn = both[0].send("quiz me on LATER")
    for turns in range(1, 7):
        letters = [button for reply in turn["replies"] for button in reply["buttons"] if button["title"] in {"A", "True", "Skip"}]
        _, turn = both[turns % 2].send(letters[0]["title"] if letters else "skip")
        assert turn["status"] == "answered"
        assert any(reply["kind"].startswith("quiz") for reply in turn["replies"])
    answered = pair.rows(attempts)
    places = [(row.session, row.place, row.number) for row in answered]
    assert len(places) == len(set(places)) >= 4


def test_each_server_says_that_it_is_ready_and_counts(pair: Pair) -> None:
    for server in pair.servers:
        with urllib.request.urlopen(f"{server.url}/readyz", timeout=10) as answer:
            assert json.loads(answer.read()) == {"status": "ok", "model": "ok", "database": "ok", "turns": "ok"}
        with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
            figures = answer.read().decode()
        assert 'aftercare_messages_total{channel="web",outcome="answered"}' in figures
        assert "aftercare_reply_seconds_bucket" in figures and "message number" not in figures
        forwarded = urllib.request.Request(f"{server.url}/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(forwarded, timeout=10)
        assert refused.value.code == 404


def test_a_server_that_is_killed_leaves_its_learners_to_the_other(pair: Pair) -> None:
    """Last in this file. What it had acknowledged is there once; the conversation goes on."""
    both, number = doors(pair), new_id()
    assert both[0].send("what is an SLA?", number)[1]["status"] == "answered"
    pair.servers[0].process.kill()
    pair.servers[0].process.wait(10)
    began = time.monotonic()
    status, turn = both[1].send("and what is a KPI?")
    assert status == 200 and turn["status"] == "answered"
    assert time.monotonic() - began < 15
    assert both[1].send("what is an SLA?", number)[1]["replies"]
    assert len(pair.rows(deliveries, deliveries.c.message_id == number)) == 1
