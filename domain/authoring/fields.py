"""Gives YAML text its declared type, or says exactly what to write instead."""

import re
from collections.abc import Callable, Collection
from collections.abc import Mapping as Map

from domain.authoring.problems import Spot, nearest
from domain.authoring.yaml_text import Mapping, Node, Scalar, Sequence

ID_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID = 64
MAX_TAGS, MAX_TAG = 10, 32
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def is_id(text: str) -> bool:
    """Whether this is a well-formed id: lower-case letters, digits, single hyphens."""
    return bool(ID_PATTERN.fullmatch(text)) and len(text) <= MAX_ID


def bad_id(text: str) -> str:
    """The message for a malformed id."""
    return (
        f"'{text}' is not an id: use lower-case letters, digits and hyphens, "
        f"at most {MAX_ID} characters"
    )


class Fields:
    """The values of one mapping, taken one by one; what nobody takes is refused.

    Args:
        node: the mapping; anything else is reported and read as empty.
        spot: where the mapping begins.
        what: what the mapping describes, for messages ("a lesson", "a hint").
        quiet: the mapping could not be read; do not ask for what it lacks on top of that.
    """

    def __init__(self, node: Node | None, spot: Spot, what: str, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._entries: dict[str, tuple[Scalar, Node]] = {}
        self._spot = spot
        self._what = what
        self._known: set[str] = set()
        if isinstance(node, Mapping):
            self._entries = node.entries
        elif node is not None:
            spot.at(node.line).error(f"{what} is written as 'key: value' lines")

    @property
    def names(self) -> tuple[str, ...]:
        """All keys, in the order of the file."""
        return tuple(self._entries)

    def line(self, key: str) -> int:
        """The line of a key, or of the mapping when the key is absent."""
        entry = self._entries.get(key)
        return entry[0].line if entry else self._spot.line

    def spot(self, key: str) -> Spot:
        """Where to report a problem with a key."""
        return self._spot.at(self.line(key))

    def has(self, key: str) -> bool:
        """Whether the key is present."""
        return key in self._entries

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """The raw node of a key; marks the key as known."""
        self._known.add(key)
        if key in self._entries:
            return self._entries[key][1]
        if required and not self._quiet:
            self._spot.error(f"{self._what} needs '{key}': add it")
        return None

    def text(self, key: str, default: str = "", *, required: bool = False, limit: int = 300) -> str:
        """A text of at most `limit` characters; a required one may not be empty."""
        node = self.node(key, required=required)
        if node is None:
            return default
        value = text_of(node, self._spot)
        if value is None:
            return default
        if required and not value.strip():
            self.spot(key).error(f"'{key}' is empty: write it")
        if len(value) > limit:
            self.spot(key).error(
                f"'{key}' has {len(value):,} characters, at most {limit:,}: shorten it"
            )
        return value.strip()

    def identifier(self, key: str = "id", *, required: bool = True) -> str:
        """An id."""
        value = self.text(key, required=required, limit=10_000)
        if value and not is_id(value):
            self.spot(key).error(bad_id(value))
        return value

    def choice(self, key: str, options: Collection[str], default: str | None = None) -> str:
        """One of some words; required when there is no default."""
        value = self.text(key, default or "", required=default is None)
        if value not in options and (value or default is not None):
            self.spot(key).error(f"'{value}' is not a valid {key}: {nearest(value, options)}")
        return value if value in options else default or min(options)

    def integer(
        self, key: str, low: int, high: int, default: int | None = None, *, required: bool = False
    ) -> int | None:
        """A whole number between two bounds, both included."""
        node = self.node(key, required=required)
        if node is None:
            return default
        if not isinstance(node, Scalar) or node.quoted or not _INTEGER.fullmatch(node.text):
            self.spot(key).error(f"'{key}' is a whole number without quotes, such as {key}: {low}")
            return default
        if len(node.text) > 18 or not low <= int(node.text) <= high:
            self.spot(key).error(f"'{key}' is {node.text}: write a number from {low} to {high:,}")
            return default
        return int(node.text)

    def number(self, key: str, low: float, high: float, default: float) -> float:
        """A number, whole or with a decimal point, between two bounds."""
        node = self.node(key)
        if node is None:
            return default
        if not isinstance(node, Scalar) or node.quoted or not _NUMBER.fullmatch(node.text):
            self.spot(key).error(f"'{key}' is a number without quotes, such as {key}: {default}")
            return default
        if not low <= float(node.text) <= high:
            self.spot(key).error(f"'{key}' is {node.text}: write a number from {low} to {high}")
            return default
        return float(node.text)

    def boolean(self, key: str, default: bool) -> bool:
        """`true` or `false`."""
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node, Scalar) and not node.quoted and node.text in {"true", "false"}:
            return node.text == "true"
        self.spot(key).error(f"'{key}' is true or false: write one of them without quotes")
        return default

    def texts(self, key: str, *, limit: int = 100, size: int = 300) -> tuple[str, ...]:
        """A list of texts without repeats."""
        return tuple(value for value, _ in self.texts_with_lines(key, limit=limit, size=size))

    def texts_with_lines(
        self, key: str, *, limit: int = 100, size: int = 300
    ) -> tuple[tuple[str, int], ...]:
        """A list of texts without repeats, each with its line."""
        values: dict[str, int] = {}
        for item in self.items(key):
            value = (text_of(item, self._spot) or "").strip()
            if len(value) > size:
                self._spot.at(item.line).error(f"at most {size} characters here: shorten it")
            if value and value.casefold() in {each.casefold() for each in values}:
                self._spot.at(item.line).error(f"'{value}' is listed twice: keep one")
            elif value:
                values[value] = item.line
        if len(values) > limit:
            self.spot(key).error(f"'{key}' has {len(values)} entries, at most {limit}: remove some")
        return tuple(values.items())

    def items(self, key: str) -> tuple[Node, ...]:
        """The entries of a list."""
        node = self.node(key)
        if node is None or isinstance(node, Sequence):
            return node.items if node else ()
        self.spot(key).error(f"'{key}' is a list: write {key}: [a, b] or one '- a' per line")
        return ()

    def texts_in(self, key: str, inner: str) -> tuple[str, ...]:
        """The texts of a list inside a mapping, already checked elsewhere."""
        node = self.node(key)
        entry = node.entries.get(inner) if isinstance(node, Mapping) else None
        items = entry[1].items if entry and isinstance(entry[1], Sequence) else ()
        return tuple(item.text for item in items if isinstance(item, Scalar))

    def table(self, key: str) -> dict[str, str]:
        """A mapping of texts to texts."""
        node = self.node(key)
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            self.spot(key).error(f"'{key}' is written as 'code: text' lines")
            return {}
        values: dict[str, str] = {}
        for name, (scalar, value) in node.entries.items():
            if text_of(scalar, self._spot) is not None:
                values[name] = (text_of(value, self._spot) or "").strip()
        return values

    def finish(self) -> None:
        """Refuse every key that was not asked for."""
        for key, (scalar, _) in self._entries.items():
            if key not in self._known:
                self._spot.at(scalar.line).error(
                    f"'{key}' is not known in {self._what}: {nearest(key, self._known)}"
                )


