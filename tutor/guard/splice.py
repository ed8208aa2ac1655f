"""Puts code that a text offers into the learner's program, wherever it could be meant."""

import ast
import builtins
import re
import textwrap
from collections.abc import Iterator, Sequence

from tutor.diagnosis.model import Change
from tutor.diagnosis.program import Program, blocks
from tutor.guard.extract import code_line, fences, runs, spans
from tutor.guard.repair import parsed

_BUILTINS = frozenset(dir(builtins))
_MOST = 400  # places that are tried for one text
_CALLED = re.compile(r"\b[a-z_][\w.]*\((?:[^()\n]|\([^()\n]*\))*\)")
_HEADS = ("if", "elif", "while", "for", "def", "with")


def variants(text: str, program: Program) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """Changes of a program by offered code, each with the code.

    Args:
        text: without disguises.
        program: the learner's.
    """
    count = 0
    pieces = fragments(text, program)
    known = program.defined() | _BUILTINS | _stored("\n".join(pieces)).union(*map(_stored, pieces))
    for piece in pieces:
        for changes in _of(piece, program, known):
            count += 1
            if count > _MOST:
                return
            yield piece, changes


def fragments(text: str, program: Program) -> list[str]:
    """Pieces of code in a text that are not the learner's own."""
    found: list[str] = []
    for block in fences(text):
        found.append(textwrap.dedent(block).strip("\n"))
        found += [line.strip() for line in block.split("\n") if line.strip()]
    found += [span.strip() for span in spans(text)]
    found += [textwrap.dedent(run).strip("\n") for run in runs(text)]
    bare = re.sub(r"`", "", text)
    found += [one for one in _CALLED.findall(bare) if parsed(one) is not None]
    for line in bare.split("\n"):
        stripped = re.sub(r"^\s*(?:[-*•+]|\d{1,3}[.):])\s*", "", line).strip()
        if code_line(stripped):
            found.append(stripped)
        tail = re.search(r":\s+(\S[^:]*)$", line)
        if tail and code_line(tail[1]):
            found.append(tail[1].strip())
        found += written(line, program)
    found += joined(spans(text))
    return [one for one in dict.fromkeys(found) if one and not _own(one, program)]


_SIGN = re.compile(r"[=(\[<>%+*/-]")
_LONGEST = 14  # words of code that may stand in a sentence


def written(line: str, program: Program) -> list[str]:
    """Code inside a sentence, without any mark: "then write marks = sorted(marks)".

    Args:
        line: prose.
        program: the learner's; code that speaks of other names than its is not meant for it.
    """
    words = line.split()
    known = program.defined() | _BUILTINS
    found: list[str] = []
    place = 0
    while place < len(words):
        most = min(len(words), place + _LONGEST)
        for end in range(most, place, -1):
            piece = " ".join(words[place:end]).rstrip(".,;:!?")
            rest = words[end] if end < len(words) else ""
            if len(piece) > 2 and not rest.startswith("=") and _meant(piece, known):
                found.append(piece)
                place = end - 1
                break
        place += 1
    return found


def _meant(piece: str, known: set[str]) -> bool:
    """Whether words are code of known names, and neither a value nor a name that gets a value."""
    tree = parsed(piece) if _SIGN.search(piece) else None
    if tree is None or len(tree.body) != 1:
        return False
    first = tree.body[0]
    if isinstance(first, ast.AnnAssign) or (
        isinstance(first, ast.Assign) and isinstance(first.value, ast.Constant)
    ):
        return False
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return bool(names & known) and names <= known | _stored(piece)


def joined(pieces: Sequence[str]) -> list[str]:
    """Pieces that follow each other, put together: `return a` and then `and b`."""
    found: list[str] = []
    for size in (2, 3):
        for start in range(len(pieces) - size + 1):
            parts = [piece.strip() for piece in pieces[start : start + size]]
            found += [glue.join(parts) for glue in ("", " ")]
    return [one for one in found if "\n" not in one and parsed(one) is not None]


def _own(piece: str, program: Program) -> bool:
    """Whether a piece stands in the learner's program already, with the same indentation."""
    if "\n" not in piece:
        return _tight(piece) in _tight(program.text)
    wanted = [line.rstrip() for line in textwrap.dedent(piece).split("\n") if line.strip()]
    lines = [line.rstrip() for line in program.text.split("\n") if line.strip()]
    size = len(wanted)
    return any(
        textwrap.dedent("\n".join(lines[start : start + size])).split("\n") == wanted
        for start in range(len(lines) - size + 1)
    )


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _stored(piece: str) -> set[str]:
    """Names that a piece gives a value."""
    tree = parsed(piece)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)] if tree else []
    return {node.id for node in names if isinstance(node.ctx, ast.Store)}


