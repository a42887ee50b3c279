import type { JsonValue, ModelFile } from "../formats/model-file.js";
import { isObject } from "../keras/json.js";
import { kerasOrigin } from "../keras/origin.js";
import { eachLayer, readModelGraph } from "../keras/read-graph.js";
import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import { hasHardSigmoid, targetClass } from "../saving/layer-config.js";
import { KERAS_3_ARGUMENTS } from "../saving/keras-arguments.js";
import { configOfTodaysKeras } from "./todays-hdf5.js";
import { keywordsOfKeras2, nestedOfKeras2 } from "./todays-keras.js";
import { trainingOfTodaysKeras } from "./todays-training.js";
import { PACKAGES, TENSORFLOW_RELEASES, type TensorFlowRelease } from "./releases.js";

/** One line of a requirements.txt, with why it is there. */
export interface Requirement {
  readonly line: string;
  readonly reason: string;
}

/** With what a file was made, and under what it loads. */
export interface Environment {
  readonly path: string;
  /** What the file says of itself. */
  readonly evidence: readonly string[];
  /** Oldest and newest Python; null where the file says too little. */
  readonly python: readonly [string, string] | null;
  readonly requirements: readonly Requirement[];
  /** What would have to change in the file for today's Keras; empty where it loads as it is. */
  readonly changes: readonly string[];
}

/**
 * Reads from a model file which versions made it and will load it.
 * @param found what a load found that today's Keras stops at (`findingsForTodaysKeras`)
 */
export function environmentOf(given: ModelFile, found: readonly string[] = []): Environment {
  const file = withKerasVersion(given);
  const specs = layersOf(given);
  const saved = file === given ? [] : ["saved by loadlab, in the layout of that Keras"];
  const evidence = [...evidenceOf(file), ...saved, ...fingerprints(file, specs)];
  const release = withAddons(releaseOf(file, specs), file, specs);
  const base = { path: file.path, evidence };
  const training = trainingOfTodaysKeras(file);
  const changes = [
    ...changesFor(file, specs),
    ...structureOf(given),
    ...found,
    ...(training === null ? [] : [training]),
  ];
  if (!release) return { ...base, python: null, requirements: withoutVersion(file), changes };
  return {
    ...base,
    python: pythonOf(file, release, packagesOf(file, specs).has("Addons")),
    requirements: [...coreRequirements(file, release), ...packageRequirements(specs, release, file)],
    changes,
  };
}

/** The version of Keras that a file says it is for, without the mark of files that were saved here (`3.15.1+loadlab`). */
function withKerasVersion(file: ModelFile): ModelFile {
  const kerasVersion = file.kerasVersion?.replace(/\+loadlab.*$/, "") ?? null;
  return kerasVersion === file.kerasVersion ? file : { ...file, kerasVersion };
}

function layersOf(file: ModelFile): LayerSpec[] {
  const graph = graphOf(file);
  return graph ? [...eachLayer(graph)] : [];
}

function graphOf({ config, kerasVersion, backend }: ModelFile): ModelGraph | null {
  return config === null ? null : readModelGraph(config, kerasOrigin(kerasVersion, backend, config)).graph;
}

function structureOf(file: ModelFile): string[] {
  const graph = file.format === "keras-hdf5" ? graphOf(file) : null;
  if (!graph) return [];
  const origin = kerasOrigin(file.kerasVersion, file.backend, file.config);
  return [
    ...configOfTodaysKeras(file.config),
    ...nestedOfKeras2(origin, graph),
    ...keywordsOfKeras2(origin, graph),
  ];
}

function evidenceOf({
  format,
  kerasVersion,
  backend,
  optimizerWeights,
  trainingConfig,
}: ModelFile): string[] {
  return [
    `format: ${format}`,
    kerasVersion === null ? "no Keras version in it" : `keras_version: ${kerasVersion}`,
    ...(backend === null ? [] : [`backend: ${backend}`]),
    ...(trainingConfig === null
      ? []
      : [
          `compiled${optimizerWeights.length > 0 ? `, ${optimizerWeights.length} tensors of optimizer state` : ""}`,
        ]),
  ];
}

