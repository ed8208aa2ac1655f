"""Hostile programs. Each prints ESCAPE when it got what it must not get.

`CANARY_FILE`, `CANARY_FOLDER` (with a listening `socket`), `CANARY_NAME` (of an abstract socket),
`CANARY_PORT` and `CANARY_PID` are replaced by those of the test's machine. A program that prints
"the right answer", which none holds, has read what it must not read, too.
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

RESOURCES |= {
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

FILES |= {
    "the keys of root": "open('/root/.ssh/id_rsa'); print('ESCAPE')",
    "folders of the machine": """
import os
for p in ('/etc', '/root', '/var', '/var/log', '/opt', '/srv', '/tmp', '/sys', '/run', '/boot'):
    try: os.listdir(p); print('ESCAPE', p)
    except OSError: pass
""",
    "settings of the kernel": """
for p in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/sys/kernel/mm/ksm/run',
          '/proc/sys/user/max_user_namespaces'):
    try: open(p, 'w'); print('ESCAPE', p)
    except OSError: pass
""",
    "environment by C": """
import ctypes
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
for name in (b'PATH', b'USER', b'STOA_DATABASE_URL', b'DISCORD_TOKEN', b'SSH_AUTH_SOCK'):
    if libc.getenv(name): print('ESCAPE')
""",
    "up from a descriptor": """
import os
fd = os.open('.', os.O_RDONLY | os.O_DIRECTORY)
os.close(os.open('../../../../etc/passwd', os.O_RDONLY, dir_fd=fd)); print('ESCAPE')
""",
    "a link to look through": """
import os
os.symlink('/etc', 'e'); print('ESCAPE', os.listdir('e'))
""",
    "rights of the library": """
import json, os
for f in (lambda: os.chmod(json.__file__, 0o777), lambda: os.utime(json.__file__),
          lambda: os.unlink(json.__file__), lambda: os.rename(json.__file__, json.__file__ + 'x')):
    try: f(); print('ESCAPE')
    except OSError: pass
""",
    "temporary folders": """
for p in ('/tmp/x', '/var/tmp/x', '/dev/shm/x', '/run/x'):
    try: open(p, 'w'); print('ESCAPE', p)
    except OSError: pass
""",
    "code for the next start": """
import sys
for p in sys.path:
    for name in ('sitecustomize.py', 'site-packages/x.pth', '__pycache__/x.pyc'):
        try: open(f'{p}/{name}', 'w'); print('ESCAPE', p)
        except OSError: pass
""",
    "watching the file system": """
import ctypes
libc = ctypes.CDLL(None)
if libc.inotify_init() >= 0 or libc.fanotify_init(0, 0) >= 0: print('ESCAPE')
""",
    "folders of other runs": """
import os
for p in ('/home', '..'):
    for name in os.listdir(p):
        if name != 'learner' and os.path.isdir(f'{p}/{name}') and os.listdir(f'{p}/{name}'):
            print('ESCAPE', name)
""",
}

NETWORK |= {
    "tcp over IPv6": """
import socket
socket.create_connection(('::1', CANARY_PORT), 1); print('ESCAPE')
""",
    "the cloud's metadata": """
import socket
socket.create_connection(('169.254.169.254', 80), 1); print('ESCAPE')
""",
    "the web by a library": """
import urllib.request
urllib.request.urlopen('http://127.0.0.1:CANARY_PORT', timeout=1); print('ESCAPE')
""",
    "a server's local socket": """
import socket
socket.socket(socket.AF_UNIX).connect('CANARY_FOLDER/socket'); print('ESCAPE')
""",
    "an abstract socket": """
import socket
socket.socket(socket.AF_UNIX).connect('\\0CANARY_NAME'); print('ESCAPE')
""",
    "raw packets": """
import socket
socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); print('ESCAPE')
""",
    "descriptors through the control channel": """
import array, socket
sock = socket.socket(fileno=3)
sock.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0]))])
print('ESCAPE')
""",
    "an event loop": """
import asyncio
async def main():
    await asyncio.open_connection('127.0.0.1', CANARY_PORT); print('ESCAPE')
asyncio.run(main())
""",
    "asking the kernel in batches": """
