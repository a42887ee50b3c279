import assert from "node:assert/strict";
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { MemorySource, type ByteSource } from "../../../../src/formats/byte-source.js";
import { maskedCrc32c } from "../../../../src/formats/checkpoint/crc32c.js";
import { openTensorBundle, type TensorBundle } from "../../../../src/formats/checkpoint/tensor-bundle.js";
import { FormatError } from "../../../../src/formats/model-file.js";
import {
  BundleEntryProtoSchema,
  BundleHeaderProtoSchema,
  DataType,
} from "../../../../src/formats/proto/tensorflow_pb.js";
import type { Folder } from "../../../../src/formats/saved-model/folder.js";
import { buildPackedTable, buildTable, entry, type RawEntry } from "./build-table.js";

type Entry = MessageInitShape<typeof BundleEntryProtoSchema>;

/** A folder of files in memory that notes which names were asked for. */
class MemoryFolder implements Folder {
  readonly path = "memory";
  readonly asked: string[] = [];
  constructor(private readonly files: ReadonlyMap<string, Uint8Array>) {}
  names(): readonly string[] {
    return [...this.files.keys()];
  }
  open(name: string): ByteSource | null {
    this.asked.push(name);
    const bytes = this.files.get(name);
    return bytes === undefined ? null : new MemorySource(bytes);
  }
}

const header = (numShards: number): RawEntry =>
  entry("", toBinary(BundleHeaderProtoSchema, create(BundleHeaderProtoSchema, { numShards })));

function tensor(key: string, fields: Entry): RawEntry {
  return entry(key, toBinary(BundleEntryProtoSchema, create(BundleEntryProtoSchema, fields)));
}

function open(index: Uint8Array, data = new Uint8Array(64)): { bundle: TensorBundle; folder: MemoryFolder } {
  const folder = new MemoryFolder(
    new Map([
      ["v.index", index],
      ["v.data-00000-of-00001", data],
    ]),
  );
  return { bundle: openTensorBundle(folder, "v"), folder };
}

function refusedIndex(index: Uint8Array, message: RegExp): void {
  assert.throws(
    () => open(index),
    (error) => error instanceof FormatError && error.finding.code === "F15" && message.test(error.message),
  );
}

const FLOATS = { dtype: DataType.DT_FLOAT, shape: { dim: [{ size: 4n }] }, offset: 0n, size: 16n };

describe("formats/checkpoint: hostile tables and bundles", () => {
  it("refuses a block that is not inside the file", () => {
    refusedIndex(buildTable([header(1)], { offset: 10_000, size: 10 }), /not inside the file/);
    refusedIndex(buildTable([header(1)], { offset: 0, size: 2 ** 40 }), /not inside the file/);
  });

  it("reads an index of several Snappy blocks, and cut or changed anywhere says so or is what it was", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `layer_${String(i).padStart(2, "0")}/kernel`);
    const fields = { ...FLOATS, crc32c: maskedCrc32c(new Uint8Array(16)) };
    const of = (list: readonly string[]) => list.map((name) => tensor(name, fields));
    const index = buildPackedTable([
      [header(1), ...of(names.slice(0, 20))],
      of(names.slice(20, 45)),
      of(names.slice(45)),
    ]);
    const unpacked = names.length * 35;
    assert.ok(index.length < unpacked, `${index.length} of ${unpacked} bytes: nothing was packed`);
    const { bundle } = open(index);
    assert.deepEqual([...bundle.tensors.keys()], names);
    assert.equal((await bundle.tensors.get(names[59]!)!.read()).length, 4);
    const spoiled = [
      ...Array.from({ length: 40 }, (_, i) => index.subarray(0, Math.floor((index.length * i) / 40))),
      ...Array.from({ length: index.length - 8 }, (_, i) =>
        Uint8Array.from(index, (byte, at) => (at === i ? byte ^ 4 : byte)),
      ),
    ];
    for (const bytes of spoiled) {
      try {
        const { tensors, findings } = open(bytes).bundle;
        const same = JSON.stringify([...tensors.keys()]) === JSON.stringify(names);
        assert.ok(same || findings.length > 0, `${tensors.size} tensors, and nothing said`);
      } catch (error) {
        assert.ok(error instanceof FormatError && error.finding.code === "F15", String(error));
      }
    }
  });

  it("refuses a key that shares more than the key before it has", () => {
    const lie: RawEntry = { shared: 500, key: Uint8Array.of(1), value: new Uint8Array(0) };
    refusedIndex(buildTable([header(1), lie]), /shares more than the key before it/);
  });

  it("refuses a value that runs past its block", () => {
    const lie: RawEntry = { shared: 0, key: Uint8Array.of(97), value: new Uint8Array(0), claimed: 1_000_000 };
    refusedIndex(buildTable([header(1), lie]), /runs past its block/);
  });

  it("refuses a block whose checksum does not fit", () => {
    const index = buildTable([header(1), tensor("a", FLOATS)]);
    index[5]! ^= 1;
    refusedIndex(index, /does not match its checksum/);
  });

  it("refuses an index that declares a billion shards", () => {
    refusedIndex(buildTable([header(1_000_000_000)]), /declares 1000000000 shards/);
    refusedIndex(buildTable([header(-1)]), /declares -1 shards/);
  });

  it("opens no file whose name it did not compute", () => {
    const { folder } = open(buildTable([header(1), tensor("../../etc/passwd", FLOATS)]));
    assert.deepEqual(folder.asked, ["v.index", "v.data-00000-of-00001"]);
  });

  it("leaves out a tensor whose shape and size disagree, and says so", () => {
    const shapes: [bigint[], bigint][] = [
      [[2n ** 62n, 2n ** 62n], 16n],
      [[5n], 16n],
      [[-1n], 16n],
      [[2n ** 40n], 2n ** 42n - 4n],
    ];
    for (const [dims, size] of shapes) {
      const shape = { dim: dims.map((dim) => ({ size: dim })) };
      const { bundle } = open(
        buildTable([header(1), tensor("bad", { ...FLOATS, shape, size }), tensor("good", FLOATS)]),
      );
      assert.deepEqual([...bundle.tensors.keys()], ["good"]);
      assert.match(bundle.findings[0]!.where, /bad/);
    }
  });

  it("does not read, or make room for, bytes beyond the file", async () => {
    const fields = [
      { ...FLOATS, offset: 1_000_000n },
      { ...FLOATS, offset: -16n },
      { ...FLOATS, shardId: 7 },
      { ...FLOATS, shape: { dim: [{ size: 2n ** 38n }] }, size: 2n ** 40n },
    ];
    for (const lie of fields) {
      const { bundle } = open(buildTable([header(1), tensor("a", lie)]));
      const stored = bundle.tensors.get("a")!;
      assert.equal(stored.whole, false);
      await assert.rejects(() => stored.read(), /not in the file/);
    }
  });

  it("refuses strings that claim more elements or bytes than there are", async () => {
    const many = { dtype: DataType.DT_STRING, shape: { dim: [{ size: 1_000_000n }] }, offset: 0n, size: 8n };
    const long = { dtype: DataType.DT_STRING, shape: { dim: [{ size: 1n }] }, offset: 0n, size: 8n };
    const { bundle } = open(
      buildTable([header(1), tensor("a", many), tensor("b", long)]),
      new Uint8Array(64).fill(0x7f),
    );
    await assert.rejects(() => bundle.tensors.get("a")!.read(), /more elements than bytes/);
    await assert.rejects(() => bundle.tensors.get("b")!.read(), /runs past the tensor/);
  });
});
