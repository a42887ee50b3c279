/** Lets an interrupt end what a cell awaits: the code behind each `await` asks whether it may go on. */
export interface Interruption {
  /** Called before each `await`. @returns what `resumed` is to be given. */
  awaits(): number;
  /** Called behind it. @throws what ends the cell, when it was interrupted meanwhile. */
  resumed(mark: number): void;
}

/** For cells that nobody interrupts. */
export const NEVER: Interruption = { awaits: () => 0, resumed: () => {} };

/** The steps of a `for await` loop, each of which is an `await`. */
export function interruptibleSteps<T>(
  values: AsyncIterable<T> | Iterable<T>,
  { awaits, resumed }: Interruption,
): AsyncIterable<T> | Iterable<T> {
  if (!(Symbol.asyncIterator in Object(values))) return values; // each value may be a promise: the loop knows how
  return {
    [Symbol.asyncIterator]() {
      const steps = (values as AsyncIterable<T>)[Symbol.asyncIterator]();
      const next = async () => {
        const mark = awaits();
        const step = await steps.next();
        resumed(mark);
        return step;
      };
      return { next, return: async () => (await steps.return?.()) ?? { done: true, value: undefined } };
    },
  };
}
