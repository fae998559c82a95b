"""Which update goes to which handler; the error handler; the Application that ties them."""

from __future__ import annotations

import logging
import secrets
from functools import partial
from typing import Any

from telegram import Message, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
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

from bot import languages, words
from bot.access import Access, Administering
from bot.addressing import Addressed
from bot.administration import Administration
from bot.admission import PREFIX, Admission
from bot.broadcasting import Broadcasting
from bot.budget import Budget
from bot.capabilities import STOPPED, Capabilities
from bot.chatting import Chatting, target_of
from bot.contributions import Contributions, JustLink
from bot.conversation import Conversation
from bot.doorkeeping import Doorkeeper
from bot.elsewhere import Elsewhere
from bot.explaining import Explanations
from bot.forgetting import BUTTON, Forgetting
from bot.housekeeping import Housekeeping
from bot.inbox import Inbox
from bot.lateness import Lateness
from bot.letters import Letters
from bot.library import Answering, Library
from bot.limits import Limits
from bot.line import PATIENCE, Line
from bot.menus import Menus
from bot.niceties import Niceties
from bot.notices import Notices
from bot.ordering import ChatOrder
from bot.outbox import Outbox
from bot.overseeing import Overseeing
from bot.own import Own
from bot.pointers import LINK
from bot.pressing import Pressing
from bot.recalling import recalling
from bot.records import Records
from bot.replies import sentence
from bot.roles import Roles
from bot.settings import BotSettings
from bot.showing import EDIT_EVERY, Showing
from bot.signs import Signs
from bot.throttle import Pace, Throttle
from bot.voting import Voting
from index.errors import QuothError
from index.passages import Quota

UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MESSAGE_REACTION,
    Update.MY_CHAT_MEMBER,
    Update.INLINE_QUERY,
    Update.GUEST_MESSAGE,
]
STOPS, LANGUAGE, FIRST, SECOND = -4, -3, -2, -1
"""The groups of the handlers that look at each update before the others do."""
QUESTION = filters.TEXT & ~filters.COMMAND & Addressed()
NOT_TEXT = ~filters.TEXT & ~filters.StatusUpdate.ALL & Addressed()
FILE = filters.Document.ALL & ~filters.ANIMATION & ~filters.COMMAND
"""Telegram shows an animation as a document, too."""
OWN_BUTTONS = r"^own:(?:page:\d{1,6}|leave|(?:forget|forgotten|publish|published):[0-9a-f]{8})$"
LINKED = filters.Regex(rf"^\S+\s+{LINK}")
NEW = filters.UpdateType.MESSAGE
"""Neither edited nor of a channel, a business or a guest: handlers take those by default."""
NEW_OR_EDITED = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE

CONNECTIONS = 24
"""With Telegram at once. The pool looks at every idle one for each request."""

App = Application[Any, Any, Any, Any, Any, Any]
log = logging.getLogger(__name__)


def build_application(
    settings: BotSettings,
    index: Answering,
    records: Records | None = None,
    *,
    reindex_every: float = 0,
    edit_every: float = EDIT_EVERY,
    patience: float = PATIENCE,
    pace: Pace | None = Pace(),  # noqa: B008 - it is frozen
) -> App:
    """An Application with every handler in place; it has not spoken to Telegram yet.

    Without `records` what the bot notes is kept in memory. With `reindex_every` seconds it brings
    the index up to date by itself.
    """
    records = records or Records()
    inbox = Inbox(records.journal, settings.bot_id)
    order = ChatOrder(inbox)
    application = _builder(settings, inbox, order, pace).build()
    library = Library(index)
    newer = Capabilities(application.bot, settings.telegram_features)
    outbox, explanations = Outbox(application.bot, newer), Explanations()
    access, limits = _access(settings, records), _limits(settings, records)
    letters = Letters(records.people, outbox)
    admission = Admission(access, records, outbox, letters)
    menus = Menus(application.bot, access)
    notices = Notices(access, letters, records.state)
    budget = Budget(
        records.spending, notices, per_day=settings.llm_tokens_a_day, exempt=access.is_admin
    )
    conversation = Conversation(library, recall=recalling(records.answers), budget=budget)
    housekeeping = _housekeeping(settings, records, notices)
    administration = Administration(
        library,
        conversation,
        records,
        forget=explanations.forget,
        notices=notices,
        every=reindex_every,
    )
    signs = Signs(application.bot, newer)
    showing = Showing(outbox, every=edit_every)
    overseeing = Overseeing(administration, access, outbox, signs, explanations, showing)
    broadcasting = Broadcasting(access, records, outbox, administration.confirmations, showing)
    administration.cancels.append(broadcasting.cancel)
    voting = Voting(records.answers, access)
    order.decline = partial(_decline, outbox, access)
    application.add_handler(TypeHandler(Update, partial(_stop, order)), group=STOPS)
    _add_door(application, Doorkeeper(access, limits, outbox, admission, menus, records.people))
    lateness = Lateness(inbox, outbox, 60 * settings.answer_within_minutes)
    application.add_handler(TypeHandler(Update, lateness.look), group=SECOND)
    line = Line(settings.concurrent_updates, patience=patience)
    chatting = Chatting(conversation, access, limits, outbox, explanations, voting, signs, line)
    own = Own(library, Quota(settings.own_documents, settings.own_bytes))
    contributions = Contributions(
        own,
        chatting,
        access,
        outbox,
        signs,
        conversation.memory,
        records.audit,
        forget_shared=overseeing.command,
        every_file=settings.group_files,
    )
    _add_contributions(application, contributions)
    _add_admin_handlers(application, overseeing, broadcasting, Administering(access))
    roles = Roles(access, records, outbox, letters, admission, menus)
    _add_role_handlers(application, roles, admission, Administering(access))
    _add_forgetting(application, Forgetting(records, conversation.memory, outbox, own))
    _add_handlers(application, chatting)
    _add_buttons(application, Pressing(conversation, access, outbox), voting)
    elsewhere = Elsewhere(application.bot, library, conversation, limits, line)
    _add_elsewhere(application, elsewhere)
    application.add_error_handler(_Trouble(outbox, elsewhere).handle)

    async def prepare(_: App) -> None:
        await menus.publish()
        housekeeping.begin()
        await administration.begin()

    async def finish(_: App) -> None:
        await housekeeping.close()
        await broadcasting.close()
        await overseeing.close()
        await signs.close()
        await administration.close()

    application.post_init, application.post_stop = prepare, finish
    return application


