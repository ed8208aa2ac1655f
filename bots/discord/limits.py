"""Discord's limits, from its developer documentation and OpenAPI description (API v10, 2026-07)."""

CONTENT = 2000  # characters of a message; counted here in UTF-16 units, the stricter way
ROWS = 5  # action rows of a message
ROW = 5  # buttons of a row
LABEL = 80  # characters of a button's label
CUSTOM_ID = 100
SELECT = 25  # options of a select menu
OPTION = 100  # characters of an option's label and of its value
PLACEHOLDER = 100  # of a text field; a select menu takes 150
MODAL_TITLE = 45
MODAL_LABEL = 45
MODAL_FIELDS = 5
MODAL_TEXT = 4000
UPLOADS = 10  # files of one upload field, and of one message
ALT = 1024  # characters of a file's description
FILE_BYTES = 10 * 1024 * 1024  # of one file where nothing larger is promised
THREAD_NAME = 100
COMMAND_NAME = 32
COMMAND_TEXT = 100  # of a description
CHOICES = 25


def size(text: str) -> int:
    """The length of a text in UTF-16 units, never less than what Discord counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text, shortened with an ellipsis when it is over `most` units."""
    if size(text) <= most:
        return text
    kept = text[: most - 1]
    while size(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"
