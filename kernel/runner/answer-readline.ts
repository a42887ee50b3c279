import readline from "node:readline";
import readlinePromises from "node:readline/promises";
import type { CellStreams } from "./cell-streams.js";

type Answered = (answer: string) => void;

/** What `question` of `node:readline` and of `node:readline/promises` take, and that it is called on an interface. */
type Question = (this: Readable, query: string, ...rest: unknown[]) => unknown;
interface Readable {
  readonly input?: unknown;
}

/**
 * Lets `question` of an interface over `process.stdin` ask the user of the notebook: a cell has no terminal to read
 * from, and the question would never be answered.
 */
export function answerReadline(streams: CellStreams): void {
  const ask = (query: string) => {
    if (!streams.current) throw new Error("No cell has run yet.");
    return streams.current.input(query);
  };
  replace(readline.Interface.prototype, (query, ...rest) => {
    const answered = rest.findLast((one) => typeof one === "function") as Answered | undefined;
    void ask(query).then(answered);
  });
  replace(readlinePromises.Interface.prototype, (query) => ask(query));
}

/** With what else the function carries: how `util.promisify` makes a promise of it. */
function replace(prototype: object, answer: (query: string, ...rest: unknown[]) => unknown): void {
  const own = (prototype as { question: Question }).question;
  const question: Question = function (query, ...rest) {
    return this.input === process.stdin ? answer(String(query), ...rest) : own.call(this, query, ...rest);
  };
  const properties = Object.getOwnPropertyDescriptors(own);
  Object.defineProperties(question, { ...properties, name: { value: "question" } });
  Object.assign(prototype, { question });
}
