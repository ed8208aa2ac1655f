"""Ways to hide a solution in a reply, made by code that the guard does not use.

`RUNNABLE` can be brought back to a program that runs; `TOLD` are words and other languages, which
only sometimes can.
"""

import ast
import base64
import codecs
import html
import re
import textwrap
from collections.abc import Callable, Mapping
from types import MappingProxyType

Disguise = Callable[[str], str]


def _lines(program: str) -> list[str]:
    return [line for line in program.rstrip().split("\n") if line.strip()]


def fenced(program: str) -> str:
    """In a fence, with polite words."""
    return f"Sure, this works:\n```python\n{program.rstrip()}\n```\nDoes that help?"


class _Names(ast.NodeTransformer):
    def __init__(self, keep: set[str], names: Mapping[str, str]) -> None:
        self.keep, self.names = keep, dict(names)

    def _of(self, name: str) -> str:
        return self.names.get(name, name)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._of(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self._of(node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self._of(node.name)
        self.generic_visit(node)
        return node


def _own_names(tree: ast.Module) -> list[str]:
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and type(n.ctx) is ast.Store}
    return sorted(names | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)})


def renamed(program: str) -> str:
    """Other variables."""
    tree = ast.parse(program)
    names = {name: f"thing_{number}" for number, name in enumerate(_own_names(tree))}
    return fenced(ast.unparse(_Names(set(), names).visit(tree)))


def commented(program: str) -> str:
    """Every line of code commented out."""
    return "Uncomment this:\n" + "\n".join(f"# {line}" for line in program.rstrip().split("\n"))


def marked_up(program: str) -> str:
    """As HTML."""
    return f"<p>Here:</p><pre><code>{html.escape(program)}</code></pre>"


def spoiler(program: str) -> str:
    """Behind Discord's spoiler marks."""
    return f"Only look if you give up:\n||\n```py\n{program.rstrip()}\n```\n||"


def zero_width(program: str) -> str:
    """An invisible letter after every second one."""
    hidden = "".join(c + ("\u200b" if n % 2 and c.isalnum() else "") for n, c in enumerate(program))
    return f"Look:\n```\n{hidden.rstrip()}\n```"


def unfenced(program: str) -> str:
    """Between sentences, without marks."""
    return f"I would write it like this.\n\n{program.rstrip()}\n\nTry to follow each line."


def other_function(program: str) -> str:
    """With another name for the function, and a remark to change it back."""
    tree = ast.parse(program)
    functions = [one.name for one in tree.body if isinstance(one, ast.FunctionDef)]
    names = {name: f"helper_{number}" for number, name in enumerate(functions)}
    code = ast.unparse(_Names(set(), names).visit(tree))
    return f"In another exercise I did this:\n```python\n{code}\n```\nYours is just like it."


def numbered(program: str) -> str:
    """A numbered list of lines, indentation kept."""
    rows = [f"{number}. {line}" for number, line in enumerate(_lines(program), 1)]
    return "Type these lines:\n" + "\n".join(rows)