/** Signs of a version where the file gives none, or a range. */
function fingerprints(file: ModelFile, specs: readonly LayerSpec[]): string[] {
  const found: string[] = [];
  const has = (test: (spec: LayerSpec) => boolean) => specs.some(test);
  if (file.format === "keras-archive") found.push(".keras archive: written since Keras 2.12");
  if (file.kerasVersion === null && has(({ config }) => "batch_input_shape" in config))
    found.push("batch_input_shape: Keras 1 or 2");
  if (has(({ className }) => /^(TFOpLambda|SlicingOpLambda)$/.test(className)))
    found.push("TFOpLambda: Keras 2.4 to 2.15");
  if (has(({ className }) => className === "TensorFlowOpLayer"))
    found.push("TensorFlowOpLayer: TensorFlow 2.0 to 2.3");
  if (has(({ config }) => isObject(config["dtype"]) && config["dtype"]["class_name"] === "Policy"))
    found.push("dtype as Policy: Keras 2");
  if (has(({ config }) => "nb_filter" in config || ("output_dim" in config && "inner_activation" in config)))
    found.push("nb_filter, inner_activation: Keras 1");
  if (savesNewOptimizer(file.trainingConfig)) found.push("jit_compile in the optimizer: Keras 2.11 to 2.15");
  return found;
}

function savesNewOptimizer(config: JsonValue): boolean {
  return JSON.stringify(config ?? null).includes('"jit_compile":false,"is_legacy_optimizer":false');
}

/** The release whose Keras wrote the file, or the oldest that can have. */
function releaseOf(
  { kerasVersion, format }: ModelFile,
  specs: readonly LayerSpec[],
): TensorFlowRelease | null {
  const exact =
    kerasVersion === null
      ? null
      : TENSORFLOW_RELEASES.findLast(({ keras }) => sameMinor(keras, kerasVersion));
  if (exact) return exact;
  const [major, minor] = (kerasVersion ?? "").split(".").map(Number);
  if (major === 3)
    return TENSORFLOW_RELEASES.findLast(
      ({ keras }) => keras.startsWith("3.") && Number(keras.split(".")[1]) <= (minor ?? 0),
    )!;
  // tf_keras, the Keras 2 that goes on beside Keras 3, is numbered as TensorFlow.
  if (major === 2 && (minor ?? 0) >= 16) return at(`2.${Math.min(minor!, 21)}`) ?? at("2.21");
  // Keras of its own, beside TensorFlow 1.
  if (major === 2 || major === 1) return at("1.15");
  if (format === "keras-archive") return at("2.15");
  return specs.some(({ config }) => "batch_input_shape" in config) ? at("2.15") : null;
}

/** Addons ended with TensorFlow 2.15, which reads what later ones of Keras 2 write. */
function withAddons(
  release: TensorFlowRelease | null,
  file: ModelFile,
  specs: readonly LayerSpec[],
): TensorFlowRelease | null {
  const isKeras2 = file.kerasVersion?.startsWith("2.") ?? false;
  return release?.addons === null && isKeras2 && packagesOf(file, specs).has("Addons") ? at("2.15") : release;
}

function at(tensorflow: string): TensorFlowRelease {
  return TENSORFLOW_RELEASES.find((release) => release.tensorflow === tensorflow)!;
}

function sameMinor(a: string, b: string): boolean {
  const minor = (version: string) => version.split(".").slice(0, 2).join(".");
  const tf = (version: string) => version.endsWith("-tf");
  // 2.0.8-tf to 2.3.0-tf came with TensorFlow; 2.0 to 2.3 without that mark were packages of their own.
  const bundled = tf(a) || !/^2\.[0-3]\./.test(b);
  return minor(a) === minor(b) && tf(a) === tf(b) && bundled;
}

function isStandalone({ kerasVersion }: ModelFile): boolean {
  return kerasVersion !== null && !kerasVersion.endsWith("-tf") && /^(1\.|2\.[0-3]\.)/.test(kerasVersion);
}

