"""One module or package per thing a person does. Importing `MODULES` registers their handlers."""

from importlib import import_module

MODULES = (
    "start",
    "courses",
    "learn",
    "quiz.commands",
    "code.commands",
    "tutor.ask",
    "progress",
    "streak",
    "cards.commands",
    "goals.commands",
    "remind.commands",
    "remind.mute",
    "badges",
    "boards",
    "saved",
    "live.host",
    "live.commands",
    "live.afterwards",
    "live.options",
    "group",
    "teach.commands",
    "link.commands",
    "link.unlink",
    "settings",
    "privacy",
    "general",
)


def load_all() -> None:
    """Import every flow, so that the registry is complete."""
    for name in MODULES:
        import_module(f"{__name__}.{name}")
