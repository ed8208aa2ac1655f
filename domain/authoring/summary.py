"""SUMMARY.md: a nested list of links, the only place that says what comes in which order."""

from dataclasses import dataclass, field

from markdown_it.token import Token

from domain.authoring.documents import Context
from domain.authoring.markdown import blocks, resolve
from domain.authoring.problems import Spot

PATH = "SUMMARY.md"


@dataclass(slots=True)
class Entry:
    """One listed file, the words of its link, its line, and what is listed under it."""

    path: str
    label: str
    line: int
    children: list["Entry"] = field(default_factory=list)


def read_summary(context: Context) -> list[Entry]:
    """Read the outline; entries that are no link to a file of the course are reported."""
    spot = context.spot(PATH)
    if PATH not in context.texts:
        spot.error("this file is missing: list the units and, indented, their lessons")
        return []
    roots: list[Entry] = []
    stack: list[Entry | None] = []
    seen: dict[str, int] = {}
    for token in blocks(context.texts[PATH]):
        here = spot.at(token.map[0] + 1 if token.map else 1)
        if token.type in {"fence", "code_block", "html_block", "blockquote_open", "hr"}:
            here.error("only a list of links is allowed here: - [Title](path/to/file.md)")
        elif token.type == "ordered_list_open":
            here.error("use '- ' for every entry, not numbers: the order of lines is the order")
        elif token.type == "list_item_open":
            stack.append(None)
        elif token.type == "list_item_close":
            stack.pop()
        elif token.type == "inline" and stack:
            entry = _entry(token, here, context, seen)
            parent = next((each for each in reversed(stack[:-1]) if each is not None), None)
            if entry is not None:
                (parent.children if parent else roots).append(entry)
                stack[-1] = entry
    if not roots:
        spot.error("no unit is listed: write - [Title](10-first/unit.md)")
    return roots


def _entry(token: Token, spot: Spot, context: Context, seen: dict[str, int]) -> Entry | None:
    children = token.children or []
    kinds = [child.type for child in children]
    if kinds[:1] != ["link_open"] or kinds.count("link_open") != 1 or kinds[-1] != "link_close":
        spot.error("an entry is exactly one link: - [Title](path/to/file.md)")
        return None
    target = resolve(PATH, str(children[0].attrGet("href") or ""))
    if target not in context.files:
        spot.error(f"there is no '{target}' in this course: write it or correct the path")
        return None
    if target in seen:
        spot.error(f"'{target}' is listed twice (first on line {seen[target]}): keep one")
        return None
    seen[target] = spot.line
    label = "".join(child.content for child in children if child.content).strip()
    return Entry(target, label, spot.line)
