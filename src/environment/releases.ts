import { WHEELS } from "./tensorflow-wheels.js";

/** A bound on a package and why it is there. */
export interface Bound {
  /** `>=1.23.5,<2.0.0`; empty for any. */
  readonly range: string;
  readonly reason: string;
}

/** One minor release of TensorFlow with what it needs. */
export interface TensorFlowRelease {
  readonly tensorflow: string;
  /** Year and month of its first release. */
  readonly released: string;
  /** The Keras in or beside it, as it writes itself into files. */
  readonly keras: string;
  /** Oldest and newest Python with wheels. */
  readonly python: readonly [string, string];
  readonly numpy: Bound;
  readonly h5py: Bound;
  readonly protobuf: Bound;
  /** Newest TensorFlow Addons for it; null where there is none. */
  readonly addons: string | null;
}

/** Bounds that wheels of their time left open and that later releases of the packages broke, with where that is told. */
const H5PY_2: Bound = {
  range: "<3",
  reason: "h5py 3 returns str where this Keras calls .decode('utf-8') (github.com/h5py/h5py/issues/1732)",
};
const PROTOBUF_3: Bound = {
  range: "<3.21",
  reason:
    "protobuf 4 refuses TensorFlow's generated code: Descriptors cannot be created directly (protobuf.dev/news/2022-05-06)",
};
const NUMPY_OBJECT: Bound = {
  range: "<1.24",
  reason:
    "NumPy 1.24 removed np.object and np.bool, which this TensorFlow uses (numpy.org/doc/stable/release/1.24.0-notes.html)",
};
const NUMPY_1_16: Bound = {
  range: "<1.17",
  reason: "the NumPy of its time; later ones warn at every import",
};

/**
 * Pythons and bounds are those of the wheels (tensorflow-wheels.ts); dates are those of
 * github.com/tensorflow/tensorflow/releases, versions of Keras those of `keras/__init__.py` at each tag, Addons those of
 * the compatibility table in the README of tensorflow/addons.
 */
export const TENSORFLOW_RELEASES: readonly TensorFlowRelease[] = [
  row("1.4", "2017-11", "2.0.8-tf", null, { numpy: NUMPY_1_16, h5py: H5PY_2, protobuf: PROTOBUF_3 }),
  row("1.15", "2019-10", "2.2.4-tf", null, { protobuf: PROTOBUF_3 }),
  row("2.0", "2019-09", "2.2.4-tf", "0.6", { protobuf: PROTOBUF_3 }),
  row("2.1", "2020-01", "2.3.0-tf", "0.9.1", { protobuf: PROTOBUF_3 }),
  row("2.2", "2020-05", "2.3.0-tf", "0.11.2", { protobuf: PROTOBUF_3 }),
  row("2.3", "2020-07", "2.4.0", "0.13", { protobuf: PROTOBUF_3 }),
  row("2.4", "2020-12", "2.4.0", "0.14", { protobuf: PROTOBUF_3 }),
  row("2.5", "2021-05", "2.5.0", "0.17.1", { protobuf: PROTOBUF_3 }),
  row("2.6", "2021-08", "2.6.0", "0.17.1"),
  row("2.7", "2021-11", "2.7.0", "0.17.1", { numpy: NUMPY_OBJECT }),
  row("2.8", "2022-02", "2.8.0", "0.18", { numpy: NUMPY_OBJECT }),
  row("2.9", "2022-05", "2.9.0", "0.19", { numpy: NUMPY_OBJECT }),
  row("2.10", "2022-09", "2.10.0", "0.20", { numpy: NUMPY_OBJECT }),
  row("2.11", "2022-11", "2.11.0", "0.21", { numpy: NUMPY_OBJECT }),
  row("2.12", "2023-03", "2.12.0", "0.21"),
  row("2.13", "2023-07", "2.13.1", "0.23"),
  row("2.14", "2023-09", "2.14.0", "0.23"),
  row("2.15", "2023-11", "2.15.0", "0.23"),
  row("2.16", "2024-03", "3.0", null),
  row("2.17", "2024-07", "3.2", null),
  row("2.18", "2024-10", "3.5", null),
  row("2.19", "2025-03", "3.5", null),
  row("2.20", "2025-08", "3.10", null),
  row("2.21", "2026-03", "3.12", null),
];

function row(
  tensorflow: string,
  released: string,
  keras: string,
  addons: string | null,
  tighter: { readonly [name in "numpy" | "h5py" | "protobuf"]?: Bound } = {},
): TensorFlowRelease {
  const wheels = WHEELS[tensorflow]!;
  const bound = (name: "numpy" | "h5py" | "protobuf"): Bound =>
    tighter[name] ?? {
      range: wheels[name] ?? "",
      reason: `what tensorflow ${wheels.version} asks for (pypi.org/project/tensorflow/${wheels.version})`,
    };
  const bounds = { numpy: bound("numpy"), h5py: bound("h5py"), protobuf: bound("protobuf") };
  return { tensorflow, released, keras, python: wheels.python, ...bounds, addons };
}

/** Packages that register their classes under a name of their own, by that name. */
export const PACKAGES: ReadonlyMap<string, string> = new Map([
  ["Addons", "tensorflow-addons"],
  ["keras_nlp", "keras-nlp"],
  ["keras_hub", "keras-hub"],
  ["keras_cv", "keras-cv"],
  ["transformers", "transformers<5"],
  ["TensorFlow Recommenders", "tensorflow-recommenders"],
  ["Vision", "tf-models-official"],
  ["Text", "tf-models-official"],
  ["kapre", "kapre"],
  ["qkeras", "qkeras"],
  ["Hub", "tensorflow-hub"],
]);
