"""The system calls a learner's program may make, with their numbers by architecture.

Numbers are those of the kernel headers (`asm/unistd_64.h`, `asm-generic/unistd.h`).
"""

_TABLES = {
    "x86_64": """
    read=0 write=1 readv=19 writev=20 pread64=17 pwrite64=18 preadv=295 pwritev=296 open=2
    openat=257 close=3 close_range=436 stat=4 fstat=5 lstat=6 newfstatat=262 statx=332
    access=21 faccessat=269 faccessat2=439 readlink=89 readlinkat=267 getdents64=217
    getcwd=79 chdir=80 fchdir=81 lseek=8 ftruncate=77 truncate=76 mkdir=83 mkdirat=258
    rmdir=84 unlink=87 unlinkat=263 rename=82 renameat=264 renameat2=316 fsync=74
    fdatasync=75 dup=32 dup2=33 dup3=292 fcntl=72 ioctl=16 pipe=22 pipe2=293 poll=7
    ppoll=271 select=23 pselect6=270 epoll_create=213 epoll_create1=291 epoll_ctl=233
    epoll_wait=232 epoll_pwait=281 eventfd2=290 mmap=9 munmap=11 mremap=25 mprotect=10
    madvise=28 brk=12 rt_sigaction=13 rt_sigprocmask=14 rt_sigreturn=15 rt_sigpending=127
    rt_sigsuspend=130 rt_sigtimedwait=128 sigaltstack=131 pause=34 alarm=37 setitimer=38
    getitimer=36 nanosleep=35 clock_nanosleep=230 clock_gettime=228 clock_getres=229
    gettimeofday=96 time=201 times=100 getrusage=98 uname=63 getpid=39 getppid=110
    gettid=186 getuid=102 geteuid=107 getgid=104 getegid=108 getresuid=118 getresgid=120
    getgroups=115 getpgrp=111 getpgid=121 getsid=124 umask=95 getrandom=318 futex=202
    set_robust_list=273 get_robust_list=274 set_tid_address=218 rseq=334 arch_prctl=158
    sched_yield=24 sched_getaffinity=204 getpriority=140 getcpu=309 membarrier=324 clone=56
    clone3=435 exit=60 exit_group=231 restart_syscall=219 tgkill=234 kill=62 prlimit64=302
    getrlimit=97 wait4=61 waitid=247 socketpair=53 sendto=44 recvfrom=45 shutdown=48
    getsockname=51 getpeername=52 getsockopt=55 prctl=157
""",
    "aarch64": """
    read=63 write=64 readv=65 writev=66 pread64=67 pwrite64=68 preadv=69 pwritev=70
    openat=56 close=57 close_range=436 fstat=80 newfstatat=79 statx=291 faccessat=48
    faccessat2=439 readlinkat=78 getdents64=61 getcwd=17 chdir=49 fchdir=50 lseek=62
    ftruncate=46 truncate=45 mkdirat=34 unlinkat=35 renameat=38 renameat2=276 fsync=82
    fdatasync=83 dup=23 dup3=24 fcntl=25 ioctl=29 pipe2=59 ppoll=73 pselect6=72
    epoll_create1=20 epoll_ctl=21 epoll_pwait=22 eventfd2=19 mmap=222 munmap=215 mremap=216
    mprotect=226 madvise=233 brk=214 rt_sigaction=134 rt_sigprocmask=135 rt_sigreturn=139
    rt_sigpending=136 rt_sigsuspend=133 rt_sigtimedwait=137 sigaltstack=132 setitimer=103
    getitimer=102 nanosleep=101 clock_nanosleep=115 clock_gettime=113 clock_getres=114
    gettimeofday=169 times=153 getrusage=165 uname=160 getpid=172 getppid=173 gettid=178
    getuid=174 geteuid=175 getgid=176 getegid=177 getresuid=148 getresgid=150 getgroups=158
    getpgid=155 getsid=156 umask=166 getrandom=278 futex=98 set_robust_list=99
    get_robust_list=100 set_tid_address=96 rseq=293 sched_yield=124 sched_getaffinity=123
    getpriority=141 getcpu=168 membarrier=283 clone=220 clone3=435 exit=93 exit_group=94
    restart_syscall=128 tgkill=131 kill=129 prlimit64=261 getrlimit=163 wait4=260 waitid=95
    socketpair=199 sendto=206 recvfrom=207 shutdown=210 getsockname=204 getpeername=205
    getsockopt=209 prctl=167
""",
}

# What the zygote needs beside these to fork cells and to hear of their ends, and what a cell needs
# to lock itself in.
_ZYGOTES = {
    "x86_64": """
    recvmsg=47 pidfd_open=434 pidfd_send_signal=424 unshare=272 setns=308 setsid=112
    setresuid=117 capset=126 mount=165 landlock_restrict_self=446
""",
    "aarch64": """
    recvmsg=212 pidfd_open=434 pidfd_send_signal=424 unshare=97 setns=268 setsid=157
    setresuid=147 capset=91 mount=40 landlock_restrict_self=446
""",
}

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def _parsed(table: str) -> dict[str, int]:
    pairs = (entry.partition("=") for entry in table.split())
    return {name: int(number) for name, _, number in pairs}


def numbers(machine: str) -> dict[str, int]:
    """Name to number of every call that a learner's program may make.

    Raises:
        KeyError: no table for this architecture.
    """
    return _parsed(_TABLES[machine])


def zygotes(machine: str) -> dict[str, int]:
    """Name to number of the further calls that only the zygote may make."""
    return _parsed(_ZYGOTES[machine])
