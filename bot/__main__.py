"""python -m bot: settings → parts → run."""

from __future__ import annotations

import sys

from pydantic import ValidationError

from bot.logs import start_logging
from bot.settings import BotEnvironment
from bot.starting import start
from index.errors import QuothError
from index.settings import IndexEnvironment, what_is_wrong


def main() -> int:
    """Runs the bot, or the terminal without a token; 0, or 1 after a sentence that says why."""
    try:
        settings, index_settings = BotEnvironment(), IndexEnvironment()
        token = settings.telegram_bot_token
        start_logging(settings.log_level, token.get_secret_value() if token else "")
        return start(settings, index_settings)
    except ValidationError as error:
        print("\n".join(what_is_wrong(error)), file=sys.stderr)
    except QuothError as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
