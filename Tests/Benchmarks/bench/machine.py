"""The machine: which CPUs are used, what it is called, and how busy others keep it."""

import os
import platform
import re
import subprocess
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def siblings(cpu):
    """The hardware threads that share a core with this one."""
    try:
        text = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
    except OSError:
        return {cpu}
    numbers = set()
    for part in text.strip().split(","):
        first, _, last = part.partition("-")
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def choose_cpus():
    """One CPU for the proxy and one, on another core if there is one, for everything else."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        raise SystemExit("The comparison needs two CPUs: one for the proxy alone, one for load and upstream.")
    apart = [cpu for cpu in allowed[1:] if cpu not in siblings(allowed[0])]
    return allowed[0], (apart or allowed[1:])[0]


PROXY_CPU, LOAD_CPU = choose_cpus()


def busy_seconds():
    """CPU time that all processes have had on the two CPUs."""
    total = 0
    for line in Path("/proc/stat").read_text().splitlines():
        name, *times = line.split()
        if name in (f"cpu{PROXY_CPU}", f"cpu{LOAD_CPU}"):
            total += sum(int(times[index]) for index in (0, 1, 2, 5, 6))
    return total / TICKS


def take_precedence():
    """Lets what this session starts from now on come before others. Only root may, and without it the figures are
    noisier. Processes inherit it, and are left alone then: they may have an order of their own among their threads."""
    try:
        Path("/proc/self/autogroup").write_text("-20")
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    except OSError:
        return False
    return True


def first_line(*command):
    """What a program says of its version."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except OSError:
        return None
    lines = (result.stdout + result.stderr).strip().splitlines()
    return lines[0] if lines else None


def describe():
    """What the results are only worth together with."""
    information = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", information)
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1])
    system = dict(re.findall(r'^(\w+)="?([^"\n]*)', Path("/etc/os-release").read_text(), re.MULTILINE))
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "virtual": "hypervisor" in information,
        "memory_gib": round(memory / 1024 / 1024),
        "kernel": platform.release(),
        "system": system.get("PRETTY_NAME", "Linux"),
        "proxy_cpu": PROXY_CPU,
        "load_cpu": LOAD_CPU,
    }
