"""Every sentence the bot says by itself, in one place, so that they can be translated.

They are written in English here; outside of this module `words.START` is the sentence in the
language that is spoken (`bot/languages.py`). So constants are never imported by name. After a
change, `python -m bot.translating` brings the catalogues up to date.
"""

from __future__ import annotations

import sys
from datetime import datetime
from types import ModuleType

from bot import languages

START = "Ask me a question. I answer from the documents I have read, and show the words I rest on."
HOLDS = "I know {documents}, as of {built}."
HOLDS_NOTHING = "I have read no documents yet."
NO_INDEX = "There is no index yet, so I cannot answer. Whoever runs me can build it."
HELP = """\
Write a question, and I look for the answer in the documents I have read.

• The answer comes first, then the quotes it rests on, word for word.
• When the documents don't say, I say so, and show the nearest passages.
• When you ask who said something, I name a speaker only if the text does."""
HELP_GOING_ON = """\
• Each numbered button opens a quote where it stands, and ‹ › walk on through the document.
• The title of a quote is a link that opens it again later. Share it with others who may ask me.
• Ask on from an answer ("and how many were injured?"), or reply to an older one to go on from it.
• 👍 and 👎 below an answer, or as a reaction, tell my admins whether it helped."""
HELP_OWN = """\
• Send me a file or a link, and I read it for you alone; in a group, with a mention of me, for \
the group. A caption that is a question is answered."""
HELP_SEEN = "• What I could not answer, or what was voted down, my admins can read, without names."
HELP_SEEN_NOT = "They don't see what is asked in a chat that has documents of its own."
HELP_INLINE = "• In any chat, type @{bot} and a few words to find a quote to send there."
HELP_TELEGRAM = """\
In a group, mention me, reply to me or write /ask and your question.

/ask – ask a question
/sources – list the documents
/add – read a link, or in reply to a file, that file
/mine – what was added here
/forget – forget a document by its name
/new – begin anew: I forget what you asked before
/forgetme – I forget what I know of you
/help – show this"""
HELP_TERMINAL = """\
A number opens that quote of the last answer, or chooses what is offered.

/more – what comes near beside the last answer's quotes
/new – begin anew: I forget what you asked before
/sources – list the documents; /sources 2 the second page
/status – what the index holds
/reindex – bring the index up to date with the folder
/docs – look a document up by words of its title or name; /forget – take it out
/rollback – go back to the version of the index before
/gaps – what was asked in Telegram in vain, or voted down
/quit – leave (so does Ctrl+D)"""
HELP_ADMIN = """\
For admins:
/reindex – bring the index up to date with the folder
/cancel – stop a running reindex or broadcast
/status – what the index holds, and how I am
/docs – the documents; /docs and words: those with these words in title or name
/forget – take a document out of the index, by its title or file name
/rollback – go back to the version of the index before
/gaps – what was asked in vain, or voted down
/stats – how much is asked, how it fares, how fast
/broadcast – a message to everybody who talks to me
/export – the whole index as a file, for the owner
/why – in reply to an answer: how it came about
/people – who is known, and their roles
/allow, /block, /unblock – in reply to somebody, or with their id or @name
/promote, /demote – the same, for the owner
/audit – what admins did"""

COMMANDS = {
    "ask": "Ask a question",
    "sources": "List the documents",
    "add": "Have a link read, or a file in reply to it",
    "mine": "What was added here, and forget it",
    "forget": "Forget a document by its name",
    "new": "Begin anew, without what you asked before",
    "forgetme": "Forget what I know of you",
    "help": "What I do, and how to ask",
}
ADMIN_COMMANDS = {
    "reindex": "Bring the index up to date",
    "cancel": "Stop a running reindex or broadcast",
    "status": "What the index holds, and how I am",
    "docs": "Look documents up, open them, forget them",
    "rollback": "Go back to the version before",
    "gaps": "What was asked in vain or voted down",
    "stats": "How much is asked, how it fares, how fast",
    "broadcast": "Send a message to everybody who talks to me",
    "export": "The whole index as a file (owner only)",
    "why": "In reply to an answer: how it came about",
    "people": "Who is known, and their roles",
    "allow": "Let somebody in: by reply, id, @name or code",
    "block": "Give somebody no more replies",
    "unblock": "Take a block back",
    "promote": "Make somebody an admin (owner only)",
    "demote": "Take a role away",
    "audit": "What admins did",
}
WHY = "How this answer came about"
MODEL_TROUBLE = (
    "The language model {model} failed several times in a row ({reason}). Questions are answered "
    "by quotes alone until it works again."
)
CUT = "Cut from what the language model wrote, and why:"
WHY_UNKNOWN = (
    "Reply with /why to an answer of mine. I keep how the latest ones came about, "
    "until a restart or a reindex."
)

