"""What the bot keeps of people and answers, and that it goes when it should."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records import FILE, Records
from bot.records.answers import Answered
from bot.records.audit import ITSELF
from bot.records.database import Database, RecordsUnusable
from bot.records.pairing import LASTS, OUTSTANDING
from bot.records.people import Role
from bot.records.schema import MIGRATIONS
from bot.records.state import DAY
from tests.test_gone import traces

ROOT = Path(__file__).parent.parent
ANN, BOB, BOSS = 7, 8, 99
SECRET = "where is the quokkaword buried?"


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: float = 1000.5 * DAY) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def records(clock):
    with Records(clock=clock) as opened:
        yield opened


def asked(asker: int = ANN, question: str = "a cat?", *, answered: bool = True) -> Answered:
    return Answered(
        chat=asker, asker=asker, question=question, answered=answered, seconds=0.5, generation=3
    )


# --- the file ---


def test_what_is_noted_is_there_after_a_restart(tmp_path):
    with Records(tmp_path) as before:
        before.people.give(ANN, Role.ADMIN)
        before.state.set("greeted", "yes")

    with Records(tmp_path) as after:
        assert (after.people.roles(), after.state.get("greeted")) == ({ANN: Role.ADMIN}, "yes")


def test_the_file_is_for_nobody_else_to_read(tmp_path):
    with Records(tmp_path / "new") as records:
        records.state.set("key", "value")
        modes = {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "new").iterdir()}

    assert modes == {0o600}


def test_an_older_file_is_migrated_and_keeps_what_it_holds(tmp_path, monkeypatch):
    with Records(tmp_path) as before:
        before.people.give(ANN, Role.BLOCKED)
    monkeypatch.setattr(
        "bot.records.database.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE later(id INTEGER)")
    )

    with Records(tmp_path) as after:
        assert after.database.rows("SELECT * FROM later") == []
        assert after.people.roles() == {ANN: Role.BLOCKED}


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    Records(tmp_path).close()
    monkeypatch.setattr(
        "bot.records.database.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE later(id); CREATE nonsense")
    )

    with pytest.raises(RecordsUnusable):
        Records(tmp_path)

    monkeypatch.undo()
    with Records(tmp_path) as after:
        tables = after.database.rows("SELECT name FROM sqlite_master WHERE name='later'")
    assert tables == []


def test_the_file_of_a_newer_program_is_left_alone(tmp_path):
    with Records(tmp_path) as records:
        records.database.rows(f"PRAGMA user_version={len(MIGRATIONS) + 1}")

    with pytest.raises(RecordsUnusable, match="newer"):
        Records(tmp_path)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path):
    (tmp_path / FILE).write_text("not a database, but long enough to look like one" * 100)

    with pytest.raises(
        RecordsUnusable, match=r"bot\.sqlite cannot be used: file is not a database\. Put a copy"
    ):
        Records(tmp_path)


def test_a_full_disk_is_called_one(tmp_path):
    with Records(tmp_path) as records:
        [used] = records.database.rows("PRAGMA page_count")[0]
        records.database.rows(f"PRAGMA max_page_count={used}")

        with pytest.raises(RecordsUnusable, match="Free some space"):
            records.state.set("key", "x" * 100_000)


def test_where_nothing_can_be_written_roles_are_read_all_the_same(tmp_path, monkeypatch):
    with Records(tmp_path) as before:
        before.people.give(ANN, Role.BLOCKED)

    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("bot.records.database._create_for_us_alone", refused)
    with Records(tmp_path) as after:
        after.people.give(BOB, Role.BLOCKED)

        assert after.people.roles() == {ANN: Role.BLOCKED, BOB: Role.BLOCKED}


def test_an_error_inside_undoes_what_was_done_together():
    database = Database(None)

    def interrupted() -> None:
        with database.together():
            database.change("INSERT INTO state VALUES('a', 'b')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert database.rows("SELECT * FROM state") == []


def test_threads_use_it_in_turn(tmp_path):
    with Records(tmp_path) as records, ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: records.asked.add(ANN), range(400)))
        list(threads.map(lambda n: records.answers.note(asked(), [n]), range(100)))

        assert records.asked.today(ANN) == 400
        assert len({records.answers.find(ANN, n).id for n in range(100)}) == 100


def test_processes_that_begin_at_once_make_one_file(tmp_path):
    code = (
        f"from bot.records import Records; Records(__import__('pathlib').Path({str(tmp_path)!r}))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(4)]

    assert [process.wait(60) for process in processes] == [0] * 4


# --- what goes ---


def test_what_is_forgotten_is_gone_from_the_disk(tmp_path):
    with Records(tmp_path) as records:
        records.people.hear(ANN, "Annabellaword", "annname")
        records.answers.note(asked(question=SECRET), [5, 6])
        records.answers.vote(records.answers.note(asked(BOB), [5]), ANN, False)
        before = traces(tmp_path, b"quokkaword", b"annabellaword", b"annname")

        count = records.forget(ANN)

        assert (before != {}, count) == (True, 1)
        assert traces(tmp_path, b"quokkaword", b"annabellaword", b"annname") == {}
        assert [each.down for each in records.answers.since(0)] == [0]


def test_a_block_outlives_what_is_forgotten(records):
    records.people.hear(ANN, "Ann", "ann")
    records.people.give(ANN, Role.BLOCKED)

    records.forget(ANN)

    known = records.people.find(ANN)
    assert (known.role, known.name, known.username) == (Role.BLOCKED, "", None)


def test_what_is_old_goes_by_itself(records, clock):
    records.people.hear(ANN, "Ann")
    records.people.hear(BOB, "Bob")
    records.people.give(BOB, Role.ALLOWED)
    records.answers.note(asked(), [5])
    records.audit.note(BOSS, "reindex")
    clock.now += 91 * DAY
    records.answers.note(asked(BOB), [6])

    records.tidy(question_days=90, audit_days=90)

    assert [each.asker for each in records.answers.since(0)] == [BOB]
    assert [known.id for known in records.people.page(0, 9)] == [BOB]
    assert (records.audit.count(), records.answers.find(ANN, 5)) == (0, None)


# --- people ---


def test_a_name_belongs_to_who_was_heard_with_it_last(records):
    records.people.hear(ANN, "Ann", "Quokka")
    records.people.hear(BOB, "Bob", "quokka")

    assert records.people.named("@QUOKKA").id == BOB
    assert records.people.find(ANN).username is None


def test_people_are_listed_by_role(records):
    for id, role in enumerate([Role.BLOCKED, Role.PERSON, Role.ALLOWED, Role.ADMIN], start=1):
        records.people.hear(id, f"Number {id}")
        records.people.give(id, role)

    assert [known.id for known in records.people.page(0, 3)] == [4, 3, 2]
    assert [known.id for known in records.people.page(3, 3)] == [1]


def test_a_role_is_kept_when_somebody_is_heard_again(records, clock):
    records.people.give(ANN, Role.ADMIN)
    clock.now += DAY

    records.people.hear(ANN, "Ann", "ann")

    assert records.people.find(ANN).role is Role.ADMIN


def test_only_who_wrote_in_private_is_reachable(records):
    records.people.hear(ANN, "Ann", reachable=True)
    records.people.hear(ANN, "Ann")
    records.people.hear(BOB, "Bob")
    records.people.hear(-5, "Group", reachable=True)
    records.people.lose(-5)

    assert records.people.reachable() == [ANN]


def test_nobody_is_made_an_owner(records):
    with pytest.raises(ValueError, match="setting"):
        records.people.give(ANN, Role.OWNER)


# --- pairing ---


def test_a_request_is_decided_on_once(records):
    request = records.pairing.ask(ANN)

    taken = [records.pairing.take(request.code.lower()), records.pairing.take(request.code)]

    assert [each and each.person for each in taken] == [ANN, None]


def test_a_request_expires(records, clock):
    request = records.pairing.ask(ANN)
    clock.now += LASTS

    assert records.pairing.take(request.code) is None
    assert records.pairing.ask(ANN).new


def test_who_waits_or_was_declined_gets_no_second_code(records):
    first = records.pairing.ask(ANN)
    waiting = records.pairing.ask(ANN)
    records.pairing.decline(first.code)
    declined = records.pairing.ask(ANN)

    assert [each.code for each in (waiting, declined)] == [first.code] * 2
    assert [(each.new, each.declined) for each in (first, waiting, declined)] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert records.pairing.take(first.code) is None


def test_only_so_many_wait_at_once(records):
    codes = [records.pairing.ask(person) for person in range(1, OUTSTANDING + 2)]

    assert (codes[-1], len({each.code for each in codes[:-1]})) == (None, OUTSTANDING)


def test_the_messages_that_show_a_request_are_known(records):
    request = records.pairing.ask(ANN)

    records.pairing.tell(request.code, [(BOSS, 4)])

    assert records.pairing.find(request.code).told == ((BOSS, 4),)


# --- audit, answers, counts ---


def test_the_audit_is_read_from_the_newest(records):
    records.people.hear(BOSS, "Boss")
    records.audit.note(BOSS, "block", "8 Bob\nand a line")
    records.audit.note(ITSELF, "reindex")

    latest = records.audit.latest(2)

    assert [(each.name, each.action, each.detail) for each in latest] == [
        ("", "reindex", ""),
        ("Boss", "block", "8 Bob and a line"),
    ]
    assert (records.audit.latest(1, 1)[0].actor, records.audit.count()) == (BOSS, 2)


def test_an_answer_is_found_by_each_of_its_messages(records):
    id = records.answers.note(asked(), [5, 6])

    found = [records.answers.find(ANN, message) for message in (5, 6, 7)]

    assert [each and each.id for each in found] == [id, id, None]
    assert records.answers.find(BOB, 5) is None


def test_an_answer_to_somebody_forgotten_meanwhile_is_not_noted(records):
    assert records.answers.note(asked(), [5], lambda: True) == 0
    assert (records.answers.since(0), records.answers.find(ANN, 5)) == ([], None)


def test_a_person_has_one_vote(records):
    id = records.answers.note(asked(), [5])
    for up in (True, True, False):
        records.answers.vote(id, BOB, up)
    records.answers.vote(id, ANN, True)
    records.answers.vote(12345, ANN, True)

    [noted] = records.answers.since(0)

    assert (noted.up, noted.down, records.answers.vote_of(id, BOB)) == (1, 1, False)
    records.answers.vote(id, BOB, None)
    assert records.answers.vote_of(id, BOB) is None


def test_refused_and_disliked_answers_are_unhelpful(records):
    records.answers.note(asked(question="good"), [1])
    records.answers.note(asked(question="refused", answered=False), [2])
    disliked = records.answers.note(asked(question="disliked"), [3])
    records.answers.vote(disliked, BOB, False)
    disputed = records.answers.note(asked(question="disputed"), [4])
    records.answers.vote(disputed, ANN, True)
    records.answers.vote(disputed, BOB, False)

    assert [each.question for each in records.answers.unhelpful(0)] == ["disliked", "refused"]


def test_a_day_is_counted_by_itself(records, clock):
    counts = [records.asked.add(ANN), records.asked.add(ANN), records.asked.add(BOB)]
    left = records.asked.seconds_left()
    clock.now += DAY

    assert (counts, left, records.asked.today(ANN)) == ([1, 2, 1], DAY / 2, 0)


@given(st.text(), st.text())
def test_any_text_is_kept_as_it_is(question: str, name: str):
    with Records() as records:
        records.people.hear(ANN, name)
        records.answers.note(asked(question=question), [1])

        assert records.people.find(ANN).name == name
        assert records.answers.find(ANN, 1).question == question
