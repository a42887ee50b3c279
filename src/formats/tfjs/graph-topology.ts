import {
  fromJson,
  type DescMessage,
  type JsonValue as ProtoJson,
  type MessageShape,
} from "@bufbuild/protobuf";
import { graphAlone, type GraphContents } from "../graph-contents.js";
import { FormatError, type JsonValue, type StoredWeight } from "../model-file.js";
import { GraphDefSchema, SignatureDefSchema, type SignatureDef } from "../proto/tensorflow_pb.js";

type JsonObject = { [key: string]: JsonValue };

/**
 * The graph of a tfjs graph model: a GraphDef in protobuf's JSON, whose constants lie in the weight files.
 * A constant of the weight files becomes a variable of that name here, so that it is read when the graph is run.
 * @throws FormatError F14 when the topology is no graph
 */
export function tfjsGraphContents(json: JsonObject, weights: readonly StoredWeight[]): GraphContents {
  const topology = asObject(json["modelTopology"]);
  const tensors = new Map(weights.map((weight) => [weight.name, weight]));
  const graph = parse(GraphDefSchema, {
    node: asList(topology["node"]).map((node) => graphNode(asObject(node), tensors)),
    library: {
      function: asList(asObject(topology["library"])["function"]).map((item) =>
        graphFunction(asObject(item), tensors),
      ),
    },
  });
  const signature = readSignature(json);
  return {
    ...graphAlone(graph),
    signatures: signature === null ? new Map() : new Map([["serving_default", signature]]),
    tensors,
  };
}

function readSignature(json: JsonObject): SignatureDef | null {
  const found = json["signature"] ?? asObject(json["userDefinedMetadata"])["signature"];
  if (found === undefined || found === null) return null;
  const { inputs, outputs } = asObject(found);
  return parse(SignatureDefSchema, { inputs: entries(inputs), outputs: entries(outputs) });
}

function graphNode(node: JsonObject, tensors: ReadonlyMap<string, unknown>): ProtoJson {
  const name = String(node["name"] ?? "");
  const stored = node["op"] === "Const" && tensors.has(name);
  return {
    name,
    op: stored ? "VariableV2" : String(node["op"] ?? ""),
    input: asList(node["input"]).map(String),
    attr: stored
      ? [{ key: "shared_name", value: { s: Buffer.from(name).toString("base64") } }]
      : attributes(node["attr"]),
  };
}

function graphFunction(definition: JsonObject, tensors: ReadonlyMap<string, unknown>): ProtoJson {
  const signature = asObject(definition["signature"]);
  return {
    signature: {
      name: String(signature["name"] ?? ""),
      inputArg: asList(signature["inputArg"] ?? signature["input_arg"]).map(argument),
      outputArg: asList(signature["outputArg"] ?? signature["output_arg"]).map(argument),
    },
    nodeDef: asList(definition["nodeDef"] ?? definition["node_def"]).map((node) =>
      graphNode(asObject(node), tensors),
    ),
    ret: entries(definition["ret"]),
  };
}

function argument(value: JsonValue): ProtoJson {
  return { name: String(asObject(value)["name"] ?? "") };
}

/** A map of JSON as the repeated entries that our messages have. */
function entries(map: JsonValue | undefined): ProtoJson[] {
  return Object.entries(asObject(map)).map(([key, value]) => ({ key, value: value as ProtoJson }));
}

function attributes(map: JsonValue | undefined): ProtoJson[] {
  return Object.entries(asObject(map)).map(([key, value]) => ({ key, value: attribute(asObject(value)) }));
}

function attribute(value: JsonObject): ProtoJson {
  const { s, func, list } = value;
  // Old converters wrote text as a list of character codes.
  if (Array.isArray(s)) return { s: Buffer.from(s.map(Number)).toString("base64") };
  if (func !== undefined) return { func: { name: String(asObject(func)["name"] ?? "") } };
  if (list !== undefined) return { list: listAttribute(asObject(list)) };
  return value as ProtoJson;
}

function listAttribute(list: JsonObject): ProtoJson {
  const texts = list["s"];
  if (!Array.isArray(texts)) return list as ProtoJson;
  return {
    ...(list as { [key: string]: ProtoJson }),
    s: texts.map((text) =>
      Array.isArray(text) ? Buffer.from(text.map(Number)).toString("base64") : (text as string),
    ),
  };
}

function parse<Desc extends DescMessage>(schema: Desc, json: ProtoJson): MessageShape<Desc> {
  try {
    return fromJson(schema, json, { ignoreUnknownFields: true });
  } catch (cause) {
    throw new FormatError(
      {
        code: "F14",
        title: "Not a readable graph",
        where: "model.json: modelTopology",
        detail: cause instanceof Error ? cause.message : String(cause),
        advice: "Convert the model again with tensorflowjs_converter.",
      },
      { cause },
    );
  }
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value
    : (Object.create(null) as JsonObject);
}

function asList(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