import ctypes
libc = ctypes.CDLL(None)
if libc.syscall(425, 8, ctypes.create_string_buffer(256)) >= 0: print('ESCAPE')
""",
}

PROCESSES |= {
    "a process of the library's": """
import multiprocessing
def f(): print('ESCAPE', flush=True)
p = multiprocessing.get_context('fork').Process(target=f); p.start(); p.join()
""",
    "spawn": "import os\nos.posix_spawn('/bin/true', ['true'], {}); print('ESCAPE')",
    "fork by its number": """
import ctypes
libc = ctypes.CDLL(None)
for number in (57, 58):
    if libc.syscall(number) >= 0: print('ESCAPE', flush=True)
""",
    "a daemon": """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(30)
print('ESCAPE')
""",
    "a handle on another process": """
import os
os.pidfd_open(CANARY_PID); print('ESCAPE')
""",
    "another's memory": """
import ctypes
libc = ctypes.CDLL(None)
class V(ctypes.Structure): _fields_ = [('p', ctypes.c_void_p), ('n', ctypes.c_size_t)]
b = ctypes.create_string_buffer(8)
v = V(ctypes.addressof(b), 8)
for pid in (CANARY_PID, 1):
    if libc.process_vm_readv(pid, ctypes.byref(v), 1, ctypes.byref(v), 1, 0) >= 0: print('ESCAPE')
""",
    "another's memory as a file": "open('/proc/CANARY_PID/mem', 'rb'); print('ESCAPE')",
    "another's share": """
import os
for f in (lambda: os.setpriority(os.PRIO_PROCESS, CANARY_PID, 19),
          lambda: os.sched_setaffinity(CANARY_PID, {0})):
    try: f(); print('ESCAPE')
    except OSError: pass
""",
    "a signal to a group": """
import os, signal
for f in (lambda: os.killpg(os.getpgid(CANARY_PID), 9), lambda: os.killpg(1, 9),
          lambda: os.kill(0, signal.SIGTERM), lambda: os.kill(-CANARY_PID, 9)):
    try: f(); print('ESCAPE')
    except OSError: pass
""",
    "a signal by thread": """
import ctypes
libc = ctypes.CDLL(None)
if libc.syscall(234, CANARY_PID, CANARY_PID, 9) == 0 or libc.syscall(200, CANARY_PID, 9) == 0:
    print('ESCAPE')
if libc.syscall(129, CANARY_PID, 9, 0) == 0: print('ESCAPE')
""",
    "walls taken down by prctl": """
import ctypes
libc = ctypes.CDLL(None)
for option, value in ((38, 0), (22, 0), (4, 1), (1, 0), (36, 1), (8, 1), (28, 0), (59, 0)):
    if libc.prctl(option, value, 0, 0, 0) == 0: print('ESCAPE', option)
""",
    "capabilities back": """
import ctypes
libc = ctypes.CDLL(None)
head = (ctypes.c_uint32 * 2)(0x20080522, 0)
every = (ctypes.c_uint32 * 6)(*[0xffffffff] * 6)
if libc.capset(head, every) == 0: print('ESCAPE')
""",
    "another's namespaces": """
import ctypes, os
libc = ctypes.CDLL(None)
for name in ('net', 'pid', 'mnt', 'user'):
    try: fd = os.open(f'/proc/1/ns/{name}', os.O_RDONLY)
    except OSError: continue
    if libc.setns(fd, 0) == 0: print('ESCAPE')
""",
    "typing into the terminal": """
import fcntl
for fd in (0, 1, 2):
    try: fcntl.ioctl(fd, 0x5412, b'x'); print('ESCAPE')
    except OSError: pass
""",
    "a new session's terminal": """
import os
os.setsid(); os.open('/dev/tty', os.O_RDWR); print('ESCAPE')
""",
    "its parent as a debugger": """
import ctypes
libc = ctypes.CDLL(None)
if libc.ptrace(0, 0, 0, 0) == 0: print('ESCAPE')
""",
}

_WANTED = "wanted = ' '.join(['the', 'right', 'answer'])\n"
OBJECTS = {
    "a program by way of all classes": """
for c in ().__class__.__base__.__subclasses__():
    if c.__name__ in ('Popen', '_wrap_close', 'catch_warnings'):
        g = getattr(c.__init__, '__globals__', {})
        f = g.get('system') or g.get('sys') and g['sys'].modules['os'].system
        if f and f('true') == 0: print('ESCAPE')
