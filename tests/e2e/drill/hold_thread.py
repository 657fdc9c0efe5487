"""hold_thread.py <thread id>: stops one thread of a process, as a debugger does, until this program ends.

The rest of the process runs on: a shard that is stuck, which no signal can bring about."""

import ctypes
import signal
import sys
import time

PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, thread):
    if libc.ptrace(request, thread, None, None) != 0:
        sys.exit(f"ptrace {request:#x} {thread}: errno {ctypes.get_errno()}")


def main():
    thread = int(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ptrace(PTRACE_SEIZE, thread)
    ptrace(PTRACE_INTERRUPT, thread)
    print("held", flush=True)
    while True:
        time.sleep(1)


main()
