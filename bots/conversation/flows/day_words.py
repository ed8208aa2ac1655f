"""What became of a day, in words."""

from domain.errors import N_

DAY_WORDS = {
    "active": N_("done"),
    "kept": N_("kept by a freeze"),
    "off": N_("a day off"),
    "down": N_("we could not be reached"),
    "open": N_("still open"),
    "missed": N_("nothing"),
}
