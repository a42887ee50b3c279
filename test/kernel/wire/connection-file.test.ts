import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { address, parseConnectionInfo, readConnectionFile } from "../../../kernel/wire/connection-file.js";

const FIELDS = {
  transport: "tcp",
  ip: "127.0.0.1",
  shell_port: 1,
  iopub_port: 2,
  stdin_port: 3,
  control_port: 4,
  hb_port: 5,
  signature_scheme: "hmac-sha256",
  key: "secret",
  kernel_name: "loadlab",
};

describe("connection file", () => {
  it("gives an address for each channel", () => {
    const tcp = parseConnectionInfo(FIELDS, "f.json");
    assert.equal(address(tcp, "hb"), "tcp://127.0.0.1:5");
    const ipc = parseConnectionInfo({ ...FIELDS, transport: "ipc", ip: "/run/kernel" }, "f.json");
    assert.equal(address(ipc, "shell"), "ipc:///run/kernel-1");
    const ipv6 = parseConnectionInfo({ ...FIELDS, ip: "::1" }, "f.json");
    assert.equal(address(ipv6, "shell"), `tcp://[::1]:${ipv6.shell_port}`);
  });

  it("says which field is wrong", () => {
    assert.throws(() => parseConnectionInfo({ ...FIELDS, hb_port: "5" }, "f.json"), /f\.json: "hb_port"/);
    assert.throws(() => parseConnectionInfo({ ...FIELDS, hb_port: 70000 }, "f.json"), /"hb_port".*70000/);
    assert.throws(
      () => parseConnectionInfo({ ...FIELDS, transport: "udp" }, "f.json"),
      /"transport" is "udp"/,
    );
    assert.throws(
      () => parseConnectionInfo({ ...FIELDS, signature_scheme: "hmac-nothing" }, "f.json"),
      /hmac-nothing/,
    );
    assert.throws(() => parseConnectionInfo({ ...FIELDS, key: 7 }, "f.json"), /"key" must be a string/);
  });

  it("says which file cannot be read", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "connection-"));
    const file = path.join(folder, "kernel.json");
    assert.throws(() => readConnectionFile(file), /kernel\.json.*ENOENT/);
    writeFileSync(file, "{");
    assert.throws(() => readConnectionFile(file), /kernel\.json.*JSON/);
    rmSync(folder, { recursive: true });
  });
});