def text_of(node: Node, spot: Spot) -> str | None:
    """A node that must be text; numbers, dates and yes/no words want quotes."""
    if not isinstance(node, Scalar):
        spot.at(node.line).error("one text is expected here, not a list or a mapping")
        return None
    if not node.is_text:
        shown = node.text or '""'
        spot.at(node.line).error(f'quote this value: write "{node.text}", not {shown}')
        return None
    return printable(node.text, spot.at(node.line))


def printable(text: str, spot: Spot) -> str | None:
    """The text, unless it hides a control character or half a surrogate pair."""
    found = _UNPRINTABLE.search(text)
    if found is None:
        return text
    spot.error(f"character U+{ord(found[0]):04X} is not allowed in text: remove it")
    return None


def json_of(node: Node, spot: Spot) -> Json:
    """A test's data: text, number, true, false, null, list or mapping, never guessed."""
    if isinstance(node, Sequence):
        return [json_of(item, spot) for item in node.items]
    if isinstance(node, Mapping):
        return _json_mapping(node, spot)
    here = spot.at(node.line)
    if node.quoted:
        return printable(node.text, here) or ""
    for read in _JSON_READERS:
        found, value = read(node.text)
        if found:
            return value
    if not node.is_text or _NUMBER.fullmatch(node.text):
        here.error(f"'{node.text}' can be read in two ways: quote it, or write it as in JSON")
        return None
    return printable(node.text, here) or ""


def _json_mapping(node: Mapping, spot: Spot) -> Json:
    values: dict[str, Json] = {}
    for name, (key, value) in node.entries.items():
        if text_of(key, spot) is not None:
            values[name] = json_of(value, spot)
    return values


def _json_word(text: str) -> tuple[bool, Json]:
    words: Map[str, Json] = {"true": True, "false": False, "null": None}
    return text in words, words.get(text)


def _json_number(text: str) -> tuple[bool, Json]:
    if _INTEGER.fullmatch(text) and len(text) <= 400:
        return True, int(text)
    if _NUMBER.fullmatch(text) and abs(float(text)) != float("inf"):
        return True, float(text)
    return False, None


_JSON_READERS: tuple[Callable[[str], tuple[bool, Json]], ...] = (_json_word, _json_number)
