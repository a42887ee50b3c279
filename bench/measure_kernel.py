"""Measures Jupyter kernels side by side, by jupyter_client, and prints JSON.

usage: measure_kernel.py ROUNDS KERNEL...

Each round starts every kernel once, one after the other, so that a busy machine slows all of them alike.
A measure is a number, or a text where the kernel fails it.
"""

import json
import statistics
import sys
import time
from queue import Empty

import psutil
from jupyter_client.manager import KernelManager

JAVASCRIPT = {
    "setup": "let kept = 41",
    "busy": "while (true) {}",
    "busy_later": "await new Promise((resolve) => setTimeout(resolve, 10)); while (true) {}",
    "complete": ("consol", "console"),
    "print": "for (let i = 0; i < {lines}; i++) console.log(i)",
}
PYTHON = {
    "setup": "kept = 41",
    "busy": "while True: pass",
    "busy_later": "import asyncio\nawait asyncio.sleep(0.01)\nwhile True: pass",
    "complete": ("prin", "print"),
    "print": "for i in range({lines}): print(i)",
}
REPEATS = 100
# Seconds for a kernel to start, until the next message of one that runs, and for a whole measure of a peer; an
# interrupt has less.
START_PATIENCE = 60
PATIENCE = 10
MEASURE_PATIENCE = 20
INTERRUPT_PATIENCE = 4
HANGS = "hangs"
TOO_LONG = f"over {MEASURE_PATIENCE} s"


class Failed(Exception):
    """A kernel does not do what is measured; the text says what it does."""


class Session:
    """One running kernel with a client."""

    def __init__(self, name, codes):
        self.codes = codes
        self.manager = KernelManager(kernel_name=name)
        began = time.perf_counter()
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=START_PATIENCE)
        self.ready = since(began)
        self.measure_ends = float("inf")

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def execute(self, code):
        """What a cell shows, up to its idle status."""
        request = self.client.execute(code, allow_stdin=False)
        shown = []
        while True:
            message = self.await_message(self.client.get_iopub_msg, request)
            content = message["content"]
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                break
            shown.append(content.get("text") or content.get("data", {}).get("text/plain", ""))
        self.await_message(self.client.get_shell_msg, request)
        return "".join(shown).strip()

    def await_message(self, get, request, patience=PATIENCE):
        """The next message on a channel that answers the request."""
        ends = min(time.monotonic() + patience, self.measure_ends)
        while time.monotonic() < ends:
            try:
                message = get(timeout=1)
            except Empty:
                if not self.manager.is_alive():
                    raise Failed("the kernel dies") from None
                continue
            if message["parent_header"].get("msg_id") == request:
                return message
        raise Failed(TOO_LONG if time.monotonic() >= self.measure_ends else HANGS)

    def first_cell(self):
        began = time.perf_counter()
        self.execute("1 + 1")
        return since(began)

    def cell(self):
        return median_of(REPEATS, lambda: self.execute("1 + 1"))

    def completion(self):
        typed, expected = self.codes["complete"]

        def complete():
            request = self.client.complete(typed, len(typed))
            matches = self.await_message(self.client.get_shell_msg, request)["content"]["matches"]
            if expected not in matches:
                raise Failed(f"offers {len(matches)} names, not {expected}")

        complete()
        return median_of(20, complete)

    def memory(self):
        """Megabytes of the kernel's processes; shared pages are counted once (PSS)."""
        process = psutil.Process(self.manager.provisioner.pid)
        family = [process, *process.children(recursive=True)]
        return sum(member.memory_full_info().pss for member in family) / 2**20

    def lines(self, count):
        """Milliseconds until the last of so many printed lines."""
        began = time.perf_counter()
        shown = self.execute(self.codes["print"].replace("{lines}", str(count)))
        duration = since(began)
        arrived = len(shown.splitlines())
        if arrived != count:
            raise Failed(f"{arrived:,} lines arrive")
        return duration

    def interrupt(self, code):
        """Milliseconds from the interrupt of an endless loop to the reply of its cell."""
        self.execute(self.codes["setup"])
        request = self.client.execute(self.codes[code], allow_stdin=False)
        time.sleep(0.7)
        began = time.perf_counter()
        self.manager.interrupt_kernel()
        self.await_message(self.client.get_shell_msg, request, INTERRUPT_PATIENCE)
        duration = since(began)
        time.sleep(0.3)
        if self.execute("kept + 1") != "42":
            raise Failed("variables are lost")
        return duration


MEASURES = {
    "first_cell": Session.first_cell,
    "cell": Session.cell,
    "completion": Session.completion,
    "memory": Session.memory,
    "lines_20000": lambda session: session.lines(20_000),
    "lines_1000000": lambda session: session.lines(1_000_000),
    "interrupt": lambda session: session.interrupt("busy"),
    "interrupt_later": lambda session: session.interrupt("busy_later"),
}
ONCE = {"lines_1000000"}
# What hangs with few lines is not asked for many.
IMPLIED_BY = {"lines_1000000": "lines_20000"}


def since(began):
    return (time.perf_counter() - began) * 1000


def median_of(times, work):
    durations = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        durations.append(since(began))
    return statistics.median(durations)


def measure(name, failures):
    """One round of one kernel. What it failed in an earlier round, in `failures`, is not waited for again."""
    codes = PYTHON if name == "python3" else JAVASCRIPT
    session = Session(name, codes)
    result = {"ready": session.ready}
    for measure_name, work in MEASURES.items():
        if measure_name in ONCE and measure_name in done[name]:
            continue
        failed = failures.get(measure_name)
        implied = failures.get(IMPLIED_BY.get(measure_name))
        if implied in (HANGS, TOO_LONG):
            failed = implied
        if failed:
            result[measure_name] = failed
            continue
        done[name].add(measure_name)
        print(f"{name}: {measure_name}", file=sys.stderr, flush=True)
        session.measure_ends = time.monotonic() + MEASURE_PATIENCE
        try:
            result[measure_name] = work(session)
        except Failed as failure:
            result[measure_name] = failures[measure_name] = str(failure)
            session.stop()
            session = Session(name, codes)
    session.stop()
    return result


rounds, kernels = int(sys.argv[1]), sys.argv[2:]
done = {name: set() for name in kernels}
failed = {name: {} for name in kernels}
print(json.dumps([{name: measure(name, failed[name]) for name in kernels} for _ in range(rounds)]))
