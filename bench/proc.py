"""What the kernel knows of a running process: its memory, open handles and time. Linux tells it under ``/proc``."""

import os
import resource
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.processes import BenchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a process holds at one moment."""

    memory: int
    """Bytes that are in memory, be they shared or its own (its resident set)."""
    handles: int
    """Open files and sockets."""

    @classmethod
    def of(cls, pid: int) -> Self:
        """Look at a process. Raises BenchError where there is no ``/proc``."""
        folder = Path(f"/proc/{pid}")
        try:
            pages = int((folder / "statm").read_text(encoding="ascii").split()[1])
            return cls(memory=pages * os.sysconf("SC_PAGESIZE"), handles=len(list((folder / "fd").iterdir())))
        except OSError as error:
            raise BenchError(f"memory can be measured on Linux alone: {error}") from None


def cpu_seconds(pid: int) -> float | None:
    """Return the processor's time that a process has taken so far; None where there is no ``/proc``."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    user, system = fields[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def allow_handles(wanted: int) -> None:
    """Let this process and those that it starts open as many. Raises BenchError where that is not allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted or soft == resource.RLIM_INFINITY:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise BenchError(f"needs {wanted} open files, and this user may have {hard}: raise it with ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
