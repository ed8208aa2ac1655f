"""The sandbox against hostile programs, judged from outside it.

Every attack runs once behind the fewest walls, every forgery once behind all of them; the long form
runs everything as root and as an ordinary user, with and without namespaces. The programs of one
kind share a grader; in between, it must answer harmless submissions.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest
import pytest_asyncio

from domain.grading import Grader, Limits, Result, SandboxUnsafe, Task, TestCase
from tests.domain.grading import attacks, forgeries
from tests.domain.grading.attacking import PAGES
from tests.domain.grading.canary import Canary
from tests.domain.grading.web import hostile

HERE = Path(__file__).parent
LIMITS = Limits(time_s=0.1, memory_mb=64)
WALLS = {"every layer": (), "no namespaces": ("namespaces",)}
NOBODY = 65534
Said = dict[str, object]


def _python_for(user: str) -> str:
    """An interpreter that the user may run; skips where there is none."""
    own = str(getattr(sys, "_base_executable", sys.executable))
    if user == "as root":
        if os.geteuid() != 0:
            pytest.skip("attacks as root: the tests do not run as root")
        return own
    if os.geteuid() != 0:
        return own
    for python in (own, shutil.which("python3", path="/usr/bin:/usr/local/bin")):
        if python and _runs_as_nobody(python):
            return python
    pytest.skip("attacks as an ordinary user: nobody may run a Python 3.11 and read this folder")


def _runs_as_nobody(python: str) -> bool:
    probe = f"import sys; sys.path.insert(0, {str(HERE.parents[2])!r}); import domain.grading"
    try:
        done = subprocess.run(
            [python, "-c", probe],
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            cwd="/",
            env={},
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def attacked(python: str, user: int | None, walls: str, job: dict[str, object]) -> list[Said]:
    """What a grader of its own process says of each attack."""
    engine = find_spec("_quickjs")
    folder = str(Path(engine.origin).parent) if engine is not None and engine.origin else ""
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
        env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": folder},
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
        kinds: of `attacks.KINDS`, "forging MODE", and "pages KIND".
        seed: shuffles them; 0 leaves them in their order.
        time_s: seconds of processor time for each.
    """
    python = _python_for(user)
    number = NOBODY if user != "as root" and os.geteuid() == 0 else None
    canary = Canary(python, number)
    try:
        job: dict[str, object] = {
            "seed": seed,
            "time_s": time_s,
            "attacks": {
                f"{kind}: {name}": canary.fill_in(source)
                for kind in kinds
                for name, source in attacks.KINDS.get(kind, {}).items()
            },
            "forgeries": [kind[8:] for kind in kinds if kind.startswith("forging ")],
            "pages": [kind[6:] for kind in kinds if kind.startswith("pages ")],
        }
        every = attacked(python, number, walls, job)
        found = {str(said["name"]): list(breaches(said)) for said in every}
        assert {name: got for name, got in found.items() if got} == {}
        assert canary.unharmed()
        return len(found)
    finally:
        canary.close()


GREEDY = ["resources"]
REACHING = [*(kind for kind in attacks.KINDS if kind not in GREEDY), "pages reaching"]
FORGING = [f"forging {mode}" for mode in forgeries.TASKS]


@pytest.mark.parametrize("kinds", [GREEDY, REACHING], ids=["greedy", "reaching"])
def test_attacks_are_contained_behind_the_fewest_walls(kinds: list[str]) -> None:
    """Namespaces are a second wall: here nothing leans on them. All walls: in the long form."""
    wanted = sum(len(attacks.KINDS.get(kind, hostile.REACHING)) for kind in kinds)
    assert contained("as an ordinary user", "no namespaces", kinds, time_s=0.1) == wanted


def test_no_forgery_passes_and_no_file_is_there_in_an_own_root() -> None:
    """The other way round: as root where the tests are, and behind all walls."""
    user = "as root" if os.geteuid() == 0 else "as an ordinary user"
    count = contained(user, "every layer", ["files", *FORGING], time_s=0.1)
    assert count >= len(attacks.FILES) + 4 * len(forgeries.FORGERIES) - 5


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
    assert ticks > 10


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
