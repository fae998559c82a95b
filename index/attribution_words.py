"""The words that carry attribution in English news, and a text cut into the tokens that hold them.

The lists are ours; their choice follows what news uses most (said, according to, told, wrote, …).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, Self


def word_set(words: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(words.split())


_DOUBLING = re.compile(r"(?:qu|[^aeiou])*[aeiou][^aeiouwxy]")
"""What ends twice as long: "dubbed", "slammed"."""


def _forms(lemmas: str, irregular: str = "") -> frozenset[str]:
    found: set[str] = set(irregular.split())
    for lemma in lemmas.split():
        stem = lemma[:-1] if lemma.endswith("e") else lemma
        if lemma.endswith("y") and lemma[-2] not in "aeo":
            found |= {lemma, f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"}
        else:
            plural = "es" if lemma.endswith(("s", "sh", "ch", "x")) else "s"
            stem += lemma[-1] if _DOUBLING.fullmatch(lemma) else ""
            found |= {lemma, lemma + plural, f"{stem}ed", f"{stem}ing"}
    return frozenset(found)


STRONG = _forms(
    """accuse acknowledge add admonish advise affirm allege announce announce argue assert assure
    attest boast caution chime claim clarify comment complain concede conclude confess confide
    confirm contend counter declare decry denounce deny describe disclose emphasize emphasise
    exclaim explain gripe inform insist joke lament maintain mention mumble murmur muse mutter
    note object observe opine pledge post proclaim promise quip reaffirm recall recount reiterate
    remark remind reply report respond retort reveal stress suggest tell testify text tweet urge
    vow warn write say deadpan rejoin interject lambast criticize criticise praise predict
    estimate speculate condemn""",
    """said says saying stated told tells telling wrote writes written writing stating noted noting
    admit admits admitted admitting retweeted testified""",
)
"""Words of saying: a subject beside one speaks."""

WEAK = _forms(
    """congratulate implore encourage ask believe call charge conjecture consider decide demand
    doubt dub expect express feel fear find guess hope indicate imply label learn point propose
    recommend request show shout whisper yell scream chant plead beg bark snap protest sigh laugh
    smile shrug cry agree disagree think understand wonder worry read hail brand offer continue
    begin blame dismiss reject question apologise apologize rule order cite imagine concur answer
    speak intone recite assess reckon figure mock deride ridicule slam blast rip fire shoot hit
    strike characterize characterise portray lampoon taunt scoff skewer chide scold rail defend
    retort demur gush joke lambaste bristle summarize fume rant rage grumble marvel bemoan sneer
    crow snipe vent swear elaborate theorize quote repeat fault echo attack thunder groan gasp
    sob bellow grin attribute suspect roar chorus liken compare cast thank welcome dispute
    threaten""",
    """thought thinks thinking felt feels found finds read reads went shows showed shown held holds
    states began continued understood cried goes heard spoke spoken shot
    struck quipped pushed pressed regretted regrets""",
)
"""Words of saying or thinking where a quotation, "that", "as" or "to" follows or stands beside."""

OBJECTING = word_set(
    """accused accuses blamed blames faulted faults denied denies condemned condemns denounced
    criticised criticized criticises criticizes attributed attributes expects rejected rejects
    dismissed dismisses praised praises promised promises predicted predicts alleged alleges
    demanded demands proposed proposes acknowledged acknowledges confirmed confirms welcomed
    thanked regretted disputed disputes threatened expressed congratulated compared"""
)
"""What follows these is what is said, whatever it is."""

NOT_SPEECH_AFTER = word_set(
    "to for on off up out back down into away over about with from at in by of"
)
"""Right after a weak cue these make another verb of it: "called for", "pointed to"."""

PRONOUNS = word_set("he she they it i we who")
DETERMINERS = word_set(
    """the a an this that these those his her their its our my your some many several most both two
    three four five six seven eight nine ten another one no any each every all few other various
    hundreds dozens thousands"""
)
POSSESSIVES = word_set("his her their its our my your")
CONJUNCTIONS = word_set("and but or then yet nor")
SUBORDINATORS = word_set(
    """that because when while as if although though where after before since until whether what how
    why than whereas so unless once which who whom whose"""
)
PREPOSITIONS = word_set(
    """of for in at from with on to by near inside outside under over during about against between
    through across behind within without into among around via amid throughout despite following
    like toward towards"""
)
NEGATIONS = word_set(
    """not never nor cannot declined declines refused refuses refusing declining without neither
    avoided failed"""
)
BE = word_set("is are was were be been being am 's 're")
AUXILIARIES = word_set(
    """is are was were be been being am has have had having do does did will would can could may
    might must shall should isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't
    won't wouldn't can't couldn't shouldn't 'd 'll 've 're 'm 's"""
)
_VERBS = word_set(
    """went took made came gave got saw left held met won lost began fell rose stood sat spoke
    became
    kept put ran set heard told led sent hit cut drew grew paid sold bought built broke chose
    drove flew knew threw wore ate let beat brought caught fought taught thought sought struck
    swept lives live leads wants needs hopes plans seems appears remains goes comes makes
    takes gives gets runs stands looks sees keeps helps"""
)
ADVERBS = word_set(
    """also later then once again now still often sometimes always just only even already soon
    previously recently repeatedly simply afterwards afterward too further himself herself
    themselves itself 'd 'll 've has have had would will could is are was were been jointly both
    all instead
    therefore thus ever earlier first went"""
)
TIMES = word_set(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight
    january february march april may june july august september october november december morning
    afternoon evening night week month year day days weeks months years weekend noon midnight
    earlier later last next overnight tue wed thu fri feb apr jul aug sept oct nov dec"""
)
TITLES = word_set(
    """mr mrs ms miss mx dr prof sir dame lord lady sen rep gov gen brig col lt sgt cpl capt maj
    cmdr adm rev fr st hon pvt det supt insp cllr justice madam sheikh ayatollah mullah king queen
    prince princess pope baroness baron countess viscount duchess"""
)
ABBREVIATIONS = TITLES | word_set(
    "jr sr inc ltd corp co no vs etc dept est fig vol pp al ave blvd e.g i.e approx govt"
)
TITLE_WORDS = word_set(
    """president minister secretary senator representative congressman congresswoman governor mayor
    chancellor premier ambassador general colonel major captain lieutenant sergeant admiral
    commander judge justice professor doctor chief officer director chairman chairwoman chair ceo
    cfo coo cto spokesman spokeswoman spokesperson coach manager councillor councilman
    councilwoman inspector superintendent detective constable sheriff archbishop bishop cardinal
    imam rabbi reverend father sister brother pope king queen prince princess emir sultan deputy
    attorney lawmaker speaker leader mp mep editor correspondent foreign-minister prosecutor
    magistrate commissioner marshal principal dean analyst economist scientist treasurer nurse
    striker founder co-founder owner headteacher vice-president vice-chancellor envoy
    undersecretary head msp td mla executive"""
)
ROLES = TITLE_WORDS | word_set(
    """nominee strategist surrogate delegate moderator adviser advisor pollster
    operative politician nephew niece uncle aunt cousin grandson granddaughter grandmother
    grandfather man woman witness resident victim survivor mother wife husband son daughter
    neighbour neighbor farmer teacher worker engineer driver member head official source aide
    lawyer author writer expert historian biologist epidemiologist physicist activist campaigner
    candidate player midfielder goalkeeper defender quarterback pitcher student researcher fellow
    consultant solicitor barrister guitarist singer actor actress artist producer host reporter
    journalist columnist pastor priest vet veteran firefighter paramedic surgeon physician baker
    chef clerk pilot parent tenant customer shopkeeper boss veterinarian partner colleague
    colleagues friend police curator ranger guard soldier volunteer passenger worshipper
    controller auctioneer mediator negotiator broker gardener plumber electrician carpenter
    butcher grocer mechanic bartender barber tailor hairdresser receptionist secretary assistant
    trainer caddie referee umpire linesman skipper rider cyclist runner rower swimmer teammate
    rival opponent defendant plaintiff complainant juror bystander onlooker protester protestor
    demonstrator supporter voter shopper commuter motorist pedestrian hiker camper angler sailor
    kayaker fisherman crewman deckhand captain miner trucker courier cabbie waiter waitress cook
    grower rancher winemaker brewer beekeeper gamekeeper zookeeper keeper breeder trader merchant
    vendor seller buyer dealer investor banker lender accountant auditor bookkeeper lecturer
    tutor pupil schoolboy schoolgirl boy girl toddler graduate alumnus scholar archivist
    librarian conservator archaeologist astronomer mathematician statistician chemist pharmacist
    dentist midwife carer caregiver patient physiotherapist psychologist psychiatrist therapist
    counsellor counselor chaplain monk nun preacher missionary deacon elder tribesman herder
    shepherd villager islander refugee migrant evacuee detainee prisoner inmate hostage captive
    deputy trooper jailer warden guardsman gunman fighter rebel commander militiaman conscript
    recruit cadet diplomat attaché consul interpreter translator narrator presenter anchor
    commentator pundit blogger podcaster influencer cameraman photographer filmmaker screenwriter
    playwright novelist poet sculptor painter architect composer conductor soprano tenor dancer
    choreographer drummer rapper comedian magician model stylist landlord landlady lodger
    squatter homeowner householder bride groom widow widower fiancé fiancée godmother godfather
    stepmother stepfather stepson stepdaughter employer employee intern apprentice trainee
    whistleblower informant insider observer"""
)
PARTIES = word_set("republican democrat libertarian independent nominee candidate frontrunner")
"""What stands for a politician: "the Ohio Republican added"."""
_ROLE_ENDINGS = (
    "man",
    "woman",
    "person",
    "ist",
    "ician",
    "ologist",
    "eer",
    "ster",
    "master",
    "mistress",
    "keeper",
)
TEXTS = word_set(
    """statement tweet post letter email e-mail memo message release note announcement thread
    video"""
)
"""Things that speak for the one who wrote them."""
NOUNS_TOO = word_set(
    """report note comment post tweet claim request order charge rule poll question answer reply
    accused review judge message statement warning reports posts doubts fears"""
)
"""Cues that are nouns after a determiner: "the report", "the accused"."""
NOBODY = word_set("nobody none no-one nothing someone somebody")
BEARERS = word_set(
    """sign signs placard placards poster posters banner banners billboard billboards plaque
    sticker stickers t-shirt shirt hat cap title headline caption inscription graffiti entry
    slogan badge mug notice note card"""
)
"""Things that words stand on, whoever wrote them."""
PLURAL_SOURCES = word_set(
    """allies attorneys advisers advisors officials police witnesses residents authorities
    critics experts analysts sources researchers scientists prosecutors lawyers organisers
    organizers supporters parents doctors investigators reporters workers farmers people troops
    militants activists campaigners economists neighbours neighbors friends relatives family
    scholars aides lawmakers others many some government company staff fans players teachers
    students firefighters insurers engineers historians half third quarter majority"""
)
PARTICLES = word_set(
    "de des la del der den van von da di dos du al el ul ur bin ibn ben ten ter le abu zu y e und"
)
ORGANISATION = word_set(
    """ministry university corp inc ltd department party united council street river city county
    times news post committee agency bank group international association union hospital court
    school college institute church police foundation company club office bureau service house
    commission parliament congress senate society center centre network laboratory press assembly
    airlines airways museum trust authority board nations organization organisation army navy
    guard forces federation league road avenue park lake valley mountain bridge airport island
    firm charity startup start-up contractor supplier operator retailer insurer airline chipmaker
    carmaker automaker studio studios pictures systems holdings industries technologies motors
    securities partners labs trainmaker employer broadcaster publisher guild collective alliance
    coalition movement front campaign observatory orchestra theatre cooperative chamber residents
    tenants twitter facebook telegram instagram reuters bbc cnn taliban fund amnesty watch"""
)

_JOINED = re.compile(r"(?:[dl]['’]|[aeu]l-|[aei]?[snr]-)[A-Z]")
"""Names that begin with a small joined word: "d'Estaing", "al-Rashid"."""
_CAP_RUN = re.compile(r"\d+(?:[.,:]\d+)+(?!\w)|@?\w+(?:['’&./-]\w+)*|\S", re.UNICODE)
_SINGLE_CLOSE = re.compile(r"(?<=\S)['’](?!\w)")
_MARKS = re.compile("[\"“”„‟«‹「『'‘`]")
"""What a quotation can begin with, or one that went on from the paragraph before end with."""
_CLOSERS = {"“": '”"', "„": "“”", "‟": "”", "«": "»", "‹": "›", '"': '"”', "「": "」", "『": "』"}


_DESCRIBING = ("-based", "-born", "-old", "-year", "-time", "-placed", "-seeded", "-ranked", "-led")
"""What ends no name, though a capital begins it: "London-based"."""


class Token(NamedTuple):
    """A word, a mark, or a whole quotation (`kind` "quote"), at `start` to `end` of the text."""

    text: str
    start: int
    end: int
    kind: str
    low: str
    """Folded."""
    bare: str
    """`low` without possessive and dot."""
    capital: bool
    possessive: bool
    is_name: bool

    @classmethod
    def of(cls, text: str, start: int, end: int, kind: str) -> Self:
        """The token, with what nearly every rule asks of it."""
        return cls(text, start, end, *(_traits(text, kind) if kind != "quote" else _quoted(text)))


Traits = tuple[str, str, str, bool, bool, bool]
"""What a token is besides its text and place: `kind` to `is_name`."""


def _quoted(text: str) -> Traits:
    low = text.casefold().replace("’", "'")
    return "quote", low, low.rstrip(".'").removesuffix("'s"), False, False, False


@lru_cache(maxsize=50_000)
def _traits(text: str, kind: str) -> Traits:
    """Of a word or a mark: the same ones come again and again."""
    # The WHO and the US are no pronouns.
    low = text if text in {"WHO", "US", "IT"} else text.casefold().replace("’", "'")
    bare = low.rstrip(".'").removesuffix("'s")
    first = text.lstrip("@")[:1]
    begun = first.isupper() or text.startswith("@") or _JOINED.match(text) is not None
    capital = kind == "word" and begun
    plain = bare not in TIMES and low not in DETERMINERS and not low.endswith(_DESCRIBING)
    return kind, low, bare, capital, low.endswith(("'s", "s'")), capital and plain


def is_role(word: str) -> bool:
    """The lower-case word is what a person is: "spokesman", "biologist"."""
    return word in ROLES or (word.endswith(_ROLE_ENDINGS) and len(word) > 5)


_DEMONYMS = word_set(
    """basque dane swede finn scot turk pole czech serb croat slovak iraqi pakistani israeli
    argentine greek swiss dutchman frenchman irishman welshman scotsman englishman spaniard briton
    new-yorker londoner"""
)


def is_demonym(word: str) -> bool:
    """The word, folded, is where somebody comes from: "Texan", "Basque", "Frenchman"."""
    return word in _DEMONYMS or word.endswith(_FROM)


_FROM = ("ian", "ean", "ese", "xan", "ican", "andan", "yorker")


_NOT_ADVERBS = word_set(
    "family assembly ally supply reply monopoly july italy bully belly fly jelly butterfly anomaly"
)


def is_adverb(token: Token) -> bool:
    """A lower-case word in -ly that is none of the few nouns: "repeatedly", not "family"."""
    low = token.low
    return low.endswith("ly") and not token.capital and low not in _NOT_ADVERBS


def is_verb(token: Token) -> bool:
    """The token looks like a finite verb; a guess by lists and endings, there is no tagger."""
    low = token.low
    if token.kind != "word" or token.capital:
        return False
    past = low.endswith("ed") and low not in _NOT_PAST
    return low in AUXILIARIES or low in _VERBS or low in STRONG or past


_NOT_PAST = word_set("seed need speed breed feed weed creed bed red shed sled hundred sacred naked")


def quotations(
    text: str, start: int, end: int, resumed: bool = False
) -> list[tuple[int, int, bool]]:
    """(start, end, left open) of each outermost quotation of a paragraph.

    One without its closing mark runs to the paragraph's end. `resumed`: the paragraph before left
    one open, so a closing mark without its opening one ends a quotation that began with this one.
    """
    found: list[tuple[int, int, bool]] = []
    at = start
    unclosed = start
    while mark := _MARKS.search(text, at, end):
        at, char = mark.start(), mark.group()
        if char == "`" and text.startswith("``", at):
            close = text.find("''", at + 2, min(end, at + _LONGEST))
            found.append((at, close + 2 if close >= 0 else end, close < 0))
            at = found[-1][1]
            continue
        close = -1
        if char in _CLOSERS and not (char == '"' and _closes(text, at, start, end)):
            marks = _CLOSERS[char]
            stop = min(end, at + _LONGEST)
            close = min((p for m in marks if (p := text.find(m, at + 1, stop)) >= 0), default=-1)
            found.append((at, close + 1 if close >= 0 else end, close < 0))
            at = found[-1][1]
            continue
        if char in '"”' and resumed and not found:
            found.append((start, at + 1, False))
        if char in "'‘" and at >= unclosed and _opens(text, at, start, end):
            stop = min(end, at + _LONGEST // 2)
            match = _SINGLE_CLOSE.search(text, at + 2, stop)
            unclosed = start if match else stop
            if match and match.end() - at > 3:
                found.append((at, match.end(), False))
                at = match.end()
                continue
        at += 1
    return found


def is_title(text: str, start: int, end: int) -> bool:
    """`text[start:end]` stands in the title of a work in quotation marks, which nobody said."""
    line = text.rfind("\n", max(0, start - _LONGEST), start) + 1
    stop = text.find("\n", end, end + _LONGEST)
    for left, right, _ in quotations(
        text, line, stop if stop >= 0 else min(len(text), end + _LONGEST)
    ):
        if left < start and end < right:
            before = re.findall(r"[\w-]+", text[max(line, left - 60) : left].casefold())[-1:]
            titled = bool(_TITLED.fullmatch(text, left + 1, right - 1))
            return before != [] and (
                before[0] in _MOTTOS or (titled and before[0] in _WORKS | PREPOSITIONS)
            )
    return False


_TITLED = re.compile(
    r"[A-Z0-9][\w'’-]*(?:(?:,|:|!)? (?:(?:of|the|an?|and|in|on|for|to|with|from|at|by|or)|"
    r"[A-Z0-9][\w'’.-]*))* [A-Z0-9][\w'’-]*[,.!?]?"
)
_MOTTOS = word_set("slogan motto inscription caption headline placard banner")
_WORKS = word_set(
    """titled entitled book novel memoir film movie song album play series show single podcast
    report essay painting poem documentary episode article drama sitcom musical opera hit memo
    ballad biography comedy thriller sequel anthem hymn book's film's programme program column"""
)
_LONGEST = 4_000
"""Characters of a quotation within a paragraph; also what keeps the search for its end linear."""
_SAID_NEXT = re.compile(r",? ?(?:(?:he|she|they) )?(?:said|says|told|added)\b")


def _closes(text: str, at: int, start: int, end: int) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if _SAID_NEXT.match(text, at + 1, end):
        return True
    if at + 1 >= end:
        return True
    return not before.isspace() and before not in "([—–-" and (after.isspace() or after in ".,;")


def _opens(text: str, at: int, start: int, end: int) -> bool:
    before = text[at - 1] if at > start else " "
    return (before.isspace() or before in "([—–:") and at + 1 < end and text[at + 1].isalnum()


_NICKNAME = re.compile(r"[\"“'‘][A-Z][a-z]{1,14}[\"”'’] (?=[A-Z])")
"""Gen. Lucius "Buck" Haverford."""


@lru_cache(maxsize=32)
def paragraph_tokens(text: str, start: int, end: int, resumed: bool) -> Sequence[Token]:
    """The tokens of a paragraph, kept: they are read for its speeches and for its people."""
    return tuple(tokens_of(text, start, end, resumed))


def tokens_of(text: str, start: int, end: int, resumed: bool = False) -> list[Token]:
    """Words, marks and whole quotations of a paragraph, in order."""
    found: list[Token] = []
    at = start
    for left, right, _ in quotations(text, start, end, resumed):
        found += _plain(text, at, left)
        nick = bool(found) and found[-1].is_name and _NICKNAME.match(text, left, end)
        found.append(
            Token.of(text[left + 1 : right - 1], left, right, "word")
            if nick
            else Token.of(text[left:right], left, right, "quote")
        )
        at = right
    return found + _plain(text, at, end)


@lru_cache(maxsize=50_000)
def _is_plain(word: str) -> bool:
    """It stands for itself, as most do, whatever is beside it."""
    return word not in {".", "tank", "tanks"} and "'" not in word and "’" not in word


def _plain(text: str, start: int, end: int) -> list[Token]:
    found: list[Token] = []
    for match in _CAP_RUN.finditer(text, start, end):
        word = match.group()
        kind = "word" if word[-1].isalnum() or word[-1] == "_" else "mark"
        if _is_plain(word):
            found.append(Token(word, match.start(), match.end(), *_traits(word, kind)))
        elif word == "." and found and found[-1].end == match.start() and _abbreviated(found[-1]):
            last = found.pop()
            found.append(Token.of(last.text + ".", last.start, match.end(), "word"))
        elif word in "'’" and found and found[-1].end == match.start() and _plural_owner(found[-1]):
            last = found.pop()
            found.append(Token.of(last.text + word, last.start, match.end(), "word"))
        elif word in {"tank", "tanks"} and found and found[-1].low == "think":
            found[-1] = Token.of(
                text[found[-1].start : match.end()], found[-1].start, match.end(), kind
            )
        else:
            found += _parted(Token.of(word, match.start(), match.end(), kind))
    return found


_SHORTENED = re.compile(r"(he|she|they|we|i|it|who)(['’](?:d|ll|ve|re|m|s))\Z", re.IGNORECASE)


def _parted(token: Token) -> list[Token]:
    """ "He'd" is a pronoun and what is left of its auxiliary."""
    match = _SHORTENED.match(token.text)
    if match is None:
        return [token]
    cut = token.start + match.end(1)
    return [
        Token.of(match.group(1), token.start, cut, "word"),
        Token.of(match.group(2), cut, token.end, "word"),
    ]


def _plural_owner(token: Token) -> bool:
    return token.kind == "word" and token.low.endswith(("s", "x", "z"))


def _abbreviated(token: Token) -> bool:
    text = token.text
    single = len(text) == 1 and text.isupper() and text != "I"
    return (
        token.low in ABBREVIATIONS
        or single
        or ("." in text and len(text) < 6 and text[0].isalpha())
    )


def sentences_of(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """(first, past the last) token of each sentence; a quotation is never cut."""
    first = 0
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        ended = following is None or (_ends(token, following) and not _awaits(tokens, at))
        if ended or at - first >= 400:
            yield first, at + 1
            first = at + 1


def _awaits(tokens: Sequence[Token], at: int) -> bool:
    """A quotation that ends with "?" or "!" may have its speaker after it: '"Why?" Lee asked.'"""
    if tokens[at].kind != "quote" or not tokens[at].text.rstrip("\"'”’»›“」』) ").endswith(
        ("?", "!")
    ):
        return False
    if at and tokens[at - 1].kind == "word":
        return False  # 'They chanted "Shame!"'
    for token in tokens[at + 1 : at + 16]:
        if token.kind == "quote" or token.text in ".;:":
            return False
        if token.low in STRONG or token.low in _ASKING or token.low in {"back", "came"}:
            return True
        if token.low in WEAK:
            return True
    return False


_ASKING = word_set("asked asks shouted yelled screamed cried whispered wondered joked quipped")


def _ends(token: Token, following: Token) -> bool:
    if token.kind == "quote":
        inner = token.text.rstrip("\"'”’»›“」』) ")
        return inner.endswith((".", "!", "?", "…")) and (
            following.capital or following.kind == "quote"
        )
    if token.kind == "word":
        return token.text.endswith(".") and following.text in _STARTERS and token.bare not in TITLES
    return (
        token.text in ".!?…"
        and (following.kind != "word" or not following.text[0].islower())
        and (following.text not in {".", ")", ",", ";", "!", "?"})
    )


_STARTERS = word_set("The A An He She It They But In On We This That")


def paragraphs_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph: cut at blank lines, and where a line ends a sentence."""
    at = start
    for match in re.finditer(r"\n[ \t\r]*", text[start:end]):
        cut = start + match.start()
        if cut >= at and _cuts(text, at, cut, start + match.end(), end):
            if text[at:cut].strip():
                yield from _pieces(at, cut)
            at = start + match.end()
    if text[at:end].strip():
        yield from _pieces(at, end)


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    """A paragraph, or its parts where nobody would call it one; no step looks past a part."""
    for at in range(start, end, 2 * _LONGEST):
        yield at, min(end, at + 2 * _LONGEST)


def _cuts(text: str, at: int, cut: int, resume: int, end: int) -> bool:
    if (cut > 0 and text[cut - 1] == "\n") or text[resume : resume + 1] == "\n":
        return True
    if not text[max(at, cut - 40) : cut].strip():
        return True
    ended = _ENDED.search(text, max(at, cut - 6), cut) is not None
    return (ended and _BEGUN.match(text, resume, end) is not None) or (
        _TURN.match(text, resume, end) is not None
    )


_ENDED = re.compile(r"[.!?…:][\"'”’»›)]{0,2}[ \t\r]*\Z")
_BEGUN = re.compile(r"[^\w\s]{0,3}(?:[^\W\d_a-z]|\d)|[>•*–—-] ")
_TURN = re.compile(r">|[A-Z][A-Z .'’-]{0,30}:\s")


_DATELINE = re.compile(
    r"[ \t]*(?:[A-Z][A-Z.'’ /-]{2,40}(?:, [A-Z][\w. ]{1,20})?(?: ?\([A-Z][\w/ ]{1,20}\))?"
    r"|\([A-Z][\w/ ]{1,20}\))\s?(?:—|–|--|-|:)\s"
)


def after_dateline(text: str, start: int, end: int) -> int:
    """Where a paragraph's words begin: after "RALEIGH, N.C. (AP) —", else at its start."""
    match = _DATELINE.match(text, start, end)
    return match.end() if match else start
