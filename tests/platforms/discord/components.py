"""What Discord refuses in components of messages and modals (components/reference)."""

from collections.abc import Iterator
from typing import Any

from tests.platforms.discord import limits
from tests.platforms.discord.errors import Form, Json

ROW, BUTTON, TEXT_SELECT, TEXT_INPUT, SECTION, TEXT, THUMBNAIL = 1, 2, 3, 4, 9, 10, 11
GALLERY, FILE, SEPARATOR, CONTAINER, LABEL, UPLOAD = 12, 13, 14, 17, 18, 19
SELECTS = frozenset({3, 5, 6, 7, 8})
GROUPS = frozenset({21, 22})  # radio and checkbox groups
LINK, PREMIUM = 5, 6
_OLD = frozenset({ROW})
_NEW = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER})
_IN_LABEL = SELECTS | GROUPS | {TEXT_INPUT, UPLOAD, 23}
Path = tuple[str | int, ...]


def everything(components: list[Json]) -> Iterator[Json]:
    """All components, nested ones too."""
    for one in components:
        yield one
        yield from everything(one.get("components") or [])
        for name in ("component", "accessory"):
            if isinstance(one.get(name), dict):
                yield from everything([one[name]])


def check_message(form: Form, components: list[Json], *, v2: bool) -> None:
    """Note what is wrong with the components of a message."""
    if not v2:
        form.count(("components",), components, 0, limits.ROWS)
    for number, one in enumerate(components):
        path = ("components", number)
        if one.get("type") not in (_NEW if v2 else _OLD):
            form.wrong(
                path, "UNION_TYPE_CHOICES", "Value of field 'type' must be one of those here."
            )
        elif one["type"] == ROW:
            _row(form, path, one)
    whole = list(everything(components))
    if v2:
        form.count(("components",), whole, 0, limits.V2_COMPONENTS)
        text = "".join(one.get("content", "") for one in whole if one.get("type") == TEXT)
        form.length(("components",), text, 0, limits.V2_TEXT)
    _unique(form, whole)


def _unique(form: Form, whole: list[Json]) -> None:
    seen: set[str] = set()
    for one in whole:
        name = one.get("custom_id")
        if name is not None and name in seen:
            form.wrong(
                ("components",),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                f"Component custom id cannot be duplicated: {name}",
            )
        seen.add(str(name))


def _row(form: Form, path: Path, row: Json) -> None:
    inside: list[Json] = row.get("components") or []
    kinds = {one.get("type") for one in inside}
    form.count((*path, "components"), inside, 1, 1 if kinds - {BUTTON} else limits.ROW_BUTTONS)
    for number, one in enumerate(inside):
        here = (*path, "components", number)
        if one.get("type") == BUTTON:
            _button(form, here, one)
        elif one.get("type") in SELECTS:
            _select(form, here, one)
        else:
            form.wrong(here, "UNION_TYPE_CHOICES", "Only buttons and selects stand in a row.")


