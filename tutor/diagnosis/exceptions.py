"""Exceptions in the learner's words: what the line wanted, and what the values were."""

import ast
import re
from collections.abc import Callable, Sequence

from domain.grading import Json, Note
from tutor.diagnosis import words
from tutor.diagnosis.model import Evidence, Value
from tutor.diagnosis.program import Program

_VALUES_SHOWN = 5
_VALUE_LONG = 60


def explain(
    kinds: Sequence[str], evidence: Evidence, program: Program, *, hidden: bool
) -> tuple[Note, ...]:
    """Say what happened.

    Args:
        kinds: the exception's type and its ancestors.
        evidence: where, and the variables there.
        program: the learner's program.
        hidden: the input is not the learner's to see, so neither are values.
    """
    reader = _Reader(kinds, evidence, program, hidden)
    notes = reader.notes()
    shown = reader.variables()
    return (*notes, shown) if shown is not None and not hidden else tuple(notes)


class _Reader:
    """One exception."""

    def __init__(
        self, kinds: Sequence[str], evidence: Evidence, program: Program, hidden: bool
    ) -> None:
        self.kinds, self.evidence, self.program, self.hidden = kinds, evidence, program, hidden
        self.kind, self.message = kinds[0], evidence.message
        self.node = _node_at(program, evidence)

    def note(self, message: str, **values: Json) -> Note:
        return Note(message, {"line": self.evidence.line, **values})

    def notes(self) -> list[Note]:
        """The sentences, most important first."""
        for kind in self.kinds:
            explain_one = _BY_KIND.get(kind)
            found = explain_one(self) if explain_one else None
            if found:
                return found
        if self.hidden:
            return [self.note(words.OTHER_PLAIN, type=self.kind)]
        return [self.note(words.OTHER, type=self.kind, reason=self.message)]

    def variables(self) -> Note | None:
        """The variables of the line and their values."""
        line = self.evidence.line
        if not 1 <= line < len(self.program.starts):
            return None
        used = re.findall(r"[A-Za-z_]\w*", self.program.line(line))
        known = [
            "`{} = {}`".format(name, _cut(value.text).replace("`", "'"))
            for name in dict.fromkeys(used)
            if (value := self.evidence.values.get(name)) is not None
            and value.kind not in ("function", "module", "type")
        ]
        if not known:
            return None
        return Note(words.WITH_VALUES, {"values": ", ".join(known[:_VALUES_SHOWN])})

    def value(self, node: ast.expr) -> Value | None:
        """What an expression was, when it is a variable or a constant."""
        if isinstance(node, ast.Constant):
            return Value(type(node.value).__name__, repr(node.value))
        if isinstance(node, ast.Name):
            return self.evidence.values.get(node.id)
        return None

    def number(self, node: ast.expr) -> int | None:
        """A whole number that an expression was: variables, constants, plus, minus, `len`."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.number(node.operand)
            return None if inner is None else -inner
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            left, right = self.number(node.left), self.number(node.right)
            if left is None or right is None:
                return None
            return left + right if isinstance(node.op, ast.Add) else left - right
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            held = self.value(node.args[0])
            if node.func.id == "len" and held is not None and held.length >= 0:
                return held.length
            return None
        held = self.value(node)
        if held is None or held.kind != "int" or not re.fullmatch(r"-?\d{1,9}", held.text):
            return None
        return int(held.text)

    def words_for(self, kind: str) -> str:
        """A type's name in the learner's words; itself when it is a class of theirs."""
        return words.KINDS.get(kind, f"`{kind}`")

    def index_error(self) -> list[Note]:
        if "pop from" in self.message or "pop index" in self.message:
            return [self.note(words.POP_EMPTY)]
        node = self.node
        if not self.hidden and isinstance(node, ast.Subscript):
            name, held = self.program.of(node.value), self.value(node.value)
            code = self.program.of(node)
            if held is not None and held.length == 0:
                return [self.note(words.POSITION_EMPTY, code=code, name=name)]
            index = self.number(node.slice)
            if held is not None and held.length > 0 and index is not None:
                return [self.note(words.POSITION, code=code, index=index, name=name, n=held.length)]
        return [self.note(words.POSITION_PLAIN)]

    def key_error(self) -> list[Note]:
        if self.hidden:
            return [self.note(words.NO_KEY_PLAIN)]
        return [self.note(words.NO_KEY, key=_cut(self.message))]

    def name_error(self) -> list[Note]:
        found = re.search(r"'(\w+)'", self.message)
        if found is None:
            return []
        names = [name for name in self.evidence.values if not name.startswith("_")]
        own = [name for name in names if self.evidence.values[name].kind not in ("module", "type")]
        first = self.note(words.NO_NAME, name=found[1])
        if not own:
            return [first]
        shown = ", ".join(f"`{name}`" for name in own[:8])
        return [first, Note(words.KNOWN_NAMES, {"names": shown})]

    def unbound(self) -> list[Note]:
        found = re.search(r"'(\w+)'", self.message)
        if found is None:
            return []
        notes = [self.note(words.NOT_YET, name=found[1])]
        if found[1] in self.program.names(None):
            notes.append(Note(words.LOCAL))
        return notes

    def type_error(self) -> list[Note]:
        said = self.message
        if "NoneType" in said and "operand" not in said:
            return [self.note(words.NONE_USED)]
        if re.search(r"'(builtin_)?function(_or_method)?'|'method'", said):
            return [self.note(words.FUNCTION_USED)]
        if found := re.search(r"for (\S+): '(\w+)' and '(\w+)'", said):
            return [self._pair(words.JOIN, found[2], found[3], sign=found[1])]
        if found := re.search(r"can only concatenate (\w+) \(not \"(\w+)\"\)", said):
            return [self._pair(words.ONLY_JOIN, found[1], found[2])]
        if found := re.search(r"between instances of '(\w+)' and '(\w+)'", said):
            return [self._pair(words.NO_ORDER, found[1], found[2])]
        for pattern, message in _ABOUT_A_KIND:
            if found := re.search(pattern, said):
                return [self.note(message, kind=self.words_for(found[1]))]
        if "missing" in said and "argument" in said:
            return [self.note(words.TOO_FEW)]
        if "argument" in said and "given" in said:
            return [self.note(words.TOO_MANY)]
        return [] if self.hidden else [self.note(words.WRONG_KIND, reason=said)]

    def _pair(self, message: str, left: str, right: str, **values: Json) -> Note:
        return self.note(message, left=self.words_for(left), right=self.words_for(right), **values)

    def attribute_error(self) -> list[Note]:
        found = re.search(r"'(\w+)' object has no attribute '(\w+)'", self.message)
        if found is None:
            return []
        if found[1] == "NoneType":
            return [self.note(words.NONE_USED)]
        if found[1] in ("builtin_function_or_method", "function", "method"):
            return [self.note(words.FUNCTION_USED)]
        return [self.note(words.NO_ATTRIBUTE, kind=self.words_for(found[1]), name=found[2])]

    def value_error(self) -> list[Note]:
        said = self.message
        if found := re.search(r"(?:with base 10|to float): (.*)", said):
            if self.hidden:
                return [self.note(words.OTHER_PLAIN, type=self.kind)]
            return [self.note(words.NOT_A_NUMBER, text=_cut(found[1]))]
        if "not in list" in said or "not in tuple" in said or "substring not found" in said:
            return [self.note(words.NOT_IN)]
        if "unpack" in said:
            return [self.note(words.UNPACK)]
        return [] if self.hidden else [self.note(words.BAD_VALUE, reason=said)]

    def zero(self) -> list[Note]:
        if isinstance(self.node, ast.BinOp) and not self.hidden:
            return [self.note(words.BY_ZERO, code=self.program.of(self.node.right))]
        return [self.note(words.BY_ZERO_PLAIN)]

    def runtime_error(self) -> list[Note]:
        if "changed size" in self.message or "mutated during" in self.message:
            return [self.note(words.CHANGED_WHILE)]
        return []

    def plain(self, message: str) -> list[Note]:
        return [self.note(message)]


_ABOUT_A_KIND = (
    (r"'(\w+)' object is not subscriptable", words.NOT_A_LIST),
    (r"'(\w+)' object does not support item", words.NOT_A_LIST),
    (r"'(\w+)' object is not iterable", words.NOT_WALKED),
    (r"non-iterable (\w+) object", words.NOT_WALKED),
    (r"argument of type '(\w+)' is not iterable", words.NOT_WALKED),
    (r"'(\w+)' object is not callable", words.NOT_CALLED),
    (r"indices must be integers.*, not '?(\w+)'?", words.INDEX_KIND),
    (r"'(\w+)' object cannot be interpreted as an integer", words.INDEX_KIND),
    (r"unhashable type: '(\w+)'", words.UNHASHABLE),
    (r"object of type '(\w+)' has no len", words.NO_LENGTH),
)
_BY_KIND: dict[str, Callable[[_Reader], list[Note]]] = {
    "IndexError": _Reader.index_error,
    "KeyError": _Reader.key_error,
    "UnboundLocalError": _Reader.unbound,
    "NameError": _Reader.name_error,
    "TypeError": _Reader.type_error,
    "AttributeError": _Reader.attribute_error,
    "ValueError": _Reader.value_error,
    "ZeroDivisionError": _Reader.zero,
    "RecursionError": lambda reader: reader.plain(words.DEEP),
    "EOFError": lambda reader: reader.plain(words.NO_INPUT),
    "RuntimeError": _Reader.runtime_error,
    "ImportError": lambda reader: [reader.note(words.NO_MODULE, reason=reader.message)],
    "OverflowError": lambda reader: reader.plain(words.TOO_LARGE),
    "AssertionError": lambda reader: reader.plain(words.FALSE_CLAIM),
    "MemoryError": lambda reader: reader.plain(words.NO_MEMORY),
    "SystemExit": lambda _: [Note(words.LEFT)],
}

CONCEPT_OF = {
    "IndexError": "index",
    "KeyError": "index",
    "UnboundLocalError": "names",
    "NameError": "names",
    "AttributeError": "calls",
    "ZeroDivisionError": "empty",
    "RecursionError": "recursion",
    "TypeError": "types",
    "ValueError": "types",
    "EOFError": "bounds",
    "RuntimeError": "copies",
    "SystemExit": "leaving",
}


def concept_of(kinds: Sequence[str]) -> str:
    """The concept that an exception is mostly about."""
    return next((CONCEPT_OF[kind] for kind in kinds if kind in CONCEPT_OF), "tracing")


def _cut(text: str) -> str:
    return text if len(text) <= _VALUE_LONG else text[: _VALUE_LONG - 1] + "…"


def _node_at(program: Program, evidence: Evidence) -> ast.expr | None:
    """The expression that failed, from the place that Python 3.11 keeps with each instruction."""
    first, last, begin, end = evidence.spot
    for node in ast.walk(program.tree):
        if isinstance(node, ast.expr) and (
            node.lineno,
            node.end_lineno,
            node.col_offset,
            node.end_col_offset,
        ) == (first, last, begin, end):
            return node
    return None
