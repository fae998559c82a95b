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
    "expressed|dismissed|rejected|retorted|swore|reckons|reckoned|hopes|hoped|fears|feared|"
    "blamed|blames|apologised|apologized|lamented|boasted|"
    "cautioned|threatened|wondered|concluded|speculated|contended|advised|hailed|spoke of|"
    "speaks of|"
    "whispered|shouted|yelled|muttered|uttered|exclaimed|pleaded|countered|observed|bragged|"
    "faulted|faults|disputed|disputes|repeated|repeats|reiterated|expects|regretted|regrets|"
    "welcomed|welcomes|thanked|congratulated|objected to|pleaded with|"
    r"(?:hit|shot|fired|snapped) back(?: at \w+)?(?: with| by saying)?"
)
_CALLED = (
    "called|calls|described|describes|dubbed|labelled|labeled|branded|characterised|"
    "characterized|compared|likened|nicknamed"
)
_JUDGED = (
    "slammed|mocked|derided|ridiculed|portrayed|blasted|attacked|denounced|characterises|coined|"
    "characterizes|cast|refers to|referred to|decried|lambasted|painted|likens|deplored|put it to"
)
"""These ask for words where some are quoted, or follow "as"."""
_WORDS = "words?|quote|quotation|statement|claim|opinion|remark|comment|view|tweet|line|phrase"
_AUX = (
    r"(?:has |have |had |did |does |do |could |would |ever |first |also |once |"
    r"publicly |actually |originally |recently |later |reportedly |"
    r"famously |repeatedly |really )*"
)
_WHO = [
    rf"^(?:and |so |but )?who (?:exactly )?(?:was it (?:that|who) |is it (?:that|who) )?{_AUX}"
    rf"(?:{_SAY})\b[ :,]*(?P<said>.*)$",
    r"^(?:and )?who (?:was it (?:that|who) )?(?:has |had )?"
    rf"(?:{_CALLED})\b(?P<said>.*(?:['\"“”‘’«]| as | an? | the | to ).*)$",
    r"^(?:according to|in the (?:words|view|opinion) of) (?:whom|who|which \w+)[,:]?"
    r"(?: (?:was|is|were) it (?:said|announced|claimed|reported|stated|alleged|denied|suggested))?"
    r"(?: that)?\b[ ,:]*(?P<said>.*)$",
    rf"^who (?:was it (?:that|who) )?{_AUX}(?:{_JUDGED})\b"
    r"(?P<said>.*(?:['\"“”‘’«]| as | that ).*)$",
    rf"^who (?:came up with|used|spoke) the (?:{_WORDS}|term|expression|nickname)\b[ :,]*"
    r"(?P<said>.*)$",
    rf"^who is responsible for the (?:{_WORDS})\b[ :,]*(?P<said>.*)$",
    rf"^(?:to )?whom? (?:does|do|did) the (?:{_WORDS})\b[ :,]*(?P<said>.*?),? belong(?: to)?$",
    r"^whom? (?:does|do|did) (?:the|this) \w+ (?:quote|cite) as saying(?: that)?\b"
    r"[ :,]*(?P<said>.*)$",
    rf"^whose (?:{_WORDS}) (?:is|are|was|were)\b(?: it)?(?: that)?[ ,:]*(?P<said>.*)$",
    r"^who (?:is|was|has been) (?:quoted|cited|reported) (?:as |to have |to be )?"
    r"(?:saying|said|claiming|telling|arguing)?(?: that)?\b[ ,:]*(?P<said>.*)$",
    r"^who (?:made|gave|issued|posted|is behind|is the (?:source|author|speaker) of) the "
    r"(?:statement|claim|remark|comment|announcement|quote|quotation|warning|tweet|words|"
    r"phrase|post)"
    r"(?: that| of)?\b[ ,:]*(?P<said>.*)$",
    r"^(?:which|what) (?P<kind>[\w' -]{2,40}?) "
    r"(?:said|says|told|claimed|claims|announced|argued|warned|denied|stated|tweeted|wrote)\b"
    r"[ :,]*(?P<said>.*)$",
    r"^(?:(?:do|can|could) you (?:know|tell me)|tell me|name) (?:the person )?who "
    rf"(?:{_SAY}|{_CALLED})\b[ :,]*(?P<said>.*)$",
    r"^(?:did|has) (?:anyone|anybody|someone|somebody) (?:say|said|ever say)\b[ :,]*(?P<said>.*?)"
    r"[?,.]* who$",
    r"^(?P<said>.{4,}?)[,:;—–-]? ?[\"”’»']?,? (?:who said (?:that|this|it|so)|said who|"
    rf"according to whom|who is speaking|whose (?:{_WORDS}) (?:is|are|was|were) (?:this|"
    r"these|that|it|"
    r"those))$",
]
_FIRST = [
    rf"^who (?:is|was|are|were) (?:the|an?) [^?]{{2,60}}? (?:who|that) {_AUX}(?:{_SAY})\b[ :,]*"
    r"(?P<said>.*)$",
    r"^whose (?:statement|letter|tweet|post|spokesman|spokeswoman|lawyer|office|report) "
    rf"(?:{_SAY})\b[ :,]*(?P<said>.*)$",
    r"^by (?:whom|who) (?:was|were|is) it \w+(?: that)?\b[ ,:]*(?P<said>.*)$",
    r"^by (?:whom|who) (?:was|were|is) (?P<said>.+ (?:called|described|accused|told|warned|"
    r"announced|said|claimed|denied)\b.*)$",
    r"^(?P<said>.+ (?:called|described|accused|told|warned|announced|said|claimed|denied)\b.*) "
    r"by whom$",
]
_PATTERNS = [re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in (*_FIRST, *_WHO)]
_WORKS = re.compile(
    r"^who (?:wrote|writes|has written) (?:the|a|an)?\s*(?:book|novel|paper|article|report|essay|"
    r"song|music|lyrics|poem|play|"
    r"screenplay|script|opera|symphony|story|theme|words to|words for|code|software|constitution|"
    r"declaration)\b|^who (?:called|asked|thought) (?:for|of|up|off|on|in|out|the (?:police|"
    r"ambulance|fire|cops)"
    r"|911|an ambulance|a doctor)\b|^who (?:posted|added|reported|revealed|confirmed) (?:the )?"
    r"(?:photo|picture|fire|crime)\b|^who (?:believes|believed) in\b|^who (?:claimed|"
    r"claims) (?:the |many )?(?:lives?|throne|"
    r"title|prize|victory)\b|^who (?:told|tells) (?:the truth|a lie|lies|stories)\b|"
    r"^who reported on|^who (?:promised|"
    r"told) (?:land|time)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"^who (?:has )?(?:wrote|writes|written|added|adds|posted|reported|reports|recalled|revealed|"
    r"observed|countered|pleaded|shouted|yelled|(?:hit|shot|fired|snapped) back) "
    r"(?!that\b|on\b|in an?\b|to\b)",
    re.IGNORECASE,
)
_WROTE = re.compile(r"who (?:has )?(?:wrote|writes|written)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[\"“”«‘]| (?:is|was|are|were|will|would|has|had|have|can|could|did|does|should|must|might) "
)
_LEAD = re.compile(
    r"^(?:that|:|(?:this|these|the following)(?= ?:)|in an? \w+(?: \w+)? that|"
    r"on (?:twitter|facebook|telegram|x|"
    r"social media)(?: that)?|"
    r"(?:reporters|journalists|the (?:bbc|press|media|paper|newspaper|court|parliament)|cnn|"
    r"reuters|"
    r"afp|parliament|congress|lawmakers|fans|police|them|us|"
    r"people)(?: on \w+)?(?: that)?(?=\s))[ ,:]*",
    re.IGNORECASE,
)
_NO_SPEAKER = frozenset(
    (
        "did",
        "do",
        "does",
        "is",
        "was",
        "were",
        "are",
        "had",
        "has",
        "have",
        "can",
        "year",
        "it",
        "not",
    )
)
_ASIDE = re.compile(
    r",? ?\b(?:in|according to) (?:the|this|that) (?:article|text|document|story|passage|"
    r"piece|news)\b,? ?",
    re.IGNORECASE,
)
_MARKS = " \t\n?!.\"“”„«»‘’'"


def may_ask_for_author(question: str) -> bool:
    """Whether it asks who wrote something, which may be a song as well as a remark."""
    return _WROTE.match(question.strip()) is not None


def asks_who_said(question: str) -> str | None:
    """What was said, for a question that asks who said it ("" where it only asks who spoke).

    None for every other question, and for "who wrote the book", "who called the police".
    """
    asked = _ASIDE.sub(" ", " ".join(question[:1_000].split()).rstrip(" ?!.")).strip()
    asked = re.sub(r"^(who)['’]s\b", r"\1 is", asked, flags=re.IGNORECASE)
    if not asked or _WORKS.match(asked):
        return None
    if _WRITTEN.match(asked) and not _CLAUSE.search(asked):
        return None
    for pattern in _PATTERNS:
        match = pattern.match(asked)
        if match and not _NO_SPEAKER & set((match.groupdict().get("kind") or "").lower().split()):
            said = match.group("said").strip()
            return _LEAD.sub("", said, count=1).strip(_MARKS)
    return None


_VERB = (
    "say|claim|announce|argue|warn|tweet|write|think|believe|tell|state|declare|deny|suggest|"
    "promise|"
    "predict|insist|admit|report|post|explain|demand|mention|comment|respond|reply|add|"
    "note|vow|"
    "recommend|estimate|accuse|describe|express|stress|propose|urge|reveal|confirm|"
    "allege|"
    "complain|testify|find|conclude|hope|ask|call|label|dub|joke|object|plead|counter"
)
_ABOUT = (
    r"(?:about|on|of|regarding|concerning|to|against|over|that|in|for|when|after|during|at|as|with)"
)
_NAMED = (
    r"(?:(?:the|an?|his|her|its|their|this) |(?!(?:the|an?|his|her|its|their|this) ))\S.{0,79}?"
)
_NO_NAME = frozenset(("it", "that", "this", "you", "i", "we", "not", "to"))
_WHEN = re.compile(
    r"(?:on |in |last |this )*(?:\w+day|\d{4}|week|month|year|today|yesterday)", re.IGNORECASE
)
_WHAT = [
    rf"^(?:and |so )?what (?:exactly |else )?(?:did|does|do|would|will) (?P<who>{_NAMED}) "
    rf"(?:also |just |really |actually )?(?:{_VERB})(?:\b (?P<about>.*))?$",
    r"^what (?:is|was|were|are|has been) (?:said|claimed|written|tweeted|announced) by "
    rf"(?P<who>{_NAMED})(?: (?P<about>(?:about|on|of|regarding|concerning) .*))?$",
    rf"^how (?:did|does|do|would|will) (?P<who>{_NAMED}) (?:describe|respond|react|explain|"
    r"characteri[sz]e|answer|reply|comment)(?:\b (?P<about>.*))?$",
    rf"^why (?:did|does|do) (?P<who>{_NAMED}) (?:say|claim|argue|think|believe|warn|insist)"
    r"(?:\b (?P<about>.*))?$",
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
_ABOUT_LEAD = re.compile(
    rf"^(?:(?:the )?(?:reporters|journalists|press|media|court|police|bbc)\b ?)?(?:{_ABOUT}\b )?",
    re.IGNORECASE,
)


def asks_what_said(question: str) -> tuple[str, str] | None:
    """(speaker, subject) for "what did X say about Y"; the subject may be "". Else None."""
    asked = " ".join(question[:1_000].split()).strip(_MARKS)
    for pattern in _WHATS:
        match = pattern.match(asked)
        if match and not _NO_NAME & {match["who"].casefold(), *match["who"].split()[-1:]}:
            about = (match.group("about") or "").strip(_MARKS)
            about = _ABOUT_LEAD.sub("", about).strip(_MARKS)
            return match.group("who").strip(_MARKS), "" if _WHEN.fullmatch(about) else about
    return None
