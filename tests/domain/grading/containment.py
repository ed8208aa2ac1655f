"""Runs attacks in a grader of its own, as one user or another, and judges them from outside."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.domain.grading.attacks import KINDS
from tests.domain.grading.canary import Canary

HERE = Path(__file__).parent
WALLS = {"every layer": (), "no namespaces": ("namespaces",)}
NOBODY = 65534
Said = dict[str, object]


def python_for(user: str) -> str | None:
    """An interpreter that the user may run with what the attacks need; None where there is none."""
    own = str(getattr(sys, "_base_executable", sys.executable))
    if user == "as root" or os.geteuid() != 0:
        return own if (user == "as root") == (os.geteuid() == 0) else None
    for python in (own, shutil.which("python3", path="/usr/bin:/usr/local/bin")):
        if python and _runs_as_nobody(python):
            return python
    return None


def engine_folder() -> str:
    """Where the JavaScript engine is installed."""
    engine = find_spec("_quickjs")
    return str(Path(engine.origin).parent) if engine is not None and engine.origin else ""


def _runs_as_nobody(python: str) -> bool:
    probe = f"import sys; sys.path.insert(0, {str(HERE.parents[2])!r}); import domain.grading"
    try:
        done = subprocess.run(
            [python, "-c", probe + ("; import _quickjs" if engine_folder() else "")],
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            cwd="/",
            env={"PYTHONPATH": engine_folder()},
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def attacked(python: str, user: int | None, walls: str, job: dict[str, object]) -> list[Said]:
    """What a grader of its own process says of each attack."""
    done = subprocess.run(
        [python, str(HERE / "attacking.py")],
        input=json.dumps({"without": WALLS[walls], **job}),
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
        cwd="/",
        env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": engine_folder()},
    )
    if "SandboxUnsafe" in done.stderr:
        pytest.skip(f"this machine cannot contain attacks: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr[-3000:]
    first, *rest = [json.loads(line) for line in done.stdout.splitlines()]
    if walls == "every layer" and first["missing"]:
        pytest.skip(f"this machine lacks {', '.join(first['missing'])}")
    return rest


def breaches(said: Said) -> Iterator[str]:
    """What an attack achieved."""
    took, waited = float(str(said["took"])), float(str(said["next_took"]))
    if said["passed"]:
        yield "it passed"
    if "ESCAPE" in str(said["output"]):
        yield f"it got out: {said['output']}"
    if took > float(str(said["most"])):
        yield f"it was not stopped for {took:.1f} s"
    if not said["storable"]:
        yield "its texts cannot be stored"
    if int(str(said["peak_kb"])) > int(str(said["peak_most_kb"])):
        yield f"it had {said['peak_kb']} KiB"
    if said["next"] != "passed" or waited > 1:
        yield f"the next submission: {said['next']} after {waited:.2f} s"


def contained(user: str, walls: str, kinds: list[str], *, seed: int = 0, time_s: float) -> int:
    """Attack; how many attacks were contained.

    Args:
        user: "as root", or "as an ordinary user" where one may run a Python of this machine.
        walls: one of `WALLS`.
        kinds: of `KINDS`, "forging MODE", and "pages KIND".
        seed: shuffles them; 0 leaves them in their order.
        time_s: seconds of processor time for each.
    """
    python = python_for(user)
    if python is None:
        pytest.skip(f"attacks {user}: not possible here")
    number = NOBODY if user != "as root" and os.geteuid() == 0 else None
    canary = Canary(python, number)
    try:
        job: dict[str, object] = {
            "seed": seed,
            "time_s": time_s,
            "attacks": {
                f"{kind}: {name}": canary.fill_in(source)
                for kind in kinds
                for name, source in KINDS.get(kind, {}).items()
            },
            "forgeries": [kind[8:] for kind in kinds if kind.startswith("forging ")],
            "pages": [kind[6:] for kind in kinds if kind.startswith("pages ")],
        }
        every = attacked(python, number, walls, job)
        found = {str(said["name"]): list(breaches(said)) for said in every}
        wrong = {name: got for name, got in found.items() if got}
        assert not wrong, wrong
        assert canary.unharmed(), "the canary"
        return len(found)
    finally:
        canary.close()
