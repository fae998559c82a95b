"""Who may ask, who may administer, and who may change that."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.access import IMPERSONAL, Access, Mode
from bot.records import Records
from bot.records.people import Role

OWNER, ADMIN, ANN, BOB, GROUP = 1, 2, 7, 8, -5


def access(mode: Mode = Mode.EVERYBODY, *, allowed: tuple[int, ...] = (), **kept: Role) -> Access:
    """Of an owner and an admin; `kept` are roles that were given by chat: `_7=Role.ALLOWED`."""
    people = Records().people
    for id, role in kept.items():
        people.give(int(id.replace("_", "").replace("minus", "-")), role)
    return Access(people, owner=OWNER, admins=(OWNER, ADMIN), allowed=allowed, mode=mode)


def test_everybody_may_ask_where_nobody_has_to_be_let_in():
    assert access().may_ask(ANN, ANN)


@pytest.mark.parametrize("mode", [Mode.LIST, Mode.PAIRING])
def test_only_the_named_those_let_in_and_admins_may_ask_elsewhere(mode: Mode):
    some = access(mode, allowed=(BOB, GROUP), _9=Role.ALLOWED, _10=Role.ADMIN)
    people = [(OWNER, OWNER), (ADMIN, -6), (BOB, BOB), (9, 9), (10, 10), (ANN, GROUP)]

    assert all(some.may_ask(*who) for who in people)
    assert not any(
        some.may_ask(*who) for who in [(ANN, ANN), (ANN, -6), (None, -6), (GROUP, -6)][:3]
    )


def test_the_blocked_may_not_ask_whatever_else_holds():
    some = access(allowed=(ANN,), _7=Role.BLOCKED, minus5=Role.BLOCKED)

    asked = [some.may_ask(*who) for who in [(ANN, ANN), (ANN, -6), (BOB, GROUP), (OWNER, GROUP)]]

    assert asked == [False, False, False, True]


def test_what_the_settings_say_holds_against_what_is_kept():
    some = access(_1=Role.BLOCKED, _2=Role.PERSON)

    assert (some.role(OWNER), some.role(ADMIN)) == (Role.OWNER, Role.ADMIN)


async def test_a_role_holds_from_the_moment_it_is_given_and_after_a_restart():
    people = Records().people
    before = Access(people, owner=OWNER)

    await before.give(ANN, Role.ADMIN)

    assert before.is_admin(ANN)
    assert Access(people, owner=OWNER).admins == {OWNER, ANN}


async def test_who_was_blocked_by_chat_has_what_the_settings_say_again():
    some = access(Mode.LIST, allowed=(ANN,))

    await some.give(ANN, Role.BLOCKED)
    assert some.objection(OWNER, ANN, Role.PERSON) is None
    await some.give(ANN, Role.PERSON)

    assert some.may_ask(ANN, ANN)
    assert some.objection(OWNER, ANN, Role.PERSON) == words.ROLE_FIXED


def test_no_chat_and_no_stand_in_is_an_admin():
    people = Records().people
    for id in (GROUP, *IMPERSONAL):
        people.give(id, Role.ADMIN)
    some = Access(people)

    assert not any(some.is_admin(id) for id in (GROUP, None, *IMPERSONAL))


@pytest.mark.parametrize(
    ("actor", "target", "role", "objection"),
    [
        (OWNER, ANN, Role.ADMIN, None),
        (ADMIN, ANN, Role.ADMIN, words.ROLE_BY_OWNER),
        (ADMIN, ANN, Role.ALLOWED, None),
        (ADMIN, ANN, Role.BLOCKED, None),
        (ADMIN, 9, Role.BLOCKED, words.ROLE_BY_OWNER),
        (OWNER, 9, Role.ALLOWED, None),
        (9, OWNER, Role.BLOCKED, words.ROLE_FIXED),
        (9, ADMIN, Role.BLOCKED, words.ROLE_FIXED),
        (9, 9, Role.PERSON, words.ROLE_OWN),
        (OWNER, BOB, Role.PERSON, words.ROLE_FIXED),
        (OWNER, BOB, Role.BLOCKED, None),
        (OWNER, GROUP, Role.ADMIN, words.ROLE_OF_A_CHAT),
        (ADMIN, GROUP, Role.ALLOWED, None),
        (OWNER, 1087968824, Role.ALLOWED, words.ROLE_OF_NOBODY),
        (ANN, BOB, Role.ALLOWED, words.UNKNOWN_COMMAND),
    ],
)
def test_who_may_change_which_role(actor: int, target: int, role: Role, objection: str | None):
    some = access(allowed=(BOB,), _9=Role.ADMIN)

    assert some.objection(actor, target, role) == objection


IDS = st.sampled_from([OWNER, ADMIN, ANN, BOB, 9, 10, GROUP, *IMPERSONAL])
ROLES = st.sampled_from([Role.ADMIN, Role.ALLOWED, Role.PERSON, Role.BLOCKED])


@given(st.lists(st.tuples(IDS, IDS, ROLES), max_size=30))
def test_whatever_is_tried_every_admin_was_appointed_by_the_owner(
    tries: list[tuple[int, int, Role]],
):
    some, appointed = access(Mode.PAIRING), {OWNER, ADMIN}

    async def attempt() -> None:
        for actor, target, role in tries:
            if some.objection(actor, target, role) is None:
                assert some.is_admin(actor)
                await some.give(target, role)
                if role is Role.ADMIN:
                    assert actor == OWNER
                    appointed.add(target)

    asyncio.run(attempt())
    assert {OWNER, ADMIN} <= some.admins <= appointed
    assert not any(some.is_admin(id) for id in (GROUP, *IMPERSONAL))
