"""The audit trail, for leads."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from bot.records import trail
from bot.records.engine import reading
from review.access import leads_only
from review.desk import desk
from review.trail import note

pages = Blueprint("audit", __name__)
_PAGE = 100


@pages.get("/audit")
@leads_only
def shown() -> str:
    """Newest first, a page at a time, and whether the trail is whole."""
    before, subject = request.args.get("before", type=int), request.args.get("subject", "").strip()
    with reading(desk().engine) as connection:
        entries = trail.entries(connection, before, subject, _PAGE + 1)
        altered = trail.first_altered(connection) if request.args.get("verify") else None
    note("looked at the audit trail", subject)
    older = entries[_PAGE - 1].id if len(entries) > _PAGE else None
    return render_template(
        "audit/shown.html", entries=entries[:_PAGE], older=older, subject=subject, altered=altered, verified="verify" in request.args
    )
