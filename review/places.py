"""What the navigation offers."""

from __future__ import annotations

from flask import Flask, g

HOME = "/"  # the inbox
_FOR_ALL = (
    ("inbox.shown", "Inbox"),
    ("groups.shown", "Groups"),
    ("learners.shown", "Learners"),
    ("statistics.shown", "Learning"),
    ("marking.shown", "Marking"),
    ("uncovered.shown", "Not covered"),
    ("improving.shown", "Improvements"),
    ("exports.shown", "Exports"),
)
_FOR_LEADS = (("team.shown", "Team"), ("audit.shown", "Audit"))


def places(app: Flask) -> list[tuple[str, str]]:
    """Endpoints and their labels, for whoever is signed in."""
    offered = (*_FOR_ALL, *(_FOR_LEADS if g.tutor.is_lead else ()))
    return [(endpoint, label) for endpoint, label in offered if endpoint in app.view_functions]
