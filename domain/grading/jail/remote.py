# ruff: noqa: ANN401, SLF001 - what crosses the wire has no static type; one module, two classes
"""The tester's side of a learner's objects: proxies that ask the learner's process.

A learner decides what their objects do, never what a test thinks of them: comparing with anything
but another of their objects is not left to their `__eq__`, and membership goes by iteration.
"""

import builtins
from collections.abc import Callable, Iterator
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, NoReturn, TypeVar

from .cell import PEER
from .frames import ProtocolError, Reader, send
from .values import Opaque, decode, encode

_T = TypeVar("_T")
_from_learner = Reader(PEER)
_DUNDER_READABLE = {"__name__", "__dict__"}


class LearnerGone(BaseException):
    """The learner's process has ended."""


class Remote:
    """An object of the learner's."""

    __slots__ = ("_kind", "_link", "_number")
    _link: "Link"
    _number: int
    _kind: str

    def __init__(self, link: "Link", number: int, kind: str) -> None:
        for name, value in (("_link", link), ("_number", number), ("_kind", kind)):
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _DUNDER_READABLE:
            raise AttributeError(name)
        return self._link.do("getattr", self, name)

    def __setattr__(self, name: str, value: object) -> None:
        self._link.do("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        self._link.do("delattr", self, name)

    def __call__(self, *args: object, **kwargs: object) -> Any:  # noqa: D102 - the learner's
        return self._link.call(self, args, kwargs)

    def __eq__(self, other: object) -> Any:
        return self._link.truth("eq", self, other) if isinstance(other, Remote) else NotImplemented

    def __hash__(self) -> int:
        return int(self._link.do("hash", self))

    def __bool__(self) -> bool:
        return self._link.truth("bool", self)

    def __len__(self) -> int:
        return int(self._link.do("len", self))

    def __iter__(self) -> Iterator[Any]:
        walk = self._link.do("iter", self)
        return walk if isinstance(walk, Remote) else iter(walk)

    def __contains__(self, item: object) -> bool:
        return any(item is one or item == one for one in self)

    def __instancecheck__(self, instance: object) -> bool:
        known = isinstance(instance, Remote) or hasattr(instance, "stoa_remote")
        return known and self._link.truth("isinstance", instance, self)

    def __subclasscheck__(self, kind: object) -> bool:
        return isinstance(kind, Remote) and self._link.truth("issubclass", kind, self)

    def __str__(self) -> str:
        return _exact(self._link.do("str", self), str)

    def __repr__(self) -> str:
        return _exact(self._link.do("repr", self), str)

    def __format__(self, spec: str) -> str:
        return _exact(self._link.do("format", self, spec), str)

    def __exit__(self, *_: object) -> None:
        self._link.do("exit", self)


def _exact(value: object, kind: type[_T]) -> _T:
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}")
    return value


def _replace(old: Any, new: Any) -> None:
    """Give a list, dictionary or set of ours the content it was given over there."""
    if type(old) is not type(new):
        return
    if isinstance(old, list):
        old[:] = new
    elif isinstance(old, dict | set):
        old.clear()
        old.update(new)


def _ordering(name: str) -> Callable[[Remote, object], Any]:
    def method(self: Remote, other: object) -> Any:
        return self._link.truth(name, self, other) if isinstance(other, Remote) else NotImplemented

    return method


def _operation(name: str) -> Callable[..., Any]:
    def method(self: Remote, *args: object) -> Any:
        return self._link.do(name, self, *args)

    return method


def _reflected(name: str) -> Callable[[Remote, object], Any]:
    def method(self: Remote, other: object) -> Any:
        return self._link.do(name, other, self)

    return method


for _name in ("lt", "le", "gt", "ge"):
    setattr(Remote, f"__{_name}__", _ordering(_name))
for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor"):
    setattr(Remote, f"__{_name}__", _operation(_name))
    setattr(Remote, f"__r{_name}__", _reflected(_name))
for _name in (
    "next", "abs", "int", "float", "round", "reversed", "neg", "getitem", "setitem", "delitem",
    "enter",
):  # fmt: skip
    setattr(Remote, f"__{_name}__", _operation(_name))


