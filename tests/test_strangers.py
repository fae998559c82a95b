"""Whatever strangers send, in whichever order, they administer nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import words
from bot.records import Records
from bot.records.people import Role
from tests.bot_api import BotApiServer
from tests.bot_api_world import Chat, Person
from tests.shelf import CATS, Shelf, talking
from tests.test_bot_fuzz import NO_SHRINKING

OWNER, ANN, BOB, EVE = 99, 7, 8, 9
ALL = (*words.COMMANDS, *words.ADMIN_COMMANDS, "start", "allow", "settings")
ABOUT = ("", "7", "8", "99", "-5", "@ann", "@boss", "CODE", "yes", "0", "*", "\u202e7")
PRESSED = (
    *(f"pair:{kind}:CODE" for kind in "abd"),
    *(f"{kind}:0" for kind in ("people", "audit", "docs", "doc", "forget", "yes")),
    *("forgetme", "failures:"),
)


@dataclass
class Watched(Shelf):
    """Notes whatever only an admin may have asked for."""

    administered: list[str] = field(default_factory=list)

    def reindex(self, *args: Any, **kwargs: Any) -> Any:
        self.administered.append("reindex")
        return super().reindex(*args, **kwargs)


Act = tuple[str, int, int, str]
"""(how, who, where, what): a person by id, and what is written or pressed."""
COMMANDS = st.builds(
    lambda name, to, about: f"/{name}{to} {about}".strip(),
    st.sampled_from(ALL),
    st.sampled_from(["", "@quoth_bot"]),
    st.sampled_from(ABOUT),
)
ACTS = st.tuples(
    st.sampled_from(["say", "edit", "reply", "anonymously", "as a channel", "forward", "press"]),
    st.sampled_from([ANN, BOB, EVE]),
    st.sampled_from([0, -5]),
    COMMANDS | st.sampled_from(PRESSED),
)


class Crowd:
    """Strangers, one of them let in, in private and in a group whose admin is one of them."""

    def __init__(self, server: BotApiServer, records: Records) -> None:
        self._server, self._records = server, records
        self._boss = server.person(OWNER, "Boss", username="boss")
        self._people = {id: server.person(id, username=f"name{id}") for id in (ANN, BOB, EVE)}
        self._group = server.group(-5, members=[self._boss, *self._people.values()], admins=[EVE])
        self._channel = server.channel(-1_000_000_000_009)
        self.bossy: list[dict[str, Any]] = []

    async def begin(self) -> None:
        """The owner has written, and somebody has asked to be let in."""
        self.bossy.append(await self._server.send_text(self._group, self._boss, "hello"))
        await self._server.send_text(self._boss, self._boss, "/people")
        await self._server.send_text(ANN, ANN, "/start")
        await self._server.quiet()

    async def act(self, act: Act) -> None:
        how, who, where, what = act
        person, place = self._people[who], self._group if where else self._server.chat(who)
        text = what.replace("CODE", self._code())
        if how == "press":
            self._press(person, text)
        elif how == "reply" and where:
            await self._server.send_text(place, person, text, reply_to=self.bossy[0])
        elif how == "edit":
            sent = await self._server.send_text(place, person, "hello")
            await self._server.edit_text(sent, text)
        else:
            await self._server.send_text(place, person, text, **self._name(how, place))

    def _name(self, how: str, place: Chat) -> dict[str, Any]:
        if place is not self._group or how not in ("anonymously", "as a channel", "forward"):
            return {}
        author = self._group if how == "anonymously" else self._channel
        return {"in_name_of": author, "forwarded": how == "forward"}

    def _press(self, person: Person, data: str) -> None:
        """Data that no button offers, below any message: a changed app can send that."""
        said = [*self._server.bot_messages(OWNER), *self._server.bot_messages(self._group)]
        for message in said[-3:]:
            query = {
                "id": self._server.open_query("callback"),
                "from": person.as_json(),
                "chat_instance": "1",
                "data": data,
                "message": message,
            }
            self._server.add_update("callback_query", query)

    def _code(self) -> str:
        rows = self._records.database.rows("SELECT code FROM pairing")
        return str(rows[0][0]) if rows else "ABCDEF"


@settings(max_examples=12, deadline=None, phases=NO_SHRINKING)
@given(st.sampled_from(["everybody", "pairing"]), st.lists(ACTS, min_size=5, max_size=25))
async def test_no_sequence_of_updates_lets_a_stranger_administer(mode: str, acts: list[Act]):
    shelf = Watched()
    shelf.gate.set()
    with Records() as records:
        records.people.give(BOB, Role.ALLOWED)
        async with (
            BotApiServer(flood=None) as server,
            talking(server, shelf, records, access=mode, admin_ids=(OWNER,)),
        ):
            crowd = Crowd(server, records)
            await crowd.begin()
            before = [message["text"] for message in server.bot_messages(OWNER)]
            for act in acts:
                await crowd.act(act)
            await server.quiet()

            assert records.people.roles() == {BOB: Role.ALLOWED}
            assert (records.audit.count(), shelf.administered) == (0, [])
            assert shelf.documents_held == [CATS]
            assert [each["text"] for each in server.bot_messages(OWNER)][: len(before)] == before
            assert not any(
                str(menu.parameters.get("scope", {}).get("chat_id")) not in ("None", str(OWNER))
                for menu in server.called("setMyCommands")
            )
            said = [m["text"] for chat in server.chats for m in server.bot_messages(chat)]
            assert not any(trouble in text for text in said for trouble in ("Noted in the log",))
