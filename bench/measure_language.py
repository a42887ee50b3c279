"""Measures completion and hover of Jupyter kernels by jupyter_client, and prints JSON.

usage: measure_language.py FOLDER KERNEL...

The kernels take turns in the folder, with a notebook of 11 cells and one of 200. Each request differs from those before,
so that no kernel answers from memory. After its start no kernel takes longer than its SECONDS: a slow one is asked less, and a notebook
that is not filled by then stays shorter, which the result says.
"""

import json
import math
import os
import statistics
import sys
import time
from queue import Empty

from jupyter_client.manager import KernelManager

PATIENCE = 60
CELLS = 200
SECONDS = 25
TYPESCRIPT = {
    "imports": "import * as tf from '@tensorflow/tfjs'\nimport { measure } from 'typed'\nimport { twice } from './helper'",
    "cell": "const t{n} = tf.tensor2d([[1, 2], [3, {n}]]);\nlet v{n} = {{ alpha: {n}, wide: measure('x').width, d: twice({n}) }};\nfunction f{n}(x: number) {{ return v{n}.alpha + x }}",
    "complete": [
        ("const a{n} = v{n}.al", "alpha"),
        ("const b{n} = t{n}.ad", "add"),
        ("const c{n} = tf.layers.den", "dense"),
        ("const d{n} = measure('{n}').wi", "width"),
        ("import {{ measu }} from 'typed' // {n}", "measure", len("import { measu")),
        ("const o{n} = f{n}(1).toF", "toFixed"),
        ("const e{n} = twi", "twice"),
        ("const g{n} = f{n}(v{n}.d) + Mat", "Math"),
    ],
    "hover": ["const h{n} = tf.layers.dense", "const i{n} = v{n}", "const j{n} = f{n}", "const k{n} = twice"],
    "first": ("consol", "console"),
}
PYTHON = {
    "imports": "import json, math\nimport os.path as path",
    "cell": "t{n} = [[1, 2], [3, {n}]]\nv{n} = dict(alpha={n})\ndef f{n}(x): return v{n}['alpha'] + x",
    "complete": [
        ("a{n} = v{n}.key", "keys"),
        ("b{n} = t{n}.app", "append"),
        ("c{n} = json.dum", "dumps"),
        ("d{n} = path.joi", "join"),
        ("from json import dum", "dumps"),
        ("o{n} = f{n}(1).bit_le", "bit_length"),
        ("e{n} = mat", "math"),
        ("g{n} = f{n}(t{n}) + sorte", "sorted"),
    ],
    "hover": ["h{n} = json.dumps", "i{n} = v{n}", "j{n} = f{n}", "k{n} = path.join"],
    "first": ("prin", "print"),
}


class Kernel:
    """One running kernel with a client."""

    def __init__(self, name, folder):
        self.codes = PYTHON if name == "python3" else TYPESCRIPT
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(cwd=folder)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def execute(self, code):
        request = self.client.execute(code, allow_stdin=False, store_history=True)
        return self.reply(request)["content"]

    def reply(self, request):
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                message = self.client.get_shell_msg(timeout=1)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") == request:
                return message
        raise TimeoutError

    def complete(self, code, expected, cursor=None):
        """Milliseconds, and whether the name was offered (a kernel may offer it with what stands before it)."""
        began = time.perf_counter()
        content = self.reply(self.client.complete(code, len(code) if cursor is None else cursor))["content"]
        duration = (time.perf_counter() - began) * 1000
        return duration, any(match.split(".")[-1] == expected for match in content["matches"])

    def hover(self, code):
        began = time.perf_counter()
        content = self.reply(self.client.inspect(code, len(code)))["content"]
        return (time.perf_counter() - began) * 1000, bool(content["found"])

    def round(self, numbers, ends=math.inf):
        """Every kind of request with each number, at least the first, until the time is up."""
        completions, hovers = [], []
        for n in numbers:
            if completions and time.monotonic() > ends:
                break
            completions += [self.complete(code.format(n=n), *rest) for code, *rest in self.codes["complete"]]
            hovers += [self.hover(code.format(n=n)) for code in self.codes["hover"]]
        return summary("completion", completions) | summary("hover", hovers)


def summary(what, answers):
    durations = sorted(duration for duration, _ in answers)
    right = sum(found for _, found in answers)
    return {
        f"{what}_p50": statistics.median(durations),
        f"{what}_p95": durations[math.ceil(0.95 * len(durations)) - 1],
        f"{what}_max": max(durations),
        f"{what}_right": f"{right} of {len(answers)}",
    }


def measure(name, folder):
    print(f"{name}: first completion", file=sys.stderr, flush=True)
    kernel = Kernel(name, folder)
    result = {"first_at_once": kernel.complete(*kernel.codes["first"])[0]}
    kernel.stop()
    kernel = Kernel(name, folder)
    began = time.monotonic()
    time.sleep(3)
    result["first_later"] = kernel.complete(*kernel.codes["first"])[0]
    print(f"{name}: a short notebook", file=sys.stderr, flush=True)
    kernel.execute(kernel.codes["imports"])
    cells = fill(kernel, range(10), math.inf)
    kernel.round(range(2))  # warm
    short = kernel.round(range(2, 10), began + SECONDS * 0.4)
    result |= {f"short_{key}": value for key, value in short.items()}
    print(f"{name}: {CELLS} cells", file=sys.stderr, flush=True)
    cells += fill(kernel, range(10, CELLS), began + SECONDS * 0.8)
    result["cells"] = cells + 1
    kernel.round(range(cells - 1, cells))
    long = kernel.round(range(max(cells - 11, 0), cells - 1), began + SECONDS)
    result |= {f"long_{key}": value for key, value in long.items()}
    kernel.stop()
    return result


def fill(kernel, numbers, ends):
    """Runs cells until the time is up; how many."""
    for count, n in enumerate(numbers):
        if time.monotonic() > ends:
            return count
        kernel.execute(kernel.codes["cell"].format(n=n))
    return len(numbers)


if __name__ == "__main__":
    os.environ.setdefault("LOADLAB_HISTORY", "")
    target, names = sys.argv[1], sys.argv[2:]
    print(json.dumps({name: measure(name, target) for name in names}))
