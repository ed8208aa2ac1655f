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
    """

    name: str
    summary: str
    usage: str = ""
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """How it is typed: "/courses [words] [level:N]"."""
        return f"/{self.name} {self.usage}".strip()


VERBS: tuple[Verb, ...] = (
    Verb("start", N_("Say hello, or open the menu")),
    Verb("learn", N_("Continue exactly where you stopped"), "[course]", ("/learn python",)),
    Verb(
        "courses",
        N_("Find a course and join it"),
        "[words] [tag:…] [level:…] [lang:…]",
        ("/courses python", "/courses level:beginner"),
        ("tag:", "level:beginner", "level:intermediate", "level:advanced", "lang:"),
    ),
    Verb("quiz", N_("Take a quiz, or draw questions"), "[quiz] | [n domain:…]", ("/quiz",)),
    Verb(
        "code",
        N_("Open a challenge, hand in code, see your attempts"),
        "[challenge] | history | submit FILE",
        ("/code two-fer", "/code history"),
        ("list", "history", "submit"),
    ),
    Verb("hint", N_("Take the next hint of the open challenge")),
    Verb("progress", N_("See what you have done")),
    Verb(
        "streak",
        N_("See your days in a row, and the rule"),
        "[why | hide | show | weekends off|on | days mon-fri]",
        ("/streak why", "/streak weekends off"),
        ("why", "hide", "show", "weekends off", "weekends on", "days"),
    ),
    Verb("save", N_("Keep this page, with a note"), "[note]", ("/save look at this again",)),
    Verb("saved", N_("Open what you saved")),
    Verb(
        "settings",
        N_("Time zone, language, display"),
        "[time ZONE | day HH:MM | language CODE | display full|compact]",
        ("/settings time Europe/Warsaw", "/settings display compact"),
        ("time", "day", "language", "display full", "display compact"),
    ),
    Verb("privacy", N_("See what is stored about you, and who sees it")),
    Verb("help", N_("Explain the commands"), "[command]", ("/help learn",)),
    Verb("stop", N_("Leave what you are doing; nothing is lost")),
)

BY_NAME = {verb.name: verb for verb in VERBS}
