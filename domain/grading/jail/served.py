# ruff: noqa: ANN401 - what crosses the wire has no static type
"""Lends a learner's objects to the tester's process, one request at a time.

Builtin values travel by value; everything else stays here and is known there by a number.
"""

import builtins
import operator
from collections.abc import Callable
from typing import Any

from .cell import PEER
from .frames import ProtocolError, Reader, send
from .learner import Program, flush, loaded
from .values import decode, encode

_OPERATIONS: dict[str, Callable[..., object]] = {
    "len": len, "iter": iter, "next": next, "str": str, "repr": repr, "bool": bool, "hash": hash,
    "abs": abs, "int": int, "float": float, "round": round, "reversed": reversed, "format": format,
    "isinstance": isinstance, "issubclass": issubclass, "eq": operator.eq, "lt": operator.lt,
    "le": operator.le, "gt": operator.gt, "ge": operator.ge, "add": operator.add,
    "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv, "mod": operator.mod,
    "floordiv": operator.floordiv, "pow": operator.pow, "neg": operator.neg, "and": operator.and_,
    "or": operator.or_, "xor": operator.xor, "getitem": operator.getitem,
    "setitem": operator.setitem, "delitem": operator.delitem, "getattr": getattr,
    "setattr": setattr, "delattr": delattr,
    "enter": lambda it: type(it).__enter__(it),
    "exit": lambda it: type(it).__exit__(it, None, None, None),
}  # fmt: skip
_MUTABLE = (list, dict, set)
_send, _from_tester = send, Reader(PEER)


class Callback:
    """A function of the tester's, callable here."""

    def __init__(self, number: int, lender: "Lender") -> None:
        self.number, self._lender = number, lender

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Ask the tester to call it."""
        lender = self._lender
        _send(
            PEER,
            {
                "callback": self.number,
                "args": [lender.encode(arg) for arg in args],
                "kwargs": {name: lender.encode(value) for name, value in kwargs.items()},
            },
        )
        return lender.answered()


class Lender:
    """The table of lent objects."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.objects: list[object] = [program.module]
        self.numbers: dict[int, int] = {id(program.module): 0}

    def encode(self, value: object) -> object:
        """A value, or the number of an object."""
        return encode(value, self._lend)

    def _lend(self, value: object) -> object:
        if isinstance(value, Callback):
            return {"k": value.number}
        name = getattr(value, "__name__", None)
        if type(name) is str and getattr(builtins, name, None) is value:
            return {"e": name}
        number = self.numbers.setdefault(id(value), len(self.objects))
        if number == len(self.objects):
            self.objects.append(value)
        if isinstance(value, type) and issubclass(value, BaseException):
            bases = [self._lend(base) for base in value.__bases__]
            return {"h": [number, "exception", value.__name__, bases]}
        return {"h": [number, "object", type(value).__name__, []]}

    def decode(self, value: object) -> Any:
        """What the tester sent."""
        return decode(value, self._known)

    def _known(self, letter: str, inner: object) -> object:
        if letter == "r" and isinstance(inner, int):
            return self.objects[inner]
        if letter == "k" and isinstance(inner, int):
            return Callback(inner, self)
        if letter == "e" and isinstance(inner, str):
            return getattr(builtins, inner)
        raise ValueError("no value")

    def answered(self) -> object:
        """Serve until the tester answers our callback."""
        while True:
            frame: Any = _from_tester.receive()
            if "a" in frame:
                return self.decode(frame["a"])
            if "x" in frame:
                kind = getattr(builtins, str(frame["x"]), RuntimeError)
                raise kind(frame.get("message", ""))
            self.serve(frame)

    def serve(self, frame: Any) -> None:
        """Do one request and send its answer."""
        try:
            answer = self._do(frame)
        except BaseException as wrong:  # noqa: BLE001 - a learner may raise anything
            answer = self._raised(wrong)
        try:
            _send(PEER, answer)
        except (ProtocolError, MemoryError, RecursionError):
            _send(PEER, {"x": {"type": "OverflowError", "message": "too large"}, "class": None})

    def _do(self, frame: Any) -> dict[str, object]:
        if "names" in frame:
            self.program.clock()
            return {
                "a": {
                    "d": [
                        [name, self.encode(value)]
                        for name, value in vars(self.program.module).items()
                        if not name.startswith("__")
                    ]
                },
                "functions": self.program.functions(),
            }
        if "flush" in frame:
            flush()
            return {"a": None}
        args = [self.decode(arg) for arg in frame["args"]]
        if "call" in frame:
            kwargs = {name: self.decode(value) for name, value in frame["kwargs"].items()}
            value = self.objects[frame["call"]](*args, **kwargs)
            changed = [self.encode(arg) if type(arg) in _MUTABLE else None for arg in args]
            return {"a": self.encode(value), "changed": changed}
        return {"a": self.encode(_OPERATIONS[frame["do"]](*args))}

    def _raised(self, wrong: BaseException) -> dict[str, object]:
        try:
            args = [self.encode(arg) for arg in wrong.args]
            return {
                "x": self.program.error(wrong),
                "class": self._lend(type(wrong)),
                "instance": self._lend(wrong),
                "args": args,
            }
        except BaseException as again:  # noqa: BLE001 - the learner's exception misbehaves too
            return {"x": self.program.error(again), "class": None}


def lend_objects(setup: dict[str, Any]) -> None:
    """Import the submission, then answer the tester until it is gone."""
    program = loaded(setup)
    if program is not None:
        lender = Lender(program)
        while True:
            lender.serve(_from_tester.receive())