NO_SPEAKER = "The text does not say who said it."
# These down to REINDEX_STOPPED are what the index says, word for word: they are looked up by it.
NOT_FOUND = "The documents don't say."
NOTHING_INDEXED = "There are no documents to answer from yet."
ASK_IN_WORDS = "Ask a question in a sentence or a few words."
NO_WORDS = "There are no words in that. Ask in a sentence or a few words."
PASSAGE_GONE = "This passage is no longer in the documents: its source changed or went."
NOTHING_BEFORE = "There is no earlier version of the index to go back to."
REINDEX_STOPPED = "The reindex was stopped. The index is as it was before."
NEAREST = "The nearest passages:"
FURTHER = "Further passages that come near:"
SHOW_MORE = "More"
NO_MORE = (
    "I have nothing further on that, or no longer remember what it was about. Please ask again."
)
VOTE_UP = "👍 Helpful"
VOTE_DOWN = "👎 Not helpful"
VOTED_UP = "Thank you. Noted as helpful."
VOTED_DOWN = "Thank you. Noted as not helpful, for those who look after the documents."
VOTE_TAKEN_BACK = "Your vote is taken back."
VOTE_TOO_LATE = "This answer is too old for me to note a vote on it."
FORGOTTEN = "I have forgotten what you asked me here. Your next question begins anew."
ALSO_IN = "Also in: {titles}"
PAGE = "p. {page}"
PASSAGE = "passage {number} of {total}"
STEP_BACK = "‹ Before"
STEP_ON = "After ›"
COPY_LINK = "Copy link"
SOURCE_CHANGED = (
    "The document has changed since this was quoted. The same words still stand in it, here:"
)
WORDS_CHANGED = (
    "The document has changed since this was quoted, and those words are no longer in it. "
    "This is where they stood:"
)
SOURCE_GONE = "This was quoted from a document that I no longer have, or that is not for this chat."
OPEN = "Open [{number}]"
OPEN_SOURCE = "Open where it stands"
ANSWER = "Answer"
ASK_ME = "Mention me with a question, and I look for the answer in the documents I have read."
INLINE_HELP = "Type words: I find quotes to send. More about me"
INLINE_NOTHING = "Nothing found. Ask me in private"
# What is said alone and asks for nothing, with | between.
GREETINGS = (
    "hello|hi|hey|hello there|hi there|good morning|good day|good afternoon|good evening|greetings"
)
THANKS = "thanks|thank you|thank you very much|thanks a lot|many thanks|thx|ok|okay|ok thanks|great"
ABOUT_ME = (
    "help|what can you do|what do you do|who are you|what are you|how do you work|"
    "how does this work"
)
HELP_SAYS_MORE = "/help says more."
YOU_ARE_WELCOME = "You are welcome. Ask on whenever you like."
ASK_SOMETHING = "What would you like to know? Write /ask and your question in one message."
ASK_SOMETHING_HERE = "What would you like to know? Write your question in one message."
TEXT_ONLY = (
    "I can read text, files and links. Please write your question, or send what I should read as "
    "a file."
)
TEXT_ALONE = "I can read text alone. Please write your question."
ADDED_FILE = "I have read {sentences} from {name}. Ask away."
ADDED_ANEW = "I have read {sentences} from {name}, in place of the one you sent before. Ask away."
ADDED_FOR_YOU = "Only you can ask about it. /mine lists what you added."
ADDED_FOR_GROUP = "Everybody in this group can ask about it here. /mine lists what was added."
NOT_ADDED = "I could not read {name}: {reason}."
READING_FILE = "Reading {name} …"
FILE_TOO_LARGE = (
    "{name} has {size}. Telegram gives me files of up to {most}. Could you send it in parts?"
)
FILE_GONE = "Telegram does not give me {name} ({reason}). Please send it again."
DOWNLOAD_FAILED = "{name} did not come through from Telegram. Please send it again."
UNNAMED = "document"
ADDING_OFF = "I don't read files or links that are sent to me. Please write your question."
ADD_WHAT = "What shall I read? Write /add and a link, or /add in reply to a file."
MINE_NONE = "You have added no documents. Send me a file or a link, and I read it for you alone."
OURS_NONE = (
    "No documents were added in this group. Send a file and mention me, or write /add in reply to "
    "one."
)
MINE_HEAD = "{documents}, {size} of {most}"
MINE_LINE = "{number}. {name} · {sentences}"
MINE_GONE = "It is no longer among the documents that were added here. See /mine."
FORGET_NAMED = "Forget {name}"
FORGET_OWN = "Forget {name}, with every word of it? This cannot be undone."
FORGET_WHICH_OWN = "Which document? Write /forget and its name; /mine lists what was added here."
FORGET_NONE_OWN = "Nothing of that name was added here. /mine lists what was."
NOT_YOURS_TO_FORGET = "Only who sent it, or an admin, can do that."
PUBLISH_BUTTON = "Publish to everybody"
PUBLISH_NAMED = "Publish {name}"
PUBLISH = "Publish {name} to everybody who may ask me? It then belongs to the shared documents."
PUBLISH_YES = "Publish it"
PUBLISHED = "{name} can now be asked about by everybody. /forget takes it back."
UNKNOWN_COMMAND = "I don't know that command. /help lists what I can do."
UNKNOWN_COMMAND_NEAREST = "I don't know that command. Did you mean /{nearest}?"
ANONYMOUS = (
    "You write anonymously, so I cannot tell whether you are one of my admins. Write as yourself "
    "(switch off “Remain anonymous” among your rights as an admin of this group), or send me the "
    "command in private."
)
NOT_ALLOWED = "I answer only people whom my owner has let in. Your id is {person}."
TOO_MANY = (
    "That was more than {limit} questions in a minute. I pass over your messages for {seconds}."
)
BROKEN_LINK = "This link is not whole. Please open it again where you found it."
TOO_MANY_TODAY = (
    "You have asked {limit} questions today, which is as many as one person may. "
    "Please come back in {wait}."
)

