import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Reply, Router } from "zeromq";
import { parseConnectionInfo } from "../../../kernel/wire/connection-file.js";
import { createHeader, MessageCodec } from "../../../kernel/wire/message.js";
import { register } from "../../../kernel/wire/register.js";
import { freeConnection, streamText, TestClient } from "../client.js";

const MAIN = fileURLToPath(new URL("../../../kernel/main.js", import.meta.url));
const KEY = "a key that only launcher and kernel know";
const FIELDS = { transport: "tcp", ip: "127.0.0.1", signature_scheme: "hmac-sha256", key: KEY };
const PORTS = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"];
const hmac = (...frames: Buffer[]) => createHmac("sha256", KEY).update(Buffer.concat(frames)).digest("hex");

describe("registration of a kernel that finds its own ports", () => {
  let folder: string;
  let kernel: ChildProcess;
  let logged: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "register-"));
    logged = "";
  });
  afterEach(async () => {
    if (kernel.exitCode === null && kernel.signalCode === null) {
      kernel.kill("SIGKILL");
      await once(kernel, "exit");
    }
    rmSync(folder, { recursive: true });
  });

  function launch(fields: Record<string, unknown>): void {
    const file = path.join(folder, "kernel-1.json");
    writeFileSync(file, JSON.stringify({ ...FIELDS, ...fields }), { mode: 0o600 });
    const env = { ...process.env, JPY_PARENT_PID: String(process.pid), LOADLAB_HISTORY: "" };
    kernel = spawn(process.execPath, [MAIN, "-f", file], {
      stdio: ["ignore", "ignore", "pipe"],
      cwd: folder,
      env,
    });
    kernel.stderr!.setEncoding("utf8").on("data", (text: string) => (logged += text));
  }

  /** A cell runs over the ports that were told; the file for other clients says the same, and goes with the kernel. */
  async function works(content: Record<string, unknown>): Promise<void> {
    const told = Object.fromEntries(PORTS.map((name) => [name, Number(content[name])]));
    assert.equal(new Set(Object.values(told)).size, PORTS.length);
    const client = await TestClient.connect(parseConnectionInfo({ ...FIELDS, ...told }, "told"));
    assert.equal(streamText((await client.execute("console.log('hello')")).published), "hello\n");
    client.close();
    const file = path.join(folder, "kernel-1-connection.json");
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), { ...FIELDS, ...told });
    if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
    const exited = once(kernel, "exit");
    kernel.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null]);
    assert.ok(!existsSync(file));
  }

  /** A launcher that takes the signed content alone, and answers with a signed word. */
  async function launcher(sign: (answer: Buffer) => string): Promise<Record<string, unknown>> {
    const socket = new Router({ linger: 1000, receiveTimeout: 15_000 });
    await socket.bind("tcp://127.0.0.1:0");
    const port = Number(socket.lastEndpoint!.split(":").at(-1));
    launch({ registration_ip: "127.0.0.1", registration_port: port, kernel_id: "kernel number 1" });
    const frames = await socket.receive();
    const start = frames.findIndex((frame) => String(frame) === "<IDS|MSG>");
    const [signature, content] = frames.slice(start + 1);
    assert.equal(String(signature), hmac(content!));
    const answer = Buffer.from("ACK");
    await socket.send([...frames.slice(0, start + 1), sign(answer), answer]);
    socket.close();
    return JSON.parse(String(content)) as Record<string, unknown>;
  }

  it("is understood by a launcher that takes the signed content alone (xeus)", async () => {
    const content = await launcher((answer) => hmac(answer));
    assert.equal(content.kernel_id, "kernel number 1");
    assert.equal(typeof content.shell_port, "string");
    await works(content);
  });

  it("is understood by a launcher that takes whole messages on a REP socket (Positron)", async () => {
    const socket = new Reply({ linger: 1000, receiveTimeout: 15_000 });
    await socket.bind("tcp://127.0.0.1:0");
    launch({ registration_port: Number(socket.lastEndpoint!.split(":").at(-1)) });
    const frames = await socket.receive();
    assert.equal(String(frames[1]), hmac(...frames.slice(2)));
    const codec = new MessageCodec(KEY);
    const request = codec.decode(frames);
    assert.equal(request.header.msg_type, "handshake_request");
    assert.equal(typeof request.content.shell_port, "number");
    const header = createHeader("handshake_reply", "launcher");
    const rest = { identities: [], parentHeader: request.header, metadata: {}, buffers: [] };
    await socket.send(codec.encode({ ...rest, header, content: { status: "ok" } }));
    socket.close();
    await works(request.content);
  });

  it("ends when the answer is signed with another key", async () => {
    await launcher((answer) => createHmac("sha256", "another key").update(answer).digest("hex"));
    if (kernel.exitCode === null) await once(kernel, "close");
    assert.equal(kernel.exitCode, 1);
    assert.match(
      logged,
      /^\[loadlab\] Cannot register with the launcher at tcp:\/\/127\.0\.0\.1:\d+: the signature is wrong.*\n$/,
    );
    assert.ok(!existsSync(path.join(folder, "kernel-1-connection.json")));
  });
});

describe("register", () => {
  const info = (fields: Record<string, unknown>) => parseConnectionInfo({ ...FIELDS, ...fields }, "test");

  it("says that nobody answers", async () => {
    const { shell_port } = await freeConnection();
    const connection = info({ registration_port: shell_port });
    await assert.rejects(register(connection, connection.registration!, 200), {
      message: `Cannot register with the launcher at tcp://127.0.0.1:${shell_port}: no answer within 0.2 s`,
    });
  });

  it("says what is wrong with a registration file", () => {
    assert.throws(() => info({ registration_port: "5555" }), /"registration_port" must be a port number/);
    assert.throws(
      () => info({ registration_port: 5555, transport: "ipc" }),
      /"transport" is "ipc"; only tcp has ports/,
    );
  });
});
