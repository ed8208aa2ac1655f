"""Hostile programs. Each prints ESCAPE when it got what it must not get.

`CANARY_FILE`, `CANARY_FOLDER` (with a listening `socket`), `CANARY_NAME` (of an abstract socket),
`CANARY_PORT` and `CANARY_PID` are replaced by those of the test's machine. A program that prints
"the right answer", which none holds, has read what it must not read, too.
"""

from tests.domain.grading.attacks_greedy import RESOURCES
from tests.domain.grading.attacks_processes import OBJECTS, PROCESSES
from tests.domain.grading.attacks_reaching import FILES, NETWORK

KINDS = {
    "resources": RESOURCES,
    "files": FILES,
    "network": NETWORK,
    "processes": PROCESSES,
    "objects": OBJECTS,
}
EVERY = {
    f"{kind}: {name}": program
    for kind, programs in KINDS.items()
    for name, program in programs.items()
}
