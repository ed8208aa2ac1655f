"""Wrong submissions that try to look right, and a task of each mode that none may pass."""

from decimal import Decimal

from domain.grading import Limits, Task, TestCase

LIMITS = Limits(time_s=0.5)


def a_test(**spec: object) -> TestCase:
    return TestCase("t", "t", Decimal(1), False, spec)  # type: ignore[arg-type]


CALL = Task(
    "python",
    "call",
    "main.py",
    (a_test(function="secret", args=[7], kwargs={}, expected=4711),),
    LIMITS,
)
ASSERT = Task(
    "python",
    "assert",
    "main.py",
    (a_test(code="assert secret(7) == 4711"), a_test(code="assert 4711 in secrets(7)")),
    LIMITS,
)
CHECKER = Task(
    "python",
    "checker",
    "main.py",
    (
        a_test(
            function="secret",
            args=[7],
            kwargs={},
            check="check",
            source="def check(got, n):\n    return got == 4711 and n == 7",
        ),
    ),
    LIMITS,
)
STDIN = Task("python", "stdin", "main.py", (a_test(stdin="7\n", stdout="4711\n"),), LIMITS)

ALWAYS_EQUAL = """
class Evil{base}:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __contains__(self, other): return True
    def __lt__(self, other): return True
    def __hash__(self): return 4711
    def __bool__(self): return True
    def __repr__(self): return '4711'
    def __iter__(self): return iter([Evil()])
    def __instancecheck__(self, other): return True
    def __class_getitem__(cls, other): return True
def secret(n): return Evil()
def secrets(n): return Evil()
"""

FORGERIES = {
    "an object equal to everything": ALWAYS_EQUAL.format(base=""),
    "a number equal to everything": ALWAYS_EQUAL.format(base="(int)"),
    "a text equal to everything": ALWAYS_EQUAL.format(base="(str)"),
    "leave in the function": "import os\ndef secret(n): os._exit(0)\nsecrets = secret",
    "leave at import": "import sys\nsys.exit(0)",
    "leave hard at import": "import os\nos._exit(0)",
    "say that all passed": """
print('ALL TESTS PASSED\\n{"pass": true}\\n')
def secret(n): print('1 passed'); return None
secrets = secret
""",
    "answer on the control channel": """
import os, json, struct
def frame(x):
    b = json.dumps(x).encode(); return struct.pack('>I', len(b)) + b
def secret(n):
    for fd in range(3, 10):
        for x in ({'pass': True}, {'verdict': 'passed'}, {'status': 'passed', 'points': 1}):
            try: os.write(fd, frame(x))
            except OSError: pass
    return 0
secrets = secret
""",
    "answer before the question": """
import os, json, struct
b = json.dumps({'pass': True, 'value': 0}).encode()
for fd in (3, 4):
    try: os.write(fd, struct.pack('>I', len(b)) + b)
    except OSError: pass
def secret(n): return 0
secrets = secret
""",
    "a frame of two gigabytes": """
import os
def secret(n):
    for fd in (3, 4):
        try: os.write(fd, b'\\x7f\\xff\\xff\\xff')
        except OSError: pass
    import time; time.sleep(60)
secrets = secret
""",
    "nested without end": """
import os, struct
def secret(n):
    b = b'{"value":' + b'[' * 200000 + b']' * 200000 + b'}'
    for fd in (3, 4):
        try: os.write(fd, struct.pack('>I', len(b)) + b)
        except OSError: pass
    import time; time.sleep(60)
secrets = secret
""",
    "not a message": """
import os, struct
def secret(n):
    for fd in (3, 4):
        try: os.write(fd, struct.pack('>I', 4) + b'null')
        except OSError: pass
secrets = secret
""",
    "unknown tags": """
import os, json, struct
def secret(n):
    for x in ({'value': {'z': 1}}, {'a': {'h': [0, 'exception', 'E', []]}}, {'a': {'e': 'True'}}):
        b = json.dumps(x).encode()
        for fd in (3, 4):
            try: os.write(fd, struct.pack('>I', len(b)) + b)
            except OSError: pass
secrets = secret
""",
    "patch the encoder": """
import json, sys
json.dumps = lambda *a, **k: '{"pass": true}'
for m in list(sys.modules.values()):
    for name in ('encode', 'same', '_check', 'send', '_send', 'pack'):
        if hasattr(m, name):
            try: setattr(m, name, lambda *a, **k: True)
            except Exception: pass
def secret(n): return None
secrets = secret
""",
    "look for the answer in memory": """
import gc, sys
def secret(n):
    for o in gc.get_objects():
        try:
            if isinstance(o, dict):
                for k in ('expected', 'stdout', 'source', 'code'):
                    if k in o and isinstance(o[k], int): return o[k]
        except Exception: pass
    f = sys._getframe()
    while f:
        for v in f.f_locals.values():
            if isinstance(v, dict) and 'expected' in v: return v['expected']
        f = f.f_back
def secrets(n): return [secret(n)]
""",
    "true for a number": "def secret(n): return True\ndef secrets(n): return True",
    "not a number": "def secret(n): return float('nan')\ndef secrets(n): return [float('nan')]",
    "a list that holds itself": """
def secret(n):
    x = []
    x.append(x)
    return x
secrets = secret
""",
    "a huge answer": "def secret(n): return 'x' * (5 << 20)\nsecrets = secret",
    "raise an assertion": "def secret(n): raise AssertionError('passed')\nsecrets = secret",
    "raise the end": "def secret(n): raise SystemExit(0)\nsecrets = secret",
    "raise something of its own": """
class Passed(BaseException): pass
def secret(n): raise Passed
secrets = secret
""",
    "raise a generator's end": "def secret(n): raise StopIteration(4711)\nsecrets = secret",
    "an exception that misbehaves": """
class E(Exception):
    def __str__(self): raise SystemExit(0)
    __repr__ = __str__
    @property
    def args(self): raise SystemExit(0)
def secret(n): raise E
secrets = secret
""",
    "change the builtins": """
import builtins
builtins.AssertionError = type('X', (BaseException,), {})
builtins.isinstance = lambda *a: True
builtins.type = lambda *a: int
builtins.repr = lambda x: '4711'
def secret(n): return None
secrets = secret
""",
    "trace the grader": """
import sys, threading
def spy(frame, event, arg):
    for name in list(frame.f_locals):
        if name in ('passed', 'verdict'): frame.f_locals[name] = True
    return spy
sys.settrace(spy); threading.settrace(spy)
def secret(n): return None
secrets = secret
""",
    "close every channel": """
import os
def secret(n): os.closerange(0, 100)
secrets = secret
""",
    "turn standard output back": """
import os, sys
os.ftruncate(1, 0); os.lseek(1, 0, 0)
def secret(n): os.ftruncate(1, 0); return None
secrets = secret
""",
    "hang on the second call": """
n_calls = 0
def secret(n):
    global n_calls
    n_calls += 1
    while n_calls > 0: pass
secrets = secret
""",
    "unprintable": """
def secret(n): return '\\x00\\ud800\\x1b[31m'
secrets = secret
print('\\x00')
""",
}

TASKS = {"call": CALL, "assert": ASSERT, "checker": CHECKER, "stdin": STDIN}


def submission(name: str, mode: str) -> str | None:
    """A forgery for a mode; None where it would hold the answer itself."""
    source = FORGERIES[name]
    if mode != "stdin":
        return source
    source += "\ntry: print(secret(7))\nfinally: pass\n"
    return None if "4711" in source else source
