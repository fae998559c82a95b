"""Serving Telegram: by polling or by webhook, until told to stop, and ending in time."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Updater

from bot.capabilities import STOPPED, Feature
from bot.handlers import UPDATES, App
from bot.inbox import Inbox
from bot.ordering import ChatOrder
from bot.settings import BotSettings
from bot.threads import insist, settle, widen

GRACE = 6.0
"""Seconds for what is under way when the bot is told to stop,"""
END = 9.5
"""and for everything: after ten, who stops programs commonly kills them."""

AGAIN = 3
"""So many times more Telegram is told how updates come, when it fails to hear it."""
POLLING = "Updater:start_polling:polling_task"
"""What the library calls its task."""

log = logging.getLogger(__name__)


def serve(application: App, settings: BotSettings) -> None:
    """Serves in a loop of its own. Ends and raises as `run` does."""
    with asyncio.Runner(loop_factory=_quick_loop()) as runner:
        runner.run(run(application, settings))


def _quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes uvloop's loops; None, for the usual ones, where that does not exist."""
    try:
        import uvloop
    except ImportError:  # on Windows
        return None
    return uvloop.new_event_loop


async def run(application: App, settings: BotSettings) -> None:
    """Serves until SIGINT or SIGTERM; a second one ends the program at once.

    Raises InvalidToken or NetworkError when it cannot start.
    """
    # Its retry loop logs a traceback when it cannot start; the caller says that in a sentence.
    logging.getLogger("telegram.ext").setLevel(logging.CRITICAL)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with serving(application, settings):
        logging.getLogger("telegram.ext").setLevel(logging.WARNING)
        log.info("Serving as @%s.", application.bot.username)
        settle()
        await _told_to_stop(stop)
        log.info("Stopping: what is under way is finished, the rest is answered after the start.")
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        insist(END)


async def _told_to_stop(stop: asyncio.Event) -> None:
    """Waits for it. Raises InvalidToken when Telegram takes the token no longer.

    The library then ends its polling without a word, and would be deaf from there on.
    """
    polling = [task for task in asyncio.all_tasks() if task.get_name() == POLLING]
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([stopped, *polling], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    for task in polling:
        if task.done():
            task.result()


@asynccontextmanager
async def serving(
    application: App, settings: BotSettings, *, grace: float = GRACE
) -> AsyncIterator[None]:
    """Takes updates inside of the block, and ends in order after it.

    Not the library's own `run_polling`: a signal while that starts ends it with a traceback.
    """
    updater, prepare, finish = application.updater, application.post_init, application.post_stop
    inbox, order = application.update_queue, application.update_processor
    if not (updater and prepare and finish):
        raise ValueError("the application was not made by build_application")
    if not (isinstance(inbox, Inbox) and isinstance(order, ChatOrder)):
        raise ValueError("the application was not made by build_application")
    widen()
    async with application:
        await prepare(application)
        if found := await inbox.recover(application.bot):
            log.info("%s updates were received before and are not answered yet.", found)
        await _listen(updater, settings)
        await application.start()
        try:
            yield
        finally:
            await asyncio.gather(_deaf(updater), order.finish(grace))
            await application.stop()
            await finish(application)


async def _deaf(updater: Updater) -> None:
    with suppress(InvalidToken):  # once more; it has been raised
        await updater.stop()


async def _listen(updater: Updater, settings: BotSettings) -> None:
    stops = Feature.STOP in settings.telegram_features
    allowed = [*UPDATES, STOPPED] if stops else UPDATES
    if settings.webhook_url is None:
        await updater.start_polling(
            allowed_updates=allowed, error_callback=_polling_failed, bootstrap_retries=AGAIN
        )
        return
    secret = settings.webhook_secret
    await updater.start_webhook(
        listen=settings.webhook_listen,
        port=settings.webhook_port,
        url_path=urlsplit(settings.webhook_url).path.lstrip("/"),
        webhook_url=settings.webhook_url,
        secret_token=secret.get_secret_value() if secret else secrets.token_urlsafe(32),
        allowed_updates=allowed,
        bootstrap_retries=AGAIN,
    )


def _polling_failed(error: TelegramError) -> None:
    """The library tries again by itself, after up to half a minute."""
    log.warning("asking Telegram for updates failed: %s", error)
