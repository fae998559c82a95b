"""How updates reach a bot: it polls, or they are posted to its webhook."""

import asyncio
import json
import re
import time
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from tests.bot_api_rules import Json, Refused
from tests.bot_api_world import World

WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
ANOTHER_POLL = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


class Delivery:
    """Hands the world's updates over, oldest first; one leaves the queue once it is confirmed."""

    def __init__(self, world: World, retry_seconds: float = 0.1) -> None:
        self._world = world
        self._retry_seconds = retry_seconds
        self._webhook: Json = {}
        self._last_error: Json = {}
        self._latest_poll = 0
        self._pusher: asyncio.Task[None] | None = None

    async def get_updates(self, given: Json) -> list[Json]:
        """Updates not confirmed yet; waits `timeout` seconds for one, empty when none came."""
        if self._webhook:
            raise Refused(WEBHOOK_ACTIVE, 409)
        self._allow(given)
        self._confirm(given.get("offset", 0))
        self._latest_poll += 1
        poll = self._latest_poll
        self._world.changed()  # an older poll must notice this one
        deadline = time.monotonic() + min(given.get("timeout", 0), 50)
        while not self._world.updates and (left := deadline - time.monotonic()) > 0:
            await self._world.wait_for_change(left)
            if poll != self._latest_poll:
                raise Refused(ANOTHER_POLL, 409)
        return self._world.updates[: min(max(given.get("limit", 100), 1), 100)]

    def _confirm(self, offset: int) -> None:
        updates = self._world.updates
        if offset < 0:
            del updates[:offset]
        else:
            updates[:] = [update for update in updates if update["update_id"] >= offset]
        self._world.changed()

    def _allow(self, given: Json) -> None:
        # Without the parameter the last setting stays; an empty list brings the default back.
        if given.get("allowed_updates") is not None:
            self._world.allowed_updates = frozenset(given["allowed_updates"])

    def set_webhook(self, given: Json) -> bool:
        """Post updates to a URL from now on; an empty URL goes back to polling."""
        url = str(given.get("url") or "")
        if not url:
            return self.delete_webhook(given)
        self._check_webhook(url, str(given.get("secret_token", "")))
        self._allow(given)
        self._drop_pending(given)
        self._webhook = {"url": url, "secret_token": given.get("secret_token")}
        self._last_error = {}
        self._world.changed()
        return True

    def _check_webhook(self, url: str, secret: str) -> None:
        parts = urlsplit(url)
        # Telegram wants HTTPS; a test's own bot on this machine may do without.
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256:
            raise Refused("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise Refused("secret token contains unallowed characters")

    def delete_webhook(self, given: Json) -> bool:
        """Stop posting; updates wait for the next poll unless they are dropped."""
        self._webhook = {}
        self._drop_pending(given)
        return True

    def _drop_pending(self, given: Json) -> None:
        if given.get("drop_pending_updates"):
            self._world.updates.clear()

    def get_webhook_info(self, _: Json) -> Json:
        """Where updates go and what went wrong last."""
        info: Json = {
            "url": self._webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates),
        }
        allowed = sorted(self._world.allowed_updates)
        return info | ({"allowed_updates": allowed} if allowed else {}) | self._last_error

    def start(self) -> None:
        """Begin to post updates whenever a webhook is set."""
        self._pusher = asyncio.create_task(self._push_for_ever())

    async def stop(self) -> None:
        """End polls that wait, and post nothing more."""
        self._latest_poll += 1
        self._world.changed()
        if self._pusher:
            self._pusher.cancel()
            await asyncio.gather(self._pusher, return_exceptions=True)

    async def _push_for_ever(self) -> None:
        client = AsyncHTTPClient(force_instance=True)
        try:
            while True:
                if self._webhook and self._world.updates:
                    await self._push(client, self._world.updates[0])
                else:
                    await self._world.wait_for_change(1.0)
        finally:
            client.close()

    async def _push(self, client: AsyncHTTPClient, update: Json) -> None:
        problem = await self._post(client, update)
        if problem is None:
            if update in self._world.updates:
                self._world.updates.remove(update)
            self._world.changed()
        else:
            self._last_error = {"last_error_date": int(time.time()), "last_error_message": problem}
            await asyncio.sleep(self._retry_seconds)

    async def _post(self, client: AsyncHTTPClient, update: Json) -> str | None:
        headers: dict[str, Any] = {"Content-Type": "application/json"}
        if self._webhook["secret_token"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._webhook["secret_token"]
        request = HTTPRequest(
            self._webhook["url"], "POST", headers, json.dumps(update), request_timeout=10
        )
        try:
            reply = await client.fetch(request, raise_error=False)
        except OSError as error:
            return str(error)
        return None if reply.code // 100 == 2 else f"Wrong response from the webhook: {reply.code}"
