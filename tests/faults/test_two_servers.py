"""Two servers on one PostgreSQL, as behind a load balancer."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.books import Books
from tests.faults.cluster import Cluster
from tests.faults.conftest import Record, long_only
from tests.faults.learner import QUESTIONS, Learner, Message
from tests.faults.pair import two_servers

TURNS = 100


def asked(learner: Learner, url: str, message: Message) -> Message:
    """The same message through one server, by a client of its own, until it is answered."""
    twin = Learner(url)
    twin.token = learner.token
    twin.messages.append(Message(message.id, message.text))
    twin.insist()
    return twin.messages[0]


@long_only
def test_one_conversation_through_two_servers_is_one_conversation(cluster: Cluster, tmp_path: Path, record: Record) -> None:
    address = cluster.new_database("shared")
    with two_servers(tmp_path, address) as servers, ThreadPoolExecutor(2) as both:
        in_turn, doubled = Learner(*(served.url for served in servers)), Learner(servers[0].url)
        for _ in range(TURNS):
            in_turn.insist()
        doubled.insist()
        for number in range(TURNS):
            message = Message(str(uuid.uuid4()), QUESTIONS[number % len(QUESTIONS)])
            one, two = both.map(lambda served, sent=message: asked(doubled, served.url, sent), servers)
            assert one.turn == two.turn, "both clients get the one reply"
            message.turn = one.turn
            doubled.messages.append(message)
        kept = Books(address).check([in_turn, doubled])
    record(
        "Two servers on one PostgreSQL database",
        f"{TURNS} turns of a conversation through both in turn, {TURNS} messages sent to both at once under one id: "
        f"{kept} messages acknowledged: 0 lost, 0 doubled, 0 out of order",
    )


@long_only
def test_two_tabs_that_reach_two_servers_at_once_are_both_answered(cluster: Cluster, tmp_path: Path, record: Record) -> None:
    address = cluster.new_database("tabs")
    with two_servers(tmp_path, address) as servers, ThreadPoolExecutor(2) as both:
        learners = [Learner(servers[0].url) for _ in range(TURNS // 4)]
        for learner in learners:
            learner.begin()
            for _ in range(4):
                messages = [Message(str(uuid.uuid4()), text) for text in QUESTIONS[:2]]
                pairs = zip(servers, messages, strict=True)
                learner.messages += both.map(lambda pair, learner=learner: asked(learner, pair[0].url, pair[1]), pairs)
        kept = Books(address).check(learners, in_order=False)
    apologies = [message for learner in learners for message in learner.messages if message.turn and message.turn["status"] == "failed"]
    assert not apologies
    record("Two messages of one conversation at once, each to another server", f"{kept} sent, all answered: 0 lost, 0 doubled")
