"""Sums that lack a number or cannot be right: (message, topic, template)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

PROBLEMS: Final[Sequence[tuple[str, str | None, str]]] = (
    ("60 promoters and 20 detractors, what is the nps?", None, "nps.missing.total"),
    ("112 promoters and 38 detractors, what is our nps?", None, "nps.missing.base"),
    ("work out nps with 60 promoters out of 100", None, "nps.missing.detractors"),
    ("calculate nps: 40 detractors, 100 replies", None, "nps.missing.promoters"),
    ("work out our csat, 84 people were satisfied", None, "csat.missing.whole"),
    ("what's our fcr if 365 were resolved first time", None, "fcr.missing.whole"),
    ("calculate retention: started with 800 and ended with 820", None, "retention-rate.missing.new"),
    ("work out retention, we started with 800 customers", None, "retention-rate.missing.end"),
    ("what is our response rate if 240 replied", None, "response-rate.missing.whole"),
    ("clv for a customer who spends £40 three times a year?", None, "lifetime-value.missing.years"),
    ("work out clv: £40 an order for 5 years", None, "lifetime-value.missing.orders"),
    ("calculate the complaint rate, 45 complaints", None, "complaint-rate.missing.whole"),
    ("nps with 150 promoters and 20 detractors out of 120", None, "nps.impossible.too-many"),
    ("nps: 100 promoters, 50 passives, 30 detractors out of 200", None, "nps.impossible.add-up"),
    ("work out nps if 60% promoters, 30% passives, 30% detractors", None, "nps.impossible.add-up"),
    ("nps for 120% promoters and 10% detractors", None, "nps.impossible.over-100"),
    ("nps with -5 promoters, 20 passives and 30 detractors", None, "nps.impossible.negative"),
    ("nps of scores 9, 10, 11, 6, 7", None, "nps.impossible.scale"),
    ("csat with ratings 5, 4, 6, 3, 2", None, "csat.impossible.scale"),
    ("csat: 130 satisfied out of 120", None, "csat.impossible.part-greater"),
    ("csat 10 satisfied out of 0 replies", None, "csat.impossible.no-base"),
    ("csat: 80 satisfied, 50 unhappy, 120 in total", None, "csat.impossible.add-up"),
    ("fcr 600 resolved first time out of 500", None, "fcr.impossible.part-greater"),
    ("500 issues, 365 resolved first time, 200 excluded. net fcr?", None, "fcr.impossible.excluded"),
    ("retention: start 800, end 1000, new 100", None, "retention-rate.impossible.part-greater"),
    ("retention: start 800, end 100, new 300", None, "retention-rate.impossible.negative-kept"),
    ("response rate: 300 replies from 200 sent", None, "response-rate.impossible.part-greater"),
)
