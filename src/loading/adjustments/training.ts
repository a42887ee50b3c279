import type { JsonValue } from "../../formats/model-file.js";
import { isObject, stringAt } from "../../keras/json.js";
import { kerasOrigin } from "../../keras/origin.js";
import { settledProblem } from "../problems/keras-problem.js";
import type { Problem } from "../problem.js";
import type { Work } from "../work.js";

/** What is unusual about the training configuration and is read as it is. */
export function adjustmentsOfTraining(work: Work): Problem[] {
  const looks = [
    { code: "C19", found: shortNames(work) },
    { code: "O02", found: legacyOptimizer(work) },
  ];
  return looks.flatMap(({ code, found }) =>
    found === null
      ? []
      : [
          settledProblem(
            { code, step: "read", subject: "training", layer: null, found, fidelity: "exact" },
            work,
          ),
        ],
  );
}

const SHORT = new Set(["mse", "mae", "mape", "msle", "bce", "kld", "cosine"]);

/** Keras 3 writes `mse` into a .h5 as if it were a function of the user's. */
function shortNames({ file }: Work): string | null {
  if (file!.format !== "keras-hdf5" || !file!.kerasVersion?.startsWith("3")) return null;
  const found = firstText(file!.trainingConfig, (text) => SHORT.has(text.toLowerCase()));
  return found === null ? null : `"${found}" is a short name of Keras's own`;
}

function firstText(value: JsonValue, fits: (text: string) => boolean): string | null {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop()!;
    if (typeof next === "string" && fits(next)) return next;
    if (Array.isArray(next)) open.push(...next);
    else if (isObject(next)) open.push(...Object.values(next));
  }
  return null;
}

/** Before Keras 2.11, and in `keras.optimizers.legacy` since, all first slots come before all second ones. */
function legacyOptimizer({ file }: Work): string | null {
  if (file!.optimizerWeights.length === 0) return null;
  const config = isObject(file!.trainingConfig ?? undefined)
    ? (file!.trainingConfig as { [key: string]: JsonValue })["optimizer_config"]
    : undefined;
  const module = isObject(config) ? (stringAt(config, "module") ?? "") : "";
  const registered = isObject(config) ? (stringAt(config, "registered_name") ?? "") : "";
  const { kerasVersion, backend } = file!;
  const unsaid = kerasVersion === null && file!.config === null;
  if (unsaid || kerasOrigin(kerasVersion, backend, file!.config).major === 3) return null;
  const [major, minor] = (kerasVersion ?? "1.0").split(".").map(Number) as [number, number];
  const legacy = module.includes("legacy") || registered.includes("legacy");
  return legacy || major < 2 || (major === 2 && minor < 11)
    ? `the state of a legacy optimizer, ${file!.optimizerWeights.length} tensors in the older order`
    : null;
}
