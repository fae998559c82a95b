"""Which update goes to which handler: the table of contents of what the bot hears."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    TypeHandler,
    filters,
)

from bot import languages
from bot.access import Administering
from bot.addressing import Addressed
from bot.admission import PREFIX, Admission
from bot.broadcasting import Broadcasting
from bot.capabilities import STOPPED
from bot.chatting import Chatting
from bot.contributions import CallToFile, Contributions, JustLink
from bot.doorkeeping import Doorkeeper
from bot.elsewhere import Elsewhere
from bot.forgetting import BUTTON, LEAVE, Forgetting
from bot.lateness import Lateness
from bot.ordering import ChatOrder
from bot.overseeing import Overseeing
from bot.pointers import LINK
from bot.pressing import Pressing
from bot.roles import Roles
from bot.unasked import Unasked
from bot.voting import Voting

UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MESSAGE_REACTION,
    Update.MY_CHAT_MEMBER,
    Update.INLINE_QUERY,
    Update.GUEST_MESSAGE,
]
STOPS, LANGUAGE, FIRST, SECOND, THIRD = -5, -4, -3, -2, -1
"""The groups of the handlers that look at each update before the others do."""
AFTER = 1
"""The group of those that come after them."""
QUESTION = filters.TEXT & ~filters.COMMAND & Addressed() & ~JustLink() & ~CallToFile()
"""Links and calls for files are read when they are new; edited ones ask nothing."""
NOT_TEXT = ~filters.TEXT & ~filters.StatusUpdate.ALL & Addressed()
FILE = filters.Document.ALL & ~filters.ANIMATION & ~filters.COMMAND
"""Telegram shows an animation as a document, too."""
OWN_BUTTONS = r"^own:(?:page:\d{1,6}|leave|(?:forget|forgotten|publish|published):[0-9a-f]{8})$"
LINKED = filters.Regex(rf"^\S+\s+{LINK}")
NEW = filters.UpdateType.MESSAGE
"""Neither edited nor of a channel, a business or a guest: handlers take those by default."""
NEW_OR_EDITED = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE

App = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """All whose methods are handlers."""

    order: ChatOrder
    doorkeeper: Doorkeeper
    unasked: Unasked
    lateness: Lateness
    contributions: Contributions
    overseeing: Overseeing
    broadcasting: Broadcasting
    roles: Roles
    admission: Admission
    administering: Administering
    forgetting: Forgetting
    chatting: Chatting
    pressing: Pressing
    voting: Voting
    elsewhere: Elsewhere


def add_handlers(application: App, hearing: Hearing) -> None:
    """Puts every handler in place; of several that fit an update, the first of a group has it."""
    _add_first_looks(application, hearing)
    _add_contributions(application, hearing.contributions)
    admin = NEW & hearing.administering
    _add_admin_handlers(application, hearing.overseeing, hearing.broadcasting, admin)
    _add_role_handlers(application, hearing.roles, hearing.admission, admin)
    _add_forgetting(application, hearing.forgetting)
    _add_handlers(application, hearing.chatting)
    _add_buttons(application, hearing.pressing, hearing.voting)
    _add_elsewhere(application, hearing.elsewhere)


def _add_first_looks(application: App, hearing: Hearing) -> None:
    stop = partial(_stop, hearing.order)
    application.add_handler(TypeHandler(Update, stop), group=STOPS)
    application.add_handler(TypeHandler(Update, _speak_theirs), group=LANGUAGE)
    application.add_handler(TypeHandler(Update, hearing.doorkeeper.look), group=FIRST)
    application.add_handler(TypeHandler(Update, hearing.unasked.look), group=SECOND)
    application.add_handler(TypeHandler(Update, hearing.lateness.look), group=THIRD)
    application.add_handler(ChatMemberHandler(hearing.doorkeeper.membership))


def _add_contributions(application: App, contributions: Contributions) -> None:
    """Before the admins' handlers: /forget is for everybody, each for what they may forget."""
    for handler in (
        CommandHandler("add", contributions.add, NEW),
        CommandHandler("mine", contributions.mine, NEW),
        CommandHandler("forget", contributions.forget, NEW),
        MessageHandler(NEW & FILE, contributions.file),
        MessageHandler(NEW & filters.TEXT & ~filters.COMMAND & JustLink(), contributions.link),
        MessageHandler(NEW & filters.TEXT & ~filters.COMMAND & CallToFile(), contributions.add),
        CallbackQueryHandler(contributions.press, pattern=OWN_BUTTONS),
    ):
        application.add_handler(handler)


