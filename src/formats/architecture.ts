import fs from "node:fs";
import nodePath from "node:path";
import { type ByteSource, FileSource } from "./byte-source.js";
import { parseConfig } from "./cut-config.js";
import { JsonError, looksLikeJson, notQuiteJson, type OnNote } from "./json.js";
import { FormatError, type FormatFinding, type JsonValue, type ModelFile } from "./model-file.js";
import { statOf } from "./not-a-model.js";
import { type Folder, readWhole } from "./saved-model/folder.js";
import { decodeText } from "./text-encoding.js";
import { inOtherForm, wholeConfig } from "./whole-config.js";
import { parseYaml } from "./yaml.js";

const ARCHITECTURE_NAME = /\.(json|ya?ml)$/i;
const LARGEST = 64 * 2 ** 20;

/** A model's architecture as `model.to_json()` or `model.to_yaml()` wrote it. */
export interface Architecture {
  readonly path: string;
  readonly config: JsonValue;
  readonly kerasVersion: string | null;
  readonly backend: string | null;
  /** What was read in spite of something; absent where there was nothing. */
  readonly findings?: readonly FormatFinding[];
}

/**
 * Reads an architecture file, JSON or YAML by content.
 * @throws FormatError F08 when it is neither, F04 when there is no such file, F02 when it holds no architecture
 */
export async function readArchitecture(path: string): Promise<Architecture> {
  const source = openFile(path);
  try {
    return await architectureIn(path, source);
  } finally {
    source.close();
  }
}

/** Whether a text can be what `model.to_yaml()` wrote. */
export function looksLikeYamlArchitecture(head: Uint8Array): boolean {
  return /^class_name:\s/m.test(new TextDecoder().decode(head));
}

/**
 * As `readArchitecture`, of a file that is open.
 * @param path for messages; no file is opened by it
 */
export async function architectureIn(path: string, source: ByteSource): Promise<Architecture> {
  if (source.size > LARGEST) throw tooLarge(path, source.size);
  const { text } = decodeText(readWhole(source));
  const notes: string[] = [];
  const architecture = asArchitecture(path, await parse(path, text, (note) => notes.push(note)));
  if (architecture)
    return { ...architecture, findings: [...notQuiteJson(path, notes), ...(architecture.findings ?? [])] };
  throw new FormatError({
    code: "F02",
    title: "No architecture in this file",
    where: path,
    detail: "it is JSON or YAML, but has no class_name and config",
    advice: "Give the file that model.to_json() wrote, or a whole file of the model.",
  });
}

/** An architecture if parsed JSON or YAML is one, else null. */
export function asArchitecture(path: string, value: JsonValue): Architecture | null {
  if (typeof value !== "object" || value === null) return null;
  const fields = Array.isArray(value) ? {} : value;
  const said = (key: string) => (typeof fields[key] === "string" ? fields[key] : null);
  const about = { path, kerasVersion: said("keras_version"), backend: said("backend") };
  // TensorFlow.js's model.json has it beside the list of its weights.
  if (fields["modelTopology"] !== undefined) return asArchitecture(path, fields["modelTopology"]);
  const inner = fields["model_config"];
  if (typeof inner === "object" && inner !== null) return { ...about, config: inner };
  const whole = wholeConfig(value);
  if (whole === null) return null;
  return whole.form === null
    ? { ...about, config: whole.config }
    : { ...about, config: whole.config, findings: [inOtherForm(path, whole.form)] };
}

