"""Discord's documented limits, each named with the page of its documentation.

Pages are of discord/discord-api-docs. Nothing here is taken from our own code. What the OpenAPI
document says besides is checked in `spec`.
"""

DISCORD_EPOCH_MS = 1_420_070_400_000  # reference: Snowflakes

# interactions/receiving-and-responding
FIRST_ANSWER_S = 3.0  # "you must send an initial response within 3 seconds"
TOKEN_S = 15 * 60.0  # "Interaction tokens are valid for 15 minutes"
MOST_CHOICES = 25  # Autocomplete
MODAL_TITLE = 45
MODAL_COMPONENTS = 5
FOLLOWUPS_OUTSIDE = 5  # of a user-installed app in a server it is not a member of

# resources/message
CONTENT = 2000
NONCE = 25
REQUEST_BYTES = 25 * 1024 * 1024
ATTACHMENT_BYTES = 10 * 1024 * 1024  # reference: Uploading Files, the default
ATTACHMENTS = 10
ALT_TEXT = 1024
EMBEDS = 10
EMBED_TITLE, EMBED_DESCRIPTION, EMBED_FIELDS = 256, 4096, 25
EMBED_FIELD_NAME, EMBED_FIELD_VALUE, EMBED_FOOTER, EMBED_AUTHOR = 256, 1024, 2048, 256
EMBED_SUM = 6000
SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 6, 1 << 7, 1 << 12
COMPONENTS_V2 = 1 << 15
MESSAGE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
NONCE_KEPT_S = 300.0  # "unique for the past few minutes"

# components/reference
ROWS = 5
ROW_BUTTONS = 5
CUSTOM_ID = 100
LABEL = 80
URL = 512
OPTIONS = 25
OPTION_TEXT = 100
PLACEHOLDER = 150
TEXT_INPUT_VALUE = 4000
TEXT_INPUT_PLACEHOLDER = 100
TEXT_INPUT_LABEL = 45
FIELD_LABEL, FIELD_DESCRIPTION = 45, 100  # the Label component
FILE_UPLOADS = 10
V2_COMPONENTS = 40
V2_TEXT = 4000

# interactions/application-commands
COMMANDS, MENU_COMMANDS = 100, 15
COMMAND_OPTIONS, COMMAND_CHOICES = 25, 25
COMMAND_NAME, COMMAND_DESCRIPTION, COMMAND_SUM = 32, 100, 8000
LOCALES = frozenset({
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no",
    "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "ja",
    "zh-CN", "zh-TW", "ko",
})  # fmt: skip # reference: Locales

# events/gateway
SENDS, SENDS_S = 120, 60.0
PAYLOAD_BYTES = 4096
IDENTIFY_S = 5.0  # one IDENTIFY for each bucket of max_concurrency in this time
PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15

# topics/rate-limits
GLOBAL_PER_SECOND = 50

# topics/permissions
VIEW_CHANNEL, SEND_MESSAGES, MANAGE_MESSAGES = 1 << 10, 1 << 11, 1 << 13
EMBED_LINKS, ATTACH_FILES, READ_HISTORY = 1 << 14, 1 << 15, 1 << 16
USE_COMMANDS = 1 << 31
PUBLIC_THREADS, PRIVATE_THREADS, SEND_IN_THREADS = 1 << 35, 1 << 36, 1 << 38
EVERYTHING_USUAL = (
    VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_HISTORY | USE_COMMANDS
    | PUBLIC_THREADS | PRIVATE_THREADS | SEND_IN_THREADS
)  # fmt: skip

# resources/channel
CHANNEL_NAME = 100
ARCHIVE_MINUTES = frozenset({60, 1440, 4320, 10080})
