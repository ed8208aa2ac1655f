"""The commands, once: /help, the completion in the terminal and every menu are made from this.

A verb is listed only when its flow works. Names are 1 to 32 of a-z 0-9 _ and summaries at most
100 characters, the stricter of the platforms' limits.
"""

from dataclasses import dataclass

from domain.errors import N_


@dataclass(frozen=True, slots=True)
class Verb:
    """One command: its name, one line of help, how it is written, and examples that work.

    `words` are the beginnings of its arguments that a door can offer before anything is typed.
    `label` stands on a button that does what the command alone does.
    """

    name: str
    summary: str
    usage: str = ""
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    label: str = ""

    @property
    def line(self) -> str:
        """How it is typed: "/courses [words] [level:N]"."""
        return f"/{self.name} {self.usage}".strip()


VERBS: tuple[Verb, ...] = (
    Verb("start", N_("Say hello, or open the menu"), label=N_("Menu")),
    Verb(
        "learn",
        N_("Continue exactly where you stopped"),
        "[course] | next",
        ("/learn python", "/learn next"),
        ("next",),
        label=N_("Continue learning"),
    ),
    Verb(
        "courses",
        N_("Find a course and join it"),
        "[words] [tag:…] [level:…] [lang:…]",
        ("/courses python", "/courses level:beginner"),
        ("tag:", "level:beginner", "level:intermediate", "level:advanced", "lang:"),
        label=N_("Courses"),
    ),
    Verb(
        "quiz",
        N_("Take a quiz, or draw questions"),
        "[quiz] | [n domain:…]",
        ("/quiz",),
        label=N_("Quiz"),
    ),
    Verb(
        "code",
        N_("Open a challenge, hand in code, see your attempts"),
        "[challenge] | history | submit FILE",
        ("/code two-fer", "/code history"),
        ("list", "history", "submit"),
        label=N_("Challenges"),
    ),
    Verb("hint", N_("Take the next hint of the open challenge"), label=N_("Next hint")),
    Verb(
        "ask",
        N_("Ask the tutor: it guides, and never gives the answer away"),
        "[question] | explain | review",
        ("/ask why does my loop stop too early?", "/ask explain"),
        ("explain", "review"),
        label=N_("Ask the tutor"),
    ),
    Verb(
        "host",
        N_("Host a live quiz in a group"),
        "[quiz] [mode:…] [time:…] [teams:…] [n:…] | list | here | next | pause | resume | stop",
        ("/host osi-basics", "/host n:10 domain:1.0 mode:timed"),
        (
            *("list", "here", "next", "pause", "resume", "stop"),
            *("mode:timed", "mode:first", "mode:survival", "mode:type", "time:", "n:"),
        ),
        label=N_("Host a quiz"),
    ),
    Verb(
        "group",
        N_("See and change what this group has agreed on"),
        "[check | host … | language … | channel … | board … | quiet …]",
        ("/group check", "/group host managers", "/group quiet 22:00-08:00 Europe/Warsaw"),
        (
            *("check", "host everyone", "host managers", "language", "channel here"),
            *("channel any", "board on", "board off", "quiet off"),
        ),
        label=N_("This group"),
    ),
    Verb(
        "cards",
        N_("Look at cards that are due; write, import and export cards"),
        "[set] | add [CARD] | import | export [set]",
        ("/cards", "/cards add 2 ** 3 | 8", "/cards export csv"),
        ("add", "import", "export"),
        label=N_("My cards"),
    ),
    Verb(
        "goal",
        N_("Set minutes for each day, or a goal with a date"),
        "[20m | off | new 50 cards by 1 Dec]",
        ("/goal 20m", "/goal new 12 lessons by 1 Dec"),
        ("10m", "20m", "30m", "off", "new"),
        label=N_("My goals"),
    ),
    Verb(
        "remind",
        N_("Be reminded at a time, while the day is still open"),
        "[20:00 [mon-fri] | later | not today | off | quiet 22:00-08:00]",
        ("/remind 20:00", "/remind 18:30 mon-fri", "/remind off"),
        ("20:00", "later", "not today", "off", "quiet 22:00-08:00", "quiet off"),
        label=N_("Reminder"),
    ),
    Verb(
        "mute",
        N_("Choose which messages come without being asked for"),
        "[reminder | streak | freeze | cards | goal | news | live | all]",
        ("/mute", "/mute news"),
        ("reminder", "streak", "freeze", "cards", "goal", "news", "live", "all"),
        label=N_("Mute"),
    ),
    Verb(
        "unmute",
        N_("Let a kind of message come again"),
        "reminder | streak | freeze | cards | goal | news | live | all",
        ("/unmute news",),
        ("reminder", "streak", "freeze", "cards", "goal", "news", "live", "all"),
        label=N_("Unmute"),
    ),
    Verb("badges", N_("See what you have earned, and what is near"), label=N_("My badges")),
    Verb(
        "top",
        N_("See who is first, in your group, a course or this week"),
        "[week | all | group | course | CHALLENGE | hide | show]",
        ("/top week", "/top course", "/top hide"),
        ("week", "all", "group", "course", "hide", "show"),
        label=N_("Boards"),
    ),
    Verb(
        "progress",
        N_("See what you have done"),
        "[days | courses | skills | inbox]",
        ("/progress", "/progress days"),
        ("days", "courses", "skills", "inbox"),
        label=N_("My progress"),
    ),
    Verb(
        "streak",
        N_("See your days in a row, and the rule"),
        "[why | calendar | hide | show | weekends off|on | days mon-fri]",
        ("/streak why", "/streak weekends off"),
        ("why", "calendar", "hide", "show", "weekends off", "weekends on", "days"),
        label=N_("My streak"),
    ),
    Verb(
        "save",
        N_("Keep this page, with a note"),
        "[note]",
        ("/save look at this again",),
        label=N_("Save this page"),
    ),
    Verb("saved", N_("Open what you saved"), label=N_("Saved pages")),
    Verb(
        "settings",
        N_("Time zone, language, display"),
        "[time ZONE | day HH:MM | language CODE | display full|compact]",
        ("/settings time Europe/Warsaw", "/settings display compact"),
        ("time", "day", "language", "display full", "display compact"),
        label=N_("Settings"),
    ),
    Verb(
        "teach",
        N_("For people who teach a course: see its tutor at work, and guide it"),
        "tutor [course] | stats [course]",
        ("/teach tutor", "/teach stats"),
        ("tutor", "stats"),
        label=N_("Teaching"),
    ),
    Verb(
        "link",
        N_("Join your account on another platform with this one"),
        "[code]",
        ("/link", "/link 7KQ4-X2M9"),
        label=N_("Link accounts"),
    ),
    Verb(
        "unlink",
        N_("Part accounts that were joined"),
        examples=("/unlink",),
        label=N_("Part accounts"),
    ),
    Verb(
        "privacy",
        N_("See what is stored about you, and who sees it"),
        "[boards on|off | history on|off | tutor on|off]",
        ("/privacy boards off", "/privacy tutor off"),
        ("boards on", "boards off", "history on", "history off", "tutor on", "tutor off"),
        label=N_("Privacy"),
    ),
    Verb("help", N_("Explain the commands"), "[command]", ("/help learn",), label=N_("Help")),
    Verb("stop", N_("Leave what you are doing; nothing is lost"), label=N_("Stop")),
)

