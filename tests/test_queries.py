from datetime import date

import numpy as np
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
    return taken_apart(Counted(frequencies), question, np.zeros(3, np.float32), TODAY)


def test_a_word_of_most_passages_is_not_looked_for_beside_rare_ones():
    frequencies = {"heron": 30, "marsh": 200, "water": RANKED}

    query = asked("heron marsh water", frequencies)

    assert query.match() == '"heron" OR "marsh"'
    assert "water" in query.weights


def test_a_question_of_frequent_words_alone_is_looked_for_still():
    query = asked("water land", {"water": 9 * RANKED, "land": 8 * RANKED})

    assert query.match() == '"water" OR "land"'


def test_in_a_small_collection_every_word_is_looked_for():
    query = asked("heron marsh water", {"heron": 3, "marsh": 20, "water": 90})

    assert query.match() == '"heron" OR "marsh" OR "water"'


WORDS = "heron marsh water land reed".split()


@given(st.fixed_dictionaries({word: st.integers(1, 10**6) for word in WORDS}))
def test_the_two_rarest_words_are_always_looked_for(frequencies):
    query = asked(" ".join(WORDS), frequencies)

    rarest = sorted(WORDS, key=frequencies.__getitem__)[:2]
    assert all(f'"{word}"' in query.match() for word in rarest)
