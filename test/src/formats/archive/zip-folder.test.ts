import assert from "node:assert/strict";
import { SalvagedZip } from "../../../../src/formats/archive/salvage-zip.js";
import { ZipFolder } from "../../../../src/formats/archive/zip-folder.js";
import { MemorySource } from "../../../../src/formats/byte-source.js";
import { openModelBytes } from "../../../../src/formats/open.js";
import { FormatError } from "../../../../src/formats/model-file.js";
import { readWhole } from "../../../../src/formats/saved-model/folder.js";
import { writeZip, type ZipMember } from "./write-zip.js";

const open = (members: readonly ZipMember[]) =>
  ZipFolder.open("a.keras", new MemorySource(writeZip(members)));

async function refusal(work: () => Promise<unknown>): Promise<{ code: string; detail: string }> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
    return error.finding;
  }
  throw new Error("it was opened");
}

describe("formats/archive: zip", () => {
  it("reads stored and deflated members, and nothing else", async () => {
    const zip = await open([
      { name: "config.json", data: "{}" },
      { name: "assets/", data: "" },
      { name: "assets/vocabulary.txt", data: "a\nb\n".repeat(100), deflate: true },
    ]);
    assert.deepEqual(zip.names(), ["config.json", "assets/vocabulary.txt"]);
    assert.equal(Buffer.from(readWhole(zip.open("config.json")!)).toString(), "{}");
    assert.equal(readWhole(zip.open("assets/vocabulary.txt")!).length, 400);
    assert.equal(zip.open("assets"), null);
  });

  const zeros = Buffer.alloc(4 * 2 ** 20);
  const hostile: readonly [string, readonly ZipMember[], RegExp][] = [
    ["a path that leads out", [{ name: "../../evil", data: "x" }], /relative path/],
    ["an absolute path", [{ name: "/etc/evil", data: "x" }], /absolute path/],
    ["a path with a drive", [{ name: "C:/evil", data: "x" }], /absolute path/],
    ["backslashes that lead out", [{ name: "..\\evil", data: "x" }], /relative path/],
    ["a link", [{ name: "config.json", data: "/etc/passwd", attributes: 0o120777 * 65536 }], /is a link/],
    [
      "two members of one name",
      [
        { name: "a", data: "1" },
        { name: "a", data: "2" },
      ],
      /two members have the name "a"/,
    ],
    ["an encrypted member", [{ name: "a", data: "1", flags: 1 }], /encrypted/],
    ["another method", [{ name: "a", data: "1", method: 12 }], /method 12/],
    ["a bomb", [{ name: "a", data: zeros, deflate: true }], /unpacks from \d+ to 4194304 bytes/],
    ["a stored member with two sizes", [{ name: "a", data: "1234", size: 9 }], /two sizes/],
    [
      "overlapping members",
      [
        { name: "a", data: "x".repeat(99) },
        { name: "b", data: "x", offset: 0 },
      ],
      /overlap/,
    ],
  ];
  for (const [what, members, detail] of hostile) {
    it(`refuses ${what}`, async () => {
      const finding = await refusal(() => open(members));
      assert.match(finding.detail, detail);
      assert.equal(finding.code, "F18");
    });
  }

  it("reads sizes of 64 bits, and refuses those that no file has, cut or not", async () => {
    const data = "a".repeat(300);
    const sound = await open([{ name: "a", data, wide: { size: 300n, stored: 300n } }]);
    assert.equal(Buffer.from(readWhole(sound.open("a")!)).toString(), data);
    for (const size of [2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, 2n ** 40n]) {
      for (const deflate of [false, true]) {
        const members = [{ name: "model.h5", data, deflate, wide: { size, stored: deflate ? 12n : size } }];
        const finding = await refusal(() => open(members));
        assert.match(finding.code, /^F(01|18)$/, finding.detail);
        const bytes = writeZip(members);
        const before = process.memoryUsage().rss;
        const cut = await refusal(() => openModelBytes(bytes.subarray(0, bytes.length - 30), "cut.keras"));
        assert.match(cut.code, /^F(01|03|06|16|18)$/);
        assert.ok(process.memoryUsage().rss - before < 100 * 2 ** 20);
      }
    }
  });

  it("refuses members that together unpack to more than memory holds, each of them small", async () => {
    const members = Array.from({ length: 4097 }, (_, i) => ({
      name: `${i}`,
      data: "x",
      deflate: true,
      size: 2 ** 20,
    }));
    assert.match((await refusal(() => open(members))).detail, /its members unpack to 4296015872 bytes/);
  });

  it("refuses more members than any model has", async () => {
    const members = Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}`, data: "" }));
    assert.match((await refusal(() => open(members))).detail, /more than 10000/);
  });

  it("reads a member whose bytes do not match its checksum while that can be told, and none afterwards", async () => {
    for (const deflate of [false, true]) {
      const members = ["config.json", "other"].map((name) => ({ name, data: "{}", crc32: 1, deflate }));
      const zip = await open(members);
      assert.equal(Buffer.from(readWhole(zip.open("config.json")!)).toString(), "{}");
      const [told, ...others] = zip.checksums.tellChanged();
      assert.deepEqual(others, []);
      assert.equal(told!.code, "F03");
      assert.match(told!.detail, /member "config.json" do not match their checksum \(CRC-32\)/);
      assert.equal(Buffer.from(readWhole(zip.open("config.json")!)).toString(), "{}");
      const finding = await refusal(async () => readWhole(zip.open("other")!));
      assert.equal(finding.code, "F01");
      assert.match(finding.detail, /CRC-32/);
    }
  });

  it("says which member's bytes do not match after all was told", async () => {
    for (const deflate of [false, true]) {
      const zip = await open([{ name: "config.json", data: "{}", crc32: 1, deflate }]);
      zip.checksums.tellChanged();
      const finding = await refusal(async () => readWhole(zip.open("config.json")!));
      assert.equal(finding.code, "F01");
      assert.match(finding.detail, /CRC-32/);
    }
  });

  it("unpacks the beginning of a member without the rest, and the whole with its checksum", async () => {
    const data = Buffer.alloc(2 ** 20, 7);
    for (let i = 0; i < data.length; i += 3) data[i] = (i * 2654435761) >>> 13;
    const zip = await open([{ name: "a", data, deflate: true, crc32: 1 }]);
    zip.checksums.tellChanged();
    const member = zip.open("a")!;
    const head = new Uint8Array(1000);
    member.readSync(500, head);
    assert.deepEqual(Buffer.from(head), data.subarray(500, 1500));
    await assert.rejects(member.read(500, new Uint8Array(2 ** 19)), /CRC-32/);
  });

  it("never unpacks more than the list says", async () => {
    const zip = await open([{ name: "a", data: Buffer.alloc(2 ** 20), deflate: true, size: 10 }]);
    assert.match((await refusal(async () => readWhole(zip.open("a")!))).detail, /cannot be unpacked/);
  });

  it("says that an archive is cut, at any length", async () => {
    const bytes = writeZip([{ name: "config.json", data: "{}".repeat(50) }]);
    for (let length = 4; length < bytes.length; length++) {
      const source = new MemorySource(bytes.subarray(0, length));
      const finding = await refusal(() => ZipFolder.open("cut.keras", source));
      assert.equal(finding.code, "F01");
    }
  });

  it("finds the members of one that is cut at any length, also where sizes stand behind them", () => {
    for (const deflate of [true, false]) {
      const bytes = writeZip([
        { name: "config.json", data: "{}".repeat(50), described: true, deflate },
        { name: "metadata.json", data: "{}", described: true, deflate },
      ]);
      for (let length = 4; length < bytes.length; length++) {
        const zip = SalvagedZip.open("cut.keras", new MemorySource(bytes.subarray(0, length)));
        if (length > 180 && !deflate) assert.ok(zip!.names().includes("config.json"), String(length));
      }
    }
  });
});
