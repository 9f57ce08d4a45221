"""Forms in which people write such data: (kind, text, whether it is found). What is not found is published in docs/privacy.md too.

Every number is made up; telephone numbers are not from Ofcom's ranges for stories, which are passed over on purpose.
"""

from __future__ import annotations

from typing import Final

KINDS: Final = {
    "email": "E-mail address",
    "phone": "Telephone number",
    "card": "Card number",
    "postcode": "Postcode",
    "insurance": "National Insurance number",
}

FORMS: Final[tuple[tuple[str, str, bool], ...]] = (
    ("email", "jo.bloggs@gmail.com", True),
    ("email", "JO.BLOGGS@GMAIL.COM", True),
    ("email", "mailto:jo@college.ac.uk", True),
    ("email", "jo+shop@mail.somewhere.co.uk", True),
    ("email", "email me at jo_bloggs99@hotmail.co.uk.", True),
    ("email", "(jo@outlook.com)", True),
    ("email", "jo-ann.o-neil@nhs.net", True),
    ("email", "zoë@postbüro.de", True),
    ("email", "my mail is jo@a.io and that is it", True),
    ("email", "jo.bloggs at gmail dot com", True),
    ("email", "jo (at) yahoo (dot) co.uk", True),
    ("email", "jo[at]icloud.com", True),
    ("email", "jo at gmail.com", True),
    ("email", "jo @ gmail . com", True),
    ("email", "jo at my own domain dot org", False),
    ("email", "jo.bloggs@gmail", True),
    ("phone", "07911 123456", True),
    ("phone", "07911123456", True),
    ("phone", "07911-123-456", True),
    ("phone", "07911.123.456", True),
    ("phone", "+44 7911 123456", True),
    ("phone", "+447911123456", True),
    ("phone", "+44 (0)7911 123456", True),
    ("phone", "0044 7911 123456", True),
    ("phone", "(07911) 123456", True),
    ("phone", "0113 278 5544", True),
    ("phone", "(0113) 278 5544", True),
    ("phone", "020 7123 4567", True),
    ("phone", "0207 123 4567", True),
    ("phone", "016973 73512", True),
    ("phone", "my number's 07911123456, ring after 5", True),
    ("phone", "text 07911 123456!", True),
    ("phone", "+33 1 42 68 53 00", True),
    ("phone", "+353 87 123 4567", True),
    ("phone", "+1 212 555 0199", True),
    ("phone", "7911 123456", False),
    ("phone", "0 7 9 1 1 1 2 3 4 5 6", False),
    ("phone", "07 91 11 23 45 6", False),
    ("phone", "oh seven nine double one, one two three four five six", False),
    ("phone", "O7911 I23456", False),
    ("phone", "278 5544", False),
    ("card", "4556 7375 8689 9855", True),
    ("card", "4556737586899855", True),
    ("card", "4556-7375-8689-9855", True),
    ("card", "5500 0000 0000 0004", True),
    ("card", "3782 822463 10005", True),
    ("card", "378282246310005", True),
    ("card", "card no: 4111111111111111 exp 01/29", True),
    ("card", "4556 7375 8689 9856 (a digit wrong)", False),
    ("card", "45567375 86899855", True),
    ("card", "4556.7375.8689.9855", True),
    ("card", "ends in 9855", False),
    ("postcode", "LS6 2AB", True),
    ("postcode", "ls62ab", True),
    ("postcode", "SW1A 2AA", True),
    ("postcode", "M1 1AE", True),
    ("postcode", "EC1A1BB", True),
    ("postcode", "my postcode is b33 8th", False),
    ("postcode", "B33 8TH", True),
    ("postcode", "CR2-6XH", True),
    ("postcode", "DN55  1PT", True),
    ("postcode", "I live in LS6", False),
    ("postcode", "GIR 0AA", False),
    ("insurance", "AB123456C", True),
    ("insurance", "AB 12 34 56 C", True),
    ("insurance", "ab123456c", True),
    ("insurance", "AB-12-34-56-C", True),
    ("insurance", "AB 123456 C", True),
    ("insurance", "NI no. JK 65 43 21 B please", True),
    ("insurance", "AB 123 456 C", True),
    ("insurance", "AB123456", False),
)


def caught(kind: str) -> tuple[int, int]:
    """How many of the forms are found, and of how many."""
    own = [found for one, _, found in FORMS if one == kind]
    return sum(own), len(own)