BY_NAME = {verb.name: verb for verb in VERBS}

# Beginnings of lines that are more than a command, and the words for them on a button.
LABELS = {
    "/learn next": N_("What fits me now?"),
    "/code history": N_("My attempts"),
    "/remind later": N_("In 1 h"),
    "/remind not today": N_("Not today"),
    "/remind off": N_("No reminders"),
    "/mute reminder": N_("Mute reminder"),
    "/mute streak": N_("Mute streak"),
    "/mute freeze": N_("Mute freezes"),
    "/mute cards": N_("Mute cards"),
    "/mute goal": N_("Mute goals"),
    "/mute news": N_("Mute news"),
    "/mute live": N_("Mute quiz reports"),
    "/unmute reminder": N_("Unmute reminder"),
    "/unmute streak": N_("Unmute streak"),
    "/unmute freeze": N_("Unmute freezes"),
    "/unmute cards": N_("Unmute cards"),
    "/unmute goal": N_("Unmute goals"),
    "/unmute news": N_("Unmute news"),
    "/unmute live": N_("Unmute quiz reports"),
    "/host review": N_("Review mine"),
    "/host cards": N_("My misses as cards"),
    "/host report": N_("Report"),
    "/link yes": N_("Yes, that is me"),
    "/link no": N_("No"),
}

# They hold an id, which nobody should have to type.
UNTYPED = ("/link yes ", "/link no ", "/host review ", "/host cards ", "/host report ")


def label_of(line: str) -> tuple[str, str]:
    """The words for a command line on a button, and what of the line they do not say."""
    for beginning, words in LABELS.items():
        if line == beginning or line.startswith(f"{beginning} "):
            return words, ""
    name, _, rest = line.removeprefix("/").partition(" ")
    verb = BY_NAME.get(name)
    if verb is None or not verb.label:
        return line, ""
    return verb.label, rest
