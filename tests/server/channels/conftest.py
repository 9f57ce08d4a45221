"""One server with all four channels for the tests of each module, and the vendors it talks to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Server, start_server
from tests.server.channels.people import Person
from tests.server.channels.vendors import Vendors, vendors

CHANNELS = ("telegram", "slack", "messenger", "whatsapp")
SECRET = "the secret of the servers with channels"


@pytest.fixture(scope="module")
def around() -> Iterator[Vendors]:
    with vendors() as serving:
        yield serving


@pytest.fixture(scope="module")
def everywhere(model: Path, around: Vendors, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with all four channels."""
    var = tmp_path_factory.mktemp("everywhere")
    running = start_server(var, AFTERCARE_MESSAGES_PER_MINUTE="100000", AFTERCARE_SECRET=SECRET, **around.environment)
    yield running
    running.stop()


@pytest.fixture
def somebody(everywhere: Server, around: Vendors) -> Callable[[str], Person]:
    """Somebody new on the channel of that name."""
    return lambda channel: Person(channel, everywhere, around)
