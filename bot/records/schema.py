"""The tables of the bot's own records, as migrations by number. Times are seconds since 1970, UTC.

To change them add a migration at the end (statements with ; between, none inside); one that has
been released is never touched again.
"""

from __future__ import annotations

_FIRST = """
-- people, and groups, whose ids are negative
CREATE TABLE known(
    id INTEGER PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, username TEXT,
    seen INTEGER NOT NULL, reachable INTEGER NOT NULL);
CREATE INDEX known_username ON known(username);
CREATE INDEX known_role ON known(role);

-- strangers who wait to be let in. `told` is JSON: the messages that show it to admins
CREATE TABLE pairing(
    person INTEGER PRIMARY KEY, code TEXT UNIQUE NOT NULL, expires INTEGER NOT NULL,
    told TEXT NOT NULL DEFAULT '[]', declined INTEGER NOT NULL DEFAULT 0);

CREATE TABLE audit(
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor INTEGER NOT NULL,
    action TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX audit_at ON audit(at);

CREATE TABLE answer(
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL, asker INTEGER NOT NULL,
    at INTEGER NOT NULL, question TEXT NOT NULL, answered INTEGER NOT NULL, seconds REAL NOT NULL,
    generation INTEGER NOT NULL);
CREATE INDEX answer_at ON answer(at);
CREATE INDEX answer_asker ON answer(asker);
CREATE TABLE answer_message(
    chat INTEGER NOT NULL, message INTEGER NOT NULL,
    answer INTEGER NOT NULL REFERENCES answer(id) ON DELETE CASCADE,
    PRIMARY KEY(chat, message)) WITHOUT ROWID;
CREATE INDEX answer_message_answer ON answer_message(answer);
CREATE TABLE vote(
    answer INTEGER NOT NULL REFERENCES answer(id) ON DELETE CASCADE, person INTEGER NOT NULL,
    up INTEGER NOT NULL, PRIMARY KEY(answer, person)) WITHOUT ROWID;
CREATE INDEX vote_person ON vote(person);

-- questions of a person on a day, in days since 1970
CREATE TABLE asked(
    day INTEGER NOT NULL, person INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY(day, person)) WITHOUT ROWID;

CREATE TABLE state(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID
"""

_JOURNAL = """
-- updates of Telegram, by the bot that received them. `body` is NULL once one has been handled
CREATE TABLE received(
    bot INTEGER NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL,
    maybe_sent INTEGER NOT NULL DEFAULT 0, starts INTEGER NOT NULL DEFAULT 0, body TEXT,
    PRIMARY KEY(bot, id)) WITHOUT ROWID;
CREATE INDEX received_unanswered ON received(bot, id) WHERE body IS NOT NULL;
CREATE INDEX received_at ON received(at)
"""

_SPENDING = """
-- what the language model took for a person on a day, in days since 1970
CREATE TABLE spent(
    day INTEGER NOT NULL, person INTEGER NOT NULL, tokens INTEGER NOT NULL, cost REAL NOT NULL,
    PRIMARY KEY(day, person)) WITHOUT ROWID
"""

_LANGUAGE = "ALTER TABLE known ADD COLUMN language TEXT"

_OWN = """
-- whether documents of that chat alone were read: of older questions that is not known
ALTER TABLE answer ADD COLUMN own INTEGER NOT NULL DEFAULT 1
"""

_ADDED = """
-- who added what to a group, whose `document` is a fingerprint of its name
CREATE TABLE added(
    chat INTEGER NOT NULL, document TEXT NOT NULL, person INTEGER NOT NULL,
    PRIMARY KEY(chat, document)) WITHOUT ROWID;
CREATE INDEX added_person ON added(person)
"""

MIGRATIONS = (_FIRST, _JOURNAL, _SPENDING, _LANGUAGE, _OWN, _ADDED)
