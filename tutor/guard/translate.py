"""Turns other languages' and pseudo-code's lines into Python, as far as a leak needs it."""

import re
from collections.abc import Iterator

_BRACED = (
    (r"//(?!\s*\d)[^\n]*$", ""),
    (r"/\*.*?\*/", ""),
    (r"^\s*(?:public|private|protected|static|final|export|async)\s+", ""),
    (r"\b(?:function|func|fn|fun|sub)\s+(\w+)\s*\(([^)]*)\)[^{]*\{", r"def \1(\2):"),
    (
        r"\b(?:const|let|var|val)\s+(\w+)\s*=\s*(?:function\s*)?\(([^)]*)\)\s*(?:=>)?\s*\{",
        r"def \1(\2):",
    ),
    (
        r"\b(?:const|let|var|val)\s+(\w+)\s*=\s*\(?([\w, ]*)\)?\s*=>\s*(?!\{)(.+);?",
        r"\1 = lambda \2: \3",
    ),
    (
        r"\b(?:int|long|double|float|string|String|bool|boolean|void|auto|char|Object|object|T"
        r"|(?:Array)?List<[^>]*>|vector<[^>]*>|int\[\]|double\[\])\s+(\w+)\s*\(([^)]*)\)\s*\{",
        r"def \1(\2):",
    ),
    (
        r"\bfor\s*\(\s*(?:let|var|int|auto|const|size_t)?\s*(\w+)\s*=\s*([^;]+);\s*\1\s*<\s*([^;]+);[^)]*\)\s*\{?",
        r"for \1 in range(\2, \3):",
    ),
    (
        r"\bfor\s*\(\s*(?:let|var|int|auto|const|size_t)?\s*(\w+)\s*=\s*([^;]+);\s*\1\s*<=\s*([^;]+);[^)]*\)\s*\{?",
        r"for \1 in range(\2, (\3) + 1):",
    ),
    (
        r"\bfor\s*\(\s*(?:let|var|int|auto|const)?\s*(\w+)\s*=\s*([^;]+);\s*\1\s*>=\s*([^;]+);[^)]*\)\s*\{?",
        r"for \1 in range(\2, (\3) - 1, -1):",
    ),
    (
        r"\bfor\s*\(\s*(?:let|var|const|auto|int|final|String|double)?\s*(?:&\s*)?(\w+)\s*(?:of|in|:)\s*([^)]+)\)\s*\{?",
        r"for \1 in \2:",
    ),
    (r"\bforeach\s*\(\s*(\S+)\s+as\s+(\S+)\)\s*\{?", r"for \2 in \1:"),
    (r"\}?\s*else\s+if\s*\((.*)\)\s*\{?", r"elif \1:"),
    (r"\}?\s*else\s*\{?\s*$", "else:"),
    (r"\bif\s*\((.*)\)\s*\{?\s*$", r"if \1:"),
    (r"\bif\s*\((.*?)\)\s*(return|continue|break)\b(.*)$", r"if \1: \2\3"),
    (r"\bwhile\s*\((.*)\)\s*\{?\s*$", r"while \1:"),
    (r"\b(?:const|let|var|val|auto)\s+", ""),
    (
        r"\b(?:int|long|double|float|string|String|bool|boolean|(?:Array)?List<[^>]*>|vector<[^>]*>|int\[\])\s+(?=\w+\s*(?:=|;|,|\)))",
        "",
    ),
    (r"\bnew\s+(?:Array)?List<[^>]*>\(\)", "[]"),
    (r"\bnew\s+(?:Set|HashSet<[^>]*>)\(\)", "set()"),
    (r"\bnew\s+(?:Map|HashMap<[^>]*>)\(\)", "{}"),
    (r"===", "=="),
    (r"!==", "!="),
    (r"&&", " and "),
    (r"\|\|", " or "),
    (r"!(?=[\w(])", " not "),
    (
        r"([\w.\[\]]+)\.(?:includes|contains|has|indexOf)\(([^()]*)\)\s*(?:==|===)\s*(?:false|-1)",
        r"(\2 not in \1)",
    ),
    (r"([\w.\[\]]+)\.(?:includes|contains|has)\(([^()]*)\)", r"(\2 in \1)"),
    (r"([\w.\[\]]+)\.(?:length|size)(?:\(\))?", r"len(\1)"),
    (r"\.(?:push|push_back|add)\(", ".append("),
    (r"\.toUpperCase\(\)", ".upper()"),
    (r"\.toLowerCase\(\)", ".lower()"),
    (r"\.trim\(\)", ".strip()"),
    (r"(\w+)\+\+", r"\1 += 1"),
    (r"(\w+)--", r"\1 -= 1"),
    (
        r"\b(?:console\.log|System\.out\.println|println|puts|printf|echo)\s*\(?([^;)]*)\)?;?",
        r"print(\1)",
    ),
    (r"\bMath\.(?:max|min|abs)", lambda found: found[0].split(".")[1]),
    (r"\bMath\.floor\(", "int("),
    (r"\b(?:true)\b", "True"),
    (r"\b(?:false)\b", "False"),
    (r"\b(?:null|undefined|nil)\b", "None"),
    (r"([^?\n]+)=\s*([^?\n=]+?)\s*\?\s*([^:\n]+):\s*([^;\n]+)", r"\1= \3 if \2 else \4"),
    (r"\breturn\s+([^?\n]+?)\s*\?\s*([^:\n]+):\s*([^;\n]+)", r"return \2 if \1 else \3"),
    (r";\s*$", ""),
    (r"\s*\{\s*$", ":"),
)
_PSEUDO = (
    (
        r"^(\s*)(?:function|procedure|algorithm|define|def|to)\s+(\w+)\s*\(([^)]*)\)\s*:?\s*$",
        r"\1def \2(\3):",
    ),
    (r"^(\s*)(?:set|let|make)\s+(.+?)\s+(?:to|be|equal to|:?=)\s+(.+)$", r"\1\2 = \3"),
    (
        r"^(\s*)(?:start|begin|initiali[sz]e|create|make)\s+(?:with\s+|an?\s+)*(?:empty\s+)?(?:list|array)\s+(?:called\s+|named\s+)?(\w+)$",
        r"\1\2 = []",
    ),
    (r"^(\s*)(\w+)\s*(?:<-|:=|←)\s*(.+)$", r"\1\2 = \3"),
    (
        r"^(\s*)for\s+(?:each|every|all)\s+(?:\w+\s+)??(\w+)\s+(?:in|of)\s+(.+?)(?:\s+do)?\s*[:,]?$",
        r"\1for \2 in \3:",
    ),
    (
        r"^(\s*)for\s+(\w+)\s+(?:from|=)\s+(.+?)\s+(?:up\s+)?to\s+(.+?)(?:\s+do)?\s*[:,]?$",
        r"\1for \2 in range(\3, (\4) + 1):",
    ),
    (r"^(\s*)repeat\s+(?:while|as long as)\s+(.+?)\s*[:,]?$", r"\1while \2:"),
    (r"^(\s*)while\s+(.+?)(?:\s+do)?\s*[:,]?$", r"\1while \2:"),
    (r"^(\s*)(?:otherwise|else)\s*,?\s*if\s+(.+?)(?:\s*,?\s*then)?\s*[:,]?$", r"\1elif \2:"),
    (r"^(\s*)if\s+(.+?)(?:\s*,?\s*then)?\s*[:,]?$", r"\1if \2:"),
    (r"^(\s*)(?:otherwise|else)\s*[:,]?$", r"\1else:"),
    (r"^(\s*)if\s+(.+?)\s*(?:,\s*then|then|,)\s+(\S.+)$", r"\1if \2: \3"),
    (
        r"^(\s*)(?:append|add|push|put)\s+(.+?)\s+(?:to the end of|to|onto|into)\s+(\w+)$",
        r"\1\3.append(\2)",
    ),
    (
        r"^(\s*)(?:increment|increase)\s+(\w+)(?:\s+by\s+(\w+))?$",
        lambda found: f"{found[1]}{found[2]} += {found[3] or 1}",
    ),
    (
        r"^(\s*)(?:decrement|decrease)\s+(\w+)(?:\s+by\s+(\w+))?$",
        lambda found: f"{found[1]}{found[2]} -= {found[3] or 1}",
    ),
    (r"^(\s*)(?:give back|output|answer with|answer)\s+(.+)$", r"\1return \2"),
    (r"^(\s*)(?:return|RETURN)\s+(.+)$", r"\1return \2"),
    (r"^(\s*)end(?:\s*(?:if|for|while|function|procedure))?\s*$", ""),
)
_WORDS = (
    (r"\bis not (?:already )?in\b|\bisn't (?:already )?in\b", "not in"),
    (r"\bis (?:already )?in\b", "in"),
    (r"\bis (?:less|smaller) than or equal(?: to)?\b|\bis at most\b", "<="),
    (r"\bis (?:greater|larger|bigger|more) than or equal(?: to)?\b|\bis at least\b", ">="),
    (r"\bis (?:less|smaller) than\b", "<"),
    (r"\bis (?:greater|larger|bigger|more) than\b", ">"),
    (r"\b(?:is not equal to|does not equal|is not)\b", "!="),
    (r"\b(?:is equal to|equals|is the same as)\b", "=="),
    (r"\bis empty\b", "== []"),
    (
        r"\bthe (?:length|size) of (\w+)\b|\b(?:length|size)\((\w+)\)|\b(?:length|size) of (\w+)\b",
        lambda found: f"len({found[1] or found[2] or found[3]})",
    ),
    (r"\ban empty list\b|\bempty list\b", "[]"),
    (r"\ban empty (?:string|text)\b", '""'),
    (r"\ban empty (?:dictionary|dict)\b", "{}"),
    (r"\b(?:mod|modulo)\b", "%"),
    (r"\bthe (?:list|item|element|value|number|text) (?=\w)", ""),
    (r"\b(?:plus)\b", "+"),
    (r"\b(?:minus)\b", "-"),
    (r"\b(?:times)\b", "*"),
    (r"\b(?:divided by)\b", "/"),
    (r"\bAND\b", "and"),
    (r"\bOR\b", "or"),
    (r"\bNOT\b", "not"),
)