GROUP_NOT_LET_IN = (
    "I am in {group} now, where I answer only people who have been let in. /allow, written there, "
    "lets the whole group in."
)
PAIRING_CODE = (
    "I answer only people whom an admin has let in. I have asked them. Your code is {code}: "
    "you can tell it to an admin, so that they know it is you."
)
PAIRING_WAITS = "The admins have not decided yet. Your code is {code}."
PAIRING_FULL = "Too many people are waiting to be let in. Please try again tomorrow."
PAIRING_ASKED = "{who} asks to be let in. Their code is {code}."
PAIRING_APPROVED = "You have been let in. Ask me a question; /help shows how."
PAIRING_DECLINED = "The admins have declined to let you in."
PAIRING_APPROVED_BY = "{who} was let in by {admin}."
PAIRING_DECLINED_BY = "{who} was declined by {admin}."
PAIRING_BLOCKED_BY = "{who} was blocked by {admin}."
PAIRING_DONE = "They are let in."
PAIRING_OVER = "Nobody waits with this code: it was decided on, or has expired."
APPROVE = "Let in"
DECLINE = "Decline"
BLOCK = "Block"

PERSON_WITH_NAME = "{name} ({id})"
PERSON_WITH_USERNAME = "{name} (@{username}, {id})"
ROLES = {
    "owner": "owner",
    "admin": "admin",
    "allowed": "let in",
    "person": "no role",
    "blocked": "blocked",
}
WHOM = "Who is meant? Write it in reply to a message of theirs, or with their id or @name."
NAME_UNKNOWN = (
    "I know nobody called {name}. Write their id instead, or reply to a message of theirs."
)
PROMOTED = "{who} is an admin now. /demote {id} takes that back."
PROMOTED_YOU = "You are an admin here now. /help shows what you can do."
DEMOTED = "{who} is no admin any more, but may ask."
DEMOTED_YOU = "You are no admin here any more."
SHUT_OUT = "{who} has no role any more."
LET_IN = "{who} may ask now."
BLOCKED = "{who} gets no more replies. /unblock {id} takes that back."
BLOCKS_ALL = (
    "That was written in the name of the whole group, and I cannot tell by whom. /block {id} "
    "blocks the group."
)
UNBLOCKED = "{who} is blocked no longer."
ROLE_SAME = "Nothing to change: {who} has no such role, or has it already."
ROLE_FIXED = "The settings name this one (OWNER_ID, ADMIN_IDS or ALLOWED_IDS). Change it there."
ROLE_OF_NOBODY = "Many people write under this id, so it gets no role."
ROLE_OF_A_CHAT = "Only a person can be an admin, not a group or a channel."
ROLE_OWN = "You cannot change your own role."
ROLE_BY_OWNER = "Only the owner appoints admins, and takes that back."
IN_PRIVATE = "Others would read that here. Ask me in private."
PEOPLE = "People and groups"
PERSON_LINE = "{who}: {role}"
AUDIT = "What admins did (times in UTC)"
AUDIT_LINE = "{when} · {who} · {action} {detail}"
BY_ITSELF = "by itself"
LIST_EMPTY = "Nothing yet."
DISK_LOW = "The disk that holds {folder} is nearly full: {free} left. Free some space there."
FORGETME = (
    "Shall I forget you? Your questions and votes go for good, the documents that you added for "
    "yourself, and your name. What stays: what you added to groups, whether "
    "you were let in or blocked, how often you asked today, and what admins noted in the audit."
)
FORGETME_YES = "Forget me"
FORGOT_YOU = "Forgotten, with {questions} and {documents}."
OLD_BUTTON = "This button is too old for me. Please ask again."
NO_SUCH_QUOTE = "There is no quote [{number}] in the last answer, and nothing else to choose by it."
CHOICE = "{number} – {label}"

