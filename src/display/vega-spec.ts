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
