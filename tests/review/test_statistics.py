"""Pages about learning: right numbers, for the right eyes, readable without colour and without pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bot.quiz.bank import Bank
from bot.records.accounts import Tutor
from bot.records.desk_tables import advisory_criteria, audit, group_tutors
from bot.records.tables import attempts
from bot.settings import Settings
from tests.records.answered import College
from tests.review.conftest import Clock

PAGES = ("", "/topics", "/items", "/criteria", "/tests")
WHOLE = "?weeks=26"


@pytest.fixture(scope="session")
def college(settings: Settings) -> College:
    return College(Bank.load(settings.knowledge), learners=36, attempts=36 * 120, first=40)


@pytest.fixture
def filled(engine: Engine, college: College) -> College:
    college.fill(engine)
    return college


class Page(HTMLParser):
    """A page's tables as rows of texts, and every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td") and self._cell is not None:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def row(self, name: str) -> list[str]:
        """The first row that begins so."""
        return next(row for row in self.rows if row and row[0].startswith(name))


def page(client: FlaskClient, address: str) -> Page:
    answer = client.get(f"/statistics{address}")
    assert answer.status_code == 200, address
    return Page(answer.get_data(as_text=True))


def text_of(client: FlaskClient, address: str) -> str:
    return client.get(f"/statistics{address}").get_data(as_text=True)


def test_every_page_says_what_is_missing_on_an_empty_database(client: FlaskClient) -> None:
    for address in PAGES:
        assert client.get(f"/statistics{address}").status_code == 200
    assert "No quiz question has been answered yet." in text_of(client, "")
    assert "Nobody finished one in this time." in text_of(client, "/tests")


def test_items_show_their_figures_and_those_that_need_a_look_first(client: FlaskClient, filled: College) -> None:
    found = page(client, f"/items{WHOLE}")
    head, first = found.rows[0], found.rows[1]
    assert first[0] == filled.reversed_key.ask, "the most serious fault stands first"
    assert "Better learners miss it more often" in first[2]
    assert first[head.index("Discrimination index")].startswith("−")
    assert int(first[head.index("Learners")]) >= 30
    few = next(row for row in found.rows[1:] if "too few to judge" in row[3])
    assert few[2] == "", "nothing is judged from too few answers"
    assert any(attributes.get("class") == "faint" for tag, attributes in found.tags if tag == "tr")


def test_items_sort_both_ways_and_filter_by_topic(client: FlaskClient, filled: College) -> None:
    def facilities(query: str) -> list[int]:
        return [int(row[4].rstrip("%")) for row in page(client, f"/items{WHOLE}&{query}").rows[1:] if row[4] != "not known"]

    up, down = facilities("sort=facility"), facilities("sort=facility&down=1")
    assert up == sorted(up)
    assert down == sorted(up, reverse=True)
    topic = filled.reversed_key.topic
    asked = [row[0] for row in page(client, f"/items{WHOLE}&topic={topic}").rows[1:]]
    assert sorted(asked) == sorted(item.ask for item in filled.bank.items.values() if item.topic == topic)
    assert client.get("/statistics/items?sort=nothing").status_code == 404


def test_an_item_shows_its_choices_by_their_words_with_the_key(client: FlaskClient, filled: College, engine: Engine) -> None:
    item = filled.reversed_key
    found = page(client, f"/items/{item.id}{WHOLE}")
    shares = []
    for choice in item.choices:  # type: ignore[union-attr]
        row = found.row(choice.text)
        assert row[1].split()[0] == ("right" if choice.right else "wrong")
        shares.append(int(row[2].rstrip("%")))
    assert sum(shares) == pytest.approx(100, abs=2)
    unused = [choice for choice in item.choices if not choice.right][-1]  # type: ignore[union-attr]
    assert "nobody picks it" in found.row(unused.text)[1]
    with engine.connect() as connection:
        own = sa.select(sa.func.count(attempts.c.learner_id.distinct())).where(attempts.c.item == item.id)
        assert int(found.row("Learners")[1].split(",")[0]) == connection.execute(own).scalar_one()
    assert client.get("/statistics/items/no-such-item").status_code == 404


def test_a_mark_that_a_tutor_changes_shows_at_once(client: FlaskClient, filled: College, engine: Engine) -> None:
    address = f"/items/{filled.reversed_key.id}{WHOLE}"
    before = page(client, address).row("Facility")[1]
    with engine.begin() as connection:
        connection.execute(sa.update(attempts).where(attempts.c.item == filled.reversed_key.id).values(verdict="right"))
    after = page(client, address).row("Facility")[1]
    assert not before.startswith("100%")
    assert after.startswith("100%")


