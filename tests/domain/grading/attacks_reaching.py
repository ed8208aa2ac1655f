"""Programs that look for files and what is known of the machine, and for a network."""

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
