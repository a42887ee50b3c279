import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { openModel, summaryText, cardText } from "../../../src/index.js";
import { writeZip, type ZipMember } from "../formats/archive/write-zip.js";
import { readMembers } from "../formats/fuzz/zip-members.js";
import { dense, functional, type JsonObject, layer, savedLayer, sequential } from "./cases/parts.js";
import { writeArchive, writeHdf5 } from "./cases/write.js";

const SECRET = "what the host keeps to itself";

/** Configurations that name files and addresses, and code that is to run. */
describe("loading: a config's names are names", () => {
  let folder: string;
  let secret: string;
  let server: http.Server;
  let address: string;
  let asked = 0;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-hostile-"));
    fs.mkdirSync(path.join(folder, "host"));
    secret = path.join(folder, "host", "secret.txt");
    fs.writeFileSync(secret, `${SECRET}\n`);
    server = http.createServer((_, response) => {
      asked++;
      response.end(SECRET);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/words.txt`;
  });
  after(() => {
    server.close();
    fs.rmSync(folder, { recursive: true });
  });

  /** Paths below the folder `host` that are opened or looked at while `work` runs. */
  async function touched(work: () => Promise<void>): Promise<string[]> {
    const names = [
      "openSync",
      "readFileSync",
      "statSync",
      "readdirSync",
      "existsSync",
      "open",
      "readFile",
    ] as const;
    const real = Object.fromEntries(names.map((name) => [name, fs[name]]));
    const seen: string[] = [];
    for (const name of names) {
      const original = fs[name] as (...args: unknown[]) => unknown;
      Object.assign(fs, {
        [name]: (...args: unknown[]) => {
          if (String(args[0]).startsWith(path.join(folder, "host"))) seen.push(`${name} ${String(args[0])}`);
          return original.apply(fs, args);
        },
      });
    }
    try {
      await work();
    } finally {
      Object.assign(fs, real);
    }
    return seen;
  }

  const layers: readonly [
    what: string,
    className: string,
    config: () => JsonObject,
    more?: () => JsonObject,
  ][] = [
    ["a file of words", "StringLookup", () => ({ vocabulary: secret, num_oov_indices: 1 })],
    ["an address of words", "StringLookup", () => ({ vocabulary: address, num_oov_indices: 1 })],
    ["a file of numbers", "IntegerLookup", () => ({ vocabulary: secret, num_oov_indices: 1 })],
    ["a file of words", "TextVectorization", () => ({ vocabulary: secret, output_mode: "int" })],
    ["a folder", "TFSMLayer", () => ({ filepath: path.dirname(secret), call_endpoint: "serve" })],
    ["an address", "KerasLayer", () => ({ handle: address, trainable: false })],
    ["a folder", "KerasLayer", () => ({ handle: path.dirname(secret) })],
    ["a file as an argument", "Resizing", () => ({ height: 2, width: 2, interpolation: `file://${secret}` })],
    ["a command", "system", () => ({ command: `cat ${secret}` }), () => ({ module: "os" })],
    ["a download", "get_file", () => ({ fname: "x", origin: address }), () => ({ module: "keras.utils" })],
    ["code", "function", () => ({}), () => ({ module: "builtins", config: `open("${secret}")` })],
  ];
  /** Texts that would become hundreds of millions of objects, or one that no string holds. */
  for (const [what, size, said] of [
    ["five million words", 5_000_000, /has more than 4194304 lines/],
    ["600 MB of words", 600_000_000, /F18.*600000000 bytes; the most that is read is 67108864/],
  ] as const) {
    it(`a vocabulary of ${what} is refused in little memory`, async () => {
      const parts = functional(
        3,
        { x: [null, 1] },
        [[layer("StringLookup", "words", { num_oov_indices: 1, vocabulary: null }), "x"]],
        ["words"],
      );
      const target = path.join(folder, "long.keras");
      await writeArchive(target, parts);
      const name = "assets/layers/string_lookup/vocabulary.txt";
      const members = readMembers(fs.readFileSync(target));
      const words: ZipMember =
        size < 1e8
          ? { name, data: Buffer.alloc(size, "\n") }
          : { name, data: Buffer.alloc(size / 90), method: 8, size };
      fs.writeFileSync(target, writeZip([...members, words]));
      const memory = process.memoryUsage().rss;
      const session = await openModel(target);
      const report = session.report();
      const problems = [...report.waiting, ...report.settled];
      assert.match(problems.map(({ code, found }) => `${code} ${found}`).join("\n"), said);
      assert.equal(session.state, "waiting");
      session.abort();
      assert.ok(process.memoryUsage().rss - memory < 256 * 2 ** 20);
    });
  }

  for (const [what, className, config, more] of layers) {
    it(`${className} with ${what}: nothing is read, asked or run`, async () => {
      for (const ending of ["h5", "keras"]) {
        const parts = functional(
          3,
          { x: [null, 6] },
          [
            [layer(className, "hostile", config()), "x"],
            [dense("out", 6, 3), "hostile"],
          ],
          ["out"],
        );
        const text = JSON.stringify(parts.config).replace(
          `"class_name":"${className}"`,
          `"class_name":"${className}"${more ? `,${JSON.stringify(more()).slice(1, -1)}` : ""}`,
        );
        const target = path.join(folder, `${className}.${ending}`);
        const file =
          ending === "h5"
            ? await writeHdf5(target, parts, { config: text })
            : await writeArchive(target, parts, { config: text });
        const seen = await touched(async () => {
          const session = await openModel(file);
          const report = session.report();
          assert.ok(["waiting", "refused", "loaded"].includes(report.state));
          const said = `${JSON.stringify(report)}${report.summary ? summaryText(report.summary) : cardText(report)}`;
          assert.ok(!said.includes(SECRET));
          session.abort();
        });
        assert.deepEqual(seen, []);
      }
      assert.equal(asked, 0);
    });
  }

  it("layers may be called as JavaScript's own properties are", async () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"];
    const parts = sequential(
      3,
      [null, 4],
      names.map((name) => dense(name, 4, 4)),
    );
    for (const file of [
      await writeHdf5(path.join(folder, "names.h5"), parts),
      await writeArchive(path.join(folder, "names.keras"), parts),
    ]) {
      const session = await openModel(file);
      assert.equal(session.state, "loaded", cardText(session.report()));
      const model = session.finished();
      assert.deepEqual(
        model.layers.map(({ name }) => name).filter((name) => names.includes(name)),
        names,
      );
      assert.equal(model.countParams(), names.length * 20);
      model.dispose();
    }
  });

  it("is not what a class is that exec made, which Keras saves as one of builtins", async () => {
    const half = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
    try {
      const parts = sequential(3, [null, 5], [layer("Half", "half", {}, {}), dense("out", 5, 2)]);
      Object.assign(savedLayer(parts, "half"), { module: "builtins", registered_name: "Half" });
      const session = await openModel(await writeHdf5(path.join(half, "half.h5"), parts));
      assert.deepEqual(
        session.waiting.map(({ code, subject }) => [code, subject]),
        [["C01", "Half"]],
      );
      session.abort();
    } finally {
      fs.rmSync(half, { recursive: true });
    }
  });
});
