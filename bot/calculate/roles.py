"""What the words around a number say it stands for: one lexicon per metric, as data.

A cue is a phrase that gives a number its role. Strong cues name the role ("promoters", "out of"); weak ones name only the kind of thing
counted ("replies", "calls") and give way to a strong cue further off. Fact sheet, section 13, has the formulas the roles feed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from bot.calculate.numbers import Kind


class Side(Enum):
    """On which side of its number a cue may stand."""

    EITHER = "either"
    BEFORE = "before"  # the cue comes first: "out of 200"


WEAK: Final = 2.5
COUNTED: Final = frozenset({Kind.COUNT, Kind.PERCENT, Kind.SHARE, Kind.REST})
COUNTS_ONLY: Final = frozenset({Kind.COUNT})


@dataclass(frozen=True)
class Cue:
    """A pattern over plain text, the role it gives, and how readily it gives it (extra cost 0 is strongest)."""

    role: str
    pattern: re.Pattern[str]
    side: Side = Side.EITHER
    cost: float = 0.0
    kinds: frozenset[Kind] = COUNTED


@dataclass(frozen=True)
class Lexicon:
    """Everything needed to recognise one metric and read its numbers."""

    metric: str
    names: re.Pattern[str]  # the metric called by name
    hints: re.Pattern[str]  # the metric described
    cues: tuple[Cue, ...]
    scale: tuple[int, int] | None = None
    bands: tuple[tuple[str, int, int], ...] = ()  # role, lowest and highest score
    plain_parts: frozenset[str] = field(default_factory=frozenset)  # roles that must all be read for the sum to speak for itself


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"(?<![a-z])(?:" + "|".join(alternatives) + r")(?![a-z])")


def _cue(role: str, *alternatives: str, side: Side = Side.EITHER, cost: float = 0.0, kinds: frozenset[Kind] = COUNTED) -> Cue:
    return Cue(role, _words(*alternatives), side, cost, kinds)


_FILL: Final = r"(?:\s+(?:the|our|these|those|all|about|around|all the|my|a|an|just|only))*\s*(?=-?[0-9])"
_NOT: Final = (
    r"(?:not|never|no longer|hardly|none)(?:\s+(?:very|really|so|at all|been|be|being|yet|even|got|get|"
    r"fully|too|all that|that|actually))*\s+"
)
_VERY: Final = r"(?:(?:very|quite|fairly|completely|extremely|really|totally|highly|so|pretty)\s+)?"
_PEOPLE: Final = (
    r"customers?",
    r"clients?",
    r"people",
    r"ppl",
    r"persons?",
    r"respond[ea]nts?",
    r"replies",
    r"reply",
    r"responses?",
    r"answers",
    r"surveys?",
    r"forms",
    r"guests?",
    r"users?",
    r"shoppers?",
    r"members?",
    r"buyers?",
    r"ratings",
    r"questionnaires?",
    r"patients?",
    r"callers?",
    r"votes",
    r"folks?",
    r"feedbacks?",
    r"learners?",
    r"subscribers?",
    r"diners?",
)
_WORK: Final = (
    r"contacts?",
    r"calls?",
    r"tickets?",
    r"cases?",
    r"issues?",
    r"enquir(?:y|ies)",
    r"inquir(?:y|ies)",
    r"quer(?:y|ies)",
    r"emails?",
    r"chats?",
    r"problems?",
    r"requests?",
    r"jobs?",
    r"incidents?",
    r"phone calls?",
    r"messages?",
    r"interactions?",
)
_GOODS: Final = (
    r"orders?",
    r"sales?",
    r"deliver(?:y|ies)",
    r"transactions?",
    r"units?",
    r"items?",
    r"purchases?",
    r"parcels?",
    r"products?",
    r"things?",
    r"pairs",
    r"packages?",
    r"bookings?",
    r"goods",
    r"shipments?",
)

# Which number is the base, whatever the metric. The lookahead in _FILL keeps "of" next to its number.
_BASE: Final = (
    _cue("whole", rf"(?:out )?of{_FILL}", rf"(?:among|amongst|across|from|over|per){_FILL}", r"/\s*(?=[0-9])", side=Side.BEFORE),
    _cue(
        "whole",
        r"in total",
        r"altogether",
        r"all together",
        r"in all",
        r"overall",
        r"total(?:l?ing)?(?: number)?(?: of)?",
        r"all in all",
        r"base(?: is| of)?",
    ),
)
_CLAIM: Final = _cue(
    "claim",
    r"(?:nps|csat|fcr|ces|score|scores|rate|result|answer|benchmark|industry average|average|goal|"
    r"sector)(?: (?:of|is|was|were|=|about|around|at|score|is not))+\s*(?=[+-]?[0-9])",
    r"(?:equals|equal to|i (?:got|make it|get|think it is)|should be|comes to|answer is)\s*(?=[+-]?[0-9])",
    side=Side.BEFORE,
    cost=1.5,
    kinds=COUNTED - {Kind.SHARE},
)
_INVITED: Final = (
    _cue(
        "invited",
        r"(?:were |was )?(?:asked|invited|e?mailed|texted|surveyed|polled)",
        r"sent(?: out)?",
        r"invitations?",
        r"invites?",
        r"posted",
        r"went out",
        r"handed out",
        r"issued",
        kinds=COUNTS_ONLY,
    ),
)
_UNANSWERED: Final = (
    _cue(
        "unused",
        rf"{_NOT}(?:repl(?:y|ied)|respond(?:ed)?|answer(?:ed)?|fill(?:ed)?(?: it)?(?: in)?|"
        r"bother(?:ed)?(?: to reply)?|return(?:ed)? (?:it|them)|complete(?:d)?)",
        r"non[- ]?respon\w*",
        r"no (?:reply|response|answer)",
        r"ignored(?: it| the survey| us)?",
    ),
)

NPS: Final = Lexicon(
    "nps",
    _words(r"nps", r"n\.p\.s\.?", r"net promot\w*(?: scor\w*)?", r"net promoter"),
    _words(
        r"promoters?",
        r"detractors?",
        r"(?:would|likely to) recommend",
        r"recommend(?:ed|ing)?(?: us)?",
        r"9 or 10",
        r"9 ?- ?10",
        r"9 to 10",
        r"9s and 10s",
        r"9 and 10",
        r"haters",
    ),
    (
        _cue(
            "promoters",
            r"(?:net )?promoters?",
            r"proms?",
            r"(?:would|will) (?:definitely |happily |really |surely |gladly )?(?:recommend|reccomend)(?: us)?",
            r"recommend(?:ed|ers?)?(?: us)?",
            r"(?:big |real |super ?|true |our )?fans?",
            r"advocates?",
            r"loved (?:us|it)",
            r"love us",
            r"enthusiasts?",
            r"ambassadors?",
            r"raving",
            r"top scorers?",
        ),
        _cue(
            "passives",
            r"passives?",
            r"pass(?:es)?",
            r"neutrals?",
            r"in the middle",
            r"middle(?: ones)?",
            r"(?:sat |are |were )?on the fence",
            r"fence[- ]sitters?",
            r"so[- ]so",
            r"indifferent",
            r"lukewarm",
            r"meh",
            r"in between",
            r"not bothered either way",
            r"undecided",
        ),
        _cue(
            "detractors",
            r"detractors?",
            r"detracts?",
            r"dets?",
            rf"{_NOT}(?:\w+ )?recommend(?: us)?",
            r"(?:would|will) not(?: \w+)? recommend(?: us)?",
            r"haters?",
            r"critics?",
            r"hated us",
            r"hate us",
            r"unhappy",
            r"moaners?",
            r"slag(?:ged|ging)? us off",
            r"low scorers?",
            r"knockers?",
            r"bad mouth\w*",
        ),
        _cue(
            "whole",
            r"(?:who |that |had |actually |people )*(?:replied|responded|answered|took part|filled (?:it|them) in)",
            cost=1.0,
            kinds=COUNTS_ONLY,
        ),
        _cue("whole", *_PEOPLE, cost=WEAK, kinds=COUNTS_ONLY),
        *_BASE,
        _CLAIM,
        *_INVITED,
        *_UNANSWERED,
    ),
    scale=(0, 10),
    bands=(("promoters", 9, 10), ("passives", 7, 8), ("detractors", 0, 6)),
    plain_parts=frozenset({"promoters", "detractors"}),
)

CSAT: Final = Lexicon(
    "csat",
    _words(
        r"c-?sat",
        r"c\.?s\.?a\.?t\.?",
        r"customer satisfaction(?: score| rate| rating| percentage| %)?",
        r"satisfaction (?:score|rate|rating|percentage|level|%|figure)",
        r"(?:%|percentage|percent|share|proportion) (?:of )?(?:the |our )?(?:\w+ )?(?:were |are |is |" r"was )?(?:satisfied|happy)",
        r"how satisfied",
    ),
    _words(
        r"(?:dis|un)?satisf\w+",
        r"(?:un)?happy",
        r"(?:were|was|are|is|felt) (?:not )?(?:very |really |quite )?(?:pleased|delighted|chuffed|impressed)",
        r"(?:good|great|ok) (?:or|and) (?:very good|excellent|great|better)",
        r"(?:excellent|great|very good) (?:or|and) good",
        r"thumbs? up",
        r"smil(?:ey|ing)\w*",
    ),
    (
        _cue(
            "part",
            rf"{_VERY}satisfied",
            rf"{_VERY}happy(?: with \w+(?: \w+)?)?",
            rf"{_VERY}pleased",
            r"delighted",
            r"(?<!dis)content",
            r"positive(?:ly)?",
            r"thumbs? up",
            r"smil(?:ey|ing)\w*(?: faces?)?",
            r"liked (?:it|us|our \w+|the \w+)",
            r"loved (?:it|us|our \w+|the \w+)",
            r"ok with it",
            r"over the moon",
            r"chuffed",
            r"satisfactory",
            r"good (?:ones|ratings|scores|reviews)",
        ),
        _cue(
            "rest",
            rf"{_NOT}{_VERY}(?:satisfied|happy|pleased|impressed|content|keen|chuffed)(?: with \w+(?: \w+)?)?",
            rf"{_VERY}(?:unhappy|dissatisfied|unsatisfied|disatisfied|unimpressed|displeased)",
            r"neutral",
            r"neither",
            r"thumbs? down",
            r"negative(?:ly)?",
            r"fed up",
            r"disappointed",
            r"moaned",
            r"angry",
            r"frown\w*",
            r"cross",
            r"annoyed",
            r"sad(?: faces?)?",
            r"grumpy",
            r"indifferent",
            r"not sure",
            r"on the fence",
            r"not bothered",
            r"meh",
            r"so[- ]so",
            r"complained",
            r"hated (?:it|us)",
            r"were not(?=\s*[.,;?!]|\s*$)",
        ),
        _cue(
            "whole",
            r"(?:who |that |had |actually |people |have )*(?:replied|responded|answered|took part|filled (?:it|"
            r"them|the \w+) in|came back|got back|completed(?: it)?|returned(?: it| them)?)",
            cost=1.0,
            kinds=COUNTS_ONLY,
        ),
        _cue("whole", *_PEOPLE, r"calls?", r"chats?", cost=WEAK, kinds=COUNTS_ONLY),
        *_BASE,
        _CLAIM,
        *_INVITED,
        *_UNANSWERED,
    ),
    scale=(1, 5),
    bands=(("part", 4, 5), ("rest", 1, 3)),
    plain_parts=frozenset(),
)

_FIRST: Final = (
    r"(?:(?:in|on|at|with|by|from|during|via) )?(?:the |their |just |our |one |a )*(?:(?:very )?(?:first|"
    r"1st)[- ]?(?:time(?: round)?|contacts?|calls?|go|attempt|try|touch|email|chat|phone ?call|"
    r"point of contact|line contact)|"
    r"1 (?:contact|call|go|touch|email|chat)|one (?:contact|call|go|touch|email|chat)|single (?:contact|"
    r"call)|straight ?away|there and then|on the spot|right away|once only)"
)
_SOLVE: Final = (
    r"(?:re)?(?:solved|sorted|settled|fixed|answered|dealt with|closed|done|handled|completed|cleared|"
    r"finished|resolve|solve|sort|fix|settle|helped|cracked|nailed|wrapped up|resolution|resolutions|"
    r"sorted out)"
)
_AGAIN: Final = (
    r"(?:had to |has to |have to |needed to |need to |did |then |all |later |who |that |ended up |having to )*"
    r"(?:(?:r[ai]ng|ring|call|called|calling|came|come|coming|phone|phoned|phoning|write|wrote|contact|"
    r"contacted|contacting|email|emailed|get|got|getting|go|went|chased?|message|messaged)(?: us|"
    r" them)? ?(?:back|again|up again|a second time|twice|more than once|a 2nd time|another time)"
    r"(?: (?:in touch|to us|with us|in contact|on to us))?(?: again)?)"
)
FCR: Final = Lexicon(
    "fcr",
    _words(
        r"f\.?c\.?r\.?",
        r"net fcr",
        r"gross fcr",
        r"first[- ](?:contact|call|time)[- ](?:resolution|fix|resolve)(?: rate)?",
        r"first[- ](?:contact|call) resolved",
        r"1st (?:contact|call) (?:resolution|fix)",
        r"one[- ](?:and done|call resolution)",
    ),
    _words(
        rf"{_SOLVE}(?: \w+){{0,3}} {_FIRST}",
        rf"{_FIRST} (?:\w+ )?{_SOLVE}",
        r"first contact",
        r"first call",
        r"first time",
        r"first go",
        r"1st time",
        r"there and then",
        r"on the spot",
        r"(?:right|straight) ?away",
    ),
    (
        _cue(
            "part",
            rf"(?:(?:was|were|got|been|be|we|that|which|they|are|all) )*{_SOLVE}(?: (?:it|them|out|up|off|for good|"
            rf"by us))?(?: {_FIRST})?",
            _FIRST,
            r"(?:did )?not (?:have to|need to|call|ring|come|contact|get)(?: \w+)? (?:back|again|" r"in touch again)(?: to us)?",
            r"(?:did )?not (?:need|have) (?:to )?(?:\w+ ){0,3}(?:back|again)",
            r"never (?:rang|called|came|contacted us) (?:back|again)",
        ),
        _cue("part", rf"{_SOLVE}", cost=1.0),
        _cue(
            "rest",
            _AGAIN,
            r"(?<!no )(?<!without )(?<!any )(?<!without a )(?:were |was |had )?repeat(?:ed)?(?: (?:contacts?|calls?|callers?))?",
            r"(?:a )?(?:second|2nd|further|follow[- ]?up|another) (?:contact|call|go|email|time)s?",
            r"call ?backs?",
            r"chasers?",
            rf"{_NOT}(?:\w+ )?{_SOLVE}(?: (?:out|up))?(?: {_FIRST})?",
            r"unresolved",
            r"(?:needed|took|need|required) (?:more than (?:1|one)|2|two|several|a second|a 2nd|another|extra|"
            r"more)(?: or more)?(?: \w+)?",
            r"more than (?:1|one|once)(?: \w+)?",
            r"came back(?: to us)?",
            r"rang back",
            r"had to chase(?: us)?",
            r"chased(?: us)?",
            r"twice(?: or more)?",
            r"were not(?=\s*[.,;?!]|\s*$)",
            r"bounced(?: back)?",
            r"again",
        ),
        _cue(
            "excluded",
            r"(?:could|can) (?:never|not)(?: \w+){0,3} (?:be )?(?:\w+ )?(?:at|by|on|in) (?:the )?(?:first|1st|"
            r"front)[ -]?(?:line|level|tier|contact|point)?",
            r"(?:first line|front line|1st line|we|they|that|which) (?:could|can) (?:never|not)(?: possibly| ever|" r" have| be)*(?: \w+)?",
            r"exclud(?:ed|e|ing)",
            r"left out",
            r"leav(?:e|ing) out",
            r"tak(?:e|ing) out",
            r"not count(?:ed|ing)?",
            r"out of scope",
            r"outside (?:our )?(?:scope|control)",
            r"never (?:our|ours|possible)(?: to \w+)?",
            r"not (?:ours|possible|our job)(?: to \w+)?",
            r"ineligible",
            r"not eligible",
            r"impossible(?: to \w+)?(?: first time)?",
            r"beyond (?:first line|us)",
            r"removed?",
            r"discount(?:ed|ing)?",
            r"ignor(?:e|ed|ing)",
            r"had to (?:be passed|be escalated|go)(?: \w+){0,3}",
            r"could (?:not|never) (?:have )?(?:been|be) \w+(?: (?:at|by|on) (?:the )?(?:first|front)[ -]?\w+)?",
        ),
        _cue("whole", r"eligible(?: \w+)?", kinds=COUNTS_ONLY, cost=0.5),
        _cue("whole", *_WORK, *_PEOPLE[:3], r"people", r"callers?", r"complaints?", cost=WEAK, kinds=COUNTS_ONLY),
        *_BASE,
        _CLAIM,
    ),
)

CES: Final = Lexicon(
    "ces",
    _words(r"c\.?e\.?s\.?", r"customer effort(?: scor\w*)?", r"effort scor\w*", r"ease scor\w*", r"% easy", r"percent(?:age)? easy"),
    _words(r"effort", r"how easy", r"(?:found|said|thought) (?:it|us|it was|that it was) (?:easy|hard|difficult)", r"made it easy"),
    (
        _cue("part", r"(?:found (?:it|us) |said (?:it was )?)?(?:very |quite |really )?easy", r"agreed", r"low effort"),
        _cue(
            "rest",
            rf"{_NOT}easy",
            r"(?:found it |said it was )?(?:hard|difficult|a struggle|tough)",
            r"disagreed",
            r"high effort",
            r"neutral",
            r"struggled",
        ),
        _cue("whole", r"(?:who |that |had )*(?:replied|responded|answered)", cost=1.0, kinds=COUNTS_ONLY),
        _cue("whole", *_PEOPLE, cost=WEAK, kinds=COUNTS_ONLY),
        *_BASE,
        _CLAIM,
        *_INVITED,
        *_UNANSWERED,
    ),
    scale=(1, 7),
    bands=(("part", 5, 7), ("rest", 1, 4)),
)

RESPONSE: Final = Lexicon(
    "response-rate",
    _words(
        r"(?:survey |feedback |questionnaire )?respon[sd]e?s?[- ]rate",
        r"reply rate",
        r"rate of (?:response|reply|return)",
        r"completion rate",
        r"(?:survey|questionnaire|feedback form)s? return rate",
        r"survey response",
        r"return rate (?:of|for|on) (?:the |our |my )?(?:surveys?|questionnaires?|feedback forms?)",
        r"(?:%|percentage|percent|proportion|share) (?:of \w+ |of the \w+ )?(?:that |who |have |"
        r"actually )*(?:replied|responded|answered|filled|came back|completed)",
    ),
    _words(
        r"surveys?",
        r"questionnaires?",
        r"feedback (?:form|card|request|email)s?",
        r"comment cards?",
        r"feedbacks?",
        r"fill?(?:ed)? (?:(?:it|them|one|the \w+) )?(?:in|out|up)",
        r"(?:forms?|papers?|cards?|leaflets?)(?= (?:we|i|were|was|sent|give|gave|given|out|posted|handed))",
        r"(?:sent|posted|gave|give|handed|emailed)(?: out)? [0-9]+ (?:forms?|papers?|cards?|leaflets?|links?|polls?)",
        r"replied",
        r"responded",
        r"c[ao]me back (?:with (?:an? )?(?:answers?|repl(?:y|ies))|fill?ed|completed?)",
        r"(?:sent|emailed|texted|mailed|messaged|invited) (?:\w+ ){1,6}?[0-9]* ?(?:\w+ ){0,4}?(?:replied|responded|answered)",
    ),
    (
        _cue(
            "part",
            r"(?:who |that |have |had |actually |we |only |were |of them )*(?:repl(?:y|ied|ies)|respon(?:d|ded|"
            r"ses|se|dents|dants)|(?:sent|got|gave|came|mailed|posted|returned|handed)(?: (?:it|them|one|ones|"
            r"the \w+|us))? (?:back|in)(?: to us)?|fill?ed(?: (?:it|them|this|that|one|in|out|the \w+|"
            r"our \w+))*(?: (?:in|out|up))?|completed?(?: (?:it|them|the \w+))?|returned(?: (?:it|them|one))?|"
            r"got (?:replies|answers)|answers|answered|took part|bothered(?: \w+)*?|took the time|had back|back)",
            r"filled(?: (?:it|them|one))? (?:in|out)",
            r"received(?: back)?",
            r"completions?",
            r"participat\w+",
            r"finished(?: it)?",
            r"did(?= the survey| it)",
        ),
        _cue(
            "rest",
            rf"(?:did )?{_NOT}(?:repl(?:y|ied)|respond(?:ed)?|answer(?:ed)?|fill(?:ed)?(?: (?:it|them))?(?: (?:in|"
            r"out))?|bother(?:ed)?(?: to \w+)?|return(?:ed)?(?: (?:it|them))?|complete(?:d)?(?: it)?|"
            r"sen[dt] (?:it|them) back|come back|came back|get back(?: to us)?)",
            r"non[- ]?respon\w*",
            r"no (?:reply|response|answer|replies)",
            r"ignored(?: it| them| the \w+| us)?",
            r"deleted(?: it)?",
            r"binned(?: it)?",
            r"silent",
            r"said nothing",
            r"never heard (?:back )?from",
            r"were not(?=\s*[.,;?!]|\s*$)",
            r"did not(?=\s*[.,;?!]|\s*$)",
        ),
        _cue(
            "whole",
            r"(?:we |i |were |was |have |had |got )*(?:sent(?: (?:it|them|out|off|one|this))*(?: to)?|"
            r"send(?: out)?|e?mailed(?: out)?|invit(?:ed|ations?|es?|e)|issued|handed(?: (?:it|them))? out|"
            r"g[ai]ve(?:n)?(?: (?:it|them))? (?:out|to)|posted(?: out)?|going out|went out(?: to)?|asked|texted|"
            r"distributed|surveyed|put out|dished out|shared|delivered|mailshot)",
            kinds=COUNTS_ONLY,
        ),
        _cue(
            "whole",
            r"surveys?",
            r"questionnaires?",
            r"forms?",
            r"customers?",
            r"people",
            r"clients?",
            r"ppl",
            r"emails?",
            r"cards?",
            r"buyers?",
            r"guests?",
            r"requests?",
            r"users?",
            r"members?",
            cost=WEAK,
            kinds=COUNTS_ONLY,
        ),
        *_BASE,
        _CLAIM,
    ),
)

RETENTION: Final = Lexicon(
    "retention-rate",
    _words(
        r"(?:customer )?retention(?: rate| %| percentage| figure)?",
        r"churn(?: rate)?",
        r"attrition(?: rate)?",
        r"c\.?r\.?r\.?",
        r"(?:%|percent|percentage|proportion|share) of (?:our |my |the )?(?:customers|clients|members|"
        r"subscribers) (?:did |have |that |who )?(?:we |i )?(?:stay(?:ed)?|kept|keep|retain(?:ed)?|left|lost|"
        r"los[te])",
    ),
    _words(
        r"retain\w*",
        r"kept",
        r"keep",
        r"stay(?:ed)?",
        r"left us",
        r"(?:have|has|had|who) left",
        r"churned",
        r"lost",
        r"lose",
        r"joined",
        r"signed up",
        r"loyal\w*",
        r"new (?:ones|customers|members|subscribers|clients)",
    ),
    (
        _cue(
            "start",
            r"(?:at|from|in) (?:the |this |our )?(?:very )?(?:start|beginning)(?: of (?:the |this |" r"last )?(?:\w+))?",
            r"start(?:ed|ing|s)?(?: (?:off|out))?(?: (?:the |this |last )?(?:year|month|quarter|period|"
            r"week))?(?: (?:with|on|at|of|from))?",
            r"beg[aiu]ns?(?:ning)?(?: (?:the |this |last )?(?:year|month|quarter|period))?(?: (?:with|of))?",
            r"opened(?: with)?",
            r"opening",
            r"originally",
            r"initially",
            r"to begin with",
            r"to start(?: with)?",
            r"first had",
            r"used to have",
            r"at first",
            r"last (?:year|month|quarter)(?= (?:we|i|they) had)",
            r"original",
            kinds=COUNTS_ONLY,
        ),
        _cue(
            "end",
            r"(?:at|by|in|to) (?:the |this |our |year |month )?(?:very )?end(?: of (?:the |this |last )?(?:\w+))?",
            r"end(?:ed|ing|s)?(?: up)?(?: (?:the |this )?(?:year|month|quarter|period))?(?: (?:with|on|at|up|of))*",
            r"finish(?:ed|ing)?(?: (?:the |this )?(?:year|month|quarter|period))?(?: (?:with|on|at|up|of))*",
            r"clos(?:ed|ing)(?: (?:with|on|at|number))?",
            r"(?:we |i )?now(?: (?:we |i )?have)?",
            r"currently",
            r"finally",
            r"(?:were |are |was )?left with",
            r"today",
            r"year[- ]end",
            r"at close",
            r"end",
            kinds=COUNTS_ONLY,
        ),
        _cue(
            "new",
            r"(?:were |are |of them |of whom |of which |was |brand )*new(?: (?:ones|customers?|people|members?|"
            r"clients?|subscribers?|joiners?|sign[- ]?ups?|faces|accounts?|business|starters?))?",
            r"(?:had |have |who |only |that |just )*joined(?: us)?(?: (?:during|in) (?:the|that) \w+)?",
            r"sign(?:ed)?[- ]?ups?",
            r"gain(?:ed|s|ing)?",
            r"came on board",
            r"acquired",
            r"won",
            r"joiners?",
            r"newbies",
            r"newcomers?",
            r"picked up",
            r"brought in",
            r"recruited",
            r"added",
            r"came in",
        ),
        _cue(
            "left",
            r"(?:had |have |who |that )*left(?: us)?(?! with)",
            r"los(?:t|es?|ing)",
            r"cancel+ed(?: \w+)?",
            r"churned",
            r"quit",
            r"went elsewhere",
            r"gone(?: elsewhere)?",
            r"walked(?: away)?",
            r"moved (?:on|away|elsewhere)",
            r"leavers?",
            r"closed their accounts?",
            r"defected",
            r"switched(?: \w+)?",
            r"dropped out",
            r"disappeared",
            r"went to (?:a |the )?(?:competitors?|rivals?)",
            r"leav(?:e|ing)",
            r"ditched us",
            r"did not (?:renew|stay|come back)",
        ),
        _cue(
            "stayed",
            r"(?:were |who |that |have |had |we )*stay(?:ed|ing)?(?: (?:with us|loyal|on))?",
            r"kept",
            r"keep",
            r"retained",
            r"still (?:with us|here|customers|there|buying|active|members)(?: \w+)?",
            r"(?:were )?still with(?: us)?",
            r"renewed",
            r"remain(?:ed)?(?: with us)?",
            r"stuck with us",
            r"loyal",
            r"carried on",
        ),
        _cue("start", r"had", cost=WEAK, side=Side.BEFORE, kinds=COUNTS_ONLY),
        _cue(
            "start",
            r"customers?",
            r"clients?",
            r"members?",
            r"subscribers?",
            r"people",
            r"accounts",
            r"users",
            cost=WEAK + 2,
            kinds=COUNTS_ONLY,
        ),
        _cue("start", rf"(?:out )?of{_FILL}", r"/\s*(?=[0-9])", rf"from{_FILL}", side=Side.BEFORE, kinds=COUNTS_ONLY),
        _CLAIM,
    ),
)

_ONTIME: Final = (
    r"(?:target|sla|time|the deadline|deadline|the agreed time|agreed time|service level|the sla|"
    r"the target|our target|our sla|time limit|the time limit|the limit|the window|the time|standard)"
)
SLA: Final = Lexicon(
    "sla-attainment",
    _words(
        r"s\.?l\.?a\.?(?: (?:attainment|compliance|performance|percentage|rate|score|%|achievement|hit rate))?",
        r"service[- ]level(?: agreement)?(?: attainment)?",
        r"on[- ]time (?:rate|percentage|%|delivery rate)",
        r"target attainment",
        r"(?:%|percentage|percent|proportion|share) (?:\w+ )?(?:of \w+ |of the \w+ )?(?:were |was |that |we |"
        r"are )*(?:\w+ )?(?:within target|on time|in time|hit (?:the )?target|met (?:the )?target|"
        r"within (?:the )?(?:sla|time))",
    ),
    _words(
        rf"(?:within|inside|met|meet|hit|missed|in|on|outside|over) (?:the |our )?{_ONTIME}",
        r"(?:within|inside|in|in under|under|before|by) (?:the |our )?[0-9.]+[ -]?(?:working )?"
        r"(?:hours?|h|minutes?|mins?|hrs?|days?|seconds?|secs?|weeks?)",
        r"after the deadline",
        r"compliant",
        r"late",
        r"breach\w*",
    ),
    (
        _cue(
            "part",
            r"(?:(?:was|were|we|that|got|been|which) )*(?:(?:answered|resolved|sorted|done|closed|dealt with|"
            r"handled|replied to|completed|delivered|met|responded to|picked up|fixed|solved|actioned|cleared|"
            rf"finished) )?(?:within|inside|in|on|before|by|under) (?:the |our |their )*{_ONTIME}",
            r"(?:(?:answered|resolved|sorted|done|closed|dealt with|handled|replied to|completed|delivered|"
            r"responded to|picked up|fixed|solved|actioned|cleared|finished) )?(?:within|inside|in|in under|"
            r"under) (?:the )?[0-9.]+[ -]?(?:working )?(?:hours?|minutes?|mins?|hrs?|h|days?|seconds?|secs?|"
            r"weeks?)(?: (?:target|sla|limit|window))?",
            r"(?:hit|met|made|achieved|beat|meet|hits|reached)(?: (?:it|them|the (?:target|sla|deadline|standard|"
            r"limit)|our (?:target|sla)|target|sla|deadline))?",
            r"compliant",
            r"on schedule",
            r"punctual",
            r"quick enough",
            r"fast enough",
            r"ok on time",
            r"success(?:es|ful)?",
        ),
        _cue(
            "rest",
            r"(?:were |was |ran |came |done |went |too |arrived |answered |finished |delivered )*late",
            r"miss(?:ed|es)?(?: (?:it|them|the (?:target|sla|deadline|cut[- ]?off)|our (?:target|sla)|target|sla|" r"deadline))?",
            r"(?:sla )?breach(?:ed|es)?(?: (?:it|sla|the \w+))?",
            rf"(?:over|outside|past|beyond|after|out of|failed|fail|exceeded)(?: of)? (?:the |our )?{_ONTIME}",
            r"over(?:ran|due|shot)",
            r"too slow",
            r"too long",
            rf"{_NOT}(?:\w+ )?(?:within|in|on|make|made|met|meet|hit)(?: (?:the |our )?{_ONTIME}| it)?",
            r"failed(?: it)?",
            r"fails",
            r"went over(?: (?:it|the \w+))?",
            r"ran over",
            r"over (?:it|by)",
            r"took longer(?: than \w+)?",
            r"exceeded",
            r"delayed",
            r"slipped",
            r"were not(?=\s*[.,;?!]|\s*$)",
        ),
        _cue(
            "target",
            r"(?:our |the |a |my )?target(?: (?:is|of|was|to be|at least|says|=|rate|set at|being|for|at|hit))*",
            r"(?:need|needs|supposed to (?:hit|get|reach|be)|should (?:be|hit|get|reach)|must (?:be|hit|reach)|"
            r"aim(?:ing)?(?: (?:is|for))?|goal|promised|agreed|contract says|sla (?:is|of|says|was)|want(?:s|ed)?|"
            r"to (?:hit|reach|meet|get to)|needed|required|has to be|have to (?:be|hit|reach))",
            r"(?:did |have |do |has )?(?:we|i|they) (?:hit|ma[dk]e|meet|met|reach|reached|achieve)",
            r"compliant(?: (?:with|to|at|for|against))?",
            kinds=frozenset({Kind.PERCENT}),
        ),
        _cue("target", r"target", kinds=frozenset({Kind.PERCENT})),
        _cue(
            "whole",
            *_WORK,
            *_GOODS[:4],
            r"complaints?",
            r"customers?",
            r"people",
            r"letters?",
            r"repl(?:y|ies)",
            r"ones",
            r"responses",
            r"jobs",
            r"visits?",
            r"repairs?",
            cost=WEAK,
            kinds=COUNTS_ONLY,
        ),
        *_BASE,
        _CLAIM,
    ),
)

COMPLAINT: Final = Lexicon(
    "complaint-rate",
    _words(
        r"complaints?[- ](?:rate|ratio|percentage|level|%)",
        r"rate of complaints?",
        r"complaints? (?:per|for every) \w+(?: (?:orders|sales|customers))?",
        r"(?:%|percent|percentage|proportion|share) (?:of (?:our |the |my )?\w+ )?(?:that |who |ended |have |"
        r"get |got |led to |end |in )*(?:a )?complain\w*",
    ),
    _words(r"complain\w*", r"moaned"),
    (
        _cue(
            "part",
            r"(?:a )?complain(?:ts?|ed|ing|ers?|s)?(?: (?:in|received|came in|made|logged|about \w+))?",
            r"moan(?:ed|s)?",
            r"kicked off",
        ),
        _cue("rest", rf"{_NOT}complain\w*", r"no complaints?", r"without (?:a )?complaints?"),
        _cue(
            "whole",
            *_GOODS,
            r"customers?",
            r"people",
            r"clients?",
            r"contacts?",
            r"calls?",
            r"visits?",
            r"guests?",
            r"sold",
            r"shipped",
            r"dispatched",
            r"jobs?",
            r"passengers?",
            r"sent out",
            r"delivered",
            cost=WEAK,
            kinds=COUNTS_ONLY,
        ),
        *_BASE,
        _CLAIM,
    ),
)

RETURN: Final = Lexicon(
    "return-rate",
    _words(
        r"(?:product |our |the )?returns?[- ](?:rate|ratio|percentage|%)",
        r"rate of returns?",
        r"(?:%|percent|percentage|proportion|share) (?:of (?:our |the |my )?(?:\w+ )?(?:\w+ )?)?(?:that |who |"
        r"which |were |was |have |got |get |are |being |people |customers )*(?:returned|returns?|sent back|"
        r"brought back|came back|come back)",
    ),
    _words(
        r"(?:br[io]ng|brought|takes?|took|hand(?:ed)?|send|sent|give|gave) (?:\w+ )?back",
        r"returned",
        r"returns",
        r"sent back",
        r"brought back",
        r"came back",
        r"returning",
        r"send back",
    ),
    (
        _cue(
            "part",
            r"(?:were |was |got |have |been |being |are |customers |of them |we had )*(?:returned|returns?|"
            r"sent (?:\w+ )?back|brought (?:\w+ )?back|came (?:\w+ )?back|come back|back again|handed back|"
            r"got back|had back|taken back|back)",
        ),
        _cue("rest", r"(?:were |was )?kept", rf"{_NOT}(?:returned|return|sent back|come back)"),
        _cue(
            "whole", r"(?:we |i |were |have |had )*(?:sold|shipped|dispatched|sent out|went out|delivered|sell|shifted)", kinds=COUNTS_ONLY
        ),
        _cue(
            "whole",
            *_GOODS,
            r"coats?",
            r"shoes",
            r"dresses",
            r"phones",
            r"kettles?",
            r"tops",
            r"jackets?",
            r"toasters?",
            r"shirts?",
            r"lamps?",
            cost=WEAK,
            kinds=COUNTS_ONLY,
        ),
        *_BASE,
        _CLAIM,
    ),
)

REOPEN: Final = Lexicon(
    "reopen-rate",
    _words(
        r"re-?open(?:ed|ing|s)?[- ](?:rate|ratio|percentage|%)",
        r"rate of re-?open\w*",
        r"(?:%|percent|percentage|proportion|share) (?:of (?:our |the |my |closed )*(?:\w+ )?)?(?:that |"
        r"which |were |was |have |got |get |had |to |be |are )*re-?open\w*",
    ),
    _words(r"re-?open\w*", r"opened (?:up )?again"),
    (
        _cue(
            "part",
            r"(?:were |was |got |been |had to be |have |be |are |of them )*re-?open(?:ed|s|ing)?(?: (?:again|" r"later|afterwards))?",
            r"(?:were |was |got |had to be )*opened (?:up )?again",
            r"came back to life",
        ),
        _cue("rest", rf"{_NOT}(?:be )?re-?open\w*", r"stayed (?:closed|shut)"),
        _cue(
            "whole",
            r"(?:we |i |were |was |have |had |been |marked as |that )*(?:closed|resolved|solved|shut|completed|" r"finished|sorted)",
            kinds=COUNTS_ONLY,
        ),
        _cue("whole", *_WORK, r"complaints?", cost=WEAK, kinds=COUNTS_ONLY),
        *_BASE,
        _CLAIM,
    ),
)

_MORE: Final = (
    r"(?:again|more than (?:once|1 time|one time)|twice(?: or more)?|2 times or more|two or more times|"
    r"at least twice|a second time|a 2nd time|repeatedly|another time|for more|2\+ times|multiple times|"
    r"several times|from us again|with us again|from us twice|from us more than once)"
)
REPEAT: Final = Lexicon(
    "repeat-rate",
    _words(
        r"repeat[- ](?:purchase|customer|buyer|buying|order|business|purchasing|sales?)?[- ]?(?:rate|ratio|" r"percentage|%)",
        r"re-?purchase rate",
        r"rate of repeat \w+",
        r"repeat purchase\w*",
        r"returning customers? rate",
        r"loyalty rate",
        r"(?:%|percent|percentage|proportion|share) (?:of (?:our |the |my )?\w+ )?(?:that |who |have |came |"
        r"come |did |are |back |and |to )*(?:buy|bought|purchased?|ordered?|shop|shopped|repeat|returning|"
        rf"came back)(?: \w+)?(?: {_MORE})?",
    ),
    _words(
        rf"(?:buy|bought|purchased?|order|ordered|shopped|came back|come back|used us|booked)(?: \w+)? {_MORE}",
        r"repeat (?:customers?|buyers?|purchasers?|purchases?|orders?|shoppers?|business)",
        r"came back to buy",
        r"returning customers",
        r"(?:bought|ordered|booked) (?:from us )?(?:again|twice)",
    ),
    (
        _cue(
            "part",
            r"(?:(?:have|has|who|that|had|of them|went on to|then|came back and) )*(?:buy|bought|purchased?|order|"
            r"ordered|shopped|came back|come back|used us|booked|visited|came)(?: (?:from us|with us|something|"
            rf"stuff|it|in|here|things))? {_MORE}",
            r"(?:are |were )?repeat (?:customers?|buyers?|purchasers?|shoppers?|ones|purchases?|orders?)",
            r"(?:made )?a (?:second|2nd|further|repeat) (?:order|purchase|buy|booking)",
            r"c[ao]me back(?: (?:to buy|to order|and bought|for more|to us|to shop))?(?: (?:again|more))?",
            r"returning (?:customers?|buyers?)",
            r"re-?purchased",
            r"re-?ordered",
            _MORE,
            r"repeaters?",
            r"repeat",
        ),
        _cue(
            "rest",
            r"(?:bought|ordered|purchased|shopped|came|booked)(?: (?:from us|with us|only|just|"
            r"something))* (?:once|one time|1 time|a single time)",
            r"(?:only |just )once",
            r"one[- ](?:time|off)(?: \w+)?",
            r"never (?:came|come|returned|bought|ordered)(?: back| again)?",
            rf"(?:did )?{_NOT}(?:come|came|buy|order|return|bought)(?: back| again)?",
            r"single (?:purchase|order)",
        ),
        _cue(
            "whole",
            r"customers?",
            r"buyers?",
            r"shoppers?",
            r"people",
            r"clients?",
            r"ppl",
            r"guests?",
            r"accounts?",
            r"members?",
            r"purchasers?",
            r"diners?",
            cost=WEAK,
            kinds=COUNTS_ONLY,
        ),
        *_BASE,
        _CLAIM,
    ),
)

TIME: Final = Lexicon(
    "average-time",
    _words(
        r"(?:average|avg|mean|median|av\.?|typical)(?: \w+){0,4} (?:times?|waits?|waiting|minutes|hours|days|"
        r"mins|delay|duration|long|length|took|takes?|lasted|lasts?)(?: \w+)?",
        r"a\.?h\.?t\.?",
        r"m\.?t\.?t\.?r\.?",
        r"(?:mean|median)(?: and (?:mean|median))?",
        r"(?:average|mean|median|avg) (?:of|for)(?: these| those| the| my| our| all| last)* (?:calls?|chats?|tickets?|jobs?|repairs?)",
        r"(?:average|mean|median|avg)(?: of)?(?: these| the| my| our| them)?[: ]+(?=[0-9])",
    ),
    _words(r"average", r"avg", r"mean", r"median"),
    (),
)

VALUE: Final = Lexicon(
    "lifetime-value",
    _words(
        r"c\.?l\.?v\.?",
        r"c\.?l\.?t\.?v\.?",
        r"l\.?t\.?v\.?",
        r"(?:customer )?life[- ]?time (?:value|worth)",
        r"customer value",
        r"worth (?:to us )?over (?:their|his|her|a|the) (?:lifetime|life|years?)",
    ),
    _words(r"worth", r"lifetime", r"spends?", r"loyal"),
    (),
)

LEXICONS: Final[Mapping[str, Lexicon]] = {
    lexicon.metric: lexicon for lexicon in (NPS, CSAT, FCR, CES, RESPONSE, RETENTION, SLA, COMPLAINT, REPEAT, RETURN, REOPEN, TIME, VALUE)
}

# Phrases of someone who wants a sum worked out.
ASKS: Final = re.compile(
    r"\b(?:work(?:ing|s|ed)?(?: (?:it|this|that|these|them|my|our|the))? ?out|calculat\w*|comput\w*|"
    r"figure (?:it|this|that)?\s?out|what(?: is|'?s| are| was| would| will|s| r| be)+ (?:it|that|this|my|"
    r"our|the|their|his|her|its|net|gross|be|nps|csat|fcr|ces|churn|retention|"
    r"average|mean|median)\b|(?:what|wot|wat|which) (?:%|percent|percentage|proportion|rate|nps|csat|fcr|"
    r"ces|score|share|average|retention|churn|sla)|how (?:much|many|do (?:i|we) (?:do|work|get))|find|"
    r"give me|"
    r"tell me|can (?:you|u|yu)|could (?:you|u)|do the (?:sum|maths?)|percentage|percent|proportion|as a %|"
    r"in %|pls|plz|please|help|check (?:my|this)|equals?|makes? (?:an? )?(?:nps|csat|fcr)|"
    r"need (?:the|to|my|our)|want (?:the|to|my|our)|wots?|wats?|i (?:get|got|make it)|is it|did (?:we|i|"
    r"they) (?:hit|meet|make)|are we|so (?:nps|csat|fcr|ces)|how (?:is|was|are) )|[=?]\s*$|"
    r"(?:nps|csat|fcr|ces|rate|score|sla|retention|churn|clv|value|aht|time|%)\s*[=?]|^\s*(?:and |so |"
    r"ok )?(?:what |how )?(?:if|about)\b|^(?:nps|csat|fcr|ces|sla|clv|churn|retention|response rate|"
    r"[a-z]+ rate)\b"
)

# The plainest of those, needed when the metric itself is only described.
SUMS: Final = re.compile(
    r"\b(?:work(?:ing|s|ed)?(?: (?:it|this|that|these|them|my|our|the))? ?out|calculat\w*|comput\w*|"
    r"(?:what|wot|wat|which|as a|in|get|the|a|how many|how much) (?:%|percent|percentage|proportion|rate|score)|percentage|"
    r"(?:asks?|asked|tell|wants?|needs?|says?|give)(?: (?:me|us|boss|for|the|my|about))* %|"
    r"do the (?:sum|maths?)|"
    r"what (?:is|'?s) (?:(?:my|our|the) )?(?:\w+ )?(?:rate|score|percentage|%|figure))(?![a-z])|(?:rate|score|%|percentage) ?[?=]"
)

# Questions whether a target was hit: a sum when the cases and those in time are given.
PASSES: Final = re.compile(
    r"\b(?:(?:did|have|do|has|are) (?:we|i|they|the team|my team) (?:\w+ )?(?:hit|ma[dk]e|meet|met|miss|missed|reach|reached|"
    r"pass|passed|"
    r"compliant|complying|within|on target|short)|(?:is|was) (?:that|it|this) (?:compliant|on target|within target|a breach)|"
    r"compliant\b(?=[^.]*\?))"
)

# Questions about what a metric is, not for a sum.
DEFINES: Final = re.compile(
    r"\b(?:what (?:counts?|makes?|does|do|sort|kind|scores?|numbers?|range|scale)\b(?! (?:our|my|"
    r"that make|(?:is|was|would) (?:that|this|it)\b|did|do (?:we|i)\b|have (?:we|i)\b))|which scores?|why|difference between|"
    r"is (?:a )?(?:good|bad)\b|what(?: is|'?s|s) (?:a |"
    r"an )?(?:good|bad|decent|normal|typical|great|high|low|acceptable)\b|meaning|"
    r"explain|define|definition|is (?:an? )?[0-9]+ (?:an? )?(?:promoter|passive|detractor|good|bad|"
    r"satisfied|ok)|benchmark|common\b|world.?class|stand for|better than|true or false|"
    r"does (?:an? )?[0-9]+|do (?:the )?[0-9]+s?|are (?:the )?[0-9]+s?|"
    r"(?:what(?: is|'?s|s) the |which )formula|the usual|usually|should (?:\w+ )?(?:nps|csat|fcr|ces|sla|retention|churn) be|"
    r"good (?:nps|csat|fcr|ces|score|rate|result)|true that|history|invented|who (?:came|made)|"
    r"tell me about|when (?:should|do)|how (?:do|does|did|can|would|should) (?:\w+ )?(?:improve|raise|"
    r"increase|reduce|affect|lift|get better|(?:\w+ ){0,6}(?:hit|meet|reach) (?:its|the|our|my|their) (?:sla|target)|get .* up))\b"
)

# Stories about goods, rights and refunds: numbers there are not for these sums unless the metric is named.
STORIES: Final = re.compile(
    r"\b(?:refund\w*|deduct\w*|reject\w*|faulty|fault|broken|warranty|guarantee\w*|receipt|section 75|"
    r"deposit|rights|right (?:to|of)|act|law|legal|compensat\w*|hand (?:it|them) back|cancel (?:the|my|an|his|her|"
    r"their) (?:order|contract)|"
    r"cooling[- ]off|entitled|repair(?:ed)?|replacement|chargeback|ombudsman|court|gdpr|ico|vat|discount|"
    r"(?:weeks?|months?|days?|years?) (?:ago|later|old)|bought (?:it|a|an|this|my))\b"
)
