"""Questions about speech: "who said …", "what did X say about …"."""

from __future__ import annotations

import re

_SAY = (
    "said|says|say|saying|told|tells|claimed|claims|announced|announces|argued|argues|warned|warns|"
    "insisted|insists|denied|denies|stated|states|declared|declares|tweeted|tweets|wrote|writes|"
    "posted|added|adds|suggested|suggests|noted|notes|admitted|admits|acknowledged|conceded|"
    "confirmed|confirms|alleged|alleges|asserted|asserts|maintained|maintains|believes|believed|"
    "thinks|thought|complained|explained|explains|promised|promises|vowed|pledged|predicted|"
    "predicts|"
    "estimated|estimates|reported|reports|remarked|mentioned|testified|accused|accuses|"
    "condemned|praised|criticised|criticized|asked|asks|urged|urges|demanded|revealed|disclosed|"
    "commented|joked|replied|responded|quipped|recalled|emphasised|emphasized|stressed|hinted|"
    "expressed|dismissed|rejected|retorted|swore|reckons|reckoned|hopes|hoped|fears|feared"
)
_CALLED = (
    "called|calls|described|describes|dubbed|labelled|labeled|branded|characterised|"
    "characterized|compared"
)
_AUX = (
    r"(?:has |have |had |is |was |did |does |do |could |would |ever |first |also |once |publicly )*"
)
_WHO = [
    rf"^(?:and |so |but )?who (?:exactly )?(?:was it (?:that|who) |is it (?:that|who) )?{_AUX}"
    rf"(?:{_SAY})\b[ :,]*(?P<said>.*)$",
    r"^(?:and )?who (?:was it (?:that|who) )?(?:has |had )?"
    rf"(?:{_CALLED})\b(?P<said>.*(?:['\"“”‘’«]| as | an? | the | to ).*)$",
    r"^(?:according to|in the (?:words|view|opinion) of|by) (?:whom|who|which \w+)[,:]?"
    r"(?: (?:was|is|were) it (?:said|announced|claimed|reported|stated|alleged|denied|suggested))?"
    r"(?: that)?\b[ ,:]*(?P<said>.*)$",
    r"^whose (?:words|quote|quotation|statement|claim|opinion|remark|comment|view|tweet|line) "
    r"(?:is|are|was|were)\b(?: it)?(?: that)?[ ,:]*(?P<said>.*)$",
    r"^who (?:is|was|has been) (?:quoted|cited|reported) (?:as |to have |to be )?"
    r"(?:saying|said|claiming|telling|arguing)?(?: that)?\b[ ,:]*(?P<said>.*)$",
    r"^who (?:made|gave|issued|posted|is behind|is the (?:source|author|speaker) of) the "
    r"(?:statement|claim|remark|comment|announcement|quote|quotation|warning|tweet|words|"
    r"phrase|post)"
    r"(?: that| of)?\b[ ,:]*(?P<said>.*)$",
    r"^(?:which|what) (?P<kind>[\w' -]{2,40}?) "
    r"(?:said|says|told|claimed|claims|announced|argued|warned|denied|stated|tweeted|wrote)\b"
    r"[ :,]*(?P<said>.*)$",
    r"^(?:(?:do|can) you (?:know|tell me)|tell me|name) (?:the person )?who "
    rf"(?:{_SAY})\b[ :,]*(?P<said>.*)$",
    r"^(?P<said>.{4,}?)[,:;—–-]? ?[\"”’»']?,? (?:who said (?:that|this|it|so)|said who|"
    r"according to whom|who is speaking)$",
    r"^(?:by )?(?:whom|who) (?:was|were|is) (?P<said>.+ (?:called|described|accused|told|warned|"
    r"announced|said|claimed|denied)\b.*)$",
]
_PATTERNS = [re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in _WHO]
_WORKS = re.compile(
    r"^who (?:wrote|writes|has written) (?:the|a|an)?\s*(?:book|novel|song|music|lyrics|poem|play|"
    r"screenplay|script|opera|symphony|story|theme|words to|words for|code|software|constitution|"
    r"declaration)\b|^who (?:called|asked|thought) (?:for|of|up|off|on|in|out|the (?:police|"
    r"ambulance|fire|cops)"
    r"|911|an ambulance|a doctor)\b|^who (?:posted|added|reported|revealed|confirmed) (?:the )?"
    r"(?:photo|picture|fire|crime)\b|^who (?:believes|believed) in\b|^who (?:promised|"
    r"told) (?:land|time)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"^who (?:wrote|writes|has written) (?!that\b|on\b|in an?\b|to\b)", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:that|:|in an? \w+(?: \w+)? that|on (?:twitter|facebook|telegram|x|"
    r"social media)(?: that)?|"
    r"(?:reporters|journalists|the (?:bbc|press|media|paper|newspaper|court|parliament)|cnn|"
    r"reuters|"
    r"afp|parliament|congress|lawmakers|fans|police|them|us|"
    r"people)(?: on \w+)?(?: that)?(?=\s))[ ,:]*",
    re.IGNORECASE,
)
_MARKS = " \t\n?!.\"“”„«»‘’'"


