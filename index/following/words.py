"""Words of English that telling names, verbs and places apart takes."""

from __future__ import annotations

import re

LONGEST_QUESTION = 400
"""Characters; a longer question says enough by itself."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


AUX = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|must|may|might)"
PREPOSITION = r"(?:in|on|at|to|from|for|by|with|near|of|about|during|after|before|since|under|over)"
COUNT = r"how (?:many|much)"
ADJUNCT = (
    r"(?:since |until |from )?(?:when|where)|why|how(?: long| often| far| old)?|what time|what day"
)
WH = re.compile(rf"\b(?:who|whom|whose|what|which|{COUNT}|{ADJUNCT})\b", re.I)
TOKEN = re.compile(r"\w+(?:[-'’.]\w+)*")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
GROUP_NOUNS = _words(
    """airlines airline alliance army association bank bureau college commission committee
    company corporation council court emirates force forces foundation front government group
    institute ministry movement nations office organisation organization parliament party
    police states team union university"""
)
PLACE_NOUNS = _words(
    """airport bay city country district gorge heights hospital island lake mountains ocean
    province region river road sea street town valley village"""
)
NOT_NAMES = _words(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays
    thursdays fridays saturdays sundays secretary secretary-general president minister
    ambassador former leader spokesman spokeswoman commander city son daughter state district
    province heights capital killed date place no yes note what who deputy chief director mr
    mrs ms dr twitter i"""
)
PARTICIPLES = _words(
    """kept held shot known made taken born built found given sent sold told seen set put written
    spoken left lost won led done gone come due located open closed based called going"""
)
VERBS = _words(
    """act agree appear arrive ask attack become begin believe bring build buy call capture carry
    cause change choose claim close come continue convene cost
    lay design recommend
    own invent discover establish introduce announce increase decrease rise grow drop cancel
    approve adopt ban allow require support elect appoint resign marry study teach develop release
    earn sue arrest accuse create cross cut decide deny destroy die
    do end enter fall fight find fire flee fly follow form get give go happen hear help hold
    host include injure invade join keep kill know land last launch lead leave lie like live
    lose make mean meet move need offer open order pay plan play produce promise publish put
    reach read receive rely remain reopen repair report resist resume return rule run say see
    seem sell send serve shoot show sign speak stand start stay stop take talk tell think
    travel try use visit wait want warn water win work write"""
)
PAST = dict(
    pair.split(":")
    for pair in _words(
        """became:become began:begin brought:bring built:build came:come fell:fall found:find
    fought:fight gave:give held:hold kept:keep knew:know led:lead left:leave lost:lose
    made:make met:meet paid:pay put:put ran:run said:say saw:see sent:send shot:shoot
    sold:sell spoke:speak stood:stand took:take told:tell thought:think went:go won:win
    wrote:write died:die used:use closed:close promised:promise announced:announce
    resumed:resume chaired:chair"""
    )
)


def base_of(verb: str) -> str:
    """The verb's plain form, as after "did"."""
    if verb in PAST:
        return PAST[verb]
    for ending, plain in (("ies", "y"), ("ied", "y"), ("es", "e"), ("s", ""), ("ed", "")):
        if verb.endswith(ending) and len(verb) > len(ending) + 2:
            stem = verb.removesuffix(ending)
            return stem + "e" if ending == "ed" and stem + "e" in VERBS else stem + plain
    return verb


def is_participle(word: str) -> bool:
    return word in PARTICIPLES or (word.endswith(("ed", "ing")) and len(word) > 5)


PLACES = _words(
    """Afghanistan Albania Algeria Argentina Australia Austria Bahrain Bangladesh Belgium Brazil
    Britain Canada Chile China Colombia Cuba Cyprus Denmark Egypt Ethiopia Finland France
    Germany Ghana Greece Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Japan
    Jordan Kazakhstan Kenya Kuwait Lebanon Libya Malaysia Mali Mexico Mongolia Morocco Myanmar
    Nepal Netherlands Nigeria Norway Oman Pakistan Palestine Peru Philippines Poland Portugal
    Qatar Romania Russia Rwanda Senegal Serbia Somalia Spain Sudan Sweden Switzerland Syria
    Tajikistan Tanzania Thailand Tunisia Turkey Turkmenistan Uganda Ukraine Uruguay Uzbekistan
    Venezuela Vietnam Yemen Zambia Zimbabwe Geneva Berlin London Paris Moscow Washington Kabul"""
)
"""Countries named in one word and a few capitals: to tell "what about Qatar" from "… Guterres"."""
SAYING = _words("""say said says claim claimed write promise announce believe deny""")
KINDS = _words(
    """place man woman person thing one event day year time people spokesman leader airline money
    operation flight meeting name road front group"""
)