def translations(text: str) -> Iterator[str]:
    """The text as Python, read as a language with braces, and as pseudo-code."""
    if re.search(r"[{};]|===|\bfunction\b|=>", text):
        yield _braced(text)
    yield _pseudo(text)


def _braced(text: str) -> str:
    """Lines of a language with braces; the depth of braces becomes the indentation."""
    text = re.sub(r"\{(?=[^\n}]*\S)", "{\n", re.sub(r";(?=[^\n)]*\S)(?![^(\n]*\))", ";\n", text))
    text = re.sub(r"(?<=\S)\s*\}", "\n}", text)
    depth, lines = 0, []
    for line in text.split("\n"):
        bare = line.strip()
        closes = len(re.match(r"^[}\s]*", bare)[0].replace(" ", ""))  # type: ignore[index]
        depth = max(0, depth - closes)
        rest = bare[closes:].strip() if closes else bare
        opens = rest.count("{") - rest.count("}")
        for pattern, new in _BRACED:
            rest = re.sub(pattern, new, rest)
        rest = re.sub(r"\(([^()]*)\)(?=:$)", _untyped, rest) if rest.startswith("def ") else rest
        if rest.strip(" :;}"):
            lines.append("    " * depth + rest.strip().rstrip(";"))
        depth = max(0, depth + opens)
    return "\n".join(lines)