def _builder(
    settings: BotSettings, inbox: Inbox, order: ChatOrder, pace: Pace | None
) -> ApplicationBuilder[Any, Any, Any, Any, Any, Any]:
    if settings.telegram_bot_token is None:
        raise ValueError("an Application needs a token")
    base = settings.bot_api_base_url.rstrip("/")
    return (
        ApplicationBuilder()
        .token(settings.telegram_bot_token.get_secret_value())
        .base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .update_queue(inbox)
        .concurrent_updates(order)
        .connection_pool_size(CONNECTIONS)
        .pool_timeout(10)
        # A time-out leaves unknown whether a message was sent: rather wait a little longer.
        .read_timeout(20)
        .rate_limiter(Niceties(Throttle(pace, inbox.sending)))
    )


def _access(settings: BotSettings, records: Records) -> Access:
    return Access(
        records.people,
        owner=settings.owner,
        admins=settings.admin_ids,
        allowed=settings.allowed_ids,
        mode=settings.who_may_ask,
    )


def _limits(settings: BotSettings, records: Records) -> Limits:
    minute, day = settings.questions_per_minute, settings.questions_per_day
    return Limits(records.asked, per_minute=minute, per_day=day)


def _housekeeping(settings: BotSettings, records: Records, notices: Notices) -> Housekeeping:
    return Housekeeping(
        records,
        notices,
        question_days=settings.keep_questions_days,
        audit_days=settings.keep_audit_days,
        low_disk=settings.low_disk_bytes,
    )


def _add_forgetting(application: App, forgetting: Forgetting) -> None:
    application.add_handler(CommandHandler("forgetme", forgetting.ask, NEW))
    application.add_handler(CallbackQueryHandler(forgetting.pressed, pattern=f"^{BUTTON}$"))


def _add_door(application: App, doorkeeper: Doorkeeper) -> None:
    application.add_handler(TypeHandler(Update, _speak_theirs), group=LANGUAGE)
    application.add_handler(TypeHandler(Update, doorkeeper.look), group=FIRST)
    application.add_handler(ChatMemberHandler(doorkeeper.membership))


def _add_contributions(application: App, contributions: Contributions) -> None:
    """Before the admins' handlers: /forget is for everybody, each for what they may forget."""
    for handler in (
        CommandHandler("add", contributions.add, NEW),
        CommandHandler("mine", contributions.mine, NEW),
        CommandHandler("forget", contributions.forget, NEW),
        MessageHandler(NEW & FILE, contributions.file),
        MessageHandler(NEW & filters.TEXT & ~filters.COMMAND & JustLink(), contributions.link),
        MessageHandler(NEW & filters.StatusUpdate.MIGRATE, contributions.follow),
        CallbackQueryHandler(contributions.press, pattern=OWN_BUTTONS),
    ):
        application.add_handler(handler)


def _add_admin_handlers(
    application: App,
    overseeing: Overseeing,
    broadcasting: Broadcasting,
    administering: Administering,
) -> None:
    admin = NEW & administering
    for handler in (
        CommandHandler("reindex", overseeing.reindex, admin),
        CommandHandler("why", overseeing.why, admin),
        CommandHandler("broadcast", broadcasting.ask, admin),
        CommandHandler(overseeing.commands, overseeing.command, admin),
        CallbackQueryHandler(overseeing.press, pattern=overseeing.buttons),
    ):
        application.add_handler(handler)


def _add_role_handlers(
    application: App, roles: Roles, admission: Admission, administering: Administering
) -> None:
    admin = NEW & administering
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


async def _decline(outbox: Outbox, access: Access, message: Message, waiting: int) -> bool:
    sender = message.sender_chat or message.from_user
    if not access.may_ask(sender.id if sender else None, message.chat.id):
        return False
    languages.speak(message.from_user.language_code if message.from_user else None)
    await outbox.send(target_of(message), sentence(words.FULL.format(count=waiting)))
    return True


async def _speak_theirs(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    person = update.effective_user
    languages.speak(person.language_code if person else None)


class _Trouble:
    """What nobody foresaw: logged with an id, and told to the person who waits."""

    def __init__(self, outbox: Outbox, elsewhere: Elsewhere) -> None:
        self._outbox, self._elsewhere = outbox, elsewhere

    async def handle(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        id = secrets.token_hex(3)
        log.error("trouble %s", id, exc_info=context.error)
        message = update.effective_message if isinstance(update, Update) else None
        if message is None:
            return
        foreseen = isinstance(context.error, QuothError)
        text = str(context.error) if foreseen else words.TROUBLE.format(id=id)
        if message.guest_query_id:
            await self._elsewhere.tell(message, sentence(text))
        else:
            await self._outbox.send(target_of(message), sentence(text))
