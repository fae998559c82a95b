"""The Application: its parts, made and joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from telegram import Bot, Message
from telegram.ext import ApplicationBuilder

from bot import languages, words
from bot.access import Access, Administering
from bot.administration import Administration
from bot.admission import Admission
from bot.broadcasting import Broadcasting
from bot.budget import Budget
from bot.capabilities import Capabilities
from bot.chatting import Chatting, target_of
from bot.contributions import Contributions
from bot.conversation import Conversation
from bot.doorkeeping import Doorkeeper
from bot.elsewhere import Elsewhere
from bot.explaining import Explanations
from bot.forgetting import Forgetting
from bot.handlers import App, Hearing, add_handlers
from bot.housekeeping import Housekeeping
from bot.inbox import Inbox
from bot.lateness import Lateness
from bot.letters import Letters
from bot.library import Answering, Library
from bot.limits import Limits
from bot.line import PATIENCE, Line
from bot.membership import Membership
from bot.menus import Menus
from bot.niceties import Niceties
from bot.notices import Notices
from bot.offers import Offers
from bot.ordering import ChatOrder
from bot.outbox import Outbox
from bot.overseeing import Overseeing
from bot.own import Own
from bot.pressing import Pressing
from bot.recalling import recalling
from bot.records import Records
from bot.replies import sentence
from bot.roles import Roles
from bot.settings import BotSettings
from bot.showing import EDIT_EVERY, Showing
from bot.signs import Signs
from bot.throttle import Pace, Throttle, connections
from bot.trouble import Trouble
from bot.unasked import Unasked
from bot.voting import Voting
from index.passages import Quota


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
    common = _common(settings, application.bot, Library(index), records)
    order.decline = partial(_decline, common.outbox, common.access)
    overseen = _overseen(common, reindex_every, edit_every)
    line = Line(settings.concurrent_updates, patience=patience)
    hearing = _hearing(settings, common, overseen, inbox, order, line)
    add_handlers(application, hearing)
    application.add_error_handler(Trouble(common.outbox, hearing.elsewhere).handle)
    housekeeping = _housekeeping(settings, records, common.notices)

    async def prepare(_: App) -> None:
        await common.menus.publish()
        housekeeping.begin()
        await overseen.administration.begin()

    async def finish(_: App) -> None:
        await housekeeping.close()
        await overseen.broadcasting.close()
        await overseen.overseeing.close()
        await common.signs.close()
        await overseen.administration.close()

    application.post_init, application.post_stop = prepare, finish
    return application


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What several rooms need."""

    bot: Bot
    library: Library
    records: Records
    access: Access
    limits: Limits
    outbox: Outbox
    letters: Letters
    notices: Notices
    menus: Menus
    offers: Offers
    signs: Signs
    conversation: Conversation
    explanations: Explanations = field(default_factory=Explanations)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overseen:
    """What admins work with, and what goes on beside the conversation."""

    administration: Administration
    overseeing: Overseeing
    broadcasting: Broadcasting


def _common(settings: BotSettings, bot: Bot, library: Library, records: Records) -> _Common:
    newer = Capabilities(bot, settings.telegram_features)
    outbox, access = Outbox(bot, newer), _access(settings, records)
    letters = Letters(records.people, outbox)
    notices = Notices(access, letters, records.state)
    per_day = settings.llm_tokens_a_day
    offers = Offers(own_documents=settings.own_documents > 0)
    budget = Budget(records.spending, notices, per_day=per_day, exempt=access.is_admin)
    return _Common(
        bot=bot,
        library=library,
        records=records,
        access=access,
        limits=_limits(settings, records),
        outbox=outbox,
        letters=letters,
        notices=notices,
        menus=Menus(bot, access, offers),
        offers=offers,
        signs=Signs(bot, newer),
        conversation=Conversation(library, recall=recalling(records.answers), budget=budget),
    )


def _overseen(common: _Common, reindex_every: float, edit_every: float) -> _Overseen:
    access, records, outbox = common.access, common.records, common.outbox
    administration = Administration(
        common.library,
        common.conversation,
        records,
        forget=common.explanations.forget,
        notices=common.notices,
        every=reindex_every,
    )
    showing = Showing(outbox, every=edit_every)
    broadcasting = Broadcasting(access, records, outbox, administration.confirmations, showing)
    administration.cancels.append(broadcasting.cancel)
    overseeing = Overseeing(
        administration, access, outbox, common.signs, common.explanations, showing
    )
    return _Overseen(
        administration=administration, overseeing=overseeing, broadcasting=broadcasting
    )


def _hearing(
    settings: BotSettings,
    common: _Common,
    overseen: _Overseen,
    inbox: Inbox,
    order: ChatOrder,
    line: Line,
) -> Hearing:
    access, records, outbox = common.access, common.records, common.outbox
    conversation, limits = common.conversation, common.limits
    membership = Membership(common.bot, access)
    admission = Admission(access, records, outbox, common.letters, inbox.again)
    voting = Voting(records.answers, access, common.library)
    chatting = Chatting(
        conversation,
        access,
        limits,
        outbox,
        common.explanations,
        voting,
        common.signs,
        line,
        membership,
        common.offers,
    )
    quota = Quota(settings.own_documents, settings.own_bytes)
    own = Own(common.library, quota, records.added)
    doorkeeper = Doorkeeper(access, limits, outbox, admission, common.menus, records.people, own)
    return Hearing(
        order=order,
        doorkeeper=doorkeeper,
        unasked=Unasked(),
        lateness=Lateness(inbox, outbox, 60 * settings.answer_within_minutes),
        contributions=Contributions(
            own,
            chatting,
            access,
            outbox,
            common.signs,
            conversation.memory,
            records.audit,
            forget_shared=overseen.overseeing.command,
            every_file=settings.group_files,
        ),
        overseeing=overseen.overseeing,
        broadcasting=overseen.broadcasting,
        roles=Roles(access, records, outbox, common.letters, admission, common.menus),
        admission=admission,
        administering=Administering(access),
        forgetting=Forgetting(records, conversation.memory, outbox, own, doorkeeper.unheard),
        chatting=chatting,
        pressing=Pressing(conversation, access, outbox, membership),
        voting=voting,
        elsewhere=Elsewhere(common.bot, common.library, conversation, limits, line),
    )


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
        .request(connections())
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


async def _decline(outbox: Outbox, access: Access, message: Message, waiting: int) -> bool:
    sender = message.sender_chat or message.from_user
    if not access.may_ask(sender.id if sender else None, message.chat.id):
        return False
    languages.speak(message.from_user.language_code if message.from_user else None)
    await outbox.send(target_of(message), sentence(words.FULL.format(count=waiting)))
    return True
