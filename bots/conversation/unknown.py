"""Commands that do not exist: what was meant, by spelling or by another word for it."""

from rapidfuzz import process

from bots.conversation.vocabulary import BY_NAME
from domain.errors import N_, Refusal

CLOSE_ENOUGH = 60  # rapidfuzz score (0 to 100) below which a verb is not worth offering
SHOWN = 32  # characters of what was typed

# Words that other bots and learning platforms have for the same.
MEANT = {
    other: name
    for name, others in {
        "ask": "tutor explain question chat ai",
        "badges": "achievements awards trophies medals",
        "cards": "flashcards deck decks review anki",
        "code": "challenge challenges exercise exercises submit run solve practice",
        "courses": "catalog catalogue browse list enroll join",
        "goal": "goals target",
        "help": "commands menu about info",
        "hint": "clue tip stuck",
        "host": "live kahoot",
        "learn": "lesson lessons next continue resume read study course",
        "link": "connect login account",
        "mute": "silence unsubscribe notifications",
        "privacy": "delete export data forget gdpr",
        "progress": "stats me profile level xp points score report inbox",
        "quiz": "test exam quizzes questions",
        "remind": "reminder reminders schedule notify",
        "saved": "bookmarks favorites",
        "settings": "language lang timezone tz name preferences config options",
        "stop": "cancel exit quit abort",
        "top": "board boards leaderboard leaderboards rank ranking rankings highscores",
    }.items()
    for other in others.split()
}


def no_such_command(verb: str) -> Refusal:
    """What is said to a command that does not exist, with what may have been meant.

    Args:
        verb: as it was typed, without its slash.
    """
    word = verb.lower()
    close = process.extract(word, list(BY_NAME), limit=2, score_cutoff=CLOSE_ENOUGH)
    names = [MEANT[word]] if word in MEANT else [name for name, *_ in close]
    return Refusal(
        N_("There is no command /{verb}. Type /help to see them all."),
        {"verb": verb[:SHOWN]},
        choices=tuple(f"/{name}" for name in names) or ("/help",),
    )
