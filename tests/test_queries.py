from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from index.queries import RANKED, taken_apart

TODAY = date(2021, 9, 4)


class Counted:
    """A view that knows nothing but how many passages have a word."""

    generation = 1

    def __init__(self, frequencies):
        self._frequencies = frequencies

    def frequencies(self, stems):
        return {each: self._frequencies[each] for each in stems if each in self._frequencies}

    def vocabulary(self, letter):
        return []

    def passage_count(self):
        return 1_000_000


def asked(question, frequencies):
    return taken_apart(Counted(frequencies), question, TODAY)


def test_a_word_of_most_passages_is_not_looked_for_beside_rare_ones():
    frequencies = {"heron": 30, "marsh": 200, "water": RANKED}

    query = asked("heron marsh water", frequencies)

    assert query.match() == '"heron" OR "marsh"'
    assert "water" in query.weights


def test_a_question_of_frequent_words_alone_is_looked_for_still():
    query = asked("water land", {"water": 9 * RANKED, "land": 8 * RANKED})

    assert query.match() == '("land" AND "water")'


def test_of_many_frequent_words_the_rarest_are_looked_for_in_pairs():
    often = {"water": 9 * RANKED, "land": 8 * RANKED, "reed": 7 * RANKED, "marsh": 6 * RANKED}

    query = asked("water land reed marsh", often)
    beside_a_rare_one = asked("heron water land reed marsh", often | {"heron": 3})

    assert query.match() == ('("marsh" AND "reed") OR ("marsh" AND "land") OR ("reed" AND "land")')
    assert beside_a_rare_one.match() == '"heron" OR ("marsh" AND "reed")'


def test_one_frequent_word_alone_is_looked_for_still():
    assert asked("water", {"water": 9 * RANKED}).match() == '"water"'


def test_in_a_small_collection_every_word_is_looked_for():
    query = asked("heron marsh water", {"heron": 3, "marsh": 20, "water": 90})

    assert query.match() == '"heron" OR "marsh" OR "water"'


WORDS = "heron marsh water land reed".split()


@given(st.fixed_dictionaries({word: st.integers(1, 10**6) for word in WORDS}))
def test_what_is_ranked_stays_bounded_and_something_is_always_looked_for(frequencies):
    query = asked(" ".join(WORDS), frequencies)

    alone = [word for word in WORDS if f'"{word}"' in query.match().split(" OR ")]
    assert query.match()
    assert sum(frequencies[word] for word in alone) <= RANKED
