import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { FileSource, MemorySource } from "../../../../src/formats/byte-source.js";
import type { AttributeValue } from "../../../../src/formats/hdf5/attribute.js";
import { Dataset } from "../../../../src/formats/hdf5/dataset.js";
import { Hdf5File } from "../../../../src/formats/hdf5/file.js";
import { datasets, find, type Group } from "../../../../src/formats/hdf5/group.js";
import { FormatError } from "../../../../src/formats/model-file.js";

/** Made by test/fixtures/hdf5.py, with what h5py reads in them. */
const FIXTURES = "test/fixtures/hdf5";

interface Expected {
  readonly values: Readonly<
    Record<string, { readonly shape: number[]; readonly values: (number | string)[] }>
  >;
  readonly attributes: Readonly<Record<string, (number | string)[] | null>>;
}

const expected = JSON.parse(fs.readFileSync(path.join(FIXTURES, "expected.json"), "utf8")) as Record<
  string,
  Expected
>;

/** As the fixtures' script writes numbers: infinities, NaN and large integers as strings. */
function plain(value: string | number | bigint | boolean): string | number {
  if (typeof value === "bigint")
    return value > 2n ** 53n || value < -(2n ** 53n) ? `${value}` : Number(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  return typeof value === "boolean" ? Number(value) : value;
}

function plainAttribute(value: AttributeValue): (string | number)[] | null {
  return value === null ? null : [value].flat().map(plain);
}

function openFixture(name: string): Hdf5File {
  return Hdf5File.open(FileSource.open(path.join(FIXTURES, name)));
}

describe("formats/hdf5: h5py's reading of the same files", () => {
  for (const [name, { values, attributes }] of Object.entries(expected)) {
    it(`reads every value of ${name}`, async () => {
      const file = openFixture(name);
      assert.deepEqual(file.lost, []);
      for (const [where, { shape, values: wanted }] of Object.entries(values)) {
        const dataset = find(file.root, where);
        assert.ok(dataset instanceof Dataset, where);
        assert.deepEqual(dataset.shape, shape, where);
        assert.ok(dataset.whole, where);
        const read = await dataset.read();
        assert.deepEqual(Array.from<string | number | bigint>(read).map(plain), wanted, where);
      }
      file.source.close();
    });

    it(`reads every attribute of ${name}`, () => {
      const file = openFixture(name);
      for (const [where, wanted] of Object.entries(attributes)) {
        const [object, attribute] = where.split("@") as [string, string];
        const found = find(file.root, object)?.attributes.get(attribute);
        assert.ok(found, where);
        assert.deepEqual(plainAttribute(found.value()), wanted, where);
      }
      file.source.close();
    });
  }

  it("gives the element types by NumPy's names", () => {
    const file = openFixture("types_latest.h5");
    const dtype = (name: string) => (find(file.root, name) as Dataset).dtype;
    const names = [
      "le_f4",
      "be_f8",
      "le_f2",
      "i1",
      "le_i2",
      "be_i4",
      "le_i8",
      "u1",
      "be_u8",
      "bool",
      "vlen",
      "brain",
    ];
    assert.deepEqual(names.map(dtype), [
      ...[
        "float32",
        "float64",
        "float16",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint64",
        "bool",
        "string",
      ],
      "bfloat16",
    ]);
    file.source.close();
  });

  it("names each dataset once, also where links lead to it", () => {
    const file = openFixture("links_earliest.h5");
    assert.equal([...datasets(file.root)].length, 1);
    assert.equal(find(file.root, "soft_to_soft"), find(file.root, "a/b/c"));
    assert.equal(find(file.root, "nowhere"), undefined);
    file.source.close();
  });
});

describe("formats/hdf5: what is refused (F18)", () => {
  const cases: readonly [string, string, RegExp][] = [
    ["external_link.h5", "/g/out", /external link to "\/secret" in the file "other\.h5"/],
    ["external_link_dense.h5", "/out", /external link.*"\/etc\/passwd"/],
    ["external_storage.h5", "/w", /another file/],
    ["virtual.h5", "/w", /virtual dataset/],
    ["shape_bomb.h5", "/bomb", /declares 4398046511104 bytes.*only 0 are stored/],
    ["shape_bomb_chunked.h5", "/bomb", /declares 4398046511104 bytes.*only 0 are stored/],
    ["cycle.h5", "/a/b/up", /contains itself/],
    ["user_filter.h5", "/w", /filter that is not part of HDF5 \(32015\)/],
  ];
  for (const [name, where, detail] of cases) {
    it(`refuses ${name} with its path`, () => {
      assert.throws(
        () => openFixture(name),
        (error: unknown) => {
          assert.ok(error instanceof FormatError, String(error));
          assert.equal(error.finding.code, "F18");
          assert.equal(error.finding.where, where);
          assert.match(error.finding.detail, detail);
          return true;
        },
      );
    });
  }
});

/** Everything that opening and reading can reach; only findings may come out. */
async function exhaust(bytes: Uint8Array): Promise<{ read: number; lost: number }> {
  let file: Hdf5File;
  try {
    file = Hdf5File.open(new MemorySource(bytes));
  } catch (error) {
    if (error instanceof FormatError || (error as Error).name === "Damage") return { read: 0, lost: 1 };
    throw error;
  }
  const seen = new Set<Group>();
  let lost = file.lost.length;
  let read = 0;
  const values = (object: Group | Dataset) => {
    for (const attribute of object.attributes.values()) {
      try {
        attribute.value();
      } catch (error) {
        if ((error as Error).name !== "Damage") throw error;
        lost++;
      }
    }
  };
  const visit = async (group: Group): Promise<void> => {
    if (seen.has(group)) return;
    seen.add(group);
    values(group);
    for (const child of group.children.values()) {
      if (child.kind === "group") await visit(child);
      else {
        values(child);
        const { whole } = child;
        try {
          await child.read();
          read++;
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
          lost++;
          continue;
        }
        assert.ok(whole, `${child.path} was read but is said to be cut`);
      }
    }
  };
  await visit(file.root);
  return { read, lost };
}

describe("formats/hdf5: damage", function () {
  this.timeout(120_000);

  for (const name of ["storage_earliest.h5", "many_latest.h5", "attributes_latest.h5", "types_earliest.h5"]) {
    it(`opens ${name} cut at any place without a throw or a hang`, async () => {
      const bytes = fs.readFileSync(path.join(FIXTURES, name));
      const all = await exhaust(bytes);
      assert.equal(all.lost, 0);
      const step = Math.ceil(bytes.length / 150);
      for (let end = 0; end < bytes.length - 4; end += step) {
        const { read } = await exhaust(bytes.subarray(0, end));
        assert.ok(read <= all.read);
      }
    });

    it(`opens ${name} with any byte changed without a throw or a hang`, async () => {
      const bytes = fs.readFileSync(path.join(FIXTURES, name));
      const step = Math.ceil(bytes.length / 300);
      for (let at = 0; at < bytes.length; at += step) {
        for (const value of [0, 0xff, bytes[at]! ^ (1 << (at % 8))]) {
          const changed = Uint8Array.from(bytes);
          changed[at] = value;
          await exhaust(changed);
        }
      }
    });
  }
});

describe("formats/hdf5: chunk indexes of HDF5 1.10", () => {
  const file = Hdf5File.open(FileSource.open(path.join(FIXTURES, "chunk_indexes.h5")));
  const numbers = Int8Array.from({ length: 60 }, (_, i) => i);
  const long = new Int8Array(300_000).fill(7);
  long.fill(1, 0, 3).fill(2, 270_000, 270_010).fill(3, 299_999);

  for (const dataset of datasets(file.root)) {
    it(`reads ${dataset.path}`, async () => {
      const values = await dataset.read();
      if (dataset.path === "/long_grows") assert.deepEqual(values, long);
      else if (dataset.path === "/long_fixed")
        assert.deepEqual(values, new Int8Array(5_000).fill(7).fill(2, 2_100, 2_110));
      else assert.deepEqual(values, numbers);
    });
  }

  it("finds each kind of them", () => {
    assert.equal([...datasets(file.root)].length, 21);
    assert.deepEqual(file.lost, []);
  });
});
