"""Programs of ours in processes that begin in a moment, because they are forked.

The nursery is a process that has imported the product once and has neither a loop nor threads. For
each program it is asked for it forks a child that runs it as the interpreter would: with its own
arguments, environment, folder and files, in a session of its own in a terminal. The child can be
killed like any other process; its end is told through a pipe. What is not as in a fresh
interpreter: what was imported, and how the locale of the environment decides about text. So a few
tests start the real program, too.

`python -m tests.support.nursery FD` serves the stream socket FD. A request is one line of JSON with
four descriptors: standard input, output, error, and where to write how it ended.
"""

import atexit
import faulthandler
import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

LONGEST = 1 << 20  # bytes of a request
FIRST_OF_OURS = 3  # the descriptors below are the program's
# What the programs import, directly or where they need it first.
COMMON = (
    "asyncio", "uvloop", "bots.cli", "bots.commands.chat", "bots.commands.worker", "bots.running",
    "bots.discord.run", "bots.telegram.run", "domain.authoring.shipped", "domain.database",
    "migrations.embedded", "tests.support.owner", "tests.support.eventually",
)  # fmt: skip
_kept: list[object] = []


def serve(requests: socket.socket) -> Mapping[str, Any] | None:
    """Fork a child for each request.

    Returns:
        In a child, what it shall run. In the nursery None, when nobody can ask any more.
    """
    awake, wake = os.pipe()
    for end in (awake, wake):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    children: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([requests.fileno(), awake], [], [])
        if awake in ready:
            with suppress(BlockingIOError):
                os.read(awake, 4096)
            _tell_ends(children)
        if requests.fileno() not in ready:
            continue
        line, descriptors, _, _ = socket.recv_fds(requests, LONGEST, 4)
        while line and not line.endswith(b"\n"):
            line += requests.recv(LONGEST)
        if not line:
            for pid in children:
                os.kill(pid, signal.SIGKILL)
            return None
        wish: dict[str, Any] = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _become(wish, descriptors)
            return wish
        *theirs, end = descriptors
        for one in theirs:
            os.close(one)
        children[pid] = end
        requests.sendall(f"{pid}\n".encode())


def _tell_ends(children: dict[int, int]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        end = children.pop(pid)
        with suppress(BrokenPipeError):
            os.write(end, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os.close(end)


def _become(wish: Mapping[str, Any], descriptors: list[int]) -> None:
    """Take over what belongs to the program, and nothing else."""
    if wish["terminal"]:
        os.login_tty(descriptors[0])
    else:
        for number, one in enumerate(descriptors[:3]):
            os.dup2(one, number)
    os.closerange(FIRST_OF_OURS, max(descriptors) + 64)
    os.environ.clear()
    os.environ.update(wish["environment"])
    os.chdir(wish["folder"])
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        _kept.append(old)  # it would close the descriptor
        mode = "w" if number else "r"
        errors = {"encoding": old.encoding, "errors": old.errors}
        setattr(sys, name, open(number, mode, **errors))  # noqa: PTH123, SIM115 - a descriptor
    sys.stderr.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    faulthandler.register(signal.SIGUSR1)  # where it hangs


def run(wish: Mapping[str, Any]) -> int:
    """Run a program to its end; its exit code."""
    module, path = wish["module"], wish["path"]
    sys.argv = [path or module, *wish["arguments"]]
    try:
        if module == "stoa":
            from bots.cli import main

            return main()
        if path:
            sys.path.insert(0, os.path.dirname(path))  # noqa: PTH120
            runpy.run_path(path, run_name="__main__")
        else:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        print(error.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        traceback.print_exc()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:  # noqa: BLE001 - as the interpreter, which ends with it
        traceback.print_exc()
        return 1
    return 0


def leave(code: int) -> None:
    """End as the interpreter does, but for taking everything apart."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError:
        code = 120
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Import, then serve."""
    for name in COMMON:
        import_module(name)
    from bots.conversation.flows import load_all

    load_all()
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        requests.sendall(b"ready\n")
        wish = serve(requests)
        if wish is not None:
            requests.detach()  # closed with all others
    if wish is not None:
        leave(run(wish))


if __name__ == "__main__":
    main()