def test_criteria_say_which_are_advisory(client: FlaskClient, filled: College, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(advisory_criteria).values(criterion="explain", kappa=0.41, pairs=30, at=0.0))
    found = page(client, f"/criteria{WHOLE}")
    assert "advisory" in found.row("Explained")[1]
    assert "0.41" in found.row("Explained")[1]
    assert found.row("Listened")[1].startswith("counts")
    assert int(found.row("Listened")[2]) > 100


def test_tests_show_their_internal_consistency(client: FlaskClient, filled: College) -> None:
    found = page(client, f"/tests{WHOLE}")
    share = int(found.row("Internal consistency")[1].rstrip("%"))
    assert 50 < share < 100, "abilities differ much in this college"
    guesses = [row for row in found.rows if row and row[0] == filled.bank.items[filled.bank.forms["checkpoint-first"][0]].ask]
    assert guesses[0][3] in ("no choices", "25%", "33%", "50%")


def test_a_group_shows_its_learners_and_each_has_a_page(client: FlaskClient, filled: College, engine: Engine) -> None:
    found = page(client, f"{WHOLE}&group=1")
    row = found.row("Learner 0008")
    with engine.connect() as connection:
        own = sa.select(sa.func.count()).where(attempts.c.learner_id == 8)
        assert int(row[2]) == connection.execute(own).scalar_one()
    told = text_of(client, f"/learners/8{WHOLE}")
    assert "<h1>Learner 0008</h1>" in told
    assert "Active learners" not in told
    with engine.connect() as connection:
        noted = [(row.what, row.subject) for row in connection.execute(sa.select(audit).order_by(audit.c.id))]
    assert noted[-2:] == [("looked at statistics", "group 1"), ("looked at a learner's statistics", "learner 8")]


def test_a_tutor_sees_own_groups_and_no_one_else(
    tutor_client: FlaskClient, filled: College, tom: Tutor, engine: Engine, as_tutor: Callable[[Tutor], FlaskClient]
) -> None:
    for address in ("?group=1", "/items?group=1", "/learners/8", "/learners/1", "/learners/999"):
        assert tutor_client.get(f"/statistics{address}").status_code == 404, address
    assert "No quiz question has been answered yet." in text_of(tutor_client, WHOLE)
    with engine.begin() as connection:
        connection.execute(sa.insert(group_tutors).values(group_id=1, tutor_id=tom.id))
    assert tutor_client.get("/statistics/learners/8").status_code == 200
    assert tutor_client.get("/statistics/learners/1").status_code == 404, "not in the group"
    own, group = (text_of(tutor_client, f"/items{WHOLE}{more}") for more in ("", "&group=1"))
    assert re.findall(r"<td.*?</td>", own) == re.findall(r"<td.*?</td>", group), "all groups of a tutor with one group are that group"
    assert tutor_client.get("/statistics?group=99").status_code == 404
    assert tutor_client.get("/statistics?weeks=5").status_code == 404


def test_nobody_sees_anything_without_signing_in(desk_app: object, filled: College) -> None:
    stranger = desk_app.test_client()  # type: ignore[attr-defined]
    for address in (*PAGES, "/learners/8", f"/items/{filled.reversed_key.id}"):
        assert stranger.get(f"/statistics{address}").status_code == 303


def test_every_picture_has_words_and_no_page_needs_styles_or_scripts_of_its_own(client: FlaskClient, filled: College) -> None:
    for address in (f"{WHOLE}&group=1", *(f"{part}{WHOLE}" for part in PAGES[1:]), f"/learners/8{WHOLE}"):
        found = page(client, address)
        pictures = [attributes for tag, attributes in found.tags if tag == "svg"]
        assert pictures or address.startswith(("/items", "/tests"))
        identifiers = {attributes["id"] for _, attributes in found.tags if "id" in attributes}
        for picture in pictures:
            assert picture["role"] == "img"
            named = picture.get("aria-label") or ""
            labels = (picture.get("aria-labelledby") or "").split()
            assert named or (labels and set(labels) <= identifiers)
        assert not any({"style", "onclick", "onload"} & set(attributes) for _, attributes in found.tags)
        assert not any(tag == "script" and "src" not in attributes for tag, attributes in found.tags)
        assert sum(tag == "h1" for tag, _ in found.tags) == 1
        assert all("scope" in attributes for tag, attributes in found.tags if tag == "th")


def test_weeks_end_with_the_present_one(client: FlaskClient, filled: College, clock: Clock) -> None:
    """What the pictures show stands in the table under them."""
    found = page(client, "?weeks=4")
    weeks = [row for row in found.rows if row and re.match(r"\d+ November 2026$|\d+ October 2026$", row[0]) and len(row) == 5]
    assert [row[0] for row in weeks] == ["30 November 2026", "23 November 2026", "16 November 2026", "9 November 2026", "2 November 2026"]
    assert int(weeks[1][3]) > 0
