"""One module per thing a person does. Importing a module registers its handlers."""

from importlib import import_module

MODULES = (
    "start",
    "courses",
    "learn",
    "quiz",
    "code",
    "ask",
    "progress",
    "streak",
    "cards",
    "goals",
    "remind",
    "mute",
    "badges",
    "boards",
    "saved",
    "host",
    "live",
    "live_afterwards",
    "live_options",
    "group",
    "teach",
    "link",
    "unlink",
    "settings",
    "privacy",
    "general",
)


def load_all() -> None:
    """Import every flow, so that the registry is complete."""
    for name in MODULES:
        import_module(f"{__name__}.{name}")