def _add_admin_handlers(
    application: App,
    overseeing: Overseeing,
    broadcasting: Broadcasting,
    admin: filters.BaseFilter,
) -> None:
    for handler in (
        CommandHandler("reindex", overseeing.reindex, admin),
        CommandHandler("why", overseeing.why, admin),
        CommandHandler("broadcast", broadcasting.ask, admin),
        CommandHandler(overseeing.commands, overseeing.command, admin),
        CallbackQueryHandler(overseeing.press, pattern=overseeing.buttons),
    ):
        application.add_handler(handler)


def _add_role_handlers(
    application: App, roles: Roles, admission: Admission, admin: filters.BaseFilter
) -> None:
    for handler in (
        CommandHandler("promote", roles.promote, admin),
        CommandHandler("demote", roles.demote, admin),
        CommandHandler("allow", roles.allow, admin),
        CommandHandler("block", roles.block, admin),
        CommandHandler("unblock", roles.unblock, admin),
        CommandHandler("people", roles.people, admin),
        CommandHandler("audit", roles.audit, admin),
        CallbackQueryHandler(admission.pressed, pattern=f"^{PREFIX}:[adb]:[0-9A-Z]+$"),
        CallbackQueryHandler(roles.turn, pattern=r"^(people|audit):\d{1,6}$"),
    ):
        application.add_handler(handler)
    begins = CommandHandler("start", admission.catch_up, admin & filters.ChatType.PRIVATE)
    application.add_handler(begins, group=AFTER)


def _add_forgetting(application: App, forgetting: Forgetting) -> None:
    application.add_handler(CommandHandler("forgetme", forgetting.ask, NEW))
    application.add_handler(
        CallbackQueryHandler(forgetting.pressed, pattern=f"^({BUTTON}|{LEAVE})$")
    )


def _add_handlers(application: App, chatting: Chatting) -> None:
    for handler in (
        CommandHandler("start", chatting.follow, NEW & LINKED),
        CommandHandler("start", chatting.start, NEW),
        CommandHandler("help", chatting.help, NEW),
        CommandHandler("sources", chatting.sources, NEW),
        CommandHandler("new", chatting.new, NEW),
        CommandHandler("ask", chatting.question, NEW_OR_EDITED),
        MessageHandler(NEW & filters.COMMAND, chatting.unknown),
        MessageHandler(NEW_OR_EDITED & QUESTION, chatting.question),
        MessageHandler(NEW & NOT_TEXT, chatting.not_text),
    ):
        application.add_handler(handler)


def _add_buttons(application: App, pressing: Pressing, voting: Voting) -> None:
    for handler in (
        CallbackQueryHandler(pressing.open, pattern="^p:"),
        CallbackQueryHandler(pressing.walk, pattern="^w:"),
        CallbackQueryHandler(pressing.turn, pattern="^s:"),
        CallbackQueryHandler(pressing.more, pattern="^m:"),
        CallbackQueryHandler(voting.press, pattern="^v:"),
        CallbackQueryHandler(pressing.old_button),
        MessageReactionHandler(
            voting.react, message_reaction_types=MessageReactionHandler.MESSAGE_REACTION_UPDATED
        ),
    ):
        application.add_handler(handler)


def _add_elsewhere(application: App, elsewhere: Elsewhere) -> None:
    guest = MessageHandler(filters.UpdateType.GUEST_MESSAGE, elsewhere.guest)
    application.add_handler(guest)
    application.add_handler(InlineQueryHandler(elsewhere.inline))


async def _stop(order: ChatOrder, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """The Stop button beside a draft; the library does not know its update."""
    if stopped := update.api_kwargs.get(STOPPED):
        order.stop(stopped["chat"]["id"])


async def _speak_theirs(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    person = update.effective_user
    languages.speak(person.language_code if person else None)
