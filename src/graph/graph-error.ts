import { OwnError } from "../own-error.js";

/** What went wrong in a graph, at which op, and what to do next. */
export class GraphError extends OwnError {
  override readonly name = "GraphError";
  constructor(
    /** Of the taxonomy: G01 cycle, G11 shapes, F18 refused, O07 op not known, W05 value missing. */
    readonly code: string,
    /** Name of the op in the graph, with its scope: `encoder/block_1/MatMul`; null for the graph as a whole. */
    readonly node: string | null,
    readonly detail: string,
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(visible(`${node === null ? "" : `${node}: `}${detail}. ${advice}`), options);
  }
}

/** Names come from the file: what would move a terminal's cursor or change its colours is written out. */
function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is sought
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