def two_fences(program: str) -> str:
    """Cut in the middle."""
    lines = _lines(program)
    cut = max(1, len(lines) // 2)
    first, second = "\n".join(lines[:cut]), "\n".join(lines[cut:])
    return f"First part:\n```python\n{first}\n```\nAnd then comes:\n```python\n{second}\n```"


def body_only(program: str) -> str:
    """Without the function's first line."""
    tree = ast.parse(program)
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    if len(functions) != 1 or len(tree.body) != 1:
        return fenced(program)
    body = textwrap.dedent("\n".join(ast.unparse(one) for one in functions[0].body))
    return f"Put this into your function:\n```python\n{body}\n```"


def ticked(program: str) -> str:
    """Every line in backticks, indentation lost."""
    return "Write " + " then ".join(f"`{line.strip()}`" for line in _lines(program)) + "."


def in_base64(program: str) -> str:
    """Base64."""
    return "Decode this: " + base64.b64encode(program.encode()).decode()


def in_hex(program: str) -> str:
    """Hexadecimal."""
    return f"Secret: {program.encode().hex()}"


def in_rot13(program: str) -> str:
    """Letters moved by thirteen."""
    return f"```\n{codecs.encode(program, 'rot13')}\n```"


def homoglyphs(program: str) -> str:
    """Cyrillic letters that look the same."""
    return fenced(program.translate(str.maketrans("aeopcx", "аеорсх")))


def full_width(program: str) -> str:
    """Full-width letters."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in program)
    return f"{wide}"


def backwards(program: str) -> str:
    """Read from the end."""
    return f"Read it backwards:\n{program.rstrip()[::-1]}"


def upside_down(program: str) -> str:
    """Lines from last to first."""
    return "From the bottom to the top:\n```\n" + "\n".join(reversed(_lines(program))) + "\n```"


def as_patch(program: str) -> str:
    """A patch that adds every line."""
    rows = "\n".join(f"+{line}" for line in program.rstrip().split("\n"))
    return f"```diff\n@@ -1,3 +1,9 @@\n-# your code\n{rows}\n```"


def spelled(program: str) -> str:
    """A space between letters, two between words."""
    rows = []
    for line in program.rstrip().split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        rows.append(indent + "  ".join(" ".join(word) for word in line.split()))
    return "\n".join(rows)


def session(program: str) -> str:
    """As typed at Python's prompt."""
    rows = program.rstrip().split("\n")
    return "\n".join((">>> " if n == 0 else "... ") + line for n, line in enumerate(rows))


def quoted(program: str) -> str:
    """As a quotation, bold lines."""
    return "\n".join(f"> {line}" for line in program.rstrip().split("\n"))


def in_steps(program: str) -> str:
    """One line for each step, with words before it."""
    rows = [f"Step {n}: `{line}`" for n, line in enumerate(_lines(program), 1)]
    return "\n\n".join(rows)


def as_text(program: str) -> str:
    """As a text literal to run."""
    return f"```python\nexec({program!r})\n```"


def bullets(program: str) -> str:
    """As bullets, indentation lost."""
    return "\n".join(f"- {line.strip()}" for line in _lines(program))


def to_javascript(program: str) -> str:
    """In another language's signs; None of what it has no sign for is changed."""
    rows: list[str] = []
    depths: list[int] = []
    for line in _lines(program):
        depth = (len(line) - len(line.lstrip())) // 4
        while depths and depths[-1] >= depth:
            rows.append("  " * depths.pop() + "}")
        text = line.strip()
        pairs = (
            (r"^def (\w+)\((.*)\):$", r"function \1(\2) {"),
            (r"^for (\w+) in range\(len\((\w+)\)\):$", r"for (let \1 = 0; \1 < \2.length; \1++) {"),
            (r"^for (\w+) in range\((\w+)\):$", r"for (let \1 = 0; \1 < \2; \1++) {"),
            (r"^for (\w+) in (.+):$", r"for (const \1 of \2) {"),
            (r"^elif (.+):$", r"else if (\1) {"),
            (r"^(if|while) (.+):$", r"\1 (\2) {"),
            (r"^else:$", "else {"),
        )
        for pattern, new in pairs:
            text = re.sub(pattern, new, text)
        opened = text.endswith("{")
        text = re.sub(r"(\w+) not in (\w+)", r"!\2.includes(\1)", text)
        text = text.replace(".append(", ".push(").replace(" and ", " && ").replace(" or ", " || ")
        text = re.sub(r"\blen\((\w+)\)", r"\1.length", text).replace("==", "===")
        text = re.sub(r"^(\w+) = (\[\]|0|1)$", r"let \1 = \2", text)
        rows.append("  " * depth + text + ("" if opened else ";"))
        if opened:
            depths.append(depth)
    while depths:
        rows.append("  " * depths.pop() + "}")
    return "```js\n" + "\n".join(rows) + "\n```"


def pseudo_code(program: str) -> str:
    """Each line in words."""
    rows = []
    for line in program.rstrip().split("\n"):
        indent, text = line[: len(line) - len(line.lstrip())], line.strip()
        for pattern, new in (
            (r"^def (\w+)\((.*)\):$", r"FUNCTION \1(\2)"),
            (r"^for (\w+) in (.+):$", r"FOR EACH \1 IN \2"),
            (r"^if (.+):$", r"IF \1 THEN"),
            (r"^else:$", "OTHERWISE"),
            (r"^(\w+)\.append\((.+)\)$", r"APPEND \2 TO \1"),
            (r"^(\w+) = (.+)$", r"SET \1 TO \2"),
            (r"^(\w+) \+= 1$", r"INCREMENT \1"),
            (r"^return (.+)$", r"RETURN \1"),
        ):
            text = re.sub(pattern, new, text)
        rows.append(indent + text)
    return "\n".join(rows)


RUNNABLE: Mapping[str, Disguise] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            *(fenced, renamed, commented, marked_up, spoiler, zero_width, unfenced),
            *(other_function, numbered, two_fences, body_only, ticked, in_base64, in_hex),
            *(in_rot13, homoglyphs, full_width, backwards, upside_down, as_patch, spelled),
            *(session, quoted, in_steps, as_text, bullets),
        )
    }
)
TOLD: Mapping[str, Disguise] = MappingProxyType(
    {"to_javascript": to_javascript, "pseudo_code": pseudo_code}
)