def _of(piece: str, program: Program, known: set[str]) -> Iterator[tuple[Change, ...]]:
    tree, own = parsed(piece), program.defined() - _BUILTINS
    if tree is not None and tree.body:
        if not _familiar(tree, known, own) or _literal(tree, program):
            return
        first = tree.body[0]
        if len(tree.body) == 1 and isinstance(first, ast.Expr):
            yield from _expression(first.value, piece, program)
            if not isinstance(first.value, ast.Call):
                return
        yield from _statements(piece, tree, program)
        return
    word = piece.split(" ")[0].rstrip(":")
    if word in _HEADS or word == "else":
        for whole in (
            f"{piece}\n    pass",
            f"{piece}:\n    pass",
            f"if 1:\n    pass\n{piece}\n    pass",
        ):
            head = parsed(whole)
            if head is not None and _familiar(head, known, own):
                yield from _head(piece, word, program)
                return


def _familiar(tree: ast.AST, known: set[str], own: set[str]) -> bool:
    """Whether a piece speaks of the learner's names: a worked example elsewhere does not.

    Args:
        tree: of the piece.
        known: names of the learner's, builtin ones, and those that the pieces make themselves.
        own: the learner's alone.
    """
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names <= known and (names <= _BUILTINS or bool(names & own))


def _literal(tree: ast.Module, program: Program) -> bool:
    """Whether a piece is only a value or a call with values, as a test has them."""
    for node in tree.body:
        if not isinstance(node, ast.Expr):
            return False
        inside = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
        called = {function.name for function in program.functions}
        if not set(inside) <= called | _BUILTINS:
            return False
    return True


def _expression(value: ast.expr, piece: str, program: Program) -> Iterator[tuple[Change, ...]]:
    if isinstance(value, ast.Constant | ast.Name):
        return  # a value that is talked about; what it should replace is said in words
    kinds: tuple[type[ast.expr], ...] = (type(value),)
    if isinstance(value, ast.ListComp | ast.DictComp | ast.SetComp | ast.GeneratorExp | ast.IfExp):
        kinds = (ast.BinOp, ast.Call, ast.List, ast.Dict, ast.Name, ast.ListComp, ast.DictComp)
    elif isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp):
        kinds = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Name, ast.Call)
    elif isinstance(
        value, ast.BinOp | ast.Call | ast.Subscript | ast.List | ast.Tuple | ast.Attribute
    ):
        kinds = (
            ast.BinOp, ast.Call, ast.Subscript, ast.List, ast.Tuple, ast.Name, ast.Constant,
            ast.Attribute,
        )  # fmt: skip
    for node in ast.walk(program.tree):
        if isinstance(node, kinds) and not isinstance(
            getattr(node, "ctx", None), ast.Store | ast.Del
        ):
            if isinstance(program.parents.get(node), ast.JoinedStr | ast.FormattedValue):
                continue
            yield (Change(program.start(node), program.end(node), piece),)


def _statements(piece: str, tree: ast.Module, program: Program) -> Iterator[tuple[Change, ...]]:
    kinds = tuple({type(one) for one in tree.body})
    alone = [
        node
        for node in ast.walk(program.tree)
        if isinstance(node, ast.stmt) and program.alone(node)
    ]
    for node in alone:
        start, end = program.lines_of(node)
        block = textwrap.indent(piece, program.indent(node))
        if isinstance(node, kinds) or (len(kinds) == 1 and isinstance(node, ast.Expr | ast.Assign)):
            yield (Change(start, end, block),)
    several = isinstance(tree.body[0], ast.Assign) and isinstance(
        tree.body[0].targets[0], ast.Tuple
    )
    if len(tree.body) > 1 or "\n" in piece or several:
        yield from _ranges(piece, program)
    for node in alone:
        start, end = program.lines_of(node)
        indent = program.indent(node)
        for level in {len(indent), len(indent) + 4, max(0, len(indent) - 4)}:
            block = textwrap.indent(piece, " " * level)
            yield (Change(end, end, f"\n{block}"),)
        if not isinstance(node, ast.FunctionDef):
            yield (Change(start, start, textwrap.indent(piece, indent) + "\n"),)


def _ranges(piece: str, program: Program) -> Iterator[tuple[Change, ...]]:
    """A piece of several lines in place of statements that follow each other."""
    for _, block in blocks(program.tree):
        for begin in range(len(block)):
            for end in range(begin + 1, min(len(block), begin + 4)):
                if program.alone(block[begin]) and program.alone(block[end]):
                    start, stop = program.lines_of(block[begin])[0], program.lines_of(block[end])[1]
                    text = textwrap.indent(piece, program.indent(block[begin]))
                    yield (Change(start, stop, text),)


def _head(piece: str, word: str, program: Program) -> Iterator[tuple[Change, ...]]:
    text = piece if piece.endswith(":") else f"{piece}:"
    for number in range(1, len(program.starts)):
        line = program.line(number) if number < len(program.starts) else ""
        bare = line.strip()
        if not bare:
            continue
        indent = line[: len(line) - len(line.lstrip())]
        start, end = program.starts[number - 1], program.starts[number] - 1
        here = bare.split(" ")[0].rstrip(":")
        if here == word or {here, word} <= {"if", "elif", "while", "else", "for"}:
            yield (Change(start, end, indent + text),)
