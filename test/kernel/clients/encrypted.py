"""jupyter_client with transport_encryption="required": keys in the connection file, every channel over CurveZMQ."""

import json
import os
import stat

from jupyter_client.manager import KernelManager

manager = KernelManager(kernel_name="loadlab", transport_encryption="required")
manager.start_kernel()
with open(manager.connection_file) as file:
    fields = json.load(file)
assert len(fields["curve_publickey"]) == 40 and len(fields["curve_secretkey"]) == 40, sorted(fields)
assert stat.S_IMODE(os.stat(manager.connection_file).st_mode) == 0o600 or os.name == "nt"

client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
shown = []
reply = client.execute_interactive(
    "console.log('encrypted'); await input('who? ')",
    allow_stdin=True,
    stdin_hook=lambda question: client.input("Ada"),
    output_hook=lambda message: shown.append(message["content"]),
    timeout=60,
)
assert reply["content"]["status"] == "ok", reply["content"]
assert [content["text"] for content in shown if "text" in content] == ["encrypted\n"], shown
assert [content["data"]["text/plain"] for content in shown if "data" in content] == ["'Ada'"], shown
assert client.is_alive() and client.hb_channel.is_beating()
client.stop_channels()
manager.shutdown_kernel()

# A client without the keys is not answered.
plain = KernelManager(kernel_name="loadlab", transport_encryption="required")
plain.start_kernel()
stranger = plain.client()
stranger.load_connection_info({**stranger.get_connection_info(), "curve_publickey": None, "curve_secretkey": None})
for name in ("curve_publickey", "curve_secretkey"):
    setattr(stranger, name, None)
stranger.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
stranger.kernel_info()
try:
    stranger.get_shell_msg(timeout=2)
except Exception as error:
    assert type(error).__name__ == "Empty", error
else:
    raise AssertionError("the kernel answered a client without keys")
stranger.stop_channels()
plain.shutdown_kernel(now=True)
