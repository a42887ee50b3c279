import type { JsonValue } from "../../formats/model-file.js";
import type { StepResult, Work } from "../work.js";

/** Says what the model was trained with. Nothing here ever stops a load. */
export async function train(work: Work): Promise<StepResult> {
  const { trainingConfig, optimizerWeights } = work.file!;
  work.notes = [];
  if (trainingConfig === null) return { note: "no training configuration", problems: [] };
  const optimizer = className(
    field(trainingConfig, "optimizer_config") ?? field(trainingConfig, "optimizer"),
  );
  const loss = className(field(trainingConfig, "loss"));
  const parts = [optimizer && `optimizer ${optimizer}`, loss && `loss ${loss}`].filter((part) => part);
  const slots = optimizerWeights.length > 0 ? `, ${optimizerWeights.length} optimizer tensors` : "";
  const note = parts.length > 0 ? `${parts.join(", ")}${slots}` : "a training configuration";
  work.notes.push(`Read, not restored: ${note}. Compile the model to train it on.`);
  return { note, problems: [] };
}

function field(value: JsonValue, key: string): JsonValue {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value[key] ?? null) : null;
}

/** A name, or the class name of a serialized object; for lists and dicts the first one's. */
function className(value: JsonValue): string | null {
  if (typeof value === "string") return value.slice(0, 60);
  if (value === null || typeof value !== "object") return null;
  if (Array.isArray(value)) return className(value[0] ?? null);
  const own = value["class_name"];
  if (own === "function") return className(value["config"] ?? null);
  return typeof own === "string" ? own : className(Object.values(value)[0] ?? null);
}