""",
    "the answer among all objects": _WANTED
    + """
import gc
for o in gc.get_objects():
    try:
        if isinstance(o, (list, tuple, dict, set)) and o is not globals():
            found = o.values() if isinstance(o, dict) else o
            if any(type(x) is str and x.strip() == wanted for x in found): print(wanted); break
    except Exception: pass
""",
    "the answer in the frames below": _WANTED
    + """
import sys
f = sys._getframe()
while f := f.f_back:
    for x in (*f.f_locals.values(), *f.f_globals.values()):
        if wanted in repr(x): print(wanted); raise SystemExit
""",
    "the answer in raw memory": _WANTED
    + """
import ctypes
start = id(object())
for at in range(start, start + (1 << 30), 4096):
    page = ctypes.string_at(at, 4096)
    if wanted.encode() + b'\\n' in page: print(wanted); break
""",
    "the answer on any descriptor": _WANTED
    + """
import os
for fd in range(64):
    try:
        if wanted.encode() in os.pread(fd, 1 << 20, 0): print(wanted); break
    except OSError: pass
""",
    "the sandbox's own functions": """
import sys
kernel, spaces = sys.modules.get('jail.kernel'), sys.modules.get('jail.namespaces')
for f in (lambda: kernel.unshare(0x10000000), lambda: kernel.mount('none', '/', 'tmpfs', 0),
          lambda: kernel.prctl(38, 0), lambda: spaces.own_root(),
          lambda: spaces.private_scratch(0, 0, 1 << 30), lambda: kernel.setns(0, 0)):
    try: f(); print('ESCAPE')
    except (OSError, AttributeError): pass
""",
    "orders to the process that forks": """
import gc, os, socket
for o in gc.get_objects():
    if isinstance(o, socket.socket) and o.fileno() > 3:
        o.send(b'{"start": 99}'); print('ESCAPE')
for fd in range(4, 200):
    try: os.write(fd, b'{"kill": 1}'); print('ESCAPE', fd)
    except OSError: pass
""",
    "what another learner handed in": """
import gc, linecache, sys
wanted = '-'.join(['marker', 'of', 'another', 'learner'])
everything = [linecache.cache, *map(vars, list(sys.modules.values())), *gc.get_objects()]
for o in everything:
    try:
        if o is globals() or o is everything or not isinstance(o, (dict, list, tuple)): continue
        if wanted in repr(o)[:10**6]:
            print('ESCAPE'); break
    except Exception: pass
""",
    "leave something for the next": """
import builtins, json, sys
builtins.left_behind = 1
sys.modules['left_behind'] = builtins
json.dumps = lambda *a, **k: 'left'
""",
    "look for what was left": """
import builtins, json, sys
print('ESCAPE' if hasattr(builtins, 'left_behind') or 'left_behind' in sys.modules
      or json.dumps(1) != '1' else 'clean')
""",
    "made-up bytecode": """
def f(): return 1
f.__code__ = f.__code__.replace(co_code=bytes([124, 200] * 50 + [83, 0]))
print(f())
""",
    "write over None": "import ctypes\nctypes.memset(id(None), 0, 16)\nprint([None])",
    "a class that is no class": """
import ctypes
ctypes.c_ulong.from_address(id(object()) + 8).value = 0x41414141
print([object() for n in range(9)])
""",
    "unpickling": """
import pickle
print('ESCAPE' if pickle.loads(b"cposix\\nsystem\\n(S'true'\\ntR.") == 0 else 'held')
""",
    "unmarshalling": "import marshal\nexec(marshal.loads(b'c' + bytes(range(256)) * 4))",
    "a tracer on everything": _WANTED
    + """
import sys
def spy(frame, event, arg):
    for name, value in frame.f_locals.items():
        if isinstance(value, str) and value.strip() == wanted: print(wanted)
    return spy
sys.settrace(spy)
def f(): pass
f()
""",
    "another end of the run": """
import os, sys
sys.modules['jail.cell'].os._exit = lambda code: None
os._exit = sys.exit = lambda code=0: None
raise SystemExit(0)
""",
}

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
