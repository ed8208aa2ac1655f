"""Runs one program and many variants of it; sent into the sandbox as a submission.

It shares a process with learner code, so nothing it says is believed: what a test expects never
comes here, values are judged outside, and whatever is shown was graded again behind the wall.
Only the standard library, and of ours only what stands in this folder: these files travel alone.
"""

import ast
import builtins
import json
import signal
import sys
import time
from typing import Any

from tutor.diagnosis.inside.runner import Runner, changed, late
from tutor.diagnosis.inside.values import LATE, PRINTED, RAISED

_LATE_MOST = 2  # tests out of time before the rest is not run


def run(ordered: str) -> None:
    """Do what is ordered and print one JSON line for each program, each as soon as it is known.

    Args:
        ordered: JSON of `mode`, `file`, `tests`, `seconds` for one run, and either `look` (say what
            `text` itself gives, with lines and evidence; `together` if it is loaded once for all
            tests) or `variants`. Each of these is the number of one of the `bases` and a list of
            changes; a base has a `text`, the `chosen` tests, and what is `known` of it before a
            change. After `most` seconds of processor time the rest is left, with a line that says
            so.
    """
    order: dict[str, Any] = json.loads(ordered)
    if "checks" in order:
        _check(order)
        return
    builtins.input = _input
    signal.signal(signal.SIGVTALRM, late)
    runner = Runner(order)
    out = sys.stdout

    def say(found: object) -> None:
        out.write(json.dumps(found) + "\n")
        out.flush()

    if order.get("look"):
        stopped = 0
        for number in range(len(runner.tests)):
            if stopped >= _LATE_MOST:
                say([f"{LATE}@0", [], 0.0, 0, None])
                continue
            seen = runner.covered(number)
            stopped += seen[0][0] == LATE
            say([*seen, runner.evidence(number) if seen[0][0] == RAISED else None])
        return
    table: dict[str, int] = {}
    bases = [
        (
            base["text"].encode(),
            base["chosen"],
            {int(number): text for number, text in base["known"].items()},
        )
        for base in order["bases"]
    ]
    end = time.process_time() + order["most"]
    for place, (number, changes) in enumerate(order["variants"]):
        text, chosen, known = bases[number]
        fresh: dict[int, str] = {}
        row = []
        for outcome in runner.outcomes(changed(text, changes), chosen, known):
            if outcome not in table:
                table[outcome] = len(table)
                fresh[table[outcome]] = outcome
            row.append(table[outcome])
        say([place, row, fresh])
        if time.process_time() > end:
            say("more")
            return


def _check(order: dict[str, Any]) -> None:
    """Ask checkers about outcomes; prints true or false for each. No learner code is here."""
    spaces: dict[str, dict[str, Any]] = {}
    for number, outcome in order["asked"]:
        check, test = order["checks"][number], order["tests"][number]
        source = check["source"]
        if source not in spaces:
            spaces[source] = {"__name__": "checker"}
            exec(compile(source, "checker", "exec", dont_inherit=True), spaces[source])  # noqa: S102
        try:
            if outcome[0] == PRINTED:
                args, kwargs, got = [test["stdin"]], {}, outcome[1:]
            else:
                args, kwargs = ast.literal_eval(f"({test['args']}, {test['kwargs']})")
                got = ast.literal_eval(outcome[1:])
            verdict = spaces[source][check["check"]](got, *args, **kwargs)
        except Exception:  # noqa: BLE001 - a value that is not plain, or a checker that stumbles
            verdict = False
        sys.stdout.write("true\n" if verdict is True or verdict is None else "false\n")


def _input(prompt: object = "") -> str:
    """Reads from the text given to a test; the builtin would read the real input."""
    sys.stdout.write(str(prompt))
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.removesuffix("\n")
