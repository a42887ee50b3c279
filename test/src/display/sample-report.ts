import type { Problem } from "../../../src/loading/problem.js";
import type { LayerReport, LoadReport, ModelSummary } from "../../../src/loading/report/report.js";
import { STEPS } from "../../../src/loading/problem.js";

/** Strings that must never act where they are shown. */
export const HOSTILE = `<script>alert(1)</script>" onmouseover="x'\u001b[31m\u202eevil`;

const file = {
  path: "models/custom.h5",
  format: "keras-hdf5",
  kerasVersion: "3.15.1",
  backend: "tensorflow",
  size: 79240,
};

export const unknownClass: Problem = {
  code: "C01",
  step: "resolve",
  subject: "MyAttention",
  title: "The class MyAttention is unknown",
  where: { file: file.path, layer: "encoder/attention" },
  found: "Layer `encoder/attention` is of class `MyAttention`.",
  why: "A file never holds code.",
  advice: "",
  kerasSays: [{ version: "Keras 3, .h5", message: "Unknown layer: 'MyAttention'." }],
  evidence: {
    className: "MyAttention",
    path: "encoder/attention",
    config: "units=8",
    weights: [
      { name: "attention/w", shape: [16, 8], dtype: "float32" },
      { name: "attention/b", shape: [8], dtype: "float16" },
    ],
    upstream: [{ path: "lstm", className: "LSTM", shape: [null, 12, 16] }],
    downstream: [{ path: "hidden", className: "Dense", shape: null }],
  },
  remedies: [
    {
      id: "register",
      title: "Register it",
      fidelity: "equivalent",
      command: "%%register_custom MyAttention",
    },
    { id: "identity-stub", title: "Stub it", fidelity: "stub", command: "%step fix 1 identity-stub" },
  ],
  blocking: true,
  applied: null,
};

const renamed: Problem = {
  ...unknownClass,
  code: "A10",
  subject: "act.alpha",
  title: "LeakyReLU: alpha",
  evidence: null,
  remedies: [],
  blocking: false,
  applied: { id: "adjust", title: "alpha was renamed", fidelity: "exact" },
};

export function waitingReport(problem: Problem = unknownClass): LoadReport {
  return {
    session: "load-1",
    file,
    state: "waiting",
    steps: STEPS.map((step, i) => ({
      step,
      state: i < 3 ? "done" : i === 3 ? "here" : "ahead",
      note: i < 4 ? `note of ${step}` : "",
    })),
    waiting: [problem],
    settled: [renamed],
    decisions: [],
    notes: [],
    summary: null,
  };
}

export function hostileReport(): LoadReport {
  const hostile = JSON.parse(
    JSON.stringify(unknownClass, (key, value: unknown) =>
      typeof value === "string" && !["code", "step", "fidelity", "dtype", "id"].includes(key)
        ? HOSTILE
        : value,
    ),
  ) as Problem;
  const report = waitingReport(hostile);
  return {
    ...report,
    file: { ...file, path: HOSTILE, kerasVersion: HOSTILE },
    settled: [{ ...hostile, blocking: false }],
  };
}

export const summary: ModelSummary = {
  name: "classifier",
  className: "Functional",
  origin: { file, rung: "layers", settled: [renamed], notes: ["Read, not restored: optimizer Adam."] },
  inputs: [{ name: "tokens", shape: [null, 12] }],
  outputs: [{ name: "label", shape: [null, 3] }],
  layers: [
    layer("tokens", "InputLayer", [null, 12], 0, []),
    layer("attention", "MyAttention", [null, 16], 1234, ["tokens", "tokens"]),
    { ...layer("hub", "KerasLayer", [null, 16], 0, ["attention"]), mark: stub() },
    { ...layer("inner", "Dense", [null, 3], 51, ["hub"]), depth: 1 },
  ],
  parameters: { total: 1285, trainable: 1234, nonTrainable: 51, bytes: 5140 },
};

function layer(
  name: string,
  className: string,
  shape: (number | null)[],
  parameters: number,
  connectedTo: string[],
): LayerReport {
  const rest = { depth: 0, trainable: true, mark: null };
  return { path: name, name, className, outputShapes: [shape], parameters, connectedTo, ...rest };
}

function stub() {
  return { kind: "stub", fidelity: "stub", detail: "lets its input through" } as const;
}
