"""Measures Jupyter kernels side by side, by jupyter_client, and prints JSON.

usage: measure_kernel.py ROUNDS

Each round starts every kernel once, one after the other, so that a busy machine slows all of them alike.
"""

import json
import statistics
import sys
import time

from jupyter_client.manager import KernelManager

KERNELS = {
    "loadlab": {"setup": "let kept = 41", "busy": "while (true) {}", "check": "kept + 1", "cell": "1 + 1"},
    "python3": {"setup": "kept = 41", "busy": "while True: pass", "check": "kept + 1", "cell": "1 + 1"},
    "tslab": {"setup": "let kept = 41", "busy": "while (true) {}", "check": "kept + 1", "cell": "1 + 1"},
}
REPEATS = 100
TIMEOUT = 30


def milliseconds_since(began):
    return (time.perf_counter() - began) * 1000


def execute(client, code):
    """The outputs of a cell as one text, up to its reply and its idle status."""
    shown = []

    def collect(message):
        content = message["content"]
        shown.append(content.get("text") or content.get("data", {}).get("text/plain", ""))

    client.execute_interactive(code, timeout=TIMEOUT, allow_stdin=False, output_hook=collect)
    return "".join(shown).strip()


def interrupt(manager, client, code):
    """Milliseconds from the interrupt of an endless loop to the reply of its cell."""
    request = client.execute(code)
    time.sleep(1)
    began = time.perf_counter()
    manager.interrupt_kernel()
    while client.get_shell_msg(timeout=TIMEOUT)["parent_header"].get("msg_id") != request:
        pass
    return milliseconds_since(began)


def measure(name, codes):
    manager = KernelManager(kernel_name=name)
    began = time.perf_counter()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        result = {"ready": milliseconds_since(began)}
        began = time.perf_counter()
        assert execute(client, codes["cell"]) == "2", name
        result["first_cell"] = milliseconds_since(began)
        latencies = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            execute(client, codes["cell"])
            latencies.append(milliseconds_since(began))
        result["cell"] = statistics.median(latencies)
        execute(client, codes["setup"])
        result["interrupt"] = interrupt(manager, client, codes["busy"])
        time.sleep(0.5)
        result["kept"] = execute(client, codes["check"]) == "42"
        return result
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


rounds = [{name: measure(name, codes) for name, codes in KERNELS.items()} for _ in range(int(sys.argv[1]))]
print(json.dumps(rounds))