def _button(form: Form, path: Path, one: Json) -> None:
    style = one.get("style")
    if style == LINK:
        form.length((*path, "url"), one.get("url"), 1, limits.URL)
        if str(one.get("url")).partition(":")[0] not in {"http", "https", "discord"}:
            form.wrong((*path, "url"), "URL_TYPE_INVALID_SCHEME", "Not a well formed URL.")
        if one.get("custom_id") is not None:
            form.wrong(path, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A link has no custom id.")
    elif style in (1, 2, 3, 4):
        form.length((*path, "custom_id"), one.get("custom_id"), 1, limits.CUSTOM_ID)
        if one.get("url"):
            form.wrong(path, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "Only a link has a url.")
    else:
        form.wrong((*path, "style"), "BASE_TYPE_CHOICES", f"Not a style: {style!r}.")
    if not one.get("label") and not one.get("emoji"):
        form.wrong((*path, "label"), "BUTTON_COMPONENT_LABEL_REQUIRED", "A label or an emoji.")
    if one.get("label") is not None:
        form.length((*path, "label"), one["label"], 0, limits.LABEL)


def _select(form: Form, path: Path, one: Json) -> None:
    form.length((*path, "custom_id"), one.get("custom_id"), 1, limits.CUSTOM_ID)
    if one.get("placeholder") is not None:
        form.length((*path, "placeholder"), one["placeholder"], 0, limits.PLACEHOLDER)
    if one["type"] != TEXT_SELECT:
        return
    options: list[Json] = one.get("options") or []
    form.count((*path, "options"), options, 1, limits.OPTIONS)
    _options(form, (*path, "options"), options)
    least, most = one.get("min_values", 1), one.get("max_values", 1)
    if not (0 <= least <= most <= max(1, len(options))):
        form.wrong((*path, "max_values"), "NUMBER_TYPE_MAX", "min ≤ max ≤ number of options.")


def _options(form: Form, path: Path, options: list[Json]) -> None:
    values: set[Any] = set()
    for number, option in enumerate(options):
        for name in ("label", "value"):
            form.length((*path, number, name), option.get(name), 1, limits.OPTION_TEXT)
        if option.get("description") is not None:
            form.length(
                (*path, number, "description"), option["description"], 0, limits.OPTION_TEXT
            )
        if option.get("value") in values:
            form.wrong(path, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Values must differ.")
        values.add(option.get("value"))


def check_modal(modal: Json) -> None:
    """Refuse a modal that Discord would refuse.

    Raises:
        ApiError: 50035.
    """
    form = Form()
    form.length(("title",), modal.get("title"), 1, limits.MODAL_TITLE)
    form.length(("custom_id",), modal.get("custom_id"), 1, limits.CUSTOM_ID)
    top: list[Json] = modal.get("components") or []
    form.count(("components",), top, 1, limits.MODAL_COMPONENTS)
    for number, one in enumerate(top):
        path: Path = ("components", number)
        match one.get("type"):
            case 1:
                inside: list[Json] = one.get("components") or []
                form.count((*path, "components"), inside, 1, 1)
                for field in inside:
                    form.length((*path, "label"), field.get("label"), 1, limits.TEXT_INPUT_LABEL)
                    _field(form, path, field, {TEXT_INPUT})
            case 18:
                form.length((*path, "label"), one.get("label"), 1, limits.FIELD_LABEL)
                if one.get("description") is not None:
                    most = limits.FIELD_DESCRIPTION
                    form.length((*path, "description"), one["description"], 0, most)
                _field(form, path, one.get("component") or {}, _IN_LABEL)
            case 10:
                form.length((*path, "content"), one.get("content"), 1, limits.V2_TEXT)
            case kind:
                form.wrong(path, "UNION_TYPE_CHOICES", f"Not for a modal: {kind!r}.")
    _unique(form, list(everything(top)))
    form.refuse_if_wrong()


def _field(form: Form, path: Path, field: Json, allowed: set[int] | frozenset[int]) -> None:
    kind = field.get("type")
    if kind not in allowed:
        form.wrong(path, "UNION_TYPE_CHOICES", f"Not a field of a modal: {kind!r}.")
        return
    form.length((*path, "custom_id"), field.get("custom_id"), 1, limits.CUSTOM_ID)
    if kind in SELECTS:
        _select(form, path, field)
    elif kind in GROUPS:
        options: list[Json] = field.get("options") or []
        form.count((*path, "options"), options, 2 if kind == 21 else 1, 10)
        _options(form, path, options)
    elif kind == UPLOAD:
        if not 0 <= field.get("min_values", 1) <= field.get("max_values", 1) <= limits.FILE_UPLOADS:
            form.wrong(path, "NUMBER_TYPE_MAX", "0 to 10 files.")
    elif kind == TEXT_INPUT:
        _text_input(form, path, field)


def _text_input(form: Form, path: Path, field: Json) -> None:
    if field.get("style") not in (1, 2):
        form.wrong((*path, "style"), "BASE_TYPE_CHOICES", "1 (short) or 2 (paragraph).")
    if field.get("placeholder") is not None:
        most = limits.TEXT_INPUT_PLACEHOLDER
        form.length((*path, "placeholder"), field["placeholder"], 0, most)
    if field.get("value") is not None:
        form.length((*path, "value"), field["value"], 0, limits.TEXT_INPUT_VALUE)
    for name, fewest in (("min_length", 0), ("max_length", 1)):
        length = field.get(name)
        if length is not None and not fewest <= length <= limits.TEXT_INPUT_VALUE:
            form.wrong((*path, name), "NUMBER_TYPE_MAX", f"{fewest} to 4000.")
