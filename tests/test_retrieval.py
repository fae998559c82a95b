"""Questions that are asked alone, together, and where the search breaks."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from index.retrieval import Retriever
from index.shelves import alone
from tests.doubles import WordEmbedder, write
from tests.small_index import SmallIndex

ANIMALS = ("heron", "otter", "badger", "lynx", "marten", "beaver")


class Breaking(WordEmbedder):
    """Fails as long as it is `broken`."""

    broken = True

    def embed(self, texts):
        if self.broken:
            raise MemoryError("no room for the model")
        return super().embed(texts)


class Meanwhile(WordEmbedder):
    """Something else happens before a question is embedded."""

    def __init__(self, happens):
        super().__init__(256)
        self.happens = happens

    def embed(self, texts):
        self.happens()
        return super().embed(texts)


@pytest.fixture
def zoo(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    for number, each in enumerate(ANIMALS):
        (folder / f"{each}.txt").write_text(f"The {each} eats {number} fishes a day.", "utf-8")
    with SmallIndex(tmp_path) as index:
        index.reindex()
        yield index


def retriever(zoo, embedder):
    return Retriever(alone(zoo.catalog, zoo.vectors), lambda: embedder)


def test_questions_that_are_asked_at_once_find_what_each_finds_alone(zoo):
    questions = [f"how many fishes does the {each} eat" for each in ANIMALS * 8]
    found_alone = [zoo.search(each) for each in questions]

    with ThreadPoolExecutor(8) as threads:
        found_together = list(threads.map(zoo.search, questions))

    assert found_together == found_alone
    assert [found[0] for found in found_alone] == [f"{each}.txt" for each in ANIMALS * 8]


def test_what_breaks_beside_the_question_reaches_who_asked_and_the_next_is_answered(zoo):
    embedder = Breaking(256)
    asked = retriever(zoo, embedder)

    with pytest.raises(MemoryError, match="no room for the model"):
        asked.retrieve("what does the otter eat")
    embedder.broken = False

    assert asked.retrieve("what does the otter eat")[0].passage.document.source == "otter.txt"


def test_a_question_is_answered_from_one_generation_though_another_becomes_current(tmp_path):
    write(tmp_path / "documents", heron="The heron eats four fishes a day.")
    with SmallIndex(tmp_path, kept_generations=1) as index:
        index.reindex()

        def changes():
            write(tmp_path / "documents", heron="Nothing is known of birds.")
            index.reindex()

        found = retriever(index, Meanwhile(changes)).retrieve("unheard of words")
        later = retriever(index, WordEmbedder(256)).retrieve("unheard of words")

    assert [each.passage.text for each in found] == ["The heron eats four fishes a day."]
    assert [each.passage.text for each in later] == ["Nothing is known of birds."]


def test_a_passage_is_found_once_though_both_searches_find_it(zoo):
    found = retriever(zoo, WordEmbedder(256)).retrieve("the lynx eats fishes", limit=20)

    ids = [each.passage.id for each in found]
    assert len(ids) == len(set(ids)) == len(ANIMALS)
