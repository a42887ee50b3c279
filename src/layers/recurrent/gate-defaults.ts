import type { KerasOrigin } from "../registry.js";

/** What a release takes for the arguments of gates that a config does not name. */
export interface GateDefaults {
  readonly recurrent_activation: "sigmoid" | "hard_sigmoid";
  /** Of a GRU whose stored bias does not tell. */
  readonly reset_after: boolean;
}

/**
 * Defaults of an LSTM, a GRU, or their cells. hard_sigmoid was the default before Keras 2.3 and stayed that of
 * ConvLSTM until Keras 3; `reset_after` came with TensorFlow 2.2 and its Keras 2.3.0-tf (keras 2.3.1 and
 * tf_keras 2.21, layers/rnn). Keras 2 without a version is taken for its last, 2.2.4-tf, which TensorFlow 1.13 to
 * 2.1 all write, for that of TensorFlow 1.
 */
export function gateDefaults(className: string, { major, version }: KerasOrigin): GateDefaults {
  if (/^CuDNN/.test(className)) return { recurrent_activation: "sigmoid", reset_after: true };
  if (major === 3) return { recurrent_activation: "sigmoid", reset_after: true };
  const release = /^\s*2\.(\d+)/.exec(version ?? "")?.[1];
  const late = major === 2 && (release === undefined || Number(release) >= 3);
  const tensorflows = /-tf/.test(version ?? "") || !/^\s*2\.[0-3]\./.test(version ?? "");
  return {
    recurrent_activation: late && !/^ConvLSTM/.test(className) ? "sigmoid" : "hard_sigmoid",
    reset_after: late && tensorflows,
  };
}
