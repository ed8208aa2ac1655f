"""Programs that reach for other processes, more rights, or what Python has in memory."""

_WANTED = "wanted = ' '.join(['the', 'right', 'answer'])\n"
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
          lambda: spaces.private_scratch(0, 0, 1 << 30), lambda: spaces._unshare(1 << 28, (1, 1))):
    try: f(); print('ESCAPE')
    except (OSError, AttributeError): pass
""",
    "orders to the process that forks": """
import gc, os, socket
for o in gc.get_objects():
    if isinstance(o, socket.socket) and o.fileno() > 3:
        o.send(b's\\x63\\0\\0\\0'); print('ESCAPE')
for fd in range(4, 200):
    try: os.write(fd, b'k\\1\\0\\0\\0'); print('ESCAPE', fd)
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
    "calls that the zygote made ready": """
import ctypes, sys
kernel, spaces = sys.modules['jail.kernel'], sys.modules['jail.namespaces']
zero, one = ctypes.c_int(0), ctypes.c_int(1)
calls = [*spaces.fresh_processes(3), kernel.Call(165, b'x', b'/', b'tmpfs', zero, None)]
calls += [kernel.Call(117, zero, zero, zero), kernel.Call(434, one, zero)]
calls += [kernel.Call(47, ctypes.c_int(3), ctypes.create_string_buffer(56), ctypes.c_int(64))]
for call in calls:
    try: call(); print('ESCAPE', calls.index(call))
    except OSError as wrong: print(wrong.errno)
""",
}
