"""Hostile programs. Each prints ESCAPE when it got what it must not get.

`CANARY_FILE` and `CANARY_PORT` are replaced by a file and a listening port of the test's machine.
"""

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
}

FILES = {
    "password file": "open('/etc/passwd'); print('ESCAPE')",
    "by traversal": "open('../../../../../../etc/hostname'); print('ESCAPE')",
    "a secret of the user": "open('CANARY_FILE'); print('ESCAPE')",
    "write to the user's file": "open('CANARY_FILE', 'a').write('x'); print('ESCAPE')",
    "list the root": "import os; os.listdir('/'); print('ESCAPE')",
    "process information": """
import glob
for p in ('/proc/self/environ', '/proc/1/environ', '/proc/self/mem', '/proc/version'):
    try: open(p, 'rb'); print('ESCAPE', p)
    except OSError: pass
""",
    "environment": """
import os
print('ESCAPE' if set(os.environ) - {'HOME', 'LANG', 'TZ', 'LC_CTYPE'} else 'clean')
""",
    "devices": """
for p in ('/dev/vda', '/dev/mem', '/dev/kmsg', '/dev/tty', '/dev/shm/x', '/dev/ptmx', '/dev/kvm'):
    try: open(p, 'r+b'); print('ESCAPE', p)
    except OSError: pass
""",
    "third-party packages": """
import os, sys
for p in sys.path:
    try: os.listdir(p + '/site-packages'); seen = os.listdir(p + '/site-packages')
    except OSError: continue
    if seen: print('ESCAPE')
""",
    "the grader's source": """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith('jail') and getattr(module, '__file__', None):
        try: open(module.__file__); print('ESCAPE', name)
        except OSError: pass
""",
    "change the library": """
import json
open(json.__file__, 'a'); print('ESCAPE')
""",
    "links": """
import os
for make in (os.symlink, os.link):
    try: make('/etc/passwd', 'p'); print('ESCAPE')
    except OSError: pass
""",
    "inherited descriptors": """
import os
for fd in range(5, 300):
    try: os.fstat(fd); print('ESCAPE', fd)
    except OSError: pass
""",
    "change of root": """
import os, ctypes
for f in (lambda: os.chroot('.'), lambda: os.mknod('n'), lambda: os.chown('/', 0, 0)):
    try: f(); print('ESCAPE')
    except OSError: pass
libc = ctypes.CDLL(None)
if libc.mount(b'none', b'/', b'tmpfs', 0, None) == 0 or libc.unshare(0x10000000) == 0:
    print('ESCAPE')
""",
    "become root": """
import os
for f in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0])):
    try: f()
    except OSError: continue
    print('ESCAPE')
""",
}

NETWORK = {
    "tcp to this machine": """
import socket
socket.create_connection(('127.0.0.1', CANARY_PORT), 1); print('ESCAPE')
""",
    "tcp outside": "import socket; socket.create_connection(('1.1.1.1', 80), 1); print('ESCAPE')",
    "udp": """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53)); print('ESCAPE')
""",
    "names": "import socket; print('ESCAPE', socket.getaddrinfo('localhost', 80))",
    "every family": """
import ctypes
libc = ctypes.CDLL(None)
for family in range(1, 45):
    for kind in (1, 2, 3):
        if libc.socket(family, kind, 0) >= 0: print('ESCAPE', family, kind)
""",
    "abstract socket through a pair": """
import socket
a, b = socket.socketpair()
for f in (lambda: a.connect('\\0x'), lambda: a.sendto(b'x', '\\0x'), lambda: a.sendmsg([b'x'])):
    try: f(); print('ESCAPE')
    except OSError: pass
""",
    "listen": "import socket; socket.create_server(('127.0.0.1', 0)); print('ESCAPE')",
}

PROCESSES = {
    "run a program": "import subprocess; subprocess.run(['/bin/true']); print('ESCAPE')",
    "run a shell": "import os; print('ESCAPE' if os.system('true') == 0 else 'held')",
    "replace itself": """
import os, sys
os.execv('/bin/echo', ['echo', 'ESCAPE'])
""",
    "signal everybody": """
import os, signal
for pid in (-1, os.getppid(), CANARY_PID, 2, 3):
    try: os.kill(pid, signal.SIGKILL); print('ESCAPE', pid)
    except OSError: pass
""",
    "trace": """
import ctypes
libc = ctypes.CDLL(None)
for pid in (1, CANARY_PID):
    if libc.ptrace(16, pid, 0, 0) == 0: print('ESCAPE')
""",
    "namespaces of its own": """
import ctypes
libc = ctypes.CDLL(None)
for flags in (0x10000000, 0x20000000, 0x40000000, 0x00020000):
    if libc.unshare(flags) == 0: print('ESCAPE')
if libc.syscall(435, b'\\0' * 88, 88) >= 0: print('ESCAPE')
if libc.syscall(56, 0x10000011, 0, 0, 0, 0) >= 0: print('ESCAPE')
""",
    "dangerous system calls": """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for number in (101, 105, 155, 161, 165, 166, 167, 169, 172, 175, 246, 250, 272, 298, 304, 308, 310,
               311, 313, 317, 319, 321, 322, 323, 424, 425, 428, 430, 432, 434, 438, 442, 443):
    ctypes.set_errno(0)
    if libc.syscall(number, 0, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in (1, 38):
        print('ESCAPE', number, ctypes.get_errno())
""",
    "owner of a descriptor's signals": """
import fcntl, os
r, w = os.pipe()
for command, value in ((8, CANARY_PID), (10, 9), (1031, 1 << 20), (1024, 0)):
    try: fcntl.fcntl(r, command, value); print('ESCAPE', command)
    except OSError: pass
""",
    "foreign calling convention": """
import ctypes
libc = ctypes.CDLL(None)
if libc.syscall(0x40000000 + 39) > 0: print('ESCAPE')
""",
    "limits of another process": """
import resource
try: resource.prlimit(CANARY_PID, resource.RLIMIT_CPU, (1, 1)); print('ESCAPE')
except OSError: pass
""",
}

EVERY = {
    f"{kind}: {name}": program
    for kind, programs in (
        ("resources", RESOURCES),
        ("files", FILES),
        ("network", NETWORK),
        ("processes", PROCESSES),
    )
    for name, program in programs.items()
}
