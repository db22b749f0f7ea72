"""Where the gateway's CPU time goes: samples of `perf` under the plain load, sorted into a few kinds of work."""

import re
import shutil
import subprocess
import threading
from collections import Counter

from . import burst
from .scenario import COMPARED
from .target import Running
from .upstream import Upstream

SECONDS = 6
FREQUENCY = 4000

# The first pattern that fits decides. Kernel functions by what they are part of:
KERNEL = {
    "copying bytes": "copy check_object memcpy csum checksum memset clear_",
    "TCP and IP": "tcp bbr cubic minmax ^ip_ ^__ip inet ^nf_ netif net_rx loopback dev_ process_backlog dst_ ipv4 "
                  "validate_xmit softirq napi eth_ __local_bh",
    "socket buffers": "skb kmalloc kfree kmem slab page_frag __alloc ___cache folio memcg mem_cgroup refill_obj",
    "epoll and wake-ups": "^ep_ ^do_epoll epoll wake wait poll sock_def_readable",
    "scheduler, timers, interrupts": "sched pick_ enqueue dequeue update_ task timer clock ktime tsc tick idle irq ipi "
                                     "apic native_write_msr kvm pv_ switch reweight place_entity put_prev",
    "sockets and descriptors": "sock sk_ fget fput fdget security apparmor aa_ import_ release recv send move_addr rw_",
    "writing the log": "ext4 vfs generic_ write file dentry inode xas jbd xfs btrfs balance_dirty iov_iter fault_in",
    "entering and leaving the kernel": "entry exit syscall sysret swapgs do_sys x64_sys fentry retpoline thunk",
    "locks": "lock mutex rcu spin",
}
PATTERNS = [(kind, re.compile(words.replace(" ", "|"))) for kind, words in KERNEL.items()]
# User functions by module, which is the first name in a mangled Swift symbol.
MODULE = re.compile(r"^\$s(\d+)")
KINDS = {
    "HTTP": "reading heads", "Routing": "routing", "Decisions": "routing", "Bytes": "buffers",
    "Upstreams": "choosing an instance", "Telemetry": "log and metrics", "Encoding": "log and metrics",
    "Kernel": "system calls and event loop", "Worker": "the exchange: composing, state, timers",
}
LIBRARY = "C library: system calls, copying, comparing"


def measure(programs, scratch, target):
    """Shares of samples by (kernel or user, kind), or None without perf."""
    if not shutil.which("perf"):
        return None
    upstream = Upstream(programs, scratch)
    try:
        running = Running(target, scratch, upstream.ports)
        try:
            load = threading.Thread(target=burst.run_wrk, args=(running.port, COMPARED[0], SECONDS + 2))
            load.start()
            data = scratch / "perf.data"
            recorded = subprocess.run(
                ["perf", "record", "--event", "cpu-clock", "--freq", str(FREQUENCY), "--pid", str(running.process.pid),
                 "--output", str(data), "--", "sleep", str(SECONDS)], capture_output=True, text=True)
            load.join()
        finally:
            running.stop()
    finally:
        upstream.stop()
    if recorded.returncode != 0:
        return None
    return summarize(samples(data))


def samples(data):
    """(symbol, whether it is the kernel's) of each sample."""
    text = subprocess.run(
        ["perf", "script", "--input", str(data), "--no-demangle", "--fields", "comm,ip,sym,dso"], capture_output=True,
        text=True, check=True).stdout
    for line in text.splitlines():
        if found := re.search(r"[0-9a-f]{6,16} (\S+) \((.*)\)\s*$", line):
            yield found[1].partition("+")[0], "kernel" in found[2]


def summarize(found):
    counts, names = Counter(), {}
    for symbol, is_kernel in found:
        key = ("kernel" if is_kernel else "user", kernel_kind(symbol) if is_kernel else user_kind(symbol))
        counts[key] += 1
        names.setdefault(key, Counter())[symbol] += 1
    total = sum(counts.values()) or 1
    return {
        "samples": total,
        "kinds": [
            {"where": where, "kind": kind, "share": count / total, "top": names[where, kind].most_common(4)}
            for (where, kind), count in counts.most_common()
        ],
    }


def kernel_kind(symbol):
    return next((kind for kind, pattern in PATTERNS if pattern.search(symbol)), "other")


def user_kind(symbol):
    found = MODULE.match(symbol)
    if not found:
        return "Swift runtime" if symbol.startswith(("swift_", "_swift", "$sS", "$ss")) else LIBRARY
    start = found.end()
    return KINDS.get(symbol[start:start + int(found[1])], "other")