function openFile(path: string): FileSource {
  try {
    if (fs.statSync(path).isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    return FileSource.open(path);
  } catch (cause) {
    const detail = `the system says ${(cause as NodeJS.ErrnoException).code}`;
    const finding = { code: "F04", title: "No such file", where: path, detail, advice: "Check the path." };
    throw new FormatError(finding, { cause });
  }
}

function tooLarge(path: string, size: number): FormatError {
  return new FormatError({
    code: "F02",
    title: "Not an architecture",
    where: path,
    detail: `the file has ${size} bytes, more than any architecture`,
    advice: "Give the file that model.to_json() wrote.",
  });
}

async function parse(path: string, text: string, onNote: OnNote): Promise<JsonValue> {
  try {
    // A string of JSON is what json.dump(model.to_json()) writes.
    return looksLikeJson(text) || /^\s*"/.test(text) ? parseConfig(text, onNote) : await parseYaml(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new FormatError(notParsed(path, error), { cause: error });
  }
}

/** F08, for a whole file. */
export function notParsed(path: string, error: JsonError): FormatFinding {
  return {
    code: "F08",
    title: "Neither JSON nor YAML",
    where: `${path}, line ${error.line}, column ${error.column}`,
    detail: error.detail,
    advice: "Correct the file at that place, or get it again.",
  };
}

/**
 * Gives a weights-only model the architecture that lies beside it, where exactly one file there names all the
 * layers that have weights; else says in F09 which files could be meant.
 */
export async function withArchitectureBeside(model: ModelFile): Promise<ModelFile> {
  if (model.config !== null || !isWeightsAlone(model)) return model;
  return withOneOf(model, await architecturesBeside(model.path));
}

/** As `withArchitectureBeside`, of the files of a folder, as an archive holds it. */
export async function withArchitectureIn(model: ModelFile, folder: Folder): Promise<ModelFile> {
  if (model.config !== null || !isWeightsAlone(model)) return model;
  return withOneOf(model, await readThoseIn(folder));
}

/** Files that may be architectures, and what stands in the way of those that are not JSON or YAML. */
interface Candidates {
  readonly read: readonly Architecture[];
  readonly spoiled: readonly FormatFinding[];
  /** Those whose names say that they are another model's; absent where there are others, or none was looked for. */
  readonly far?: readonly Architecture[];
}

function withOneOf(model: ModelFile, { read: candidates, spoiled, far = [] }: Candidates): ModelFile {
  // Where the file has no names for its layers, or others, the one architecture beside it is meant.
  const named = candidates.filter((candidate) => fits(candidate, model));
  const fitting = named.length === 0 && hasOtherNames(model) ? candidates : named;
  if (fitting.length === 1) return withArchitecture(model, fitting[0]!, "beside it");
  const suggested = far.filter((candidate) => fits(candidate, model));
  if (candidates.length + spoiled.length + suggested.length === 0) return model;
  const beside = [
    ...[...candidates, ...suggested].map(({ path }) => JSON.stringify(nodePath.basename(path))),
    ...spoiled.map(({ where, detail }) => `${nodePath.basename(where)} (cannot be read: ${detail})`),
  ].join(", ");
  const choices = [...(fitting.length > 0 ? fitting : candidates), ...suggested].map(({ path }) => path);
  const findings = model.findings.map((finding) =>
    finding.code === "F09"
      ? { ...finding, advice: `${finding.advice} Beside it lie: ${beside}.`, choices }
      : finding,
  );
  return { ...model, findings };
}

/** What the finding of an architecture that was put to the weights begins with. */
export const ARCHITECTURE_TAKEN = "Architecture taken from ";

/** A weights-only model with an architecture. @param where the architecture's file lies, null for a draft of ours */
export function withArchitecture(
  model: ModelFile,
  architecture: Architecture,
  where: string | null,
): ModelFile {
  const { config } = architecture;
  const why =
    model.config === null ? "the weights file has no model_config" : "its own config lists no layers";
  const taken: FormatFinding = {
    code: "F09",
    title: ARCHITECTURE_TAKEN + (where === null ? "the names and shapes of the weights" : "another file"),
    where: architecture.path,
    detail:
      where === null
        ? `${why}; the architecture is a draft`
        : `${why}; the architecture is that of ${JSON.stringify(nodePath.basename(architecture.path))} ${where}`,
    advice:
      where === null
        ? "Compare it with the code that made the model: weights tell neither activations nor layers that have none."
        : "Check that the two belong together.",
  };
  return {
    ...model,
    config,
    kerasVersion: model.kerasVersion ?? architecture.kerasVersion,
    backend: model.backend ?? architecture.backend,
    layers: model.layersFor?.(config) ?? model.layers,
    findings: [
      taken,
      ...(architecture.findings ?? []),
      ...model.findings.filter((finding) => finding.code !== "F09" && !lacksConfig(finding)),
    ],
  };
}

/** An unpacked `.keras` without its config is one where weights in parts and a `model.json` lie in one folder. */
function isWeightsAlone({ format, findings }: ModelFile): boolean {
  return WEIGHTS_ALONE.has(format) || (format === "keras-archive" && findings.some(lacksConfig));
}

function lacksConfig({ code, title }: FormatFinding): boolean {
  return code === "F06" && title === NO_CONFIG;
}

/** A checkpoint names layers by the attributes of their owners, Keras before 1.0 numbers them, a list has no names. */
function hasOtherNames({ format, layers }: ModelFile): boolean {
  const named = layers.filter(({ weights }) => weights.length > 0);
  if (named.some(({ wholeModel }) => wholeModel)) return true;
  return format === "checkpoint" || (named.length > 0 && named.every(({ name }) => /^layer_\d+$/.test(name)));
}

/** Title of the finding that an archive, or a folder like one, holds weights and no configuration. */
export const NO_CONFIG = "No config.json in the archive";

const WEIGHTS_ALONE: ReadonlySet<string> = new Set(["hdf5-weights", "checkpoint", "safetensors", "npz"]);
const CANDIDATES = 20;

async function architecturesBeside(path: string): Promise<Candidates> {
  const inside = statOf(path)?.isDirectory() === true;
  const folder = inside ? path : nodePath.dirname(path);
  const stem = inside ? "" : core(nodePath.basename(path));
  const names = fs.readdirSync(folder).filter((name) => ARCHITECTURE_NAME.test(name));
  const isNear = (name: string) => {
    const other = core(name);
    return other === "" || stem === "" || other.startsWith(stem) || stem.startsWith(other);
  };
  const read = (some: readonly string[]) =>
    settled(some.slice(0, CANDIDATES).map((name) => readArchitecture(nodePath.join(folder, name))));
  const near = await read(names.filter(isNear));
  // One of another name is no more than suggested.
  const far = near.read.length > 0 ? [] : (await read(names.filter((name) => !isNear(name)))).read;
  return { ...near, far };
}

async function settled(reads: readonly Promise<Architecture>[]): Promise<Candidates> {
  const results = await Promise.allSettled(reads);
  const spoiled = results.flatMap((result) =>
    result.status === "rejected" &&
    result.reason instanceof FormatError &&
    result.reason.finding.code === "F08"
      ? [result.reason.finding]
      : [],
  );
  return {
    read: results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    spoiled,
  };
}

/** Those at the top of a folder. */
export async function architecturesIn(folder: Folder): Promise<readonly Architecture[]> {
  return (await readThoseIn(folder)).read;
}

function readThoseIn(folder: Folder): Promise<Candidates> {
  const names = folder.names().filter((name) => ARCHITECTURE_NAME.test(name) && !name.includes("/"));
  const read = async (name: string, source: ByteSource) => {
    try {
      return await architectureIn(name, source);
    } finally {
      source.close();
    }
  };
  return settled(
    names.slice(0, CANDIDATES).flatMap((name) => {
      const source = folder.open(name);
      return source === null ? [] : [read(name, source)];
    }),
  );
}

/** What a name says beyond that it is a model's weights or architecture: `mnist` of `mnist_weights.best.h5`. */
function core(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.[a-z0-9]+$/, "")
    .replace(/weights?|models?|config(uration)?|arch(itecture)?|json|yaml|best|final/g, "")
    .replace(/[^a-z0-9]+/g, "");
}

/** Whether an architecture names every layer of which the file has weights. */
function fits({ config }: Architecture, model: ModelFile): boolean {
  const names = namesIn(config);
  const stored = model.layers.filter(({ weights }) => weights.length > 0);
  return stored.length > 0 && stored.every(({ name }) => names.has(name));
}

function namesIn(config: JsonValue, names = new Set<string>()): Set<string> {
  if (Array.isArray(config)) for (const item of config) namesIn(item, names);
  else if (typeof config === "object" && config !== null) {
    for (const [key, value] of Object.entries(config)) {
      if (key === "name" && typeof value === "string") names.add(value);
      else namesIn(value, names);
    }
  }
  return names;
}
