import type { Bundle, Payload } from "./messages.js";

/**
 * Where the output of one cell goes. It is passed to whoever works for the cell (console, display functions,
 * magics), so that late output still reaches the cell that asked for it.
 */
export interface CellOutput {
  stream(name: "stdout" | "stderr", text: string): void;
  display(bundle: Bundle, options?: { displayId?: string; update?: boolean }): void;
  clear(wait: boolean): void;
  payload(payload: Payload): void;
  /** @throws InputNotAllowed when the front end has no stdin. */
  input(prompt: string, options?: { password?: boolean }): Promise<string>;
}
