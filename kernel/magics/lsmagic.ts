import { besideLabel } from "../../src/display/text.js";
import type { Magic } from "./magic.js";

export const lsmagic: Magic = {
  name: "lsmagic",
  kinds: ["line"],
  summary: "Lists the magics of this kernel.",
  arguments: [],
  examples: ["%lsmagic"],
  async run(_call, { output, magics }) {
    const rows = [...magics.values()]
      .sort((a, b) => a.name.localeCompare(b.name))
      .map((magic) => ({
        names: magic.kinds.map((kind) => (kind === "line" ? "%" : "%%") + magic.name),
        magic,
      }))
      .flatMap(({ names, magic }) =>
        names.map((left, i) => ({ left, summary: i === 0 ? magic.summary : "the same for a whole cell" })),
      );
    const width = Math.max(...rows.map(({ left }) => left.length));
    const lines = rows.flatMap(({ left, summary }) => besideLabel(left, summary, width + 2));
    output.stream("stdout", `${lines.join("\n")}\n\n%NAME -h says more about each.\n`);
    return undefined;
  },
};