class Link:
    """The connection to the learner's process."""

    def __init__(self) -> None:
        self.proxies: dict[int, Any] = {}
        self.callbacks: list[Callable[..., object]] = []
        self.functions: list[str] = []

    def do(self, name: str, *args: object) -> Any:
        """An operation on the learner's side."""
        return self._ask({"do": name, "args": [self.encode(arg) for arg in args]})[0]

    def truth(self, name: str, *args: object) -> bool:
        """An operation whose answer must be True or False."""
        return bool(_exact(self.do(name, *args), bool))

    def call(self, function: Remote, args: tuple[object, ...], kwargs: dict[str, object]) -> Any:
        """A call; lists, dictionaries and sets that it changed are changed here too."""
        answer, frame = self._ask(
            {
                "call": function._number,
                "args": [self.encode(arg) for arg in args],
                "kwargs": {name: self.encode(value) for name, value in kwargs.items()},
            }
        )
        for arg, changed in zip(args, frame.get("changed", ()), strict=False):
            if changed is None:
                continue
            _replace(arg, self.decode(changed))
        return answer

    def names(self) -> dict[str, Any]:
        """What the learner's module defines, by name; starts a new test's clock there."""
        found, frame = self._ask({"names": True})
        self.functions = [str(name) for name in frame.get("functions", ())]
        return dict(found)

    def flush(self) -> None:
        """Bring what the learner's code printed to where the grader reads it."""
        self._ask({"flush": True})

    def encode(self, value: object) -> object:
        """A value, an object of theirs, or a function of ours."""
        return encode(value, self._ours)

    def _ours(self, value: object) -> object:
        if isinstance(value, Remote):
            return {"r": value._number}
        number = getattr(value, "stoa_remote", None)
        if isinstance(number, int):
            return {"r": number}
        name = getattr(value, "__name__", None)
        if type(name) is str and getattr(builtins, name, None) is value:
            return {"e": name}
        if isinstance(value, FunctionType | MethodType | BuiltinFunctionType):
            self.callbacks.append(value)
            return {"k": len(self.callbacks) - 1}
        raise TypeError(f"a {type(value).__name__} cannot be passed to the learner's code")

    def decode(self, value: object) -> Any:
        """What the learner's process sent, as plain values and proxies.

        Raises:
            LearnerGone: it is no value; nothing more can be believed.
        """
        try:
            return decode(value, self._theirs)
        except (ValueError, TypeError, KeyError, IndexError, RecursionError) as wrong:
            raise LearnerGone from wrong

    def _theirs(self, letter: str, inner: Any) -> object:
        if letter == "h":
            number, kind, name, bases = inner
            if number not in self.proxies:
                self.proxies[int(number)] = (
                    self._exception(number, str(name), bases)
                    if kind == "exception"
                    else Remote(self, int(number), str(name))
                )
            return self.proxies[number]
        if letter == "k":
            return self.callbacks[inner]
        if letter == "e":
            found = getattr(builtins, str(inner))
            return found if isinstance(found, type) or callable(found) else Opaque("str", inner)
        raise ValueError("no value")

    def _exception(self, number: int, name: str, bases: list[object]) -> type:
        parents = tuple(
            base
            for base in map(self.decode, bases)
            if isinstance(base, type) and issubclass(base, Exception)
        )
        return type(name, parents or (Exception,), {"stoa_remote": number})

    def _ask(self, request: object) -> tuple[Any, dict[str, Any]]:
        try:
            send(PEER, request)
            while True:
                frame = _from_learner.receive()
                if not isinstance(frame, dict):
                    raise LearnerGone
                if "callback" in frame:
                    self._call_back(frame)
                elif "x" in frame:
                    self._raise(frame)
                else:
                    return self.decode(frame.get("a")), frame
        except (ProtocolError, OSError) as wrong:
            raise LearnerGone from wrong

    def _call_back(self, frame: dict[str, Any]) -> None:
        try:
            function = self.callbacks[int(frame["callback"])]
            args = [self.decode(arg) for arg in frame["args"]]
            kwargs = {str(name): self.decode(value) for name, value in frame["kwargs"].items()}
            send(PEER, {"a": self.encode(function(*args, **kwargs))})
        except Exception as wrong:  # noqa: BLE001 - goes on in the learner's code, as in one process
            send(PEER, {"x": type(wrong).__name__, "message": str(wrong)[:500]})

    def _raise(self, frame: dict[str, Any]) -> NoReturn:
        kind = self.decode(frame["class"]) if frame.get("class") is not None else None
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            kind = RuntimeError  # SystemExit and its like do not end the tester
        try:
            raised = kind(*[self.decode(arg) for arg in frame.get("args", ())])
        except TypeError:
            raised = Exception.__new__(kind)
        vars(raised)["stoa_report"] = frame["x"]
        instance = self.decode(frame["instance"]) if "instance" in frame else None
        if isinstance(instance, Remote) and hasattr(kind, "stoa_remote"):
            vars(raised)["stoa_instance"] = instance
        raise raised