BUSY = (
    "Many people are asking just now: you are number {place} in line. "
    "Your answer comes here by itself."
)
FULL = (
    "{count} messages wait here already. I pass over further ones until I have answered those; "
    "please ask again then."
)
AWAY = (
    "I was away for a while, and what you wrote meanwhile is too long ago to be answered now. "
    "Please ask again. Sorry!"
)
CUT_OFF = (
    "I was stopped while I was working on this. If no answer has reached you, please ask again."
)

TROUBLE = "Something went wrong on my side. Please ask again. (Noted in the log as {id}.)"
CONNECTION = (
    "The connection failed while I was sending. If no answer has reached you, please ask again."
)

SOURCES_NONE = "There are no documents yet."
ADDED_BY_YOU = "added by you"
ADDED_HERE = "added in this group"
SOURCES_PAGE = "Page {page} of {pages}"
EARLIER = "‹ Earlier"
LATER = "Later ›"

REINDEXING = "Reindexing…"
READING = "Reading the documents: {done} of {total}"
READING_SO_FAR = "{read}, {passages} so far"
READING_ON = "{read}, {rate}, about {left} left"
A_SECOND = "{count} a second"
A_MINUTE = "{count} a minute"
SWITCHING = "Switching to the new index"
REINDEX_SHOWN = "{progress}\nQuestions are answered from the index as it was."
REINDEX_RUNS = "A reindex is already running. {progress}. /cancel stops it."
REINDEX_DONE = "The index is up to date."
REINDEX_FAILED = "The reindex failed, and the index stays as it was. The log says why."
REINDEX_ENDED = "The reindex has ended."
REINDEX_SAME = "Nothing has changed."
FOLDER_EMPTY = (
    "There are no documents in the folder. Put files there (the setting DOCUMENTS says where), and "
    "give /reindex again."
)
NOTHING_RUNS = "Nothing is running that could be stopped."
REINDEX_STOPPING = "Stopping the reindex. The index stays as it was."
REINDEX_COUNTS = (
    "{added} added, {changed} changed, {removed} removed, {unchanged} unchanged, {failed} failed\n"
    "{duplicates}, {seconds}"
)
REINDEX_FAILED_SO = "A reindex failed. {error}"
FAILED = "Failed:"
ADDED = "Added:"
CHANGED = "Changed:"
REMOVED = "Removed:"
DUPLICATES = "Duplicates:"
REPEATS = "{copy} repeats {first}"
MORE = "… and {count} more"
ALL_FAILURES = "All failures"
FAILURES_FILE = "{files} could not be read; each line names one, and says why."
FAILURES_NONE = "All files can be read now."

