"""Programs that want too much: time, memory, output, files, threads, signals."""

RESOURCES = {
    "endless loop": "while True: pass",
    "endless loop that catches everything": """
while True:
    try:
        while True: pass
    except BaseException: pass
""",
    "sleep": "import time; time.sleep(60); print('ESCAPE')",
    "endless regex": "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')",
    "huge power": "10 ** (10 ** 8) ** 2",
    "memory at once": "x = bytearray(4 << 30); print('ESCAPE')",
    "memory by growing": """
x = []
while True: x.append(bytearray(1 << 20))
""",
    "memory errors swallowed": """
x = []
while True:
    try: x.append(bytearray(1 << 20))
    except MemoryError: pass
""",
    "anonymous mapping": "import mmap; mmap.mmap(-1, 2 << 30); print('ESCAPE')",
    "fork bomb": """
import os
while True:
    os.fork()
    print('ESCAPE', flush=True)
""",
    "thread bomb": """
import threading, time
threading.stack_size(32768)
n = 0
try:
    while n < 5000:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        n += 1
except RuntimeError: pass
print('ESCAPE' if n >= 5000 else 'held', flush=True)
while True: pass
""",
    "thread that outlives the program": """
import threading, time
threading.Thread(target=lambda: (time.sleep(30), print('ESCAPE'))).start()
""",
    "output flood": "while True: print('x' * 65536)",
    "output flood, errors swallowed": """
import os
while True:
    try: os.write(1, b'x' * 65536)
    except OSError: pass
""",
    "error flood": "import sys\nwhile True: sys.stderr.write('x' * 65536)",
    "sparse output": """
import os
os.lseek(1, 1 << 40, 0); os.write(1, b'x'); print('ESCAPE')
""",
    "disk filling": """
for n in range(100):
    open(f'f{n}', 'wb').write(b'x' * (1 << 20))
print('ESCAPE')
""",
    "inode bomb": """
for n in range(100000): open(f'f{n}', 'w').close()
print('ESCAPE')
""",
    "descriptor bomb": """
import os
fds = [os.dup(0) for n in range(5000)]
print('ESCAPE')
""",
    "segmentation fault": "import ctypes; ctypes.string_at(0)",
    "deep recursion in C": """
import sys
sys.setrecursionlimit(10**9)
def f(x): return repr(x)
x = []
for n in range(10**6): x = [x]
f(x)
""",
    "parser bomb": "eval('(' * 100000)",
    "signals ignored": """
import signal
for n in range(1, 65):
    try: signal.signal(n, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass
""",
    "raise own limits": """
import resource
for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE):
    try:
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print('ESCAPE')
    except (OSError, ValueError): pass
""",
    "endless exit": "import atexit\ndef f():\n    while True: pass\natexit.register(f)",
    "shared memory files": """
import ctypes
libc = ctypes.CDLL(None)
if libc.memfd_create(b'x', 0) >= 0 or libc.shmget(0, 1 << 20, 0o1600) >= 0: print('ESCAPE')
""",
    "a number of many digits": """
import sys
sys.set_int_max_str_digits(0)
int('9' * 10**7)
""",
    "unpacking bomb": """
import zlib
packed = zlib.compress(bytes(30 << 20))
x = [zlib.decompress(packed) for n in range(1000)]
print('ESCAPE')
""",
    "text that doubles": "x = 'x'\nwhile True: x += x",
    "recursion without end": """
import sys
sys.setrecursionlimit(10**9)
def f(): f()
f()
""",
    "a loop inside C": "import itertools\n'a' in itertools.repeat('b')",
    "arithmetic inside C": """
from decimal import Decimal, getcontext
getcontext().prec = 10**7
Decimal(2) ** 10**9 / 3
""",
    "colliding keys": "x = {n * (2**61 - 1): 1 for n in range(200000)}",
    "a finalizer that never ends": """
class A:
    def __del__(self):
        while True: pass
A()
""",
    "a finally that never ends": """
while True:
    try: raise SystemExit
    except BaseException: pass
    finally:
        continue
""",
    "garbage without end": """
import gc
class A:
    def __del__(self): A()
while True: A()
""",
    "a pipe nobody reads": """
import os
r, w = os.pipe()
os.write(w, b'x' * 10**7); print('ESCAPE')
""",
    "read the control channel": "import os\nos.read(3, 1); print('no more')",
    "stop itself": """
import os, signal, time
os.kill(os.getpid(), signal.SIGSTOP)
time.sleep(60)
""",
    "own processor clock off": """
import signal
signal.setitimer(signal.ITIMER_PROF, 0)
while True: pass
""",
    "own processor clock ignored": """
import signal
signal.signal(signal.SIGPROF, signal.SIG_IGN)
while True: pass
""",
    "every signal blocked": """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True: pass
""",
    "locked memory": """
import ctypes
libc = ctypes.CDLL(None)
if libc.mlockall(3) == 0: print('ESCAPE')
""",
    "more than its share": """
import os
def real_time(): os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
for f in (lambda: os.nice(-5), lambda: os.setpriority(0, 0, -5), real_time,
          lambda: os.sched_setaffinity(0, {0})):
    try: f(); print('ESCAPE')
    except OSError: pass
""",
    "folders without end": """
import os
for n in range(100000):
    os.mkdir('d'); os.chdir('d')
print('ESCAPE')
""",
    "a file of a terabyte": "open('f', 'w').truncate(1 << 40); print('ESCAPE')",
    "a long sum to compile": "compile('+'.join(['1'] * 10**6), 'x', 'eval')",
    "a wide format": "print(f'{1:>{10**11}}'); print('ESCAPE')",
    "threads that print": """
import threading
def f():
    while True: print('x' * 1000)
for n in range(20): threading.Thread(target=f).start()
""",
    "a lock that waits for itself": """
import threading
x = threading.Lock()
x.acquire(); x.acquire()
""",
}
