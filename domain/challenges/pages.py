"""Which file of a page a piece of code is: by its tag, its ending, or how it looks. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from domain.errors import N_, Refusal

_TAGS = {
    "html": ".html",
    "htm": ".html",
    "css": ".css",
    "js": ".js",
    "javascript": ".js",
}
_USUAL = {".html": "index.html", ".css": "style.css", ".js": "script.js"}
_WORDS = {".html": "HTML", ".css": "CSS", ".js": "JavaScript"}
_MARKUP = re.compile(r"\s*(<!--|<!doctype|</?[a-z][\w-]*[\s/>])", re.IGNORECASE)
_RULE = re.compile(r"^[^{}();=]*(?:\([^{}]*\)[^{}();=]*)*\{[^{}]*[\w-]+\s*:[^{}]*\}", re.MULTILINE)
_SCRIPT = re.compile(
    r"^\s*(const|let|var|function|async|class|import|export|if|for|while|return|try|//)\b"
    r"|=>|\bdocument\.|\bconsole\.|\w\([^{}]*\)\s*;|\w\s=\s",
    re.MULTILINE,
)


def kind_of(tag: str, code: str) -> str:
    """The ending of the file that a piece of code belongs into; "" when it looks like none."""
    if tag.lower() in _TAGS:
        return _TAGS[tag.lower()]
    if _MARKUP.match(code):
        return ".html"
    if _SCRIPT.search(code):
        return ".js"
    return ".css" if _RULE.search(code) else ""


def from_parts(parts: Iterable[tuple[str, str]], names: Sequence[str]) -> dict[str, str]:
    """Files from pieces of code.

    Args:
        parts: tag and code of each piece.
        names: the files that the challenge has.

    Raises:
        Refusal: two pieces of one kind, or a piece of no kind.
    """
    files: dict[str, str] = {}
    for tag, code in parts:
        kind = kind_of(tag, code)
        if not kind:
            raise Refusal(
                N_(
                    "I cannot tell whether that is HTML, CSS or JavaScript. Write ```html, ```css "
                    "or ```js above it, or send the file."
                )
            )
        name = _name(kind, names)
        if name in files:
            raise Refusal(
                N_("There are two pieces of {language}. Put them into one."),
                {"language": _WORDS[kind]},
            )
        files[name] = code
    return files


def from_named(texts: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Files under the names that the challenge uses, where it is clear which is meant."""
    files: dict[str, str] = {}
    for name, text in texts.items():
        ending = next((end for end in _USUAL if name.lower().endswith(end)), "")
        alone = sum(other.lower().endswith(ending) for other in texts) == 1
        wanted = [known for known in names if known.endswith(ending)]
        rename = ending and alone and name not in names and len(wanted) <= 1
        files[_name(ending, names) if rename else name] = text
    return files


def _name(ending: str, names: Sequence[str]) -> str:
    return next((name for name in names if name.endswith(ending)), _USUAL[ending])
