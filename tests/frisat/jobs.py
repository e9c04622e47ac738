"""Jobs for the runner's tests, where a process of its own can import them."""

from __future__ import annotations

import os
import signal
import time


class OddError(Exception):
    """An error that cannot be carried from one process to another."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)


def work(job: str) -> str:
    """Do what ``job`` says: give its name back, fail, die, or wait a little first."""
    if job == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if job == "exit":
        os._exit(3)
    if job == "fail":
        raise ValueError("fails on purpose")
    if job == "odd":
        raise OddError("a", "b")
    if job.startswith("slow"):
        time.sleep(0.05)
    return job.upper()
