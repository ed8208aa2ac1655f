"""The sandbox against hostile programs, judged from outside it.

Every attack runs once behind the fewest walls, every forgery once behind all of them; the long form
runs everything as root and as an ordinary user, with and without namespaces. The programs of one
kind share a grader; in between, it must answer harmless submissions.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from domain.grading import Grader, Limits, Result, SandboxUnsafe, Task, TestCase
from tests.domain.grading import attacks, forgeries
from tests.domain.grading.attacking import PAGES
from tests.domain.grading.canary import Canary
from tests.domain.grading.containment import WALLS, contained, python_for
from tests.domain.grading.web import hostile

LIMITS = Limits(time_s=0.1, memory_mb=64)
GREEDY = ["resources"]
REACHING = [*(kind for kind in attacks.KINDS if kind not in GREEDY), "pages reaching"]
FORGING = [f"forging {mode}" for mode in forgeries.TASKS]


@pytest.mark.parametrize("kinds", [GREEDY, REACHING], ids=["greedy", "reaching"])
def test_attacks_are_contained_behind_the_fewest_walls(kinds: list[str]) -> None:
    """Namespaces are a second wall: here nothing leans on them. All walls: in the long form."""
    user = "as an ordinary user" if python_for("as an ordinary user") else "as root"
    wanted = sum(len(attacks.KINDS.get(kind, hostile.REACHING)) for kind in kinds)
    assert contained(user, "no namespaces", kinds, time_s=0.1) == wanted


def test_no_forgery_passes_and_no_file_is_there_in_an_own_root() -> None:
    """The other way round: as root where the tests are, and behind all walls."""
    user = "as root" if os.geteuid() == 0 else "as an ordinary user"
    count = contained(user, "every layer", ["files", *FORGING], time_s=0.1)
    assert count >= len(attacks.KINDS["files"]) + 4 * len(forgeries.FORGERIES) - 5


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("walls", WALLS)
@pytest.mark.parametrize("user", ["as root", "as an ordinary user"])
def test_everything_in_every_mode(user: str, walls: str, seed: int) -> None:
    """All attacks, forgeries and pages, through each other, in three orders."""
    kinds = [*attacks.KINDS, *FORGING, *(f"pages {kind}" for kind in PAGES)]
    print(f"{user}, {walls}, seed {seed} ...", flush=True)
    count = contained(user, walls, kinds, seed=seed, time_s=0.2)
    print(f"{user}, {walls}, seed {seed}: {count} attacks contained", flush=True)
    assert count > 300


def test_there_are_more_than_a_hundred_attacks() -> None:
    programs = list(attacks.EVERY.values()) + list(forgeries.FORGERIES.values())
    assert len(set(programs)) == len(programs) > 150


aio = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    made = Canary(str(getattr(sys, "_base_executable", sys.executable)), None)
    yield made
    made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=WALLS)
async def grader(request: pytest.FixtureRequest) -> AsyncIterator[Grader]:
    async with Grader(without=WALLS[request.param]) as grader:
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
    "files: folders of the machine",
    "files: up from a descriptor",
    "network: a server's local socket",
    "network: an abstract socket",
    "network: an event loop",
    "processes: spawn",
    "processes: a handle on another process",
    "objects: a program by way of all classes",
    "objects: unpickling",
)


@aio
async def test_the_probes_find_something_where_no_wall_stands(canary: Canary) -> None:
    """Else the tests above would prove nothing."""
    without = ("seccomp", "landlock", "namespaces")
    async with Grader(without=without, accept_less=True) as open_door:
        for name in HARMLESS:
            result = await run(open_door, canary.fill_in(attacks.EVERY[name]))
            assert "ESCAPE" in result.tests[0].output, name
    assert canary.callers() >= 4


@aio
async def test_no_process_is_left_behind(grader: Grader) -> None:
    names = ("thread that outlives the program", "fork bomb", "endless loop")
    counts = []
    for _ in range(2):
        await asyncio.gather(*(run(grader, attacks.EVERY[f"resources: {n}"]) for n in names))
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


@aio
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


@aio
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
    assert ticks > 3


@aio
async def test_refuses_where_nothing_would_contain_an_attack() -> None:
    async with Grader(without=("seccomp",)) as weak:
        with pytest.raises(SandboxUnsafe, match="seccomp"):
            await run(weak, "print(1)")
    async with Grader(without=("seccomp",), accept_less=True) as accepted:
        assert (await run(accepted, "print('the right answer')")).status == "passed"


@aio
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a uid to drop")
async def test_root_is_given_up(grader: Grader) -> None:
    result = await run(grader, "import os; print(*os.getresuid(), *os.getresgid(), os.getgroups())")
    if (await grader.layers())[4].active:
        uid, *rest = result.tests[0].output.split()
        assert uid != "0"
        assert rest[:2] == [uid] * 2
        assert "0" not in rest[2:5]
        assert rest[5:] == ["[]"]


WITHOUT_RIGHTS = """
import asyncio, sys
sys.path.insert(0, {root!r})
from domain.grading import Grader
from domain.grading.jail import kernel
from tests.domain.grading.attacking import AFTER_PROGRAM

kernel.bound_capabilities()
kernel.drop_capabilities()

async def main():
    async with Grader() as grader:
        for _ in range(4):
            print((await grader.grade(*AFTER_PROGRAM)).status)

asyncio.run(main())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be a root without rights")
def test_a_root_without_rights_grades() -> None:
    """As in a container: it may begin to make namespaces, and then not finish them."""
    script = WITHOUT_RIGHTS.format(root=str(Path(__file__).parents[3]))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["passed"] * 4, done.stderr
