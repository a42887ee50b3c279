import {
  fromJson,
  type DescMessage,
  type JsonValue as ProtoJson,
  type MessageShape,
} from "@bufbuild/protobuf";
import { graphAlone, type GraphContents } from "../graph-contents.js";
import { FormatError, type JsonValue, type StoredWeight } from "../model-file.js";
import { asList, asObject, type JsonObject } from "./json.js";
import { filledTables, INITIALIZER, inInitializer } from "./initializer.js";
import { GraphDefSchema, SignatureDefSchema, type SignatureDef } from "../proto/tensorflow_pb.js";

/**
 * The graph of a tfjs graph model: a GraphDef in protobuf's JSON, whose constants lie in the weight files.
 * A constant of the weight files becomes a variable here, so that it is read when the graph is run. The graph that
 * fills the model's tables (`modelInitializer`) is joined to it.
 * @throws FormatError F14 when the topology is no graph
 */
export function tfjsGraphContents(json: JsonObject, weights: readonly StoredWeight[]): GraphContents {
  const tensors = new Map(weights.map((weight) => [weight.name, weight]));
  const initializer = asObject(json["modelInitializer"]);
  const own = signatureOf(json);
  const tables = filledTables(own, asObject(json["initializerSignature"]));
  const topology = asObject(json["modelTopology"]);
  const graph = parse(GraphDefSchema, {
    node: [
      ...nodesOf(topology).map(
        (node) => (tables.nodes.get(String(node["name"] ?? "")) ?? node) as JsonObject,
      ),
      ...nodesOf(initializer).map(inInitializer),
    ].flatMap((node) => graphNode(node, tensors, "")),
    library: {
      function: [topology, initializer].flatMap((part) =>
        asList(asObject(part["library"])["function"]).map((item) => graphFunction(asObject(item), tensors)),
      ),
    },
  });
  return {
    ...graphAlone(graph),
    signatures: own === null ? new Map() : new Map([["serving_default", readSignature(own, tables.inputs)]]),
    tensors,
  };
}

function nodesOf(graph: JsonObject): JsonObject[] {
  return asList(graph["node"]).map(asObject);
}

function signatureOf(json: JsonObject): JsonObject | null {
  const found = json["signature"] ?? asObject(json["userDefinedMetadata"])["signature"];
  return found === undefined || found === null ? null : asObject(found);
}

/** @param filled inputs that the user does not give */
function readSignature({ inputs, outputs }: JsonObject, filled: ReadonlySet<string>): SignatureDef {
  const given = Object.entries(asObject(inputs)).filter(([name]) => !filled.has(name));
  return parse(SignatureDefSchema, { inputs: entries(Object.fromEntries(given)), outputs: entries(outputs) });
}

/** @param output how a function's nodes write the output of another after its name */
function graphNode(node: JsonObject, tensors: ReadonlyMap<string, unknown>, output: string): ProtoJson[] {
  const name = String(node["name"] ?? "");
  const op = String(node["op"] ?? "");
  const input = asList(node["input"]).map(String);
  const key = name.startsWith(INITIALIZER) ? name.slice(INITIALIZER.length) : name;
  if (op === "Const" && tensors.has(key)) {
    const handle = `${name}~stored`;
    // What a constant waits for says which loop it is in.
    return [
      { name: handle, op: "VarHandleOp", input, attr: [{ key: "shared_name", value: text(key) }] },
      { name, op: "ReadVariableOp", input: [handle + output] },
    ];
  }
  return [{ name, op, input, attr: attributes(node["attr"]) }];
}

function text(value: string): ProtoJson {
  return { s: Buffer.from(value).toString("base64") };
}

function graphFunction(definition: JsonObject, tensors: ReadonlyMap<string, unknown>): ProtoJson {
  const signature = asObject(definition["signature"]);
  return {
    signature: {
      name: String(signature["name"] ?? ""),
      inputArg: asList(signature["inputArg"] ?? signature["input_arg"]).map(argument),
      outputArg: asList(signature["outputArg"] ?? signature["output_arg"]).map(argument),
    },
    nodeDef: asList(definition["nodeDef"] ?? definition["node_def"]).flatMap((node) =>
      graphNode(asObject(node), tensors, ":resource:0"),
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
