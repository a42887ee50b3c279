import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../../src/formats/proto/tensorflow_pb.js";
import { GraphError } from "../../../src/graph/graph-error.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import {
  calls,
  constant,
  function_,
  functionAttribute,
  graphFile,
  ints,
  node,
  scalar,
  type Function_,
  type Node,
} from "./build-graph.js";

const PLACEHOLDER = node(
  "x",
  "Placeholder",
  [],
  [{ key: "dtype", value: { value: { case: "type", value: DataType.DT_FLOAT } } }],
);

/** Opens and runs a graph; what is thrown must be a GraphError with this code and message. */
async function refused(
  nodes: readonly Node[],
  functions: readonly Function_[],
  code: string,
  message: RegExp,
  elements?: number,
): Promise<void> {
  await assert.rejects(
    async () => {
      const graph = await openGraph(graphFile(nodes, functions), undefined, { steps: 20_000, elements });
      graph.predict(graph.inputs.length > 0 ? { x: tf.scalar(1) } : {});
    },
    (error) => {
      assert.ok(error instanceof GraphError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    },
  );
}

describe("graph: hostile and damaged graphs", function () {
  this.timeout(120_000);
  before(() => tf.setBackend("cpu"));

  it("refuses a function that calls itself", async () => {
    const recursive = function_("f", [calls("again", "f", ["x"])], "again:output:0");
    await refused([PLACEHOLDER, calls("y", "f", ["x"])], [recursive], "F18", /calls itself/);
  });

  it("refuses functions that call each other in a circle", async () => {
    const functions = [
      function_("f", [calls("c", "g", ["x"])], "c:output:0"),
      function_("g", [calls("c", "f", ["x"])], "c:output:0"),
    ];
    await refused([PLACEHOLDER, calls("y", "f", ["x"])], functions, "F18", /calls itself/);
  });

  it("refuses calls that double at each level, in bounded time", async () => {
    const functions = Array.from({ length: 50 }, (_, i) =>
      function_(
        `f${i}`,
        i === 49
          ? [node("c", "Neg", ["x"]), node("d", "Neg", ["c:y:0"])]
          : [calls("c", `f${i + 1}`, ["x"]), calls("d", `f${i + 1}`, ["c:output:0"])],
        i === 49 ? "d:y:0" : "d:output:0",
      ),
    );
    await refused([PLACEHOLDER, calls("y", "f0", ["x"])], functions, "F18", /grows beyond/);
  });

  it("refuses calls nested beyond the limit", async () => {
    const functions = Array.from({ length: 200 }, (_, i) =>
      function_(
        `f${i}`,
        i === 199 ? [node("c", "Neg", ["x"])] : [calls("c", `f${i + 1}`, ["x"])],
        i === 199 ? "c:y:0" : "c:output:0",
      ),
    );
    await refused([PLACEHOLDER, calls("y", "f0", ["x"])], functions, "F18", /64 deep/);
  });

  it("names the ops of a cycle", async () => {
    await refused(
      [PLACEHOLDER, node("a", "Add", ["x", "b"]), node("b", "Neg", ["a"]), node("y", "Neg", ["b"])],
      [],
      "G01",
      /lead back to itself: .*a.*b/,
    );
  });

  it("follows a chain of 100,000 ops without running out of stack", async () => {
    const chain = Array.from({ length: 100_000 }, (_, i) =>
      node(`n${i}`, "Neg", [i === 0 ? "x" : `n${i - 1}`]),
    );
    const graph = await openGraph(graphFile([PLACEHOLDER, ...chain]));
    assert.equal((graph.predict({ x: tf.scalar(2) }) as tf.Tensor).dataSync()[0], 2);
    graph.dispose();
  });

  describe("a table of a frozen graph", () => {
    const table = [
      node("table", "HashTableV2"),
      ints("keys", [3, 5]),
      ints("values", [30, 50]),
      ints("sought", [5, 4]),
      scalar("otherwise", -1),
      node("y", "LookupTableFindV2", ["table", "sought", "otherwise"]),
    ];

    it("is refused where the op that filled it is gone: every key would be unknown", async () => {
      await refused(table, [], "O03", /table is empty, and nothing in the graph fills it/);
    });

    it("is filled where the graph has kept the op", async () => {
      const fill = node("fill", "InitializeTableV2", ["table", "keys", "values"]);
      const graph = await openGraph(graphFile([...table, fill]));
      const outputs = await graph.execute({}, ["y:0"]);
      assert.deepEqual([...outputs[0]!.dataSync()], [50, -1]);
      graph.dispose();
    });
  });

  it("stops a loop that does not end", async () => {
    const always: Function_ = {
      signature: {
        name: "always",
        inputArg: [{ name: "x", type: DataType.DT_FLOAT }],
        outputArg: [{ name: "y", type: DataType.DT_BOOL }],
      },
      nodeDef: [
        constant("true", { dtype: DataType.DT_BOOL, tensorShape: { dim: [] }, boolVal: [true] }),
        node("same", "Identity", ["true:output:0"]),
      ],
      ret: [{ key: "y", value: "same:output:0" }],
    };
    const body = function_("same", [node("a", "Neg", ["x"]), node("b", "Neg", ["a:y:0"])], "b:y:0");
    const loop = node(
      "y",
      "While",
      ["x"],
      [functionAttribute("cond", "always"), functionAttribute("body", "same")],
    );
    await refused([PLACEHOLDER, loop], [always, body], "F18", /more than 20000 ops were run.*does not end/);
  });

  for (const op of [
    "ReadFile",
    "WriteFile",
    "PyFunc",
    "EagerPyFunc",
    "SaveV2",
    "RestoreV2",
    "MatchingFiles",
  ]) {
    it(`refuses ${op}, by name and place`, async () => {
      await refused(
        [PLACEHOLDER, node("scope/spy", op, ["x"]), node("y", "Identity", ["scope/spy"])],
        [],
        "F18",
        new RegExp(`scope/spy: the op ${op}`),
      );
    });
  }

  it("finds a refused op inside the body of a loop", async () => {
    const body = function_("body", [node("spy", "PyFunc", ["x"])], "spy:output:0");
    const condition = function_("cond", [node("c", "Greater", ["x", "x"])], "c:z:0");
    const loop = node(
      "y",
      "While",
      ["x"],
      [functionAttribute("cond", "cond"), functionAttribute("body", "body")],
    );
    await refused([PLACEHOLDER, loop], [condition, body], "F18", /body\/spy: the op PyFunc/);
  });

  it("refuses to make a tensor of 10^12 elements from a shape", async () => {
    const dims = [10_000, 10_000, 10_000];
    await refused(
      [ints("dims", dims), scalar("one", 1), node("y", "Fill", ["dims", "one"])],
      [],
      "G11",
      /shape \[10000, 10000, 10000\]/,
    );
    await refused(
      [PLACEHOLDER, ints("dims", dims), node("y", "BroadcastTo", ["x", "dims"])],
      [],
      "G11",
      /shape/,
    );
  });

  it("refuses LinSpace beyond the limit", async () => {
    const count = constant("count", { dtype: DataType.DT_INT32, tensorShape: { dim: [] }, intVal: [2e9] });
    await refused(
      [PLACEHOLDER, scalar("zero", 0), count, node("y", "LinSpace", ["zero", "x", "count"])],
      [],
      "G11",
      /shape \[2000000000\]/,
    );
  });

  for (const op of ["SpaceToBatchND", "SpaceToBatch"]) {
    it(`refuses padding beyond the limit in ${op}`, async () => {
      const pads = constant("pads", {
        dtype: DataType.DT_INT32,
        tensorShape: { dim: [{ size: 2n }, { size: 2n }] },
        intVal: [0, 1_999_999_999, 0, 1],
      });
      const block = { key: "block_size", value: { value: { case: "i" as const, value: 2n } } };
      const made = [ints("dims", [1, 1, 1, 1]), node("c", "Reshape", ["x", "dims"]), pads];
      const last =
        op === "SpaceToBatch"
          ? node("y", op, ["c", "pads"], [block])
          : node("y", op, ["c", "blocks", "pads"]);
      await refused(
        [PLACEHOLDER, ints("blocks", [2, 2]), ...made, last],
        [],
        "G11",
        /shape \[1, ?2000000000, ?2, ?1\]/,
      );
    });
  }

  describe("what a run makes altogether", () => {
    const column = ints("column", [1 << 16, 1]);
    const wide = [ints("dims", [1 << 16]), scalar("one", 1), node("row", "Fill", ["dims", "one"])];

    it("is refused before an outer sum of 2^32 elements is made", async () => {
      const nodes = [
        ...wide,
        column,
        node("c", "Reshape", ["row", "column"]),
        node("y", "AddV2", ["c", "row"]),
      ];
      await refused(
        nodes,
        [],
        "F18",
        /y: AddV2: it comes to 4.29 thousand million elements from inputs of shape/,
      );
    });

    it("is refused before a product of matrices that takes minutes", async () => {
      const square = [ints("dims", [8192, 8192]), scalar("one", 1), node("a", "Fill", ["dims", "one"])];
      await refused(
        [...square, node("y", "MatMul", ["a", "a"])],
        [],
        "F18",
        /y: MatMul: it comes to 17.2 thousand/,
      );
    });

    it("is refused where many ops come to it, each of which could be", async () => {
      const chain = Array.from({ length: 80 }, (_, i) => node(`n${i}`, "ConcatV2", ["x", "x", "axis"]));
      const doubled = chain.map((one, i) =>
        i === 0 ? one : { ...one, input: [`n${i - 1}`, `n${i - 1}`, "axis"] },
      );
      const axis = constant("axis", { dtype: DataType.DT_INT32, tensorShape: { dim: [] }, intVal: [0] });
      const x = [ints("dim", [16]), scalar("one", 1), node("x", "Fill", ["dim", "one"])];
      await refused(
        [...x, axis, ...doubled],
        [],
        "F18",
        /ConcatV2: it comes to .* may make .* more/,
        2 ** 20,
      );
    });

    it("stops where the machine has no memory for another op of its size", async () => {
      const { availableMemory } = process;
      process.availableMemory = () => 100 * 2 ** 20;
      try {
        const large = [ints("dims", [2 ** 24 + 2]), scalar("one", 1), node("x", "Fill", ["dims", "one"])];
        await refused(
          [...large, node("y", "Neg", ["x"])],
          [],
          "F18",
          /Fill: its result of 64.0 MB leaves 100 MB of the machine's memory/,
        );
      } finally {
        process.availableMemory = availableMemory;
      }
    });

    it("counts text by its bytes", async () => {
      const text = constant("t", {
        dtype: DataType.DT_STRING,
        tensorShape: { dim: [] },
        stringVal: [new Uint8Array(1024).fill(97)],
      });
      const chain = Array.from({ length: 40 }, (_, i) =>
        node(`n${i}`, "StringJoin", i === 0 ? ["t", "t"] : [`n${i - 1}`, `n${i - 1}`]),
      );
      await refused([text, ...chain], [], "F18", /StringJoin: it comes to/, 2 ** 20);
    });

    it("is refused before a matrix is taken apart for minutes", async () => {
      const square = [ints("dims", [2048, 2048]), scalar("one", 1), node("a", "Fill", ["dims", "one"])];
      await refused([...square, node("y", "Svd", ["a"])], [], "F18", /y: Svd: it comes to/);
    });

    it("grows with what is fed, and as the user says", async () => {
      const nodes = [PLACEHOLDER, ints("dims", [2 ** 12]), node("y", "BroadcastTo", ["x", "dims"])];
      const small = await openGraph(graphFile(nodes), undefined, { elements: 2 ** 11 });
      assert.throws(() => small.predict({ x: tf.scalar(1) }), /up to 2048 elements can be made/);
      small.dispose();
      const large = await openGraph(graphFile(nodes), undefined, { elements: 2 ** 13 });
      assert.equal((large.predict({ x: tf.scalar(1) }) as tf.Tensor).size, 2 ** 12);
      large.dispose();
    });
  });

  it("refuses a constant that declares more than it stores", async () => {
    const bomb = constant("c", {
      dtype: DataType.DT_FLOAT,
      tensorShape: { dim: [{ size: 2n ** 40n }] },
      floatVal: [1],
    });
    await refused([bomb, node("y", "Neg", ["c"])], [], "G11", /declares 1099511627776 elements and stores 1/);
    const short = constant("c", {
      dtype: DataType.DT_FLOAT,
      tensorShape: { dim: [{ size: 4n }] },
      tensorContent: new Uint8Array(7),
    });
    await refused([short, node("y", "Neg", ["c"])], [], "G11", /has 7 bytes/);
  });

  it("names an input that is not in the graph", async () => {
    await refused([node("y", "Neg", ["ghost"])], [], "G02", /y: it needs ghost/);
  });

  it("names a function that is not in the graph", async () => {
    await refused([PLACEHOLDER, calls("y", "ghost", ["x"])], [], "O07", /calls the function ghost/);
  });

  it("names the shapes at which an op fails", async () => {
    const nodes = [PLACEHOLDER, ints("a", [1, 2]), ints("b", [1, 2, 3]), node("layer/y", "Add", ["a", "b"])];
    await refused(
      nodes,
      [],
      "G11",
      /layer\/y: Add failed on a int32 tensor of shape \[2\], a int32 tensor of shape \[3\]/,
    );
  });

  it("gives text, an error, and no wrong number when int64 does not fit into 32 bits", async () => {
    const big = constant("big", {
      dtype: DataType.DT_INT64,
      tensorShape: { dim: [] },
      int64Val: [3_000_000_000n],
    });
    const wide = { key: "T", value: { value: { case: "type" as const, value: DataType.DT_INT64 } } };
    await refused(
      [big, node("y", "Cos", ["big"], [wide])],
      [],
      "G11",
      /does not fit into 32 bits.*hash them/,
    );
    const graph = await openGraph(graphFile([big, node("y", "AddV2", ["big", "big"], [wide])]));
    assert.deepEqual([...(graph.predict({}) as tf.Tensor).dataSync()], ["6000000000"]);
    graph.dispose();
    const half = constant("half", {
      dtype: DataType.DT_INT64,
      tensorShape: { dim: [] },
      int64Val: [100_000n],
    });
    const product = await openGraph(graphFile([half, node("y", "Mul", ["half", "half"], [wide])]));
    assert.deepEqual([...(product.predict({}) as tf.Tensor).dataSync()], ["10000000000"]);
    product.dispose();
  });

  describe("an int64 input", () => {
    const type = { key: "dtype", value: { value: { case: "type" as const, value: DataType.DT_INT64 } } };
    const wide = { key: "T", value: { value: { case: "type" as const, value: DataType.DT_INT64 } } };
    const nodes = [node("x", "Placeholder", [], [type]), node("y", "AsString", ["x"], [wide])];
    const run = async (x: tf.Tensor, between = nodes): Promise<string> => {
      const graph = await openGraph(graphFile(between));
      try {
        return Array.from((graph.predict({ x }) as tf.Tensor).dataSync()).join();
      } finally {
        graph.dispose();
      }
    };
    /** The text of what an op gives for x and other integers. */
    const through = (op: string, others: readonly Node[], order: readonly string[], key = "T"): Node[] => [
      node("x", "Placeholder", [], [type]),
      ...others,
      node("made", op, order, [{ ...wide, key }]),
      node("y", "AsString", ["made"], [wide]),
    ];

    it("takes text where a tensor does not hold the number", async () => {
      assert.equal(await run(tf.tensor(["1700000000123"])), "1700000000123");
      assert.equal(await run(tf.tensor(["-9223372036854775808"])), "-9223372036854775808");
      assert.equal(await run(tf.tensor(["12"])), "12");
    });

    it("is added, counted and laid out beyond 32 bits", async () => {
      const x = tf.tensor(["2000000000", "1500000000", "7"]);
      const rows = [ints("rows", [0, 0, 1])];
      const places = [
        constant("places", {
          dtype: DataType.DT_INT32,
          tensorShape: { dim: [{ size: 1n }, { size: 1n }] },
          intVal: [1],
        }),
        ints("more", [2000000000]),
      ];
      assert.equal(await run(x, through("Sum", [ints("axes", [0])], ["x", "axes"])), "3500000007");
      assert.equal(await run(x, through("SegmentSum", rows, ["x", "rows"])), "3500000000,7");
      assert.equal(
        await run(x, through("TensorScatterAdd", places, ["x", "places", "more"])),
        "2000000000,3500000000,7",
      );
      assert.equal(
        await run(
          tf.tensor(["7", "3000000000000"]),
          through("TensorScatterAdd", places, ["x", "places", "more"]),
        ),
        "7,3002000000000",
      );
      const bounds = ["limit", "step"].map((name, i) =>
        constant(name, {
          dtype: DataType.DT_INT64,
          tensorShape: { dim: [] },
          int64Val: [[30000000001n, 10000000000n][i]!],
        }),
      );
      const first = tf.tensor("7", [], "string");
      assert.equal(
        await run(first, through("Range", bounds, ["x", "limit", "step"], "Tidx")),
        "7,10000000007,20000000007",
      );
    });

    it("refuses what is no whole number of 64 bits, and a float that lost digits", async () => {
      await assert.rejects(run(tf.tensor(["12.5"])), /x is given "12.5", no whole number/);
      await assert.rejects(run(tf.tensor(["99999999999999999999"])), /beyond 64 bits/);
      await assert.rejects(run(tf.tensor([1700000000123])), /beyond 2\^24: give it as text/);
      assert.equal(await run(tf.tensor([16777216])), "16777216");
    });
  });

  it("keeps names like __proto__ and constructor as names", async () => {
    const nodes = [PLACEHOLDER, node("__proto__", "Neg", ["x"]), node("constructor", "Neg", ["__proto__"])];
    const graph = await openGraph(graphFile(nodes));
    assert.deepEqual(
      graph.outputs.map(({ name }) => name),
      ["constructor"],
    );
    assert.equal((graph.predict({ x: tf.scalar(3) }) as tf.Tensor).dataSync()[0], 3);
    assert.equal(Object.getPrototypeOf({}), Object.prototype);
    graph.dispose();
  });

  it("says which assertion does not hold, though no output needs it", async () => {
    const words = constant("words", {
      dtype: DataType.DT_STRING,
      tensorShape: { dim: [] },
      stringVal: [new TextEncoder().encode("x is too large:")],
    });
    const nodes = [
      PLACEHOLDER,
      words,
      scalar("half", 0.5),
      node("small", "Less", ["x", "half"]),
      node("check/Assert", "Assert", ["small", "words", "x"]),
      node("y", "Neg", ["x", "^check/Assert"]),
    ];
    await refused(
      nodes,
      [],
      "G11",
      /check\/Assert: an assertion of the graph does not hold: x is too large: \[1\]/,
    );
    const graph = await openGraph(graphFile(nodes));
    assert.equal((graph.predict({ x: tf.scalar(0.25) }) as tf.Tensor).dataSync()[0], -0.25);
    graph.dispose();
  });

  it("reads a pattern that repeats alternatives, unless they begin alike", async () => {
    const replaced = (pattern: string): Node[] => [
      constant("text", {
        dtype: DataType.DT_STRING,
        tensorShape: { dim: [] },
        stringVal: [new Uint8Array(40).fill(97)],
      }),
      node(
        "y",
        "StaticRegexFullMatch",
        ["text"],
        [
          {
            key: "pattern",
            value: { value: { case: "s" as const, value: new TextEncoder().encode(pattern) } },
          },
        ],
      ),
    ];
    for (const pattern of ["(a|a)*b", "(?:\\w|a)+b", "([a-c]|aa)*b"])
      await refused(replaced(pattern), [], "F18", /alternatives that begin alike/);
    const graph = await openGraph(graphFile(replaced("(a|b|\\d)*")));
    assert.deepEqual([...(graph.predict({}) as tf.Tensor).dataSync()], [1]);
    graph.dispose();
  });

  it("refuses a pattern that could take forever", async () => {
    const text = constant("text", {
      dtype: DataType.DT_STRING,
      tensorShape: { dim: [] },
      stringVal: [new Uint8Array(64).fill(97)],
    });
    const pattern = {
      key: "pattern",
      value: { value: { case: "s" as const, value: new TextEncoder().encode("(a+)+b") } },
    };
    await refused(
      [text, node("y", "StaticRegexFullMatch", ["text"], [pattern])],
      [],
      "F18",
      /repeats a repetition/,
    );
  });

  it("reads a graph whose names of restored tensors are damaged, and names what has no value", async () => {
    const damaged = constant("names", {
      dtype: DataType.DT_STRING,
      tensorShape: { dim: [{ size: 2n ** 40n }] },
      stringVal: [new Uint8Array(1), new Uint8Array(1)],
    });
    const nodes = [
      damaged,
      node("w", "VarHandleOp"),
      node("restored", "RestoreV2", ["names", "names", "names"]),
      node("assigned", "AssignVariableOp", ["w", "restored"]),
      node("y", "ReadVariableOp", ["w"]),
    ];
    const graph = await openGraph(graphFile(nodes));
    await assert.rejects(graph.execute({}, ["y:0"]), { name: "GraphError", code: "W05" });
    graph.dispose();
  });

  it("writes out the control characters of a name", async () => {
    const graph = await openGraph(graphFile([scalar("x", 1), node("y", "Bad\x1b[31m", ["x"])]));
    await assert.rejects(graph.execute({}, ["y:0"]), /the op Bad\\u001b\[31m is not known/);
    graph.dispose();
  });
});
