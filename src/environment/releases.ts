/** One minor release of TensorFlow with what it needs. */
export interface TensorFlowRelease {
  readonly tensorflow: string;
  /** Year and month of its first release. */
  readonly released: string;
  /** The Keras in or beside it. */
  readonly keras: string;
  /** Oldest and newest Python with wheels. */
  readonly python: readonly [string, string];
  readonly numpy: string;
  readonly h5py: string;
  readonly protobuf: string;
  /** Newest TensorFlow Addons for it; null where there is none. */
  readonly addons: string | null;
}

/**
 * Sources: `Requires-Dist` and `Requires-Python` of the wheels (pypi.org/project/tensorflow/VERSION), the tested
 * configurations of tensorflow.org/install/source, the compatibility table in the README of tensorflow/addons,
 * and `keras/__init__.py` of each release for the version that it writes into files. Bounds that the wheels of their
 * time left open and that later releases broke: h5py 3 returns `str` where Keras calls `.decode` (h5py/h5py#1732),
 * protobuf 4 refuses code generated before 3.19 (protobuf.dev/news/2022-05-06), NumPy 2 changed its ABI.
 */
export const TENSORFLOW_RELEASES: readonly TensorFlowRelease[] = [
  row("1.4", "2017-11", "2.0.8-tf", ["3.5", "3.6"], "<1.17", "<3", "<3.21", null),
  row("1.15", "2019-10", "2.2.4-tf", ["3.5", "3.7"], "<1.19", "<3", "<3.21", null),
  row("2.0", "2019-09", "2.2.4-tf", ["3.5", "3.7"], "<1.19", "<3", "<3.21", "0.6"),
  row("2.1", "2020-01", "2.2.4-tf", ["3.5", "3.7"], "<1.19", "<3", "<3.21", "0.9.1"),
  row("2.2", "2020-05", "2.3.0-tf", ["3.5", "3.8"], "<1.19", "<2.11", "<3.21", "0.11.2"),
  row("2.3", "2020-07", "2.4.0", ["3.5", "3.8"], "<1.19", "<2.11", "<3.21", "0.13"),
  row("2.4", "2020-12", "2.4.0", ["3.6", "3.8"], "~=1.19.2", "~=2.10.0", "<3.21", "0.14"),
  row("2.5", "2021-05", "2.5.0", ["3.6", "3.9"], "~=1.19.2", "~=3.1.0", "<3.21", "0.17.1"),
  row("2.6", "2021-08", "2.6.0", ["3.6", "3.9"], "~=1.19.2", "~=3.1.0", "<3.21", "0.17.1"),
  row("2.7", "2021-11", "2.7.0", ["3.7", "3.10"], "<1.24", ">=2.9", "<3.21", "0.17.1"),
  row("2.8", "2022-02", "2.8.0", ["3.7", "3.10"], "<1.24", ">=2.9", "<3.21", "0.18"),
  row("2.9", "2022-05", "2.9.0", ["3.7", "3.10"], "<1.24", ">=2.9", "<3.20", "0.19"),
  row("2.10", "2022-09", "2.10.0", ["3.7", "3.10"], "<1.24", ">=2.9", "<3.20", "0.20"),
  row("2.11", "2022-11", "2.11.0", ["3.7", "3.10"], "<1.24", ">=2.9", "<3.20", "0.21"),
  row("2.12", "2023-03", "2.12.0", ["3.8", "3.11"], "<1.24", ">=2.9", "<5", "0.21"),
  row("2.13", "2023-07", "2.13.1", ["3.8", "3.11"], "<=1.24.3", ">=2.9", "<5", "0.23"),
  row("2.14", "2023-09", "2.14.0", ["3.9", "3.11"], "<2", ">=2.9", "<5", "0.23"),
  row("2.15", "2023-11", "2.15.0", ["3.9", "3.11"], "<2", ">=2.9", "<5", "0.23"),
  row("2.16", "2024-03", "3.0", ["3.9", "3.12"], "<2", ">=3.10", "<5", null),
  row("2.17", "2024-07", "3.2", ["3.9", "3.12"], "<2", ">=3.10", "<5", null),
  row("2.18", "2024-10", "3.5", ["3.9", "3.12"], "<2.1", ">=3.11", "<6", null),
  row("2.19", "2025-03", "3.5", ["3.9", "3.12"], "<2.2", ">=3.11", "<6", null),
  row("2.20", "2025-08", "3.10", ["3.9", "3.13"], ">=1.26", ">=3.11", ">=5.28", null),
  row("2.21", "2026-03", "3.12", ["3.10", "3.13"], ">=1.26", ">=3.11,<3.15", ">=6.31.1", null),
];

function row(
  tensorflow: string,
  released: string,
  keras: string,
  python: readonly [string, string],
  numpy: string,
  h5py: string,
  protobuf: string,
  addons: string | null,
): TensorFlowRelease {
  return { tensorflow, released, keras, python, numpy, h5py, protobuf, addons };
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
