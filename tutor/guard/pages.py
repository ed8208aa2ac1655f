"""What a reply offers for a web page: whole files, and lines in place of the learner's."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence

from tutor.guard.extract import fences, spans

Offered = tuple[str, Mapping[str, str]]  # code of a reply, and the files that it makes

MOST = 5  # submissions of one reply that are graded
_NAMED = re.compile(r"""(?:src|href)\s*=\s*["']([\w./-]+\.(?:js|css))["']""")
_SCRIPT = re.compile(r"\b(?:function|const|let|var|document|return|console)\b|=>")
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--|-->|/\*|\*/")
_LIKE = 0.5  # how much a line must be like the one that it takes the place of


def submissions(
    texts: Sequence[str], main: str, learner: str, given: Sequence[str]
) -> list[Offered]:
    """What may be graded of a reply, the likeliest first.

    Args:
        texts: the reply as it came, and its readings.
        main: name of the page's file.
        learner: the learner's page, or "".
        given: pages of stored solutions; they stand in for a page that the learner has not sent.
    """
    page = learner or next(iter(given), "")
    found = [one for text in texts for one in _of(text, main, learner, page)]
    kept: list[Offered] = []
    for offered in found:
        if offered[1] not in [files for _, files in kept] and offered[1] != {main: learner}:
            kept.append(offered)
    return kept[:MOST]


def _of(text: str, main: str, learner: str, page: str) -> Iterator[Offered]:
    blocks = [_COMMENT.sub("", block).strip() for block in fences(text) or [_bare(text)]]
    blocks = [block for block in blocks if block]
    pages = [block for block in blocks if _PAGE.search(block)]
    scripts = [block for block in blocks if block not in pages and _SCRIPT.search(block)]
    styles = [block for block in blocks if block not in [*pages, *scripts] and "{" in block]
    for one in [*pages, *([page] if page and (scripts or styles) else [])]:
        names = _NAMED.findall(one)
        files = {main: one}
        for ending, parts in ((".js", scripts), (".css", styles)):
            name = next((name for name in names if name.endswith(ending)), "")
            if name and parts:
                files[name] = "\n".join(parts)
        yield "\n".join([*(pages and [one]), *scripts, *styles]), files
    pieces = [line for block in blocks for line in block.split("\n")] + spans(text)
    tags = [line.strip() for line in pieces if line.strip().startswith("<")]
    changed = _replaced(learner, tags)
    if changed != learner:
        yield "\n".join(tags), {main: changed}


def _bare(text: str) -> str:
    """From the first line that looks like a page's file to the last one."""
    lines = text.split("\n")
    coded = [n for n, line in enumerate(lines) if re.search(r"^\s*<|[{};]\s*$|^\s*}", line)]
    return "\n".join(lines[coded[0] : coded[-1] + 1]) if coded else ""


def _replaced(page: str, tags: Sequence[str]) -> str:
    """A page with each line that is offered in place of the one that is most like it."""
    lines = page.split("\n")
    for tag in tags:
        if any(tag in line for line in lines):
            continue
        shares = [difflib.SequenceMatcher(None, tag, line.strip()).ratio() for line in lines]
        best = max(range(len(lines)), key=shares.__getitem__)
        if shares[best] >= _LIKE:
            lines[best] = tag
    return "\n".join(lines)
