"""Running a command and what it cost."""
import os
import subprocess
import time
from dataclasses import dataclass
from statistics import median


@dataclass
class Cost:
    """Of one process from start to end, its own threads included."""
    seconds: float  # wall clock
    cpu: float  # user and system, seconds
    memory: float  # largest resident size, MiB

    @staticmethod
    def typical(costs):
        """The middle one of each figure."""
        return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("seconds", "cpu", "memory")))

    @staticmethod
    def sum(costs):
        """Of processes that ran one after the other."""
        return Cost(sum(c.seconds for c in costs), sum(c.cpu for c in costs), max(c.memory for c in costs))

    def scaled(self, factor):
        return Cost(self.seconds * factor, self.cpu * factor, self.memory)


class Failed(Exception):
    """A command ended with an error."""


def run(command, settle=True, stdin=None):
    """Runs `command` to its end. With `settle`, what earlier commands wrote is on disk before the clock starts."""
    if settle:
        os.sync()
    with open(stdin or os.devnull, "rb") as source:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}: {message.decode(errors='replace').strip()[-600:]}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