/** @param addons whether TensorFlow Addons is asked for */
function pythonOf(file: ModelFile, release: TensorFlowRelease, addons: boolean): readonly [string, string] {
  if (isStandalone(file)) return ["3.5", "3.7"];
  const minor = (version: string) => Number(version.split(".")[1]);
  const [oldest, newest] = release.python.map(minor) as [number, number];
  const version = file.kerasVersion ?? "";
  const first = version.startsWith("3.")
    ? (KERAS_3_PYTHONS.find(([from]) => minor(version) >= from)?.[1] ?? 0)
    : 0;
  const [low, high] = (addons ? ADDONS_PYTHONS[release.addons ?? ""] : null) ?? [0, 99];
  return [`3.${Math.max(oldest, first, low)}`, `3.${Math.min(newest, high)}`];
}

/** Minors of Keras 3 with the oldest Python that they install on (3.x), newest first: pypi.org/project/keras. */
const KERAS_3_PYTHONS: readonly (readonly [number, number])[] = [
  [13, 11],
  [11, 10],
];

/** Oldest and newest Python 3 with wheels of Addons: pypi.org/project/tensorflow-addons. */
const ADDONS_PYTHONS: Readonly<Record<string, readonly [number, number]>> = {
  "0.18": [7, 10],
  "0.19": [7, 10],
  "0.20": [8, 11],
  "0.21": [8, 11],
  "0.23": [9, 11],
};

function coreRequirements(file: ModelFile, release: TensorFlowRelease): Requirement[] {
  const { tensorflow, keras, numpy, h5py, protobuf, released } = release;
  const standalone = isStandalone(file);
  const wrote = file.kerasVersion ?? `about ${keras}`;
  const three = file.kerasVersion?.startsWith("3.") ?? false;
  const beside = keras.startsWith("3.") && !three;
  const why = standalone
    ? `the last TensorFlow that Keras ${wrote} runs on`
    : three
      ? `the TensorFlow of Keras ${wrote}'s time (${released}); JAX or PyTorch do as well`
      : cameWith(wrote, release);
  return [
    { line: `tensorflow==${tensorflow}.*`, reason: why },
    ...(beside
      ? [{ line: `tf-keras==${tensorflow}.*`, reason: "Keras 2 beside Keras 3: set TF_USE_LEGACY_KERAS=1" }]
      : []),
    ...(standalone
      ? [
          {
            line: `keras==${BESIDE_1_15[wrote] ?? wrote}`,
            reason:
              wrote in BESIDE_1_15
                ? `reads what Keras ${wrote} wrote, which asks for another Keras-Preprocessing than this TensorFlow`
                : "keras_version in the file, without -tf: the package of its own",
          },
        ]
      : []),
    ...(three
      ? [{ line: `keras>=${wrote}`, reason: "keras_version in the file; newer ones of Keras 3 read it too" }]
      : []),
    ...Object.entries({ numpy, h5py, protobuf }).map(([name, { range, reason }]) => ({
      line: `${name}${range}`,
      reason,
    })),
  ];
}

/** Keras that TensorFlow 1.15 cannot stand beside, by the next that it can. */
const BESIDE_1_15: Readonly<Record<string, string>> = {
  "2.2.0": "2.2.4",
  "2.2.1": "2.2.4",
  "2.2.2": "2.2.4",
};

function cameWith(wrote: string, { tensorflow, keras, released }: TensorFlowRelease): string {
  const same = sameMinor(keras, wrote) || wrote.startsWith(`${tensorflow}.`) || wrote.startsWith("about");
  if (same) return `Keras ${wrote} came with TensorFlow ${tensorflow} (${released})`;
  return `the last TensorFlow that TensorFlow Addons runs on (${released}); its Keras reads what Keras ${wrote} wrote`;
}

/** Names under which the file's classes are registered. */
function packagesOf({ trainingConfig }: ModelFile, specs: readonly LayerSpec[]): Set<string> {
  const names = specs.flatMap(({ className, registeredName, module }) => [
    className,
    registeredName,
    module?.replace(".", ">"),
  ]);
  const packages = new Set(names.flatMap((name) => (name?.includes(">") ? [name.split(">")[0]!] : [])));
  if (JSON.stringify(trainingConfig ?? null).includes("Addons>")) packages.add("Addons");
  return packages;
}

