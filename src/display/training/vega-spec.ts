/** JupyterLab 4 draws Vega up to 5 and Vega-Lite up to 5; a newer chart is offered as that too. */
const DRAWN = 5;

/**
 * A chart in the grammar of Vega or Vega-Lite, told by its `$schema`
 * (`https://vega.github.io/schema/vega-lite/v5.json`), as a MIME bundle; null for anything else.
 */
export function vegaBundle(value: object): Record<string, object> | null {
  const { $schema: schema } = value as { $schema?: unknown };
  if (typeof schema !== "string") return null;
  const found = /\/schema\/(vega|vega-lite)\/v(\d+)(?:\.\d+)*\.json$/.exec(schema);
  if (!found) return null;
  const grammar = found[1]!.replace("-", "");
  const version = Number(found[2]);
  return Object.fromEntries(
    [version, Math.min(version, DRAWN)].map((v) => [`application/vnd.${grammar}.v${v}+json`, value]),
  );
}

/** A chart for those who see no pictures: the mark, what stands on each channel, how many rows of data. */
export function vegaText(value: object): string {
  const { $schema: schema, mark, encoding, data } = value as Parts;
  const grammar = String(schema).includes("/vega-lite/") ? "Vega-Lite" : "Vega";
  const kind = asParts(mark)["type"] ?? mark;
  const channels = Object.entries(asParts(encoding)).map(([channel, definition]) => {
    const { aggregate, field, value: fixed } = asParts(definition);
    const shown = [aggregate, field ?? fixed].filter((part) => typeof part === "string").join(" ");
    return shown === "" ? channel : `${channel}: ${shown}`;
  });
  const { values } = asParts(Array.isArray(data) ? data[0] : data);
  const rows = Array.isArray(values) ? [`${values.length} ${values.length === 1 ? "row" : "rows"}`] : [];
  return `<${[grammar, ...(typeof kind === "string" ? [kind] : []), ...channels, ...rows].join(", ")}>`;
}

type Parts = Readonly<Record<string, unknown>>;

function asParts(value: unknown): Parts {
  return typeof value === "object" && value !== null ? (value as Parts) : {};
}