STATUS_INDEX = "Index: {built} (version {number})"
STATUS_KEPT = "Versions before it that are kept: {versions}"
STATUS_MODEL = "Model: {model}, {how}"
STATUS_READER = "Reader: {reader}"
STATUS_DISK = "Disk: {size}"
STATUS_MEMORY = "Memory: {size}"
STATUS_LIVED = "Running for {duration}: {asked}, {refused}"
STATUS_REINDEX = "Reindex: {progress}"
STATUS_LAST = "Last reindex: {when}: {outcome}"
STATUS_NEXT = "Next reindex: {when}"
NOT_READ = "Files that could not be read:"
NOT_BUILT = "not built yet"
NONE = "none"

LEAVE_IT = "Leave it"
LEFT = "Nothing was changed."
TOO_LATE = "This question is no longer open. Please give the command again."
NOT_YOURS = "Only the one who asked for this can decide it."
ROLLBACK = (
    "Go back to version {number} of {built}, with {documents}? "
    "Now questions are answered from version {now} of {now_built}, with {now_documents}."
)
ROLLBACK_YES = "Go back to version {number}"
ROLLBACK_DONE = (
    "Questions are answered from version {number} of {built}. "
    "The next /reindex takes over the folder as it is then."
)
ROLLBACK_DONE_SCHEDULED = (
    "Questions are answered from version {number} of {built}, until the next reindex takes over "
    "the folder as it is then. One comes by itself; REINDEX_EVERY=0 stops that."
)
ROLLBACK_OVERTAKEN = "The index has changed since you were asked. Nothing was done: see /status."

DOCS_FOUND = "{documents} with “{words}” in title or name"
DOCS_NONE = "No document has “{words}” in its title or name."
DOC_FAILED_LINE = "{title} (could not be read: {reason})"
DOC_SOURCE = "File: {source}"
DOC_FILE = "Inside of: {file}"
DOC_DATE = "Date: {date}"
DOC_SIZE = "Holds: {sentences} in {passages}"
DOC_READ = "Read: {when}"
DOC_FINE = "State: as it was read last"
DOC_STALE = "State: needs a look: {reason}"
DOC_FAILED = "State: could not be read: {reason}"
DOC_GONE = "This document is no longer in the index, or there is a newer version. See /docs."
DOC_OPEN = "Open its beginning"
DOC_FORGET = "Forget"
FORGET = "Forget “{title}” ({source})?"
FORGET_BESIDE = "With it goes all that {file} holds: {others}."
FORGET_MEANS = (
    "Its words go from all versions of the index and from the disk; this cannot be undone. A file "
    "of the folder stays there, and is left out from now on by a line in .quothignore; a link "
    "leaves links.txt."
)
FORGET_MEANS_ADDED = "Its words go from the index and from the disk; this cannot be undone."
FORGET_YES = "Forget it"
FORGETTING = "Forgetting…"
FORGOT = "Forgotten: {files}"
GAPS = "{questions} of the last {days} days refused, or voted down more than up"
GAPS_NONE = "In the last {days} days no question was refused, or voted down more than up."
GAPS_OWN = (
    "Not shown: {questions} from chats that have documents of their own. These are only counted."
)
GAP_LINE = "{question}\n{counts}"
GAP_REFUSED = "refused {count} ×"
GAP_VOTED_DOWN = "voted down {count} ×"
GAP_NEWEST = "last on {day}"
GAP_ALSO = "Also asked as:"
GAP_PASSAGE = "[{number}] {title}"
GAP_ASK = (
    "This comes nearest in the documents now. Which one answers the question? What you choose is "
    "kept as an item of an evaluation, and the question leaves the list."
)
GAP_EMPTY = "Nothing in the documents comes near now."
GAP_ANSWERS = "[{number}] answers it"
GAP_UNANSWERABLE = "None: the documents don't say"
GAP_SETTLE = "Settled: off the list"
GAP_SETTLED = "Off the list: {question}"
GAP_GONE = "This question is no longer on the list. See /gaps."
GAP_NOTED = "Kept: “{question}” is answered by {title}. The evaluation lies in {file}."
GAP_NOTED_NONE = "Kept: “{question}” cannot be answered. The evaluation lies in {file}."

STATS = "{questions} in {days}"
STATS_NONE = "Nobody has asked anything in {days}, or nothing is kept of it."
STATS_A_DAY = "A day: {count}"
STATS_REFUSED = "Refused: {share}"
STATS_HELPFUL = "Helpful: {share} of {votes}"
STATS_NO_VOTES = "Helpful: nobody has voted yet"
STATS_SECONDS = "Seconds: half within {median}, 95 % within {slow}"
STATS_MODEL = "Language model: {tokens} tokens, cost {cost}"
STATS_PICTURE = "In the picture: answered below, refused (hatched) on top of them."
STATS_DAY = "{day}: {count} (refused: {refused})"

