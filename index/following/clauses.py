"""A question taken apart into what it asks for, its auxiliary, its subject and the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.following.turns import Before, is_capital, names_in
from index.following.words import ADJUNCT, AUX, COUNT, PARTICIPLES, VERBS, base_of, is_participle

QUESTION = re.compile(
    rf"^(?P<wh>(?:by|in|on|at|from|to|with|for) (?:what|which|whom) ?\w*|{COUNT}(?: \w+)?|"
    rf"{ADJUNCT}|who|whom|(?:what|which)(?: (?!{AUX}\b)\w+)?) (?P<aux>{AUX}) (?P<rest>.+)$",
    re.I,
)
SUBJECT_QUESTION = re.compile(
    rf"^(?P<wh>who|what|(?:what|which) \w+|{COUNT} \w+) (?P<verb>\w+)(?P<rest>.*)$", re.I
)
YES_NO = re.compile(rf"^(?P<aux>{AUX}) (?P<rest>.+)$", re.I)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A question taken apart: wh + auxiliary + subject + the rest."""

    wh: str
    aux: str
    subject: str
    rest: str

    def asked(self, wh: str) -> str:
        return " ".join((wh, self.aux.casefold(), self.subject, self.rest))

    def stated(self, answer: str) -> str:
        """The clause as a statement; `answer` stands at its end where it is an object."""
        aux = self.aux.casefold()
        said = "" if aux in {"do", "did", "does"} else aux
        rest = re.sub(r"^do\b", answer, self.rest)
        return " ".join((self.subject, said, rest, "" if rest != self.rest else answer))


def clause_of(before: Before) -> _Clause | None:
    """The last question with its answer put in where it asked for its subject."""
    match = QUESTION.match(before.question)
    if match and match["wh"].casefold() in {"who", "what", "which"}:
        return _identified(match, before)
    if match:
        counted = re.match(rf"(?P<how>{COUNT}|what|which) (?P<noun>\w+)$", match["wh"], re.I)
        verb = match["rest"].split()[0].casefold()
        if counted and (counted["how"][0] in "hH" or is_participle(verb) or verb in VERBS):
            return _Clause(match["wh"], match["aux"], counted["noun"], match["rest"])
        return _Clause(match["wh"], match["aux"], *_subject(match["rest"], match["aux"]))
    whether = YES_NO.match(before.question)
    if whether:
        return _Clause("whether", whether["aux"], *_subject(whether["rest"], whether["aux"]))
    return _acted(before)


def _identified(match: re.Match[str], before: Before) -> _Clause:
    """ "Who will convene X" → the answer will convene X; "What did X send" keeps its subject."""
    aux, rest = match["aux"].casefold(), match["rest"]
    first = rest.split()[0].casefold()
    if aux in {"do", "does", "did"}:
        return _Clause(match["wh"], aux, *_subject(rest, aux))
    if first in VERBS or first.endswith(("ed", "ing")) or first in PARTICIPLES:
        return _Clause(match["wh"], aux, answer_of(before) or "it", rest)
    return _Clause(match["wh"], aux, *_subject(rest, aux))


def _acted(before: Before) -> _Clause | None:
    """ "Who sent a plane", "How many people died": the verb itself follows what is asked for."""
    match = SUBJECT_QUESTION.match(before.question)
    if not match:
        return None
    verb, wh = match["verb"].casefold(), match["wh"]
    present = verb.endswith("s") and not verb.endswith("ss")
    counted = wh.split()[-1] if wh.casefold().startswith("how") else None
    doer = counted or answer_of(before) or "they"
    return _Clause(wh, "does" if present else "did", doer, base_of(verb) + match["rest"])


def answer_of(before: Before) -> str:
    """What answered the last question, as a name where there is one; "" when nothing did."""
    named = [*names_in(before.lead)]
    if named:
        return next(before.names()).noun
    if before.question.casefold().startswith("who"):
        person = next((each.text for each in before.names() if each.person), "")
        return person if re.match(r"[A-Z]", before.lead) else before.lead.split(",")[0]
    return before.lead.split(",")[0]


def _subject(rest: str, aux: str) -> tuple[str, str]:
    """(subject, what follows it) of the words behind the auxiliary."""
    words = rest.split()
    for at, word in enumerate(words[1:], start=1):
        plain = word.casefold()
        acts = plain in VERBS and words[at - 1].casefold() not in {"a", "an", "the"}
        if aux.casefold() in {"is", "are", "was", "were", "has", "have", "had"}:
            acts = is_participle(plain) and words[at - 1].casefold() not in {"a", "an", "the"}
            acts = acts or plain == "to"
        if acts:
            return " ".join(words[:at]), " ".join(words[at:])
    if aux.casefold() not in {"do", "does", "did"} or len(words) < 3:
        return rest, ""
    at = 2 if words[0].casefold() in {"the", "a", "an", "his", "her", "its", "their"} else 1
    while at < len(words) - 1 and is_capital(words[at]):
        at += 1
    return " ".join(words[:at]), " ".join(words[at:])
