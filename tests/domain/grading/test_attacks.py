"""The sandbox against hostile programs, judged from outside it."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib import util
from pathlib import Path

import pytest
import pytest_asyncio

from domain.grading import Grader, Limits, Result, SandboxUnsafe, Task, TestCase

_spec = util.spec_from_file_location("attacks", Path(__file__).parent / "attacks.py")
assert _spec is not None
assert _spec.loader is not None
attacks = util.module_from_spec(_spec)
_spec.loader.exec_module(attacks)

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIMITS = Limits(time_s=0.2, memory_mb=64)
SETUPS = {"every layer": (), "no namespaces": ("namespaces",)}


@dataclass
class Canary:
    """Something of the machine's that must stay unharmed."""

    process: subprocess.Popen[bytes]
    file: Path
    listener: socket.socket

    def unharmed(self) -> bool:
        self.listener.setblocking(False)
        try:
            self.listener.accept()
        except BlockingIOError:
            return self.process.poll() is None and self.file.read_text() == "secret"
        return False


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    file = tmp_path_factory.mktemp("canary") / "secret.txt"
    file.write_text("secret")
    file.chmod(0o666)
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Canary(process, file, listener)
    process.kill()
    process.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=SETUPS)
async def grader(request: pytest.FixtureRequest) -> AsyncIterator[Grader]:
    async with Grader(without=SETUPS[request.param]) as grader:
        try:
            layers = await grader.layers()
        except SandboxUnsafe as why:
            pytest.skip(f"this machine cannot contain attacks: {why}")
        missing = [layer.name for layer in layers if not layer.active]
        if request.param == "every layer" and missing:
            pytest.skip(f"this machine lacks {', '.join(missing)}")
        yield grader


def a_task(*, limits: Limits = LIMITS) -> Task:
    test = TestCase("t", "t", Decimal(1), False, {"stdin": "", "stdout": "the right answer"})
    return Task("python", "stdin", "main.py", (test,), limits)


async def run(grader: Grader, source: str) -> Result:
    return await grader.grade(a_task(), {"main.py": source})


@pytest.mark.parametrize("name", attacks.EVERY)
async def test_an_attack_is_contained_and_the_next_submission_answered(
    grader: Grader, canary: Canary, name: str
) -> None:
    source = (
        attacks.EVERY[name]
        .replace("CANARY_FILE", str(canary.file))
        .replace("CANARY_PORT", str(canary.listener.getsockname()[1]))
        .replace("CANARY_PID", str(canary.process.pid))
    )
    begin = time.monotonic()
    result = await run(grader, source)
    took = time.monotonic() - begin

    (test,) = result.tests
    assert test.status != "passed"
    assert "ESCAPE" not in test.output
    assert took < LIMITS.wall_s + 3, "it was not stopped in time"
    assert result.peak_kb < (LIMITS.memory_mb + 40) * 1024
    assert canary.unharmed()

    begin = time.monotonic()
    after = await run(grader, "print('the right answer')")
    assert after.status == "passed"
    assert time.monotonic() - begin < 3, "the grader is busy with what an attack left behind"


HARMLESS = (
    "files: password file",
    "files: a secret of the user",
    "files: list the root",
    "files: process information",
    "files: the grader's source",
    "network: udp",
    "network: tcp to this machine",
    "network: every family",
    "network: listen",
    "network: names",
    "processes: run a program",
    "processes: run a shell",
    "processes: replace itself",
    "resources: shared memory files",
)


async def test_the_probes_find_something_where_no_wall_stands(canary: Canary) -> None:
    """Else the tests above would prove nothing."""
    without = ("seccomp", "landlock", "namespaces")
    async with Grader(without=without, accept_less=True) as open_door:
        for name in HARMLESS:
            source = (
                attacks.EVERY[name]
                .replace("CANARY_FILE", str(canary.file))
                .replace("CANARY_PORT", str(canary.listener.getsockname()[1]))
            )
            result = await run(open_door, source)
            assert "ESCAPE" in result.tests[0].output, name
    canary.listener.setblocking(False)
    canary.listener.accept()[0].close()


async def test_no_process_is_left_behind(grader: Grader) -> None:
    names = ("thread that outlives the program", "fork bomb", "endless loop")
    counts = []
    for _ in range(2):
        for name in names:
            await run(grader, attacks.EVERY[f"resources: {name}"])
        counts.append(await _own_children(grader))
    assert counts[1] <= counts[0]


async def _own_children(grader: Grader) -> int:
    await asyncio.sleep(0.05)
    assert "python" in grader._zygotes
    return _family(grader._zygotes["python"]._process.pid)


def _family(root: int) -> int:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().split()[-49])
            except (OSError, IndexError, ValueError):
                continue
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return len(family)


async def test_one_learner_sees_nothing_of_the_one_before(grader: Grader) -> None:
    await run(grader, "import builtins; builtins.left = 'a secret of mine'; open\nx = 'my-secret'")
    result = await run(
        grader,
        """
import builtins, gc, os
found = [o for o in gc.get_objects() if isinstance(o, dict) and 'my-secret' in map(str, o.values())]
print('ESCAPE' if hasattr(builtins, 'left') or len(found) > 1 or os.listdir('.') != ['main.py']
      else 'nothing')
"""
        if (await grader.layers())[4].active
        else "import builtins; print('ESCAPE' if hasattr(builtins, 'left') else 'nothing')",
    )
    assert "ESCAPE" not in result.tests[0].output


async def test_the_loop_goes_on_while_a_program_runs(grader: Grader) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await run(grader, "while True: pass")
    ticking.cancel()
    assert ticks > 10


async def test_refuses_where_nothing_would_contain_an_attack() -> None:
    async with Grader(without=("seccomp",)) as weak:
        with pytest.raises(SandboxUnsafe, match="seccomp"):
            await run(weak, "print(1)")
    async with Grader(without=("seccomp",), accept_less=True) as accepted:
        assert (await run(accepted, "print('the right answer')")).status == "passed"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a uid to drop")
async def test_root_is_given_up(grader: Grader) -> None:
    result = await run(grader, "import os; print(*os.getresuid(), *os.getresgid(), os.getgroups())")
    if (await grader.layers())[4].active:
        uid, *rest = result.tests[0].output.split()
        assert uid != "0"
        assert rest[:5] == [uid] * 5