BROADCAST = "That goes to {people}, as you see it above. Send it?"
BROADCAST_YES = "Send it"
BROADCAST_WHAT = "What shall I say? Write /broadcast and the message after it, bold words and all."
BROADCAST_NOBODY = "Nobody else has written to me in private yet, or may ask still."
BROADCAST_RUNS = "Another broadcast is running. /cancel stops it."
BROADCAST_BEGUN = "It is on its way. /cancel stops it."
BROADCAST_SENDING = "Sending: {delivered} of {people}"
BROADCAST_ENDED = "The broadcast has ended."
BROADCAST_STOPPING = "Stopping the broadcast. What was sent, is sent."
BROADCAST_DONE = "Delivered: {delivered}. Have blocked me: {blocked}. Failed: {failed}."
BROADCAST_STOPPED = (
    "Stopped. Delivered: {delivered}. Have blocked me: {blocked}. Failed: {failed}. "
    "Not tried: {left}."
)

FOR_THE_OWNER = "Only the owner can do that."
EXPORTED = "The whole index, {size}. On another machine: python -m index import FILE"
EXPORT_LIES = (
    "The whole index, {size}, is too large to be sent. It lies in {file}; take it from there and "
    "delete it. On another machine: python -m index import FILE"
)

FORGET_WHAT = "Which document? Write /forget and its title or file name; /docs lists them."
FORGET_NONE = "No document has “{named}” as its title or file name, or in them. /docs lists all."
FORGET_WHICH = "Which of these?"
FORGET_MANY = "That fits {documents}. Write more of the title, or the whole file name."

NO_ADMINS = "Nobody may administer this bot by chat: ADMIN_IDS is not set."
NO_BOT = """\
No TELEGRAM_BOT_TOKEN is set, so the conversation is held here.
For Telegram: write /newbot to @BotFather, then put TELEGRAM_BOT_TOKEN=<the token> into .env."""
NOT_ACCEPTED = (
    "Telegram does not accept the TELEGRAM_BOT_TOKEN. Copy it again from @BotFather: "
    "/mybots, your bot, API Token."
)
NO_TELEGRAM = "Telegram cannot be reached at {host} ({reason}). Check the network and try again."
TERMINAL_HINT = "Ask a question. /help shows what else there is; Ctrl+D leaves."


SECONDS = "{seconds} s"
MINUTES = "{minutes} min {seconds} s"
HOURS = "{hours} h {minutes} min"
DAY_AND_TIME = "{day}, {time} UTC"


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 document`, `1,234 documents`."""
    return languages.counted(count, f"{{count}} {one}", f"{{count}} {many or one + 's'}")


def moment(when: datetime) -> str:
    """`2026-08-02 10:30 UTC`."""
    return f"{when:%Y-%m-%d %H:%M} UTC"


def day_and_time(when: datetime) -> str:
    """`2 August 2026, 10:30 UTC`."""
    day = languages.spoken_day(when.date())
    return languages.said(DAY_AND_TIME).format(day=day, time=f"{when:%H:%M}")


def spoken_duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`."""
    if seconds < 9.95:
        return languages.said(SECONDS).format(seconds=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return languages.said(SECONDS).format(seconds=rest)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return languages.said(HOURS).format(hours=hours, minutes=minutes)
    return languages.said(MINUTES).format(minutes=minutes, seconds=rest)


def spoken_size(count: int) -> str:
    """`512 bytes`, `3.4 MB`, `1.2 GB` (of 1,024)."""
    if count < 1024:
        return counted(count, "byte")
    size = float(count)
    for unit in ("KB", "MB", "GB", "TB"):
        size /= 1024
        if size < 1000 or unit == "TB":
            break
    return f"{size:.1f} {unit}"


class _Spoken(ModuleType):
    """This module, with its sentences in the language that is spoken when they are asked for."""

    def __getattribute__(self, name: str) -> object:
        value = super().__getattribute__(name)
        if not name.isupper():
            return value
        if isinstance(value, dict):
            return {key: languages.said(each) for key, each in value.items()}
        return languages.said(value)


sys.modules[__name__].__class__ = _Spoken
