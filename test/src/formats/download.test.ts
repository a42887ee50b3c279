import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import type { AddressInfo } from "node:net";
import { redirected } from "../../../src/formats/download/address.js";
import { download } from "../../../src/formats/download/download.js";
import { localFile } from "../../../src/formats/download/local-file.js";
import type { DownloadProgress } from "../../../src/formats/download/save-body.js";
import { FormatError, type FormatFinding } from "../../../src/formats/model-file.js";
import { openModel } from "../../../src/loading/open.js";

const MODEL = fs.readFileSync("test/fixtures/archives/nested.keras");
const BIG = Buffer.alloc(3_000_000, "weights");

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

describe("formats/download", function () {
  this.timeout(30_000);
  let server: http.Server;
  let base: string;
  let folder: string;
  let handler: Handler;
  /** What was asked: method, path and range. */
  let asked: string[];

  before(async () => {
    server = http.createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.range ?? ""}`.trim());
      handler(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-downloads-"));
    asked = [];
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** A file that knows about ranges, as web servers do; `drop` cuts the connection after so many bytes. */
  const serve =
    (content: Buffer, { tag = '"v1"', drop = Infinity, drops = 1 } = {}): Handler =>
    (request, response) => {
      if (request.headers["if-none-match"] === tag) return void response.writeHead(304).end();
      const same = request.headers["if-range"] === tag;
      const from = same ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
      const rest = content.subarray(from);
      response.writeHead(from > 0 ? 206 : 200, {
        "content-length": rest.length,
        etag: tag,
        ...(from > 0 && { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }),
      });
      if (rest.length <= drop || drops-- <= 0) return void response.end(rest);
      response.write(rest.subarray(0, drop), () => setTimeout(() => response.destroy(), 20));
    };

  const refusal = async (address: string, options = {}): Promise<FormatFinding> => {
    try {
      await download(address, { folder, ...options });
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
      return error.finding;
    }
    throw new Error("it was downloaded");
  };

  it("says the size first, then what is here, and opens the model", async () => {
    handler = serve(MODEL);
    const seen: DownloadProgress[] = [];
    const session = await openModel(`${base}/some/nested.keras?download=true`, {
      downloads: folder,
      onProgress: (progress) => seen.push(progress),
    });
    assert.equal(session.state, "loaded", JSON.stringify(session.report().waiting));
    assert.deepEqual(seen[0], { done: 0, total: MODEL.length, resumedFrom: 0 });
    assert.deepEqual(seen.at(-1), { done: MODEL.length, total: MODEL.length, resumedFrom: 0 });
    assert.match(session.report().notes.join(" "), /Downloaded from http/);
    session.abort();
    assert.equal(asked.length, 1);
  });

  it("takes an unchanged file from the disk, and a changed one anew", async () => {
    handler = serve(MODEL);
    const first = await download(`${base}/a.keras`, { folder });
    const second = await download(`${base}/a.keras`, { folder });
    assert.deepEqual([first.kept, second.kept, second.size], [false, true, MODEL.length]);
    handler = serve(BIG, { tag: '"v2"' });
    const third = await download(`${base}/a.keras`, { folder });
    assert.deepEqual([third.kept, fs.readFileSync(third.path).equals(BIG)], [false, true]);
  });

  it("goes on at once where the connection broke, and only from there", async () => {
    handler = serve(BIG, { drop: 1_000_000 });
    const { path: file } = await download(`${base}/big.h5`, { folder });
    assert.ok(fs.readFileSync(file).equals(BIG));
    assert.equal(asked.length, 2);
    assert.match(asked[1]!, /bytes=\d+-/);
    assert.ok(Number(/\d+/.exec(asked[1]!.split(" ")[1]!)![0]) > 0);
  });

  it("keeps what arrived when it gives up, and goes on the next time", async () => {
    handler = serve(BIG, { drop: 1_000_000, drops: 1 });
    const first = handler;
    handler = (request, response) => (asked.length > 1 ? void response.destroy() : first(request, response));
    const finding = await refusal(`${base}/big.h5`);
    assert.equal(finding.code, "F03");
    assert.match(finding.detail, /MB of 3\.0 MB have arrived/);
    handler = serve(BIG);
    const progress: DownloadProgress[] = [];
    const { path: file } = await download(`${base}/big.h5`, { folder, onProgress: (p) => progress.push(p) });
    assert.ok(fs.readFileSync(file).equals(BIG));
    assert.ok(progress[0]!.resumedFrom > 0);
  });

  it("begins again when the file has changed in between", async () => {
    handler = serve(BIG, { drop: 500_000 });
    const first = handler;
    const other = Buffer.alloc(2_000_000, "other");
    handler = (...call) => (asked.length === 1 ? first(...call) : serve(other, { tag: '"v2"' })(...call));
    const { path: file } = await download(`${base}/big.h5`, { folder });
    assert.ok(fs.readFileSync(file).equals(other));
  });

  it("says that a server promises more than it sends", async () => {
    handler = (_request, response) => {
      response.writeHead(200, { "content-length": 5000 });
      response.write(Buffer.alloc(1000, 1), () => setTimeout(() => response.destroy(), 300));
    };
    const finding = await refusal(`${base}/short.h5`);
    assert.equal(finding.code, "F03");
    assert.match(finding.detail, /1000 bytes of 5000 bytes/);
  });

  for (const [what, sent] of [
    ["sends a part and then nothing", 1000],
    ["takes the connection and never answers", 0],
  ] as const) {
    it(`gives up a server that ${what}`, async () => {
      handler = (_request, response) => {
        if (sent === 0) return;
        response.writeHead(200, { "content-length": 5000 });
        response.write(Buffer.alloc(sent, 1));
      };
      const finding = await refusal(`${base}/hangs.h5`, { idleMs: 200 });
      assert.equal(finding.code, sent === 0 ? "F04" : "F03");
      assert.match(finding.detail, /nothing arrived for 0\.2 seconds/);
      if (sent > 0) assert.match(finding.detail, /1000 bytes of 5000 bytes have arrived/);
      assert.equal(asked.length, sent === 0 ? 3 : 4);
    });

    it(`stops at once where the user interrupts a server that ${what}`, async () => {
      const interrupt = new AbortController();
      handler = (_request, response) => {
        if (sent > 0) response.writeHead(200, { "content-length": 5000 }).write(Buffer.alloc(sent, 1));
        setTimeout(() => interrupt.abort(new Error("interrupted")), 100);
      };
      const start = performance.now();
      await assert.rejects(download(`${base}/hangs.h5`, { folder, signal: interrupt.signal }), /interrupted/);
      assert.ok(performance.now() - start < 10_000);
      assert.equal(asked.length, 1);
    });
  }

  it("knows a web page, by its type or its first bytes", async () => {
    handler = (_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>");
    assert.equal((await refusal(`${base}/blob/main/model.h5`)).code, "F02");
    handler = (_request, response) => response.writeHead(200).end("\n<!DOCTYPE html><html></html>");
    assert.equal((await refusal(`${base}/model.h5`)).code, "F02");
  });

  it("says what the server answers, and that there is none", async () => {
    handler = (_request, response) => response.writeHead(404).end();
    assert.match((await refusal(`${base}/no.h5`)).detail, /404/);
    handler = (_request, response) => response.writeHead(503).end();
    const busy = await refusal(`${base}/busy.h5`);
    assert.equal(busy.title, "The server does not give this file");
    assert.match(busy.advice, /try again/);
    handler = (_request, response) => response.writeHead(403).end();
    assert.match((await refusal(`${base}/gated.h5`)).advice, /browser/);
    const gone = await refusal("http://127.0.0.1:1/model.h5");
    assert.deepEqual([gone.code, /ECONNREFUSED|bad port/.test(gone.detail)], ["F04", true]);
  });

  it("takes no more than is allowed, whether the server says the size or not", async () => {
    handler = serve(BIG);
    assert.equal((await refusal(`${base}/big.h5`, { mostBytes: 1000 })).code, "F18");
    handler = (_request, response) => response.writeHead(200).end(BIG);
    assert.equal((await refusal(`${base}/endless.h5`, { mostBytes: 100_000 })).code, "F18");
  });

  it("follows redirections of the server, and not without end", async () => {
    handler = (request, response) =>
      request.url === "/old"
        ? void response.writeHead(302, { location: "/files/model.keras" }).end()
        : serve(MODEL)(request, response);
    assert.equal((await download(`${base}/old`, { folder })).size, MODEL.length);
    handler = (_request, response) => response.writeHead(302, { location: "/again" }).end();
    assert.equal((await refusal(`${base}/round`)).code, "F18");
  });

  it("is not led to other kinds of places", () => {
    const from = new URL("https://models.example.org/a.h5");
    assert.equal(redirected(from, "https://cdn.example.net/b").host, "cdn.example.net");
    const places = [
      "http://models.example.org/a.h5",
      "file:///etc/passwd",
      "https://127.0.0.1/x",
      "https://localhost:8080/",
      "https://169.254.169.254/latest/meta-data",
      "https://[::1]/",
      "https://10.0.0.1/",
      null,
    ];
    for (const place of places) assert.throws(() => redirected(from, place), FormatError, String(place));
  });

  it("takes bytes, a Blob and a Response", async () => {
    handler = serve(MODEL);
    const response = await fetch(`${base}/x/nested.keras`);
    for (const source of [MODEL, new Blob([MODEL]), response, new Uint8Array(MODEL).buffer]) {
      const { path: file } = await localFile(source);
      assert.ok(fs.readFileSync(file).equals(MODEL));
    }
    const session = await openModel(MODEL);
    assert.equal(session.state, "loaded");
    session.abort();
  });

  it("contacts nothing that a model file names", async () => {
    handler = serve(MODEL);
    const manifest = [{ paths: [`${base}/weights.bin`], weights: [] }];
    const json = JSON.stringify({ modelTopology: { model_config: {} }, weightsManifest: manifest });
    handler = serve(Buffer.from(json));
    const session = await openModel(`${base}/model.json`, { downloads: folder });
    assert.equal(session.waiting[0]?.code, "F18");
    assert.deepEqual(asked, ["/model.json"]);
    session.abort();
  });

  it("says in a session what could not be fetched", async () => {
    handler = (_request, response) => response.writeHead(404).end();
    const session = await openModel(`${base}/no.h5`, { downloads: folder });
    assert.deepEqual(
      session.waiting.map(({ code }) => code),
      ["F04"],
    );
    session.abort();
  });
});
