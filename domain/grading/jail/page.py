# ruff: noqa: ANN401 - the engine comes from outside and has no types
"""Runs a web page and the tests of its author in one JavaScript engine, loaded before the fork.

The page and the tests share that engine, since events go both ways. So the tests' verdicts rest on
what `web/source` locks before the page is known, and a test's source arrives only after the page
has run. What this process says is a verdict about values, never about time or memory.
"""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from typing import Any

from . import kernel
from .cell import CONTROL, from_grader
from .frames import ProtocolError, send
from .terms import ENGINE_KB

_STACK_KB = 768
# Collecting garbage touches every object, and so copies the memory that is shared with the warm
# process. The engine collects when its memory has grown by half since the last time: when that
# last time sees this much more than there is, small pages end before the next one.
_SAMPLE = {
    "index.html": (
        "<!doctype html><html lang='en'><head><title>x</title><link rel='stylesheet' "
        "href='style.css'></head><body><main class='a'><h1 id='h'>x</h1><form><label for='f'>x"
        "</label><input id='f'><button>x</button></form><ul><li>x</li></ul></main></body></html>"
    ),
    "style.css": "main { color: #111; margin: 0 auto } .a > h1 { display: flex; padding: 1px 2px }",
}
_SAMPLE_TESTS = (
    "expect(doc.querySelector('.a h1').textContent).toBe('x'); await wait(1);"
    "expect(style('#h').display).toBe('flex'); expect([{ a: 1 }]).toEqual([{ a: 1 }])",
    "const li = doc.createElement('li'); li.textContent = 'y'; doc.querySelector('ul').append(li);"
    "type('#f', 'x'); click('button'); expect(doc.querySelectorAll('li').length).toBe(2)",
)
_BALLAST = "{ const held = []; for (let n = 0; n < 18; n++) held.push(new ArrayBuffer(1 << 20)); }"
_SLACK_S = 0.1


class Engine:
    """A JavaScript engine with the bundle in it."""

    def __init__(self, library: str, bundle: str) -> None:
        """Load both.

        Args:
            library: path of the extension module `_quickjs`.
            bundle: path of the built `page.js`.
        """
        loader = ExtensionFileLoader("_quickjs", library)
        spec = spec_from_loader("_quickjs", loader)
        if spec is None:
            raise ImportError(library)
        quickjs = module_from_spec(spec)
        sys.modules["_quickjs"] = quickjs
        loader.exec_module(quickjs)
        self._wrong: type[Exception] = quickjs.JSException
        self._context = quickjs.Context()
        self._context.set_max_stack_size(_STACK_KB * 1024)
        self._context.add_callable("stoaRun", self._run)
        with open(bundle, encoding="utf-8") as file:  # noqa: PTH123 - lean start
            self._order: Callable[..., Any] = self._context.eval(file.read())
        self.settle()
        self.warm_up()
        self._context.eval(_BALLAST)
        self._context.gc()
        self.empty = int(self._context.memory()["malloc_size"])

    def _run(self, source: str) -> str:
        try:
            self._context.eval(source)
        except self._wrong as wrong:
            return str(wrong) or "Error"
        except RecursionError:
            return "RangeError: Maximum call stack size exceeded"
        return ""

    def warm_up(self) -> None:
        """Show and test a small page, which touches the memory that every page touches."""
        self.load(_SAMPLE)
        for source in _SAMPLE_TESTS:
            self.test(source)
        self.printed()

    def limit(self, memory_kb: int) -> None:
        """Allow the page so much memory beyond the empty engine."""
        self._context.set_memory_limit(self.empty + memory_kb * 1024)

    def order(self, name: str, value: str = "") -> Any:
        """Call into the bundle."""
        return self._order(name, value)

    def jobs(self) -> None:
        """Run what promises have put off, until nothing is left."""
        while True:
            try:
                if not self._context.execute_pending_job():
                    return
            except self._wrong:
                continue  # a rejected promise's own business

    def settle(self) -> None:
        """Run jobs and the timers that are due soon."""
        self.jobs()
        for _ in range(1000):
            if not self.order("settle"):
                return
            self.jobs()

    def load(self, files: dict[str, str]) -> None:
        """Show the page: parse it, run its scripts, tell it that it is loaded."""
        self.order("load", json.dumps(files))
        self.settle()

    def test(self, source: str) -> dict[str, Any]:
        """Run one test to its end; time jumps to the next timer when nothing else is left."""
        self.order("start", source)
        while True:
            self.jobs()
            if state := self.order("state"):
                result: dict[str, Any] = json.loads(state)
                return result
            if not self.order("step"):
                self.jobs()
                state = self.order("state")
                return json.loads(state) if state else {"verdict": "endless"}

    def printed(self) -> str:
        """What the page wrote to its console since the last call."""
        return str(self.order("printed"))


def role(engine: Engine) -> Callable[[dict[str, Any]], None]:
    """The role `page` with this engine."""

    def answer_tests(setup: dict[str, Any]) -> None:
        """Load the page, then run tests on order."""
        kernel.end_on(signal.SIGPROF)
        engine.limit(setup["memory_kb"] - ENGINE_KB)
        _guarded(engine, setup["time_s"], partial(_loaded, engine, setup["files"]))
        last = False
        while not last:
            source, last = from_grader.receive()
            _guarded(engine, setup["time_s"], partial(engine.test, source))

    return answer_tests


def _loaded(engine: Engine, files: dict[str, str]) -> dict[str, Any]:
    engine.load(files)
    failure = engine.order("failure")
    return {"done": True, "failure": json.loads(failure) if failure else None}


def _guarded(engine: Engine, seconds: float, act: Callable[[], dict[str, Any]]) -> None:
    """Answer with what `act` gives; the kernel ends this process when its time is up."""
    signal.setitimer(signal.ITIMER_PROF, seconds + _SLACK_S)
    try:
        answer = act()
    except RecursionError:
        answer = {"verdict": "raised", "type": "RangeError", "message": "too much recursion"}
    except Exception as wrong:  # noqa: BLE001 - the engine is out of memory, or worse
        answer = {"verdict": "raised", "type": "InternalError", "message": str(wrong)[:300]}
    signal.setitimer(signal.ITIMER_PROF, 0)
    with contextlib.suppress(Exception):  # too much was printed, or there is no memory left
        os.write(1, engine.printed().encode("utf-8", "replace"))
    try:
        send(CONTROL, answer)
    except (ProtocolError, MemoryError):
        send(CONTROL, {"huge": True})
