import type { FunctionKind, LoadSession } from "../../src/index.js";

/** One of each kind that can be registered as it stands, to be corrected. */
export const EXAMPLES: Readonly<Partial<Record<FunctionKind, string>>> = {
  activation: "(x) => x",
  loss: "(yTrue, yPred) => yTrue.sub(yPred).square().mean(-1)",
  metric: "(yTrue, yPred) => yTrue.sub(yPred).abs().mean(-1)",
  regularizer: "(x) => x.square().sum().mul(0.01)",
  constraint: "(weight) => weight",
  optimizer: "(config) => tf.train.adam(config.learning_rate)",
  schedule: "(step, config) => 0.001",
};

/** What to do after something was registered; empty where the load has no use for it. */
export function registrationAdvice(
  names: readonly string[],
  kind: FunctionKind | undefined,
  session: LoadSession,
): string {
  if (session.state === "waiting") {
    const [name] = names;
    const other = names.length === 1 && kind === undefined ? otherName(name!, session) : null;
    return other ?? "%step goes on with the load.";
  }
  if (session.state !== "loaded") return "";
  const { path } = session.report().file;
  const load = `%load_model ${/\s/.test(path) ? JSON.stringify(path) : path}`;
  if (kind === undefined && names.some((name) => session.source(name) !== null))
    return `The model that is loaded has what was there before: ${load} makes it anew.`;
  return names.some((name) => session.settled.some(({ subject }) => isCalled(subject, name)))
    ? `${load} takes it up.`
    : "";
}

/** Says what a load waits for where it has nothing of a name; null where the name is its own, or it waits for no code. */
export function otherName(name: string, session: LoadSession): string | null {
  if (session.state !== "waiting" || session.source(name) !== null || session.unknownOp(name) !== null)
    return null;
  const wanted = session.waiting
    .filter(({ remedies }) => remedies.some(({ id }) => id === "register"))
    .map(({ subject }) => subject);
  if (wanted.length === 0 || wanted.some((subject) => isCalled(subject, name))) return null;
  return `The load has no ${name}: it waits for ${wanted.join(", ")}, and that is the name to register it by.`;
}

/** Names are taken with and without their package. */
function isCalled(subject: string, name: string): boolean {
  return subject === name || subject.replace(/^.*>/, "") === name.replace(/^.*>/, "");
}