def asks_who_said(question: str) -> str | None:
    """What was said, for a question that asks who said it ("" where it only asks who spoke).

    None for every other question, and for "who wrote the book", "who called the police".
    """
    asked = " ".join(question[:1_000].split()).rstrip(" ?!.")
    if not asked or _WORKS.match(asked):
        return None
    if _WRITTEN.match(asked) and not re.search(r"[\"“”«‘]| (?:is|was|are|will|would|has) ", asked):
        return None
    for pattern in _PATTERNS:
        match = pattern.match(asked)
        if match:
            said = match.group("said").strip()
            return _LEAD.sub("", said, count=1).strip(_MARKS)
    return None


_VERB = (
    "say|claim|announce|argue|warn|tweet|write|think|believe|tell|state|declare|deny|suggest|"
    "promise|"
    "predict|insist|admit|report|post|explain|ask|demand|mention|comment|respond|reply|add|"
    "note|vow|"
    "recommend|estimate|accuse|call|describe|express|stress|propose|urge|feel|reveal|confirm|"
    "allege|"
    "complain|testify|conclude|hope|fear|want"
)
_ABOUT = (
    r"(?:about|on|of|regarding|concerning|to|against|over|that|in|for|when|after|during|at|as|with)"
)
_WHAT = [
    rf"^(?:and |so )?(?:what|how|why) (?:exactly |else )?(?:did|does|do|has|had|have|would|"
    rf"will|is|was) "
    rf"(?P<who>.{{1,80}}?) (?:also |just |really |actually )?(?:{_VERB})(?:s|d|ed|"
    rf"ing)?(?:\b (?P<about>.*))?$",
    r"^what (?:has|have|had) (?P<who>.{1,80}?) (?:said|claimed|announced|told|written|tweeted|"
    r"argued|"
    r"warned|suggested|stated|promised)(?:\b (?P<about>.*))?$",
    r"^what (?:is|was|are|were) (?P<who>.{1,80}?)(?:['’]s|s['’]) (?:\w+ )?(?:comments?|view|"
    r"views|opinion|"
    r"reaction|response|statement|position|take|answer|reply|claim|message|words|remarks?|stance|"
    r"explanation|argument|warning|assessment)(?: (?P<about>.*))?$",
    r"^what (?:is|was|are|were) the (?:comments?|views?|opinion|reaction|response|statement|"
    r"position|"
    r"words|message) of (?P<who>.{1,80}?)(?: (?P<about>(?:about|on|to|regarding|concerning) .*))?$",
    r"^what (?:are|were) the words of (?P<who>.{1,80}?)(?P<about>)$",
    r"^(?:what|how) (?P<about>.{1,120}?),? (?:according to|in the words of) (?P<who>.{1,80})$",
]
_WHATS = [re.compile(pattern, re.IGNORECASE) for pattern in (*_WHAT[2:], *_WHAT[:2])]
_ABOUT_LEAD = re.compile(rf"^(?:(?:the )?(?:reporters|press|media) )?{_ABOUT}\b ", re.IGNORECASE)


def asks_what_said(question: str) -> tuple[str, str] | None:
    """(speaker, subject) for "what did X say about Y"; the subject may be "". Else None."""
    asked = " ".join(question[:1_000].split()).strip(_MARKS)
    for pattern in _WHATS:
        match = pattern.match(asked)
        if match and match.group("who").casefold() not in {"it", "that", "this", "you", "i", "we"}:
            about = (match.group("about") or "").strip(_MARKS)
            return match.group("who").strip(_MARKS), _ABOUT_LEAD.sub("", about).strip(_MARKS)
    return None
