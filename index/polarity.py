"""Whether a statement is denied or only thought possible, and of which words that is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.claims import Claim, Token
from index.words import stem

REACH = 3
"""Content words after a negation (or doubt) that it is about, within its clause."""

NEGATIONS = frozenset(
    """not no never none nobody nothing nowhere neither nor without cannot hardly scarcely barely
    nunca no sin jamás ni ningún ninguna nadie nada pas jamais aucun aucune sans ni rien personne
    nicht kein keine keinen nie niemals ohne non mai nessuno senza não sem niet
    geen""".split()
)
DENIALS = frozenset(
    """deny denied denies denying fail failed fails failing refuse refused refuses refusing decline
    declined declines reject rejected rejects lack lacked lacks lacking unable cease ceased
    prevent prevented prevents avoid avoided avoids stop stopped stops absent absence""".split()
)
DOUBTS = frozenset(
    """may might could would should perhaps possibly probably likely unlikely allegedly alleged
    reportedly reported apparently supposedly suspected planned plan plans planning expected
    hoped hope hopes intended proposed proposal threatened attempted tried if unless
    rumoured rumored unconfirmed seems seemed appears appeared considered""".split()
)
_CLAUSE_ENDS = frozenset(',;:.!?()—–"“”')
_CONNECTED = frozenset("and but which who that while although because".split())

_OPPOSITES = [
    pair.split(":")
    for pair in """
    more:less more:fewer most:least before:after above:below over:under increase:decrease rise:fall
    rose:fell risen:fallen win:lose won:lost first:last north:south east:west northern:southern
    eastern:western northwest:southeast northeast:southwest begin:end began:ended open:close
    opened:closed reopen:close accept:reject accepted:rejected allow:forbid allowed:forbidden
    permit:prohibit legal:illegal lawful:unlawful possible:impossible true:false alive:dead
    survive:die survived:died born:died larger:smaller largest:smallest bigger:smaller
    biggest:smallest higher:lower highest:lowest high:low longer:shorter longest:shortest long:short
    older:younger oldest:youngest early:late earlier:later earliest:latest many:few always:never
    all:none with:without support:oppose supported:opposed agree:disagree agreed:disagreed
    friend:enemy success:failure successful:unsuccessful succeed:fail succeeded:failed strong:weak
    stronger:weaker rich:poor richer:poorer hot:cold hotter:colder left:right male:female men:women
    man:woman husband:wife brother:sister father:mother son:daughter king:queen upper:lower
    arrive:leave arrived:left enter:leave entered:left buy:sell bought:sold gain:lose gained:lost
    victory:defeat attack:defend attacked:defended majority:minority major:minor
    public:private ancient:modern internal:external inside:outside maximum:minimum
    positive:negative gains:losses import:export imported:exported innocent:guilty
    include:exclude included:excluded approve:reject approved:rejected present:absent
    start:stop started:stopped same:different
    """.split()
]
_OPPOSITE: dict[str, set[str]] = {}
for _one, _other in _OPPOSITES:
    _OPPOSITE.setdefault(_one, set()).add(_other)
    _OPPOSITE.setdefault(_other, set()).add(_one)


def flipped(draft: Claim, evidence: Iterable[Claim]) -> str | None:
    """The word of the draft that the evidence says the opposite of; None when there is none.

    Of several sentences the one that shares most words with the draft decides about a word.
    """
    nearest = _nearest_first(draft, evidence)
    for markers in (NEGATIONS | DENIALS, DOUBTS):
        here = _marked(draft, markers)
        for word in dict.fromkeys(draft.content):
            there = next((each for each in nearest if word in each.stems), None)
            if there is not None and word not in _own(markers):
                marked = _marked(there, markers)
                if here.get(word, False) != marked.get(word, False):
                    return word
    return None


def opposite(draft: Claim, evidence: Iterable[Claim]) -> str | None:
    """A word of the draft whose opposite stands in the evidence while itself does not."""
    claims = list(evidence)
    there = frozenset().union(*(each.folded for each in claims))
    stems = frozenset().union(*(each.stems for each in claims))
    for word in draft.words:
        others = _OPPOSITE.get(word.folded)
        if others and word.folded not in there and word.stem not in stems and others & there:
            return word.text
    return None


def _nearest_first(draft: Claim, evidence: Iterable[Claim]) -> list[Claim]:
    own = set(draft.content)
    return sorted(evidence, key=lambda each: -len(own & set(each.content)))


def _marked(claim: Claim, markers: frozenset[str]) -> dict[str, bool]:
    """Each content stem of the claim → whether all that is said of it is under such a marker."""
    marked: dict[str, bool] = {}
    for token, under in _reach(claim.tokens, markers):
        if token.is_content:
            marked[token.stem] = marked.get(token.stem, True) and under
    return marked


def _reach(tokens: list[Token], markers: frozenset[str]) -> Iterator[tuple[Token, bool]]:
    """Each token, and whether a marker of its clause reaches it."""
    left, reached = 0, True
    for token in tokens:
        if token.folded in markers or (token.folded.endswith(("n't", "n’t")) and _not(markers)):
            left, reached = REACH, False
            yield token, False
            continue
        if reached and (token.text in _CLAUSE_ENDS or token.folded in _CONNECTED):
            left = 0
        yield token, left > 0
        if token.is_content:
            left, reached = left - 1, True


def _not(markers: frozenset[str]) -> bool:
    return "not" in markers


def _own(markers: frozenset[str]) -> set[str]:
    return {stem(each) for each in markers}
