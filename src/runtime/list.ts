import type { BackendName } from "./backend.js";
import { BACKENDS, currentBackend } from "./choose.js";

/** One back end as a user sees it in the list. */
export interface BackendRow {
  readonly name: BackendName;
  readonly summary: string;
  readonly state: "in use" | "available" | "only if asked" | "not available";
  /** The device or library found, or why there is none. */
  readonly found: string;
  /** The line that enables it; empty when nothing is to be done. */
  readonly remedy: string;
}

/** Every back end in the order in which they are tried, examined anew. */
export async function listBackends(): Promise<BackendRow[]> {
  const current = currentBackend();
  const rows: BackendRow[] = [];
  for (const { name, summary, examine } of BACKENDS.values()) {
    if (current?.backend.name === name) {
      const { device, driver } = current.device;
      const isSaid = driver === null || summary.startsWith(driver);
      rows.push({
        name,
        summary,
        state: "in use",
        found: isSaid ? device : `${device}, ${driver}`,
        remedy: "",
      });
      continue;
    }
    const examined = await examine();
    const passed = current?.passedOver.find((one) => one.name === name);
    if (!examined.usable)
      rows.push({ name, summary, state: "not available", found: examined.why, remedy: examined.remedy });
    else if (examined.onlyIfAsked) {
      rows.push({
        name,
        summary,
        state: "only if asked",
        found: `${examined.found}, a software device`,
        remedy: "",
      });
    } else if (passed)
      rows.push({ name, summary, state: "not available", found: passed.why, remedy: passed.remedy });
    else rows.push({ name, summary, state: "available", found: examined.found, remedy: "" });
  }
  return rows;
}