def _untyped(found: "re.Match[str]") -> str:
    """Parameters without their types."""
    names = []
    for part in found[1].split(","):
        words = re.findall(r"\w+", part.split("=")[0].split(":")[0])
        names += words[-1:]
    return f"({', '.join(names)})"


def _pseudo(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        bare = re.sub(r"^\s*(?:[-*•]|\(?\d{1,3}[.)])\s+", "", line).strip().rstrip(".;")
        bare = re.sub(r"^(?:then|and|next|first|finally|now),?\s+", "", bare, flags=re.IGNORECASE)
        bare = bare.replace("`", "")
        bare = bare[:1].lower() + bare[1:] if bare[:1].isupper() else bare
        if bare.isupper():
            bare = bare.lower()
        for pattern, word in _WORDS:
            bare = re.sub(pattern, word, bare)
        for pattern, new in _PSEUDO:
            changed = re.sub(pattern, new, bare, flags=re.IGNORECASE)
            if changed != bare:
                bare = changed
                break
        if ": " in bare and re.match(r"(if|for|while|elif|else)\b", bare):
            head, _, rest = bare.partition(": ")
            lines += [f"{indent}{head}:", f"{indent}    {_one(rest)}"]
        else:
            lines.append(indent + bare)
    return "\n".join(lines)


def _one(line: str) -> str:
    for pattern, new in _PSEUDO:
        changed = re.sub(pattern, new, line, flags=re.IGNORECASE)
        if changed != line:
            return changed
    return line
