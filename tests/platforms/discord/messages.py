"""What Discord refuses in a message (resources/message, and components v2)."""

from tests.platforms.discord import components, limits
from tests.platforms.discord.errors import Form, Json, empty_message, too_large

Files = dict[int, tuple[str, bytes]]  # number in `files[n]` -> name, content


def check(
    given: Json, files: Files, *, flags: int = 0, before: Json | None = None, most_flags: int = 0
) -> None:
    """Refuse a message, or the change of one, that Discord would refuse.

    Args:
        given: the JSON of the request.
        files: what was uploaded with it.
        flags: of the message as it stands (0 for a new one).
        before: the message as it stands, when it is changed.
        most_flags: flags that may be set beside those of every message.

    Raises:
        ApiError: 50035 with the fields, 50006 for an empty one, 40005 for a file too large.
    """
    form = Form()
    wished = given.get("flags") or 0
    if wished & ~(limits.MESSAGE_FLAGS | most_flags | flags):
        form.wrong(("flags",), "BASE_TYPE_CHOICES", f"These flags cannot be set: {wished}.")
    v2 = bool((wished | flags) & limits.COMPONENTS_V2)
    content = given.get("content")
    if content is not None:
        form.length(("content",), content, 0, limits.CONTENT)
    if v2:
        for name in ("content", "embeds", "poll", "sticker_ids"):
            if given.get(name):
                form.wrong((name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "V2.")
    _embeds(form, given.get("embeds") or [])
    components.check_message(form, given.get("components") or [], v2=v2)
    _mentions(form, given.get("allowed_mentions"))
    _attachments(form, given, files)
    nonce = given.get("nonce")
    if isinstance(nonce, str):
        form.length(("nonce",), nonce, 0, limits.NONCE)
    form.refuse_if_wrong()
    after = {**(before or {}), **given}
    left = ("content", "embeds", "components", "poll", "sticker_ids", "attachments")
    if not files and not any(after.get(name) for name in left):
        raise empty_message()


def _embeds(form: Form, embeds: list[Json]) -> None:
    form.count(("embeds",), embeds, 0, limits.EMBEDS)
    total = 0
    for number, embed in enumerate(embeds):
        fields: list[Json] = embed.get("fields") or []
        form.count(("embeds", number, "fields"), fields, 0, limits.EMBED_FIELDS)
        parts: list[tuple[str, object, int, int]] = [
            ("title", embed.get("title"), 0, limits.EMBED_TITLE),
            ("description", embed.get("description"), 0, limits.EMBED_DESCRIPTION),
            ("footer", (embed.get("footer") or {}).get("text"), 0, limits.EMBED_FOOTER),
            ("author", (embed.get("author") or {}).get("name"), 0, limits.EMBED_AUTHOR),
        ]
        for one in fields:
            parts.append(("fields", one.get("name") or "", 1, limits.EMBED_FIELD_NAME))
            parts.append(("fields", one.get("value") or "", 1, limits.EMBED_FIELD_VALUE))
        for name, value, least, most in parts:
            if value is not None:
                form.length(("embeds", number, name), value, least, most)
                total += len(str(value))
    if total > limits.EMBED_SUM:
        form.wrong(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds 6000.")


def _mentions(form: Form, allowed: Json | None) -> None:
    if not allowed:
        return
    for name in ("users", "roles"):
        if allowed.get(name) and name in (allowed.get("parse") or []):
            form.wrong(
                ("allowed_mentions",),
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f"parse: [{name}] and {name}: [ids...] are mutually exclusive.",
            )


def _attachments(form: Form, given: Json, files: Files) -> None:
    listed: list[Json] = given.get("attachments") or []
    form.count(("attachments",), listed, 0, limits.ATTACHMENTS)
    form.count(("files",), list(files), 0, limits.ATTACHMENTS)
    for number, one in enumerate(listed):
        if one.get("description") is not None:
            path = ("attachments", number, "description")
            form.length(path, one["description"], 0, limits.ALT_TEXT)
    if any(len(content) > limits.ATTACHMENT_BYTES for _, content in files.values()):
        raise too_large()


def mentions_everyone(given: Json) -> bool:
    """Whether a message pings everybody, which none of ours may."""
    text = str(given.get("content") or "")
    if "@everyone" not in text and "@here" not in text:
        return False
    allowed = given.get("allowed_mentions")
    return allowed is None or "everyone" in (allowed.get("parse") or [])
