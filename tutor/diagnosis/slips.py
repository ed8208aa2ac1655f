"""Slips of the pen in one line that keep Python from reading it: signs, commas, brackets, words."""

import difflib
import itertools
import keyword
import re
from collections.abc import Iterator

_TWINS = str.maketrans(
    {
        **dict.fromkeys("“”„«»″＂", '"'),
        **dict.fromkeys("‘’‚‹›′＇", "'"),
        **dict.fromkeys("–—−－", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f\u3000", " "),
        **dict.fromkeys("×＊", "*"),
        **dict.fromkeys("÷／", "/"),
        **{
            wide: chr(ord(wide) - 0xFEE0)
            for wide in "（），．：；＝＋＜＞［］｛｝！％０１２３４５６７８９"
        },
        "、": ",",
        "。": ".",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "…": "...",
    }
)
_VALUE = re.compile(r"""[fF]?"[^"]*"|[fF]?'[^']*'|[^\W\d]\w*|\d+(?:\.\d+)?|[()\[\]]""")
_HEADS = ("if", "elif", "else", "for", "while", "def", "return", "import", "from", "break", "try")
_MOST = 8  # places on one line where two values meet


def plain(text: str) -> str:
    """A text with typographic and full-width signs as Python knows them, one for one."""
    return text.translate(_TWINS)


def slips(line: str) -> Iterator[tuple[str, str]]:
    """Causes, and the line without a slip of that kind, likeliest first."""
    indent = line[: len(line) - len(line.lstrip())]
    bare = line.strip()
    if match := re.match(r"print\s+(?![=(])(.+)$", bare):
        yield "print_brackets", f"{indent}print({match[1]})"
    if match := re.match(r"print\(\s*([^\W\d]\w*)\s*:\s*(.+)$", bare):
        yield "missing_quotes", f'{indent}print("{match[1]}:", {match[2]}'
    if match := re.match(r"(.+\))\s*=\s*([^\W\d]\w*)$", bare):
        yield "swapped_operands", f"{indent}{match[2]} = {match[1]}"
    if re.search(r"\w\[\s*\]", bare):
        yield "call_or_index", re.sub(r"(\w)\[\s*\]", r"\1()", line)
    if ";" in bare and "(" in bare.split(";")[0]:
        yield "missing_comma", line.replace(";", ",")
    yield from _word(indent, bare)
    yield from _meeting(line)
    if re.search(r"\w x \w", bare):
        yield "keyword", re.sub(r"(?<=\w) x (?=\w)", " * ", line)
    if re.search(r"f[\"']", bare) and bare.count("{") != bare.count("}"):
        for place, sign in enumerate(line):
            if sign in ":{,\"' ":
                yield "unclosed", f"{line[:place]}}}{line[place:]}"


def _word(indent: str, bare: str) -> Iterator[tuple[str, str]]:
    """The first word as a word that Python knows, where it is nearly one."""
    match = re.match(r"([A-Za-z]+)(.*)$", bare)
    if match is None or match[1] in keyword.kwlist:
        return
    for near in difflib.get_close_matches(match[1].lower(), _HEADS, n=2, cutoff=0.7):
        yield "keyword", f"{indent}{near}{match[2]}"
    if split := re.match(r"([A-Za-z]{1,6})\s([A-Za-z]{1,4})\(", bare):
        near = split[1] + split[2]
        if near in ("print", "input"):
            yield "misspelt_name", indent + near + bare[split.end() - 1 :]


def _meeting(line: str) -> Iterator[tuple[str, str]]:
    """Where two values stand next to each other with nothing between them."""
    code = line.split("#")[0]
    found = list(_VALUE.finditer(code))
    places = 0
    for left, right in itertools.pairwise(found):
        gap = code[left.end() : right.start()]
        one, other = left[0], right[0]
        if gap.strip() or keyword.iskeyword(one) or keyword.iskeyword(other):
            continue
        if one in "([" or other in ")]([" or (one[-1:].isalnum() and not gap):
            continue
        before, after = line[: left.end()], line[right.start() :]
        yield "missing_comma", f"{before}, {after}"
        yield "missing_comma", f"{before} + {after}"
        if one[-1].isalnum() and other[0].isalnum():
            yield "misspelt_name", f"{before}_{after}"
        if one.isidentifier() and line[: left.start()].rstrip().endswith("("):
            yield "missing_quotes", f'{line[: left.start()]}"{one}", {after}'
        places += 1
        if places == _MOST:
            break