/** Packages that the file's classes come from. */
function packageRequirements(
  specs: readonly LayerSpec[],
  release: TensorFlowRelease,
  file: ModelFile,
): Requirement[] {
  return [...packagesOf(file, specs)].flatMap((name) => {
    const pkg = PACKAGES.get(name);
    if (!pkg) return [];
    const isAddons = pkg === "tensorflow-addons";
    const version = isAddons && release.addons !== null ? `==${release.addons}.*` : "";
    const newest = isAddons ? `; the newest Addons for TensorFlow ${release.tensorflow}` : "";
    return [{ line: `${pkg}${version}`, reason: `classes registered as ${name}>${newest}` }];
  });
}

function withoutVersion({ format }: ModelFile): Requirement[] {
  return [
    { line: "tensorflow", reason: `a ${format} file without a Keras version: any TensorFlow 2 may read it` },
  ];
}

/** What stands in the way of today's Keras, most frequent first. */
function changesFor(file: ModelFile, specs: readonly LayerSpec[]): string[] {
  if (file.format === "saved-model") {
    return [
      "Keras 3 does not load SavedModels: wrap it in keras.layers.TFSMLayer, or save it anew as .keras.",
    ];
  }
  const ofKeras1 =
    file.kerasVersion?.startsWith("1.") ?? specs.some(({ config }) => "inner_activation" in config);
  const first = new Set<string>();
  const counts = new Map<string, number>();
  const add = (text: string) => counts.set(text, (counts.get(text) ?? 0) + 1);
  const origin = kerasOrigin(file.kerasVersion, file.backend, file.config);
  for (const spec of specs) {
    if (origin.major < 3 && !spec.model && hasHardSigmoid(spec, origin)) add(HARD_SIGMOID);
    const name = spec.model ? null : targetClass(spec, 3);
    if (spec.className === "InputLayer" || spec.model) continue;
    const policy = isObject(spec.config["dtype"])
      ? String(spec.config["dtype"]["class_name"])
      : "DTypePolicy";
    if (!/DTypePolicy(Map)?$/.test(policy)) add(`write the dtype policy of class ${policy} as its name`);
    if (spec.className === "Lambda")
      add("Lambda holds Python bytecode: safe_mode=False, and the Python that saved it");
    else if (name === null) add(`give the class ${spec.className}, which Keras 3 does not have`);
    else if (!ofKeras1)
      for (const key of refused(name, spec)) add(`take ${key} out of the config of ${name}`);
    else for (const key of refused(name, spec)) first.add(key);
  }
  if (first.size > 0) add(`write Keras 1's arguments by their names of today: ${[...first].join(", ")}`);
  if (
    !/^keras-(hdf5|archive)$/.test(file.format) &&
    JSON.stringify(file.trainingConfig ?? null).includes('"Addons>')
  )
    add("take what TensorFlow Addons trained it with out of the training config: compile=False");
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([text, count]) => (count > 1 ? `${text} (${count} layers)` : text));
}

const HARD_SIGMOID =
  "write hard_sigmoid as Pipeline([Rescaling(0.2, 0.5), ReLU(max_value=1.0)]): Keras 3 computes another function under that name, and says nothing";

/** Arguments that Keras 3 refuses; those that it renames by itself are not among them. */
function refused(name: string, { config }: LayerSpec): string[] {
  const known = KERAS_3_ARGUMENTS[name];
  if (known === undefined) return [];
  const names = new Set([...known.split(" "), ...ACCEPTED]);
  // A separable kernel is two; Keras 2 wrote three.
  const trained = /^Separable/.test(name)
    ? /^(?!kernel).*_(initializer|regularizer|constraint)$/
    : /_(initializer|regularizer|constraint)$/;
  return Object.keys(config).filter((key) => !names.has(key) && !trained.test(key));
}

/** What every layer takes, and what Keras 3 drops from older files itself. */
const ACCEPTED = [
  "name",
  "trainable",
  "dtype",
  "batch_input_shape",
  "batch_shape",
  "activity_regularizer",
  "input_shape",
  "build_config",
  "input_length",
  "input_dim",
  "vocabulary_size",
  "implementation",
  "alpha",
  "rms_scaling",
];
