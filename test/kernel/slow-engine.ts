/** The echo engine, as a busy machine loads it. */
const until = performance.now() + 1000;
while (performance.now() < until);

export * from "./echo-engine.js";
